"""What the reference reads of workloads and of the HPAs that scale them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from tests.transition.reference.metadata import Key, Labels, Object

WORKLOADS = ("Deployment", "Rollout", "StatefulSet", "DaemonSet")
HPA = "HorizontalPodAutoscaler"
NODES = 2
"""On which a DaemonSet runs a pod each."""


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


def with_template(obj: Object, templates: Mapping[Key, Object]) -> Object:
    """A Rollout that names a Deployment, with its template."""
    name = obj.get("spec", {}).get("workloadRef", {}).get("name")
    return {**obj, "spec": {**obj["spec"], "template": templates["Deployment", name]}} if name else obj
