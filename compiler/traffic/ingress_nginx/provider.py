"""ingressNginx: networking.k8s.io/v1 Ingress with ingress-nginx's annotations.

A switch is the selector of the one Service that the Ingress names; weights are a canary Ingress beside the main one.
The canary Ingress is there also at weight 0: taking it away with the canary's pods would be a race between prunes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from compiler.diagnostics.model import Path
from compiler.model.manifest import Manifest, Object, Origin
from compiler.model.objects import RouteBackend, object_key
from compiler.model.provenance import derived
from compiler.model.topology import Match, ShareMechanism, Split, Stage
from compiler.spec.base import DnsLabel, DnsSubdomain, Model
from compiler.traffic.base import (
    Capability,
    Exposure,
    distinct_manifests,
    entry_services,
    pool_service,
    route_name,
    split_service_name,
    switch_service,
    track_service_name,
    track_services,
)
from compiler.traffic.ingress_nginx import PREFIX
from compiler.traffic.ingress_nginx.checks import check

NAME: Final = "ingressNginx"
# of the characters that a path may have, those that mean something in a regular expression
REGEX_CHARACTERS: Final = re.compile(r"[.$()*+]")
# proxy-read-timeout where nobody says one
DEFAULT_TIMEOUT: Final = 60


class IngressNginx(Model):
    """The IngressClass that the controller serves, and the namespace of its pods, for NetworkPolicies."""

    class_name: DnsSubdomain = "nginx"
    namespace: DnsLabel = "ingress-nginx"


SPEC = IngressNginx
KINDS: Final = frozenset({("networking.k8s.io", "Ingress")})
METRICS: Final = NAME
UNMEASURED_BY: Final[Mapping[str, str]] = {
    "traefik": "Traefik does not name the Service of a canary Ingress in its metrics"
}
CAPABILITIES: Final = frozenset[Capability]({"bodySize", "weight"})
REWRITES_BY_PATTERN: Final = True

__all__ = ["NAME", "SPEC", "check", "render"]


def render(exposure: Exposure) -> Sequence[Manifest]:
    services = [service for split in exposure.topology.splits for service in services_of(exposure, split)]
    return [*distinct_manifests([*services, *entry_services(exposure)]), *ingress_manifests(exposure)]


def services_of(exposure: Exposure, split: Split) -> list[Manifest]:
    match split.by:
        case ShareMechanism.PODS:
            return [pool_service(exposure, split)]
        case ShareMechanism.SWITCH:
            return [switch_service(exposure, split)]
        case _:
            return track_services(exposure, split)


def ingress_manifests(exposure: Exposure) -> list[Manifest]:
    """One Ingress for all plain paths, one for each host of its own, a canary Ingress for headers or weights."""
    routed = [split for split in exposure.topology.splits if split.routed]
    plain = [split for split in routed if split.match.header is None]
    by_hosts: dict[tuple[str, tuple[str, ...]], list[Split]] = {}
    for split in plain:
        by_hosts.setdefault((split.route, exposure.hosts_of(split)), []).append(split)
    mains = [
        ingress_manifest(exposure, splits, main_suffix(splits[0]), {}, Stage.ROUTE) for splits in by_hosts.values()
    ]
    weighted = [weight_canary(exposure, split) for split in plain if split.by is ShareMechanism.WEIGHT]
    by_header = [header_canary(exposure, split) for split in routed if split.match.header is not None]
    return [*mains, *weighted, *by_header]


def main_suffix(split: Split) -> str:
    return split.route or (split.name if split.match.host is not None else "")


def weight_canary(exposure: Exposure, split: Split) -> Manifest:
    """The canary Ingress of a weighted split: header and cookie come before the weight in ingress-nginx's order."""
    track, percent = split.shares[-1].track, split.shares[-1].percent
    annotations = {"canary": "true", "canary-weight": str(percent)}
    for match, _ in split.pinned:
        annotations |= pin_annotations(match)
    return ingress_manifest(
        exposure, [split], track, annotations, split.stage, backend=track_service_name(exposure, track)
    )


def pin_annotations(match: Match) -> dict[str, str]:
    annotations = {}
    if match.header is not None:
        annotations["canary-by-header"] = match.header[0]
        annotations["canary-by-header-value"] = match.header[1]
    if match.cookie is not None:
        annotations["canary-by-cookie"] = match.cookie
    return annotations


def header_canary(exposure: Exposure, split: Split) -> Manifest:
    """A canary Ingress that takes the requests with the split's header, and no share of the others."""
    annotations = {"canary": "true", "canary-weight": "0", **pin_annotations(split.match)}
    # the switch is its Service's selector: the Ingress itself never changes
    return ingress_manifest(exposure, [split], split.name, annotations, Stage.ROUTE)


def ingress_manifest(
    exposure: Exposure,
    splits: Sequence[Split],
    suffix: str,
    annotations: dict[str, str],
    stage: Stage,
    backend: str | None = None,
) -> Manifest:
    first = splits[0]
    hosts = exposure.hosts_of(first)
    spec: Object = ingress_class(exposure)
    tls = tls_entries(exposure, hosts)
    if tls:
        spec["tls"] = tls
    spec["rules"] = [
        {
            **({"host": host} if host else {}),
            "http": {
                "paths": [
                    http_path(exposure, rule, backend or main_backend(exposure, split))
                    for split in splits
                    for rule in exposure.rules_at(split, host)
                ]
            },
        }
        for host in hosts or ("",)
    ]
    name = route_name(exposure, suffix)
    every = {**settings_annotations(exposure, splits), **{PREFIX + key: value for key, value in annotations.items()}}
    obj: Object = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": exposure.frame.metadata(
            name, stage, labels=None if suffix else exposure.frame.kept_labels("route"), annotations=every
        ),
        "spec": spec,
    }
    return Manifest(obj, Origin(first.path, f"provider {NAME}"))


def ingress_class(exposure: Exposure) -> Object:
    """The class as the release says, or the environment; none at all leaves it to the cluster's default."""
    wanted = exposure.expose.ingress_class or exposure.settings.class_name
    return {} if wanted == "none" else {"ingressClassName": wanted}


def tls_entries(exposure: Exposure, hosts: Sequence[str]) -> list[Object]:
    """The certificates of these hosts."""
    tls = exposure.expose.tls
    if tls is not None and tls.secrets is not None:
        own = {name: [host for host in covered if host in hosts] for name, covered in tls.secrets.items()}
        return [{"hosts": covered, "secretName": derived(name, covered)} for name, covered in own.items() if covered]
    if exposure.tls_secret is None or not hosts:
        return []
    return [{"hosts": list(hosts), "secretName": exposure.tls_secret}]


def settings_annotations(exposure: Exposure, splits: Sequence[Split]) -> dict[str, str]:
    expose = exposure.expose
    annotations = dict(expose.annotations)
    if expose.body_size is not None:
        annotations[PREFIX + "proxy-body-size"] = nginx_size(expose.body_size)
    timeout = expose.timeout_seconds
    if timeout is None and exposure.longest_request > DEFAULT_TIMEOUT:
        timeout = exposure.longest_request
    if timeout is not None:
        annotations[PREFIX + "proxy-read-timeout"] = str(timeout)
        annotations[PREFIX + "proxy-send-timeout"] = str(timeout)
    if any(exposure.strips(split) for split in splits):
        annotations[PREFIX + "rewrite-target"] = derived("/$2", expose.strip_prefix)
    return annotations


def nginx_size(quantity: str) -> str:
    """A quantity as nginx writes sizes: `64Mi` is `64m`, `1Gi` is `1g`."""
    units = {"Ki": "k", "Mi": "m", "Gi": "g", "k": "k", "M": "m", "G": "g"}
    for unit, letter in units.items():
        if quantity.endswith(unit):
            return quantity.removesuffix(unit) + letter
    return quantity


def main_backend(exposure: Exposure, split: Split) -> str:
    if split.by is ShareMechanism.WEIGHT:
        return track_service_name(exposure, split.shares[0].track)
    return split_service_name(exposure, split)


def http_path(exposure: Exposure, rule: tuple[str, str], backend: str) -> Object:
    path, kind = rule
    if exposure.strips_path(path):
        literal = REGEX_CHARACTERS.sub(r"\\\g<0>", path.rstrip("/"))
        path = derived(f"{literal}(/|$)(.*)", path)
        kind = derived("ImplementationSpecific", exposure.expose.strip_prefix)
    port = {"number": exposure.expose.service.routed_port}
    return {"path": path, "pathType": kind, "backend": {"service": {"name": backend, "port": port}}}


def backends_of(obj: Object) -> Iterator[RouteBackend]:
    own, spec = object_key(obj).namespace, obj.get("spec", {})
    serves = gets_requests(obj["metadata"].get("annotations", {}))
    for backend, path in backend_places(spec):
        service = backend.get("service")
        if service is not None:
            port = service.get("port", {})
            yield RouteBackend(own, service["name"], port.get("number", port.get("name")), serves, (*path, "service"))


def backend_places(spec: dict[str, Any]) -> Iterator[tuple[dict[str, Any], Path]]:
    if "defaultBackend" in spec:
        yield spec["defaultBackend"], ("spec", "defaultBackend")
    for number, rule in enumerate(spec.get("rules", ())):
        for index, item in enumerate(rule.get("http", {}).get("paths", ())):
            yield item["backend"], ("spec", "rules", number, "http", "paths", index, "backend")


def gets_requests(annotations: dict[str, str]) -> bool:
    """Whether an Ingress of ingress-nginx gets any: a canary of weight 0 without header or cookie does not."""
    if annotations.get(f"{PREFIX}canary") != "true":
        return True
    by_request = f"{PREFIX}canary-by-header" in annotations or f"{PREFIX}canary-by-cookie" in annotations
    return by_request or annotations.get(f"{PREFIX}canary-weight", "0") != "0"


def secrets_of(obj: Object) -> Iterator[tuple[str, Path]]:
    for index, item in enumerate(obj.get("spec", {}).get("tls", ())):
        if item.get("secretName") is not None:
            yield item["secretName"], ("spec", "tls", index, "secretName")
