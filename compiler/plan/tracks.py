"""Which track holds what, and its share of the requests, read from manifests: the same way for published and next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from compiler.model.frame import CONTRACT
from compiler.model.manifest import Object
from compiler.model.plan import TrackView

CANARY: Final = "nginx.ingress.kubernetes.io/canary"
WEIGHT: Final = "nginx.ingress.kubernetes.io/canary-weight"
BY_HEADER: Final = "nginx.ingress.kubernetes.io/canary-by-header"
Shares = dict[str, float]


def tracks_of(objects: Sequence[Object], release: str) -> tuple[TrackView, ...]:
    """The release's tracks in the order of their names, with their shares of the requests that carry no header.

    None where the release's objects have not the form that their kinds have: others may have edited what is published.
    """
    try:
        return sorted_track_views(objects, release)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        # which of their many fields is amiss does not matter: publish refuses the edit, and says where it is
        return ()


def sorted_track_views(objects: Sequence[Object], release: str) -> tuple[TrackView, ...]:
    own = [obj for obj in objects if labels_or_empty(obj).get("app") == release]
    workloads = [obj for obj in own if obj.get("kind") == "Deployment"]
    shares, paths = request_shares(own, release, workloads)
    return tuple(track_view(workload, shares, paths) for workload in sorted(workloads, key=track_of))


def labels_or_empty(obj: Object) -> Mapping[str, str]:
    labels = obj.get("metadata", {}).get("labels")
    return labels if isinstance(labels, dict) else {}


def pod_labels_of(workload: Object) -> Mapping[str, str]:
    """The labels of its pods; none where somebody has taken the workload's form away."""
    spec = workload.get("spec")
    template = spec.get("template") if isinstance(spec, dict) else None
    return (
        labels_or_empty(template) if isinstance(template, dict) and isinstance(template.get("metadata"), dict) else {}
    )


def track_of(workload: Object) -> str:
    labels = labels_or_empty(workload)
    return str(labels.get("color") or labels.get("track") or "main")


def track_view(workload: Object, shares: Shares | None, paths: Mapping[str, str]) -> TrackView:
    template = workload["spec"]["template"]
    track = track_of(workload)
    contract = (template["metadata"].get("labels") or {}).get(CONTRACT, "1")
    return TrackView(
        track=track,
        version=version_of(template),
        contract=int(contract) if str(contract).isdigit() else 1,
        pods=int(workload["spec"].get("replicas", 1)),
        share=None if shares is None else round(shares.get(track, 0.0), 1),
        requests=paths.get(track, ""),
    )


def version_of(template: Object) -> str:
    image = str(template["spec"]["containers"][0]["image"]).partition("@")[0]
    return image.rpartition(":")[2] if ":" in image.rpartition("/")[2] else image


def request_shares(
    own: Sequence[Object], release: str, workloads: Sequence[Object]
) -> tuple[Shares | None, dict[str, str]]:
    """(percent by track, or None where each track has requests of its own; what those requests are, by track)."""
    services = {obj["metadata"]["name"]: obj for obj in own if obj.get("kind") == "Service"}
    routes = [obj for obj in own if obj.get("kind") == "HTTPRoute" and obj["metadata"]["name"] == release]
    if routes:
        return route_shares(routes[0], services, workloads)
    ingresses = [obj for obj in own if obj.get("kind") == "Ingress"]
    if ingresses:
        return ingress_shares(ingresses, services, workloads, release)
    if release in services:
        return selected_track_shares(services[release], workloads), {}
    found = {track_of(workload): f"Service {workload['metadata']['name']}" for workload in workloads}
    return None, found


def route_shares(
    route: Object, services: Mapping[str, Object], workloads: Sequence[Object]
) -> tuple[Shares | None, dict[str, str]]:
    plain = [rule for rule in route["spec"]["rules"] if not any(match.get("headers") for match in rule["matches"])]
    if len(plain) != 1:
        return None, own_paths(route["spec"]["rules"], services, workloads)
    weights = {ref["name"]: ref.get("weight", 1) for ref in plain[0].get("backendRefs", ())}
    total = sum(weights.values()) or 1
    shares: Shares = {}
    for name, weight in weights.items():
        for track, part in selected_track_shares(services.get(name, {}), workloads).items():
            shares[track] = shares.get(track, 0.0) + part * weight / total
    headers = [rule for rule in route["spec"]["rules"] if rule not in plain]
    return shares, own_paths(headers, services, workloads)


def own_paths(rules: Sequence[Object], services: Mapping[str, Object], workloads: Sequence[Object]) -> dict[str, str]:
    found: dict[str, str] = {}
    for rule in rules:
        match = rule["matches"][0]
        says = match.get("path", {}).get("value", "/")
        for header in match.get("headers", ()):
            says += f" with {header['name']}: {header['value']}"
        for ref in rule.get("backendRefs", ()):
            if ref.get("weight", 1):
                for track in selected_track_shares(services.get(ref["name"], {}), workloads):
                    found[track] = says
    return found


def ingress_shares(
    ingresses: Sequence[Object], services: Mapping[str, Object], workloads: Sequence[Object], release: str
) -> tuple[Shares | None, dict[str, str]]:
    mains = [obj for obj in ingresses if annotation(obj, CANARY) != "true"]
    paths = [path for obj in mains for rule in obj["spec"]["rules"] for path in rule["http"]["paths"]]
    if not paths:
        return None, {}
    backends = {path["backend"]["service"]["name"]: path["path"] for path in paths}
    if len(backends) > 1:
        return None, {
            track: path
            for name, path in backends.items()
            for track in selected_track_shares(services.get(name, {}), workloads)
        }
    taken: Shares = {}
    says: dict[str, str] = {}
    for obj in ingresses:
        if annotation(obj, CANARY) != "true" or obj["metadata"]["name"] == f"{release}-preview":
            continue
        weight = float(annotation(obj, WEIGHT) or 0)
        backend = obj["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]["name"]
        for track, part in selected_track_shares(services.get(backend, {}), workloads).items():
            taken[track] = taken.get(track, 0.0) + part * weight / 100
            header = annotation(obj, BY_HEADER)
            if header:
                says[track] = f"requests with {header}"
    rest = 100 - sum(taken.values())
    shares = {
        track: part * rest / 100
        for track, part in selected_track_shares(services.get(next(iter(backends)), {}), workloads).items()
    }
    return {track: shares.get(track, 0.0) + taken.get(track, 0.0) for track in {*shares, *taken}}, says


def annotation(obj: Object, key: str) -> str | None:
    value = (obj["metadata"].get("annotations") or {}).get(key)
    return None if value is None else str(value)


def selected_track_shares(service: Mapping[str, Any], workloads: Sequence[Object]) -> Shares:
    """The tracks that a Service selects, in percent by their pods."""
    selector = (service.get("spec") or {}).get("selector") or {}
    chosen = [workload for workload in workloads if selector_matches(selector, workload)] if selector else []
    pods = {track_of(workload): int(workload["spec"].get("replicas", 1)) for workload in chosen}
    total = sum(pods.values())
    return {track: 100 * count / total for track, count in pods.items()} if total else {}


def selector_matches(selector: Mapping[str, str], workload: Object) -> bool:
    labels = workload["spec"]["template"]["metadata"].get("labels") or {}
    return all(labels.get(key) == value for key, value in selector.items())
