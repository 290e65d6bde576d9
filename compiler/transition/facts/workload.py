"""The workloads of one set of objects: who makes pods, how many, and how it replaces them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from compiler.model.manifest import Object
from compiler.model.objects import Key, integer_or_default, mapping_or_empty, nested_value
from compiler.transition.facts.defaults import same_without_defaults
from compiler.transition.facts.pods import Template, read_template

WORKLOAD_KINDS = frozenset(
    {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod", "Rollout", "ReplicationController"}
)
WITHOUT_HEALTH = frozenset({("", "ReplicationController")})
"""What no gate waits for: Argo CD has no health check for it (gitops-engine, pkg/health `GetHealthCheckFunc`)."""
ASSUMED_NODES = 2
Templates = dict[Key, list[Template]]
SCALER_KINDS = frozenset({("autoscaling", "HorizontalPodAutoscaler"), ("keda.sh", "ScaledObject")})
PAUSED_AT = "autoscaling.keda.sh/paused-replicas"
SWITCH_CAPACITY = "shipway.dev/switch-capacity"


@dataclass(frozen=True, slots=True)
class ScalerFacts:
    """A HorizontalPodAutoscaler: its key, target and bounds; `grown` is the count that must be held at a switch."""

    key: Key
    target: Key
    low: int
    high: int
    grown: int


@dataclass(frozen=True, slots=True)
class WorkloadFacts:
    """What makes pods. `written` is the manifest's replicas (None: left out); `scaler` writes them instead.

    A `paused` one has a controller that stands still: no new template is rolled out, and it never becomes Healthy.
    `template_owner` is the workload from which a Rollout takes its template (`workloadRef`).
    """

    key: Key
    raw: Object
    template: Template
    selector: Mapping[str, Any]
    written: int | None
    scaler: ScalerFacts | None
    strategy: Mapping[str, Any]
    paused: bool
    template_owner: Key | None = None

    @property
    def kind(self) -> str:
        return self.key.kind


class PodState(NamedTuple):
    """Pods of one workload at one moment: ready ones per template, and the templates that have unready ones."""

    label: str
    ready: tuple[tuple[Template, int], ...]
    unready: tuple[Template, ...] = ()

    @property
    def total(self) -> int:
        return sum(count for _, count in self.ready)


ABSENT_PODS = PodState("none", ())


def first_ready_pod(template: Template, count: int) -> list[PodState]:
    """Of several new pods the first is ready: a share that was another backend's falls to it alone."""
    return [PodState("starting", ((template, 1),), (template,))] if count > 1 else []


def read_scaler(obj: Object, key: Key) -> ScalerFacts:
    """The bounds of an HPA (Kubernetes, pkg/apis/autoscaling/v2/defaults.go: `minReplicas` is 1 by default).

    A ScaledObject makes one (KEDA, apis/keda/v1alpha1/scaledobject_types.go); while requests come, it keeps a pod.
    One that is paused at a count scales to that, also to none (docs/concepts/scaling-deployments.md).
    """
    spec = mapping_or_empty(obj.get("spec"))
    target = mapping_or_empty(spec.get("scaleTargetRef"))
    assumed = "apps/v1" if key.kind == "ScaledObject" else ""
    group = str(target.get("apiVersion", assumed)).rpartition("/")[0]
    low, high = _scaler_bounds(obj, spec, key)
    accepted = integer_or_default(nested_value(obj, "metadata", "annotations", SWITCH_CAPACITY), high)
    place = Key(group, str(target.get("kind", "Deployment")), key.namespace, str(target.get("name", "")))
    return ScalerFacts(key, place, low, high, max(low, min(high, accepted)))


def _scaler_bounds(obj: Object, spec: Mapping[str, Any], key: Key) -> tuple[int, int]:
    if key.kind == "ScaledObject":
        paused = integer_or_default(nested_value(obj, "metadata", "annotations", PAUSED_AT), -1)
        if paused >= 0:
            return paused, paused
        low = max(1, integer_or_default(spec.get("minReplicaCount"), 0))
        return low, max(low, integer_or_default(spec.get("maxReplicaCount"), 100))
    low = integer_or_default(spec.get("minReplicas"), 1)
    return low, max(low, integer_or_default(spec.get("maxReplicas"), low))


def read_workload(obj: Object, key: Key, scaler: ScalerFacts | None, templates: Templates) -> WorkloadFacts:
    """The facts of a workload; `templates` keeps one Template for each that its key ever had."""
    raw = obj if key.kind == "Pod" else mapping_or_empty(nested_value(obj, "spec", "template"))
    spec = mapping_or_empty(obj.get("spec"))
    selector = mapping_or_empty(spec.get("selector"))
    if key.kind == "ReplicationController":
        selector = {"matchLabels": selector}
    replicas = spec.get("replicas")
    written = None if replicas is None else max(0, integer_or_default(replicas, 1))
    if key.kind == "DaemonSet":
        written = ASSUMED_NODES
    if key.kind == "Pod":
        written = 1
    owner = referenced_workload(obj, key)
    strategy, paused = mapping_or_empty(spec.get("strategy")), spec.get("paused") is True
    template = _shared_template(key, raw, templates)
    return WorkloadFacts(key, obj, template, selector, written, scaler, strategy, paused, owner)


def _shared_template(key: Key, raw: Mapping[str, Any], templates: Templates) -> Template:
    known = templates.setdefault(key, [])
    for template in known:
        if template.raw is raw or template.raw == raw:
            return template
    new = read_template(raw, known)
    same = next((template for template in known if same_without_defaults(template.raw, new.raw)), new)
    if same is new:
        known.append(new)
    return same


def makes_pods(workload: WorkloadFacts) -> bool:
    """Whether the manifests ask for a pod of the workload, which shows that what its template names is there."""
    return workload.written != 0 or workload.scaler is not None


def is_workload(key: Key) -> bool:
    """Whether the object makes pods that serve: batch jobs do not."""
    if key.kind == "Rollout":
        return key.group == "argoproj.io"
    return key.kind in WORKLOAD_KINDS and key.group in ("apps", "")


def read_workloads(
    objects: Mapping[Key, Object], templates: Templates, wanted: Iterable[Key]
) -> dict[Key, WorkloadFacts]:
    """The workloads among `wanted`, each with the HPA of `objects` that targets it."""
    scalers = {
        scaler.target: scaler
        for key, obj in objects.items()
        if (key.group, key.kind) in SCALER_KINDS
        for scaler in [read_scaler(obj, key)]
    }
    return {
        key: read_workload(_with_referenced_template(objects, key), key, scalers.get(key), templates) for key in wanted
    }


def referenced_workload(obj: Object, key: Key) -> Key | None:
    """The workload whose template a Rollout takes (Argo Rollouts, pkg/apis/rollouts/v1alpha1 `ObjectRef`)."""
    ref = mapping_or_empty(nested_value(obj, "spec", "workloadRef"))
    if key.kind != "Rollout" or not ref:
        return None
    group = str(ref.get("apiVersion", "apps/v1")).rpartition("/")[0]
    return Key(group, str(ref.get("kind")), key.namespace, str(ref.get("name")))


def _with_referenced_template(objects: Mapping[Key, Object], key: Key) -> Object:
    """A Rollout that names the owner of its template gets that (Argo Rollouts, rollout/templateref.go `Resolve`)."""
    obj = objects[key]
    owner = referenced_workload(obj, key)
    if owner is None:
        return obj
    named = objects.get(owner)
    spec = {
        "selector": nested_value(named, "spec", "selector"),
        **obj["spec"],
        "template": nested_value(named, *(("template",) if owner.kind == "PodTemplate" else ("spec", "template"))),
    }
    return {**obj, "spec": spec}
