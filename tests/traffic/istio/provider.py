"""istio: fixed Services, and VirtualServices whose weights move requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from compiler.diagnostics.model import Path, Problem
from compiler.model.manifest import Manifest, Object, Origin
from compiler.model.objects import RouteBackend
from compiler.model.topology import Match, ShareMechanism, Split
from compiler.spec.base import DnsLabel, DnsSubdomain, Model
from compiler.traffic.base import (
    EXPOSE,
    Capability,
    Exposure,
    distinct_manifests,
    entry_services,
    pool_service,
    route_name,
    split_service_name,
    track_service_name,
    track_services,
)

NAME: Final = "istio"


class Istio(Model):
    """The Gateway to which VirtualServices are bound."""

    gateway: DnsSubdomain
    namespace: DnsLabel = "istio-ingress"


SPEC = Istio
KINDS: Final = frozenset({("networking.istio.io", "VirtualService")})
METRICS: Final = "istio"
UNMEASURED_BY: Final[Mapping[str, str]] = {}
CAPABILITIES: Final = frozenset[Capability]({"weight"})
REWRITES_BY_PATTERN: Final = False


def check(exposure: Exposure) -> Sequence[Problem]:
    problems: list[Problem] = []
    if exposure.expose.body_size is not None:
        text = "a VirtualService has no limit for a request's body"
        problems.append(Problem("provider-lacks", text, (*EXPOSE, "bodySize"), "remove `bodySize`", on_key=True))
    return problems


def render(exposure: Exposure) -> Sequence[Manifest]:
    services = [service for split in exposure.topology.splits for service in services_of(exposure, split)]
    by_hosts: dict[tuple[str, ...], list[Split]] = {}
    for split in (split for split in exposure.topology.splits if split.routed):
        by_hosts.setdefault(exposure.hosts_of(split), []).append(split)
    routes = (virtual_service(exposure, splits) for splits in by_hosts.values())
    return [*distinct_manifests([*services, *entry_services(exposure)]), *routes]


def services_of(exposure: Exposure, split: Split) -> list[Manifest]:
    return [pool_service(exposure, split)] if split.by is ShareMechanism.PODS else track_services(exposure, split)


def virtual_service(exposure: Exposure, splits: Sequence[Split]) -> Manifest:
    """All rules of the same hosts: the first that matches counts, so headers and longer paths stand first.

    They are written at once, when the last of them may be: of two VirtualServices of one host none comes first.
    """
    own_host = splits[0].match.host is not None
    rules = [rule for split in splits for rule in http_rules(exposure, split)]
    stage = max((split.stage for split in splits), key=lambda stage: stage.value)
    rules.sort(key=lambda rule: ("headers" not in rule["match"][0], -len(path_of(rule))))
    obj: Object = {
        "apiVersion": "networking.istio.io/v1",
        "kind": "VirtualService",
        "metadata": exposure.frame.metadata(
            route_name(exposure, splits[0].name if own_host else ""),
            stage,
            labels=None if own_host else exposure.frame.kept_labels("route"),
            annotations=exposure.expose.annotations,
        ),
        "spec": {
            "gateways": [f"{exposure.settings.namespace}/{exposure.settings.gateway}"],
            "hosts": list(exposure.hosts_of(splits[0])) or ["*"],
            "http": rules,
        },
    }
    return Manifest(obj, Origin(splits[0].path, f"provider {NAME}"))


def path_of(rule: Object) -> str:
    return str(next(iter(rule["match"][0]["uri"].values())))


def http_rules(exposure: Exposure, split: Split) -> Iterator[Object]:
    for match, track in split.pinned:
        yield http_rule(exposure, split, match, {share.track: 100 * (share.track == track) for share in split.shares})
    yield http_rule(exposure, split, split.match, {share.track: share.percent for share in split.shares})


def http_rule(exposure: Exposure, split: Split, match: Match, weights: dict[str, int]) -> Object:
    header = match.header or split.match.header
    headers = {} if header is None else {"headers": {header[0]: {"exact": header[1]}}}
    path = match.path or exposure.path_of(split)
    rule: Object = {"match": [{"uri": uri, **headers} for uri in uris(path, str(exposure.expose.path_type))]}
    if exposure.strips(split):
        rule["rewrite"] = {"uri": "/"}
    if exposure.expose.timeout_seconds is not None:
        rule["timeout"] = f"{exposure.expose.timeout_seconds}s"
    return {**rule, "route": destinations(exposure, split, weights)}


def uris(path: str, kind: str) -> list[Object]:
    """A prefix of Istio is one of text: whole path elements take two matches."""
    if kind == "Exact":
        return [{"exact": path}]
    stem = path.rstrip("/")
    return [{"exact": stem}, {"prefix": f"{stem}/"}] if stem else [{"prefix": "/"}]


def destinations(exposure: Exposure, split: Split, weights: dict[str, int]) -> list[Object]:
    if split.by is ShareMechanism.PODS:
        return [destination(exposure, split_service_name(exposure, split), 100)]
    return [destination(exposure, track_service_name(exposure, track), weights[track]) for track in sorted(weights)]


def destination(exposure: Exposure, service: str, weight: int) -> Object:
    host = f"{service}.{exposure.frame.namespace}.svc.cluster.local"
    return {"destination": {"host": host, "port": {"number": exposure.expose.service.routed_port}}, "weight": weight}


def backends_of(obj: Object) -> Iterator[RouteBackend]:
    for number, rule in enumerate(obj["spec"].get("http", ())):
        for index, route in enumerate(rule.get("route", ())):
            path: Path = ("spec", "http", number, "route", index, "destination", "host")
            destination, serves = route["destination"], route.get("weight", 1) > 0
            name, _, rest = destination["host"].partition(".")
            namespace = rest.partition(".")[0] or obj["metadata"]["namespace"]
            yield RouteBackend(namespace, name, destination["port"]["number"], serves, path)


def secrets_of(_: Object) -> Iterable[tuple[str, Path]]:
    return ()
