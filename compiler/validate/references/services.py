"""Services and the pods behind them: endpoints need a matching template that has the target port.

k8s.io/kubernetes/pkg/controller/endpointslice and pkg/api/v1/pod/util.go, FindPort.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compiler.model.frame import RELEASE, TRACK
from compiler.model.manifest import Object
from compiler.model.object_finding import ObjectFinding, object_finding, spelling_suggestion
from compiler.validate.references.inventory import ObjectInventory, PodWorkload, object_namespace

_TRACK_LABELS = ("color", "track", TRACK)


def check_service_pods(obj: Object, world: ObjectInventory, routed: bool) -> Iterator[ObjectFinding]:
    """The findings about a Service's selector and target ports; `routed`: a route gives it requests.

    The Service of a track that holds no version selects nothing, and may: unless it is routed to.
    """
    spec, namespace = obj["spec"], object_namespace(obj)
    selector = spec.get("selector")
    if not selector or spec.get("type") == "ExternalName":
        return
    selected = world.selected({"matchLabels": selector}, namespace)
    if not selected and (routed or not _is_idle_track(selector, namespace, world)):
        labels = ", ".join(f"{key}={value}" for key, value in selector.items())
        message = f"no workload has pods with the labels {labels}" + (", but a route leads here" if routed else "")
        yield object_finding("service-selects-nothing", ("spec", "selector"), message)
    for index, port in enumerate(spec.get("ports", ())):
        for pods in selected:
            if (known := _available_ports(port, pods)) is not None:
                yield _unresolved_port(index, port, pods, known)


def _unresolved_port(index: int, port: dict[str, Any], pods: PodWorkload, known: list[str]) -> ObjectFinding:
    """A port that no container declares: by its name it is never found, by its number pods may listen there all the
    same (Kubernetes, ContainerPort: "not specifying a port here does not prevent that port from being exposed").
    """
    target = port.get("targetPort", port["port"])
    where, place = f"{pods.manifest.kind} `{pods.manifest.name}`", ("spec", "ports", index, "targetPort")
    if isinstance(target, str):
        message = f"{where} has no port `{target}`"
        return object_finding("port-unresolved", place, message, spelling_suggestion(target, known))
    message = f"{where} does not declare the port `{target}`"
    fix = "make sure that the pods listen on this port, and declare it under `container.ports`"
    return object_finding("port-unresolved", place, message, fix, "warning")


def _is_idle_track(selector: dict[str, str], namespace: str, world: ObjectInventory) -> bool:
    rest = {key: value for key, value in selector.items() if key not in _TRACK_LABELS}
    if rest == selector or not rest:
        return False
    if world.selected({"matchLabels": rest}, namespace):
        return True
    # the pods of a track that keeps names from before have another `app`, and a label of Shipway's beside it
    release = rest.get("app", rest.get(RELEASE)) if len(rest) == 1 else None
    named = ({key: release} for key in ("app", RELEASE) if release is not None)
    return any(world.selected({"matchLabels": labels}, namespace) for labels in named)


def _available_ports(port: dict[str, Any], pods: PodWorkload) -> list[str] | None:
    """The names and numbers that the pods do have, where the port's target is none of them."""
    target, protocol = port.get("targetPort", port["port"]), port.get("protocol", "TCP")
    field = "name" if isinstance(target, str) else "containerPort"
    declared = [known for container in pods.containers for known in container.get("ports", ())]
    if any(known.get(field) == target and known.get("protocol", "TCP") == protocol for known in declared):
        return None
    return [str(known[key]) for known in declared for key in ("name", "containerPort") if key in known]
