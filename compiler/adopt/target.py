"""The objects that a first publish should write: what runs, and the few things that make a release of it safe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from compiler.adopt.clean import authored_object
from compiler.adopt.image import same_image
from compiler.adopt.patch import override_between
from compiler.adopt.running import RunningObject
from compiler.model.manifest import Object
from compiler.model.objects import mapping_items, mapping_or_empty
from compiler.rules.identity import LABELS
from compiler.rules.overrides import WORKLOADS
from compiler.traffic.adoption import adopted_routes

SAFER_SPEC: Final = ("minReadySeconds", "progressDeadlineSeconds", "revisionHistoryLimit")
"""Fields of a Deployment that take Shipway's value where nobody wrote one."""
PASSING: Final = frozenset({*LABELS, "app.kubernetes.io/version", "helm.sh/chart", "chart", "heritage"})
"""Labels of an object that are Shipway's own, or name a tool or a version: an override would hold them for ever."""
TRACK_KEYS: Final = frozenset({"color", "track", "app.kubernetes.io/instance"})
"""Labels that tell tracks apart on workloads alone; on a Service they are for whoever selects it."""
SAFER_CONTAINER: Final = ("readinessProbe",)


def overrides_for(running: RunningObject, ours: Object, main: str = "") -> dict[str, Any]:
    """What `overrides` have to say for `ours` to be what runs. `main`: the name of the release's container."""
    compiled = authored_object(ours)
    target = target_object(running, compiled, main)
    patch = override_between(compiled, target)
    # `metadata.name`, apiVersion and kind are the same by the way the two were found
    return {key: value for key, value in patch.items() if key not in ("apiVersion", "kind", "status")}


def target_object(running: RunningObject, ours: Object, main: str) -> Object:
    """What runs, with the parts of `ours` that are meant to differ; both without defaults of the server."""
    target: Object = {**running.object, "metadata": _target_metadata(running.object, ours)}
    spec_of = _TARGET_SPECS.get(running.kind)
    spec, own = mapping_or_empty(running.object.get("spec")), mapping_or_empty(ours.get("spec"))
    if running.kind in ("Deployment", "StatefulSet", "Rollout"):
        target["spec"] = _target_workload(spec, own, main)
    elif spec_of is not None:
        target["spec"] = spec_of(spec, own)
    elif running.key[:2] in adopted_routes():
        # rules that the next version may move: they lead the same requests to the same Service
        rules = adopted_routes()[running.key[:2]].RULES
        target["spec"] = {**spec, rules: own.get(rules)}
    return target


def _target_metadata(running: Object, ours: Object) -> Object:
    """Labels and annotations of both; those by which Shipway finds its objects are its own."""
    old, new = mapping_or_empty(running.get("metadata")), mapping_or_empty(ours.get("metadata"))
    metadata = {**old, **new}
    for field in ("labels", "annotations"):
        passing = PASSING if running.get("kind") in WORKLOADS else PASSING - TRACK_KEYS
        kept = {key: value for key, value in mapping_or_empty(old.get(field)).items() if key not in passing}
        merged = {**mapping_or_empty(new.get(field)), **kept}
        if merged:
            metadata[field] = merged
    return metadata


def _target_workload(running: Mapping[str, Any], ours: Mapping[str, Any], main: str) -> dict[str, Any]:
    target = {**{key: ours[key] for key in SAFER_SPEC if key in ours}, **running, "selector": ours.get("selector")}
    if running.get("replicas") != 0:
        target["replicas"] = ours.get("replicas")
    strategy = mapping_or_empty(running.get("strategy"))
    if "strategy" in ours and strategy.get("type", "RollingUpdate") == "RollingUpdate":
        target["strategy"] = ours.get("strategy")
    template, own = mapping_or_empty(running.get("template")), mapping_or_empty(ours.get("template"))
    metadata = {**mapping_or_empty(template.get("metadata")), **mapping_or_empty(own.get("metadata"))}
    pod = _target_pod(mapping_or_empty(template.get("spec")), mapping_or_empty(own.get("spec")), main)
    target["template"] = {"metadata": metadata, "spec": pod}
    return {key: value for key, value in target.items() if value is not None}


def _target_pod(running: Mapping[str, Any], ours: Mapping[str, Any], main: str) -> dict[str, Any]:
    target = dict(running)
    for field in ("serviceAccountName", "automountServiceAccountToken"):
        target[field] = ours.get(field)
    target.setdefault("enableServiceLinks", True)  # the server's default, which a release's is not
    target["terminationGracePeriodSeconds"] = ours.get("terminationGracePeriodSeconds")
    own = next((each for each in mapping_items(ours.get("containers")) if each.get("name") == main), {})
    target["containers"] = [
        _target_container(each, own) if each.get("name") == main else _beside_main(each, ours.get("containers"))
        for each in mapping_items(running.get("containers"))
    ]
    first = [_beside_main(each, ours.get("initContainers")) for each in mapping_items(running.get("initContainers"))]
    if first:
        target["initContainers"] = first
    return {key: value for key, value in target.items() if value is not None}


def _beside_main(running: Mapping[str, Any], ours: Any) -> dict[str, Any]:
    """The container as it runs; one of the version's image has it as the release writes it."""
    own = next((each for each in mapping_items(ours) if each.get("name") == running.get("name")), {})
    image = own.get("image")
    return {**running, "image": image} if same_image(running.get("image"), image) else dict(running)


def _target_container(running: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, Any]:
    """The container with the version's image, the names of its ports, and what lets it start and stop safely."""
    target = {**{key: ours[key] for key in SAFER_CONTAINER if key in ours}, **running, "image": ours.get("image")}
    if "ports" in ours and "ports" in running:
        target["ports"] = _named_ports(running["ports"], ours["ports"])
    hooks, own_hooks = mapping_or_empty(running.get("lifecycle")), mapping_or_empty(ours.get("lifecycle"))
    if hooks or own_hooks:
        target["lifecycle"] = {**own_hooks, **hooks}
    return target


def _named_ports(running: Any, ours: Any) -> Any:
    """What runs, each port with the name that the release gives it."""
    names = {_declared_place(each): each for each in mapping_items(ours)}
    return [{**names.get(_declared_place(each), {}), **each} for each in mapping_items(running)]


def _declared_place(port: Mapping[str, Any]) -> tuple[str, str]:
    """The number and the protocol by which the ports of a container are told apart."""
    return str(port.get("containerPort")), str(port.get("protocol", "TCP"))


def _target_service(running: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, Any]:
    return {**running, "selector": ours.get("selector")}


def _target_budget(running: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, Any]:
    return {**running, "selector": ours.get("selector")}


def _target_autoscaler(running: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, Any]:
    target = {**running, "scaleTargetRef": ours.get("scaleTargetRef")}
    if target.pop("targetCPUUtilizationPercentage", None) is not None:  # autoscaling/v1 has no metrics
        target["metrics"] = ours.get("metrics")
    return target


_TARGET_SPECS: Final[Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]]] = {
    "Service": _target_service,
    "PodDisruptionBudget": _target_budget,
    "HorizontalPodAutoscaler": _target_autoscaler,
}
