"""What the reference reads of a manifest: a bounded subset, said plainly. Shares nothing with the engine."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

Object = Mapping[str, Any]
Key = tuple[str, str]

WAVE = "argocd.argoproj.io/sync-wave"
OPTIONS = "argocd.argoproj.io/sync-options"
HOOK = "argocd.argoproj.io/hook"
DELETION = "argocd.argoproj.io/hook-delete-policy"
NGINX = "nginx.ingress.kubernetes.io/"
KIND_ORDER = [
    "NetworkPolicy", "ResourceQuota", "ConfigMap", "Service", "DaemonSet", "Deployment", "HorizontalPodAutoscaler",
    "StatefulSet", "Job", "Ingress",
]  # fmt: skip
"""Custom kinds come last; their names decide among them, on which nobody should rely: here they come in any order."""
WORKLOADS = ("Deployment", "Rollout", "StatefulSet", "DaemonSet")
HPA = "HorizontalPodAutoscaler"
NODES = 2
"""On which a DaemonSet runs a pod each."""
PHASES = ["PreSync", "Sync", "PostSync"]
HOST = "api.example.com"
"""The one that all routes of these worlds are for."""
Labels = tuple[tuple[str, str], ...]
Place = tuple[int, str]
"""Port and protocol."""


@dataclass(frozen=True)
class Template:
    labels: Labels
    contract: str
    ports: tuple[tuple[str, int], ...]
    configs: tuple[str, ...]
    image: str
    calls: tuple[str, ...]


@dataclass(frozen=True)
class Deployment:
    """A Deployment, a StatefulSet (`ordered`), or a Rollout; `active`: the Service that blue/green switches.

    `owner` is the Deployment whose template a Rollout takes (`workloadRef`). `written`: its count, if the manifest says
    one; `replicas` is the one that the API server takes then, or any other that it has come to have.
    """

    written: int | None
    replicas: int
    extra: int | str  # maxSurge as it is written
    missing: int | str  # maxUnavailable as it is written: a number of pods, or a share of them
    recreate: bool
    template: Template
    active: str = ""
    ordered: bool = False
    owner: Key | None = None
    paused: bool = False

    @property
    def surge(self) -> int:
        return resolve(self.extra, self.replicas, up=True)

    @property
    def unavailable(self) -> int:
        return self.unavailable_of(self.replicas)

    def unavailable_of(self, count: int) -> int:
        """How many of `count` pods may be missing; one at least where surge and this round to nothing."""
        return resolve(self.missing, count, up=False) or int(resolve(self.extra, count, up=True) == 0)

    def scaled_to(self, count: int) -> Deployment:
        """The workload with as many pods as it has come to ask for."""
        return self if count == self.replicas else replace(self, replicas=count)


class Scaler(NamedTuple):
    """An HPA: the workload that it scales, and its bounds."""

    target: Key
    low: int
    high: int


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


def key(obj: Object) -> Key:
    return obj["kind"], obj["metadata"]["name"]


def annotation(obj: Object, name: str, default: str) -> str:
    return str(obj["metadata"].get("annotations", {}).get(name, default))


def wave(obj: Object) -> int:
    return int(annotation(obj, WAVE, "0"))


def phase(obj: Object) -> int:
    return PHASES.index(annotation(obj, HOOK, "Sync"))


def is_hook(obj: Object) -> bool:
    return annotation(obj, HOOK, "") != ""


def deletion(obj: Object) -> str:
    """When a hook is deleted: before it is created anew, unless it says otherwise."""
    return annotation(obj, DELETION, "BeforeHookCreation") if is_hook(obj) else ""


def sync_options(obj: Object) -> list[str]:
    return annotation(obj, OPTIONS, "").split(",")


def resolve(value: int | str, replicas: int, up: bool) -> int:
    """intstr.GetScaledValueFromIntOrPercent: surge rounds up, unavailable down."""
    if isinstance(value, int):
        return value
    exact = int(value.rstrip("%")) * replicas / 100
    return math.ceil(exact) if up else math.floor(exact)


def deployment(obj: Object) -> Deployment:
    spec = obj["spec"]
    rolling = spec.get("strategy", {}).get("rollingUpdate", {})
    surge, missing = rolling.get("maxSurge", "25%"), rolling.get("maxUnavailable", "25%")
    recreate = spec.get("strategy", {}).get("type") == "Recreate"
    count, paused = spec.get("replicas", 1), spec.get("paused", False)
    return Deployment(spec.get("replicas"), count, surge, missing, recreate, template(spec["template"]), paused=paused)


def rollout(obj: Object) -> Deployment:
    """A Rollout: a canary by pods goes as a Deployment rolls, whatever its steps; blue/green takes no pod away.

    Source: Argo Rollouts, utils/replicaset `resolveFenceposts`, `CalculateReplicaCountsForBasicCanary`.
    """
    spec = obj["spec"]
    canary, switched = spec["strategy"].get("canary", {}), spec["strategy"].get("blueGreen")
    rolls = deployment({"spec": {**spec, "strategy": {"rollingUpdate": canary}}})
    if "workloadRef" in spec:
        rolls = replace(rolls, owner=("Deployment", spec["workloadRef"]["name"]))
    return replace(rolls, extra=1, missing=0, active=switched["activeService"]) if switched else rolls


def stateful_set(obj: Object) -> Deployment:
    """A StatefulSet ends one pod before it makes the next (pkg/apis/apps/v1/defaults.go: OrderedReady)."""
    spec = obj["spec"]
    written = spec.get("replicas")
    return Deployment(written, spec.get("replicas", 1), 0, 1, False, template(spec["template"]), ordered=True)


def daemon_set(obj: Object) -> Deployment:
    """A DaemonSet, which ends the pod of a node before it makes the next, or surges (daemon/update.go)."""
    rolling = obj["spec"].get("updateStrategy", {}).get("rollingUpdate", {})
    surge, missing = rolling.get("maxSurge", 0), rolling.get("maxUnavailable", 1)
    return Deployment(None, NODES, surge, missing, False, template(obj["spec"]["template"]))


def scaler(obj: Object) -> Scaler:
    """An HPA; `minReplicas` is 1 by default (pkg/apis/autoscaling/v2/defaults.go)."""
    spec = obj["spec"]
    target = spec["scaleTargetRef"]
    return Scaler((target["kind"], target["name"]), spec.get("minReplicas", 1), spec["maxReplicas"])


def template(raw: Object) -> Template:
    container = raw["spec"]["containers"][0]
    labels = raw["metadata"]["labels"]
    return Template(
        labels=tuple(sorted(labels.items())),
        contract=labels.get("shipway.dev/contract", "1"),
        ports=tuple((port["name"], port["containerPort"]) for port in container["ports"]),
        configs=tuple(source["configMapRef"]["name"] for source in container.get("envFrom", [])),
        image=container["image"],
        calls=tuple(entry["value"].removeprefix("http://") for entry in container.get("env", [])),
    )


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


def with_template(obj: Object, templates: Mapping[Key, Object]) -> Object:
    """A Rollout that names a Deployment, with its template."""
    name = obj.get("spec", {}).get("workloadRef", {}).get("name")
    return {**obj, "spec": {**obj["spec"], "template": templates["Deployment", name]}} if name else obj
