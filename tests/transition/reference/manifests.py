"""What the reference reads of a manifest: a bounded subset, said plainly. Shares nothing with the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from tests.transition.reference.metadata import NGINX, Key, Labels, Object, annotation, key
from tests.transition.reference.workloads import (
    HPA,
    daemon_set,
    deployment,
    rollout,
    scaler,
    stateful_set,
    with_template,
)

HOST = "api.example.com"
"""The one that all routes of these worlds are for."""
Place = tuple[int, str]
"""Port and protocol."""


@dataclass(frozen=True)
class Service:
    """`entry` is where clients outside of the cluster come in: its type, node port, and both traffic policies."""

    selector: Labels
    ports: tuple[tuple[int, str | int], ...]
    entry: tuple[str, int | None, str, str] = ("ClusterIP", None, "Cluster", "Cluster")


@dataclass(frozen=True)
class Job:
    """What its pods are called, and the names of their ports."""

    labels: Labels
    ports: tuple[str, ...]


class Backend(NamedTuple):
    service: str
    port: int
    weight: int


class Rule(NamedTuple):
    """The requests for a path: `Prefix` by whole segments, `Exact`, or `Text` (nginx: whatever begins so)."""

    kind: str
    path: str
    backends: tuple[Backend, ...]
    header: str = ""  # the value that it asks for, of the one header of these worlds
    redirect: bool = False
    mirror: str = ""  # the Service that gets a copy


class Listener(NamedTuple):
    """Of the Gateway of these worlds: `open` if it takes HTTPRoutes of the Gateway's own namespace."""

    name: str
    place: Place
    host: str
    open: bool


class Parent(NamedTuple):
    """Where a route wants to hang: a listener of the Gateway, or any, on a port, or on any."""

    gateway: str
    section: str
    port: int | None


@dataclass(frozen=True)
class Route:
    """`outside`: it hangs on the Gateway that stands in no folder."""

    rules: tuple[Rule, ...]
    outside: bool
    parents: tuple[Parent, ...]

    @property
    def headers(self) -> set[str]:
        """The values of the header that it tells apart."""
        return {rule.header for rule in self.rules}


class Canary(NamedTuple):
    """How ingress-nginx finds a canary: by weight, and by a header (`value`, or `always` and `never`)."""

    weight: int
    header: bool
    value: str


@dataclass(frozen=True)
class Ingress:
    """`canary`: None where it is none."""

    rules: tuple[Rule, ...]
    canary: Canary | None
    regex: bool

    @property
    def headers(self) -> set[str]:
        """The values of the header that it tells apart."""
        if self.canary is None or not self.canary.header:
            return set()
        return {self.canary.value} if self.canary.value else {"always", "never"}


@dataclass(frozen=True)
class Policy:
    """A NetworkPolicy of its Ingress direction: each rule has ports and peers; none of either means any."""

    selector: Labels
    rules: tuple[tuple[tuple[str | int, ...], tuple[Peer, ...]], ...]


class Peer(NamedTuple):
    """Pods with these labels, of the policy's own namespace or of a named one."""

    labels: Labels
    namespace: str | None


def service(obj: Object) -> Service:
    ports = tuple((port["port"], port["targetPort"]) for port in obj["spec"]["ports"])
    spec = obj["spec"]
    policies = (str(spec.get(f"{side}TrafficPolicy", "Cluster")) for side in ("external", "internal"))
    entry = (spec.get("type", "ClusterIP"), spec["ports"][0].get("nodePort"), *policies)
    return Service(tuple(sorted(spec["selector"].items())), ports, entry)


def job(obj: Object) -> Job:
    template = obj["spec"]["template"]
    ports = (port["name"] for port in template["spec"]["containers"][0]["ports"])
    return Job(tuple(sorted(template["metadata"]["labels"].items())), tuple(ports))


def route(obj: Object) -> Route:
    rules = []
    for rule in obj["spec"]["rules"]:
        backends = tuple(Backend(ref["name"], ref["port"], ref.get("weight", 1)) for ref in rule.get("backendRefs", []))
        match = rule["matches"][0]
        kind, path = match["path"]["type"], match["path"]["value"]
        header = match["headers"][0]["value"] if "headers" in match else ""
        filters = {each["type"]: each for each in rule.get("filters", [])}
        mirror = filters["RequestMirror"]["requestMirror"]["backendRef"]["name"] if "RequestMirror" in filters else ""
        kind = {"PathPrefix": "Prefix"}.get(kind, kind)
        rules.append(Rule(kind, path, backends, header, "RequestRedirect" in filters, mirror))
    refs = obj["spec"]["parentRefs"]
    own = tuple(
        Parent(ref["name"], ref.get("sectionName", ""), ref.get("port")) for ref in refs if "namespace" not in ref
    )
    return Route(tuple(rules), len(own) < len(refs), own)


def gateway(obj: Object) -> tuple[Listener, ...]:
    return tuple(
        Listener(
            each["name"],
            (each["port"], each["protocol"]),
            each.get("hostname", ""),
            "HTTPRoute" in [kind["kind"] for kind in each["allowedRoutes"].get("kinds", [{"kind": "HTTPRoute"}])],
        )
        for each in obj["spec"]["listeners"]
    )


def ingress(obj: Object) -> Ingress:
    rules, redirect = [], annotation(obj, f"{NGINX}permanent-redirect", "") != ""
    for path in obj["spec"]["rules"][0]["http"]["paths"]:
        backend = path["backend"]["service"]
        kind = {"ImplementationSpecific": "Text"}.get(path["pathType"], path["pathType"])
        backends = (Backend(backend["name"], backend["port"]["number"], 1),)
        rules.append(Rule(kind, path["path"], backends, redirect=redirect))
    is_canary = annotation(obj, f"{NGINX}canary", "") == "true"
    return Ingress(tuple(rules), canary(obj) if is_canary else None, annotation(obj, f"{NGINX}use-regex", "") == "true")


def canary(obj: Object) -> Canary:
    weight, header = annotation(obj, f"{NGINX}canary-weight", "0"), annotation(obj, f"{NGINX}canary-by-header", "")
    return Canary(int(weight), header != "", annotation(obj, f"{NGINX}canary-by-header-value", ""))


def policy(obj: Object) -> Policy:
    rules = []
    for rule in obj["spec"]["ingress"]:
        ports = tuple(entry["port"] for entry in rule.get("ports", []))
        rules.append((ports, tuple(peer(entry) for entry in rule.get("from", []))))
    return Policy(match_labels(obj["spec"], "podSelector"), tuple(rules))


def peer(entry: Object) -> Peer:
    names = match_labels(entry, "namespaceSelector")
    return Peer(match_labels(entry, "podSelector"), names[0][1] if names else None)


def match_labels(holder: Object, name: str) -> Labels:
    return tuple(sorted(holder.get(name, {}).get("matchLabels", {}).items()))


READERS: dict[str, Callable[[Object], Any]] = {
    "Deployment": deployment,
    "Rollout": rollout,
    "StatefulSet": stateful_set,
    "DaemonSet": daemon_set,
    HPA: scaler,
    "Service": service,
    "Job": job,
    "HTTPRoute": route,
    "Gateway": gateway,
    "Ingress": ingress,
    "NetworkPolicy": policy,
    "ConfigMap": lambda obj: None,
    "ResourceQuota": lambda obj: int(obj["spec"]["hard"]["pods"]),
}


def read(objects: Sequence[Object]) -> dict[Key, Any]:
    """Each object of the subset by kind and name, in the reference's own words."""
    templates = {key(obj): obj["spec"]["template"] for obj in objects if obj["kind"] == "Deployment"}
    return {key(obj): READERS[obj["kind"]](with_template(obj, templates)) for obj in objects}
