"""The objects of one set, found by what others call them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compiler.diagnostics.model import Path
from compiler.model.manifest import Manifest, Object
from compiler.validate.selectors import label_selector_matches

ExternalObjects = Collection[tuple[str, str]]
"""(kind, name) of objects that exist without being in the set: `("Secret", "registry")`."""

ObjectIdentifier = tuple[str, str, str]
"""kind, namespace, name"""

TEMPLATES: dict[str, Path] = {
    "Deployment": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
    "Job": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
}
_SERVING = ("Deployment", "StatefulSet")


@dataclass(frozen=True, slots=True)
class PodWorkload:
    """A workload that keeps pods, and what its template says."""

    manifest: Manifest
    template: dict[str, Any]

    @property
    def labels(self) -> Mapping[str, str]:
        labels: Mapping[str, str] = self.template.get("metadata", {}).get("labels", {})
        return labels

    @property
    def containers(self) -> list[dict[str, Any]]:
        """The containers that run while the pod does: also the init containers that restart always."""
        spec = self.template.get("spec", {})
        sidecars = [c for c in spec.get("initContainers", ()) if c.get("restartPolicy") == "Always"]
        return [*spec.get("containers", ()), *sidecars]


@dataclass(frozen=True, slots=True)
class ObjectInventory:
    """The set's objects by kind, namespace and name; keys of data; pods by their labels.

    `data` has the keys of each ConfigMap and Secret, or None where only a controller knows them.
    """

    objects: Mapping[ObjectIdentifier, Object]
    data: Mapping[ObjectIdentifier, frozenset[str] | None]
    pods: Mapping[str, Sequence[PodWorkload]]
    labeled: Mapping[tuple[str, str, str], Sequence[PodWorkload]]
    outside: ExternalObjects

    def has(self, kind: str, namespace: str, name: str) -> bool:
        """Whether such an object is in the set or known to exist outside."""
        key = (kind, namespace, name)
        return key in self.objects or key in self.data or (kind, name) in self.outside

    def selected(self, selector: Mapping[str, Any], namespace: str) -> list[PodWorkload]:
        """The workloads whose pods a LabelSelector selects."""
        wanted = selector.get("matchLabels", {})
        candidates = self.pods.get(namespace, ())
        for key, value in wanted.items():
            some = self.labeled.get((namespace, key, value), ())
            candidates = min(candidates, some, key=len)
        return [pods for pods in candidates if label_selector_matches(selector, pods.labels)]


def object_namespace(obj: Object) -> str:
    """The object's namespace; empty where it leaves that to the Application."""
    return str(obj["metadata"].get("namespace", ""))


def pod_template_of(obj: Object) -> dict[str, Any] | None:
    """The pod template of a workload of any kind, or None."""
    path = TEMPLATES.get(obj["kind"])
    if path is None:
        return None
    value: Any = obj
    for part in path:
        value = value.get(part, {})
    return value or None


def inventory_of(manifests: Sequence[Manifest], outside: ExternalObjects) -> ObjectInventory:
    """The world that `manifests` make, together with what exists outside."""
    objects: dict[ObjectIdentifier, Object] = {}
    data: dict[ObjectIdentifier, frozenset[str] | None] = {}
    pods: dict[str, list[PodWorkload]] = {}
    labeled: dict[tuple[str, str, str], list[PodWorkload]] = {}
    for manifest in manifests:
        obj = manifest.object
        namespace = object_namespace(obj)
        objects[obj["kind"], namespace, obj["metadata"]["name"]] = obj
        for key, names in _data_keys(obj):
            data[key] = names
        template = pod_template_of(obj) if obj["kind"] in _SERVING else None
        if template is not None:
            workload = PodWorkload(manifest, template)
            pods.setdefault(namespace, []).append(workload)
            for label, value in workload.labels.items():
                labeled.setdefault((namespace, label, value), []).append(workload)
    return ObjectInventory(objects, data, pods, labeled, outside)


def _data_keys(obj: Object) -> Iterator[tuple[ObjectIdentifier, frozenset[str] | None]]:
    """The ConfigMap or Secret that an object is or brings, with its keys where they are known."""
    kind, namespace, name = obj["kind"], object_namespace(obj), obj["metadata"]["name"]
    spec = obj.get("spec", {})
    match kind:
        case "ConfigMap":
            yield (kind, namespace, name), frozenset({**obj.get("data", {}), **obj.get("binaryData", {})})
        case "Secret":
            yield (kind, namespace, name), frozenset({**obj.get("data", {}), **obj.get("stringData", {})})
        case "SealedSecret":
            yield ("Secret", namespace, name), frozenset(spec.get("encryptedData", {})) or None
        case "ExternalSecret":
            yield ("Secret", namespace, spec.get("target", {}).get("name", name)), None
        case "Certificate":
            yield ("Secret", namespace, spec["secretName"]), None
