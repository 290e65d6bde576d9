"""What pods name: ConfigMaps, Secrets and their keys, claims, ServiceAccounts.

A missing one keeps the pods from starting: pkg/kubelet/kubelet_pods.go (makeEnvironmentVariables) and the volume
plugins of Kubernetes; only what says `optional: true` may be missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compiler.diagnostics.model import Path
from compiler.model.manifest import Object
from compiler.model.object_finding import ObjectFinding, object_finding, spelling_suggestion
from compiler.validate.references.inventory import TEMPLATES, ObjectInventory, object_namespace, pod_template_of

PodReference = tuple[str, dict[str, Any], str, Path]
"""kind, the object that holds the reference, the field with the name, path of the former"""


def check_pods(obj: Object, world: ObjectInventory) -> Iterator[ObjectFinding]:
    """The findings about what the pods of a workload (of any kind) name."""
    template = pod_template_of(obj)
    if template is None:
        return
    spec, path = template["spec"], (*TEMPLATES[obj["kind"]], "spec")
    namespace = object_namespace(obj)
    for reference in _pod_references(spec, path):
        yield from _reference_problems(reference, namespace, world)
    account = spec.get("serviceAccountName", "default")
    if account != "default" and not world.has("ServiceAccount", namespace, account):
        yield _missing_object("ServiceAccount", account, (*path, "serviceAccountName"), world)


def _pod_references(spec: dict[str, Any], path: Path) -> Iterator[PodReference]:
    for field in ("initContainers", "containers"):
        for index, container in enumerate(spec.get(field, ())):
            yield from _container_references(container, (*path, field, index))
    for index, volume in enumerate(spec.get("volumes", ())):
        yield from _volume_sources(volume, (*path, "volumes", index))
    for index, secret in enumerate(spec.get("imagePullSecrets", ())):
        yield "Secret", secret, "name", (*path, "imagePullSecrets", index)


def _container_references(container: dict[str, Any], path: Path) -> Iterator[PodReference]:
    for index, variable in enumerate(container.get("env", ())):
        if "valueFrom" in variable:
            place = (*path, "env", index, "valueFrom")
            yield from _config_or_secret_reference(variable["valueFrom"], "configMapKeyRef", "secretKeyRef", place)
    for index, source in enumerate(container.get("envFrom", ())):
        yield from _config_or_secret_reference(source, "configMapRef", "secretRef", (*path, "envFrom", index))


def _volume_sources(volume: dict[str, Any], path: Path) -> Iterator[PodReference]:
    if "configMap" in volume:
        yield "ConfigMap", volume["configMap"], "name", (*path, "configMap")
    elif "secret" in volume:
        yield "Secret", volume["secret"], "secretName", (*path, "secret")
    elif "persistentVolumeClaim" in volume:
        claim = volume["persistentVolumeClaim"]
        yield "PersistentVolumeClaim", claim, "claimName", (*path, "persistentVolumeClaim")
    elif "projected" in volume:
        for index, source in enumerate(volume["projected"].get("sources", ())):
            yield from _config_or_secret_reference(
                source, "configMap", "secret", (*path, "projected", "sources", index)
            )


def _config_or_secret_reference(holder: dict[str, Any], config: str, secret: str, path: Path) -> Iterator[PodReference]:
    if config in holder:
        yield "ConfigMap", holder[config], "name", (*path, config)
    elif secret in holder:
        yield "Secret", holder[secret], "name", (*path, secret)


def _reference_problems(reference: PodReference, namespace: str, world: ObjectInventory) -> Iterator[ObjectFinding]:
    kind, holder, field, path = reference
    name = holder.get(field)
    if name is None or holder.get("optional"):
        return
    if not world.has(kind, namespace, name):
        yield _missing_object(kind, name, (*path, field), world)
        return
    known = world.data.get((kind, namespace, name))
    if known is None:
        return
    for key, place in _required_keys(holder, path):
        if key not in known:
            message = f"{kind} `{name}` has no key `{key}`"
            yield object_finding("key-missing", place, message, spelling_suggestion(key, sorted(known)))


def _required_keys(holder: dict[str, Any], path: Path) -> Iterator[tuple[str, Path]]:
    if "key" in holder:
        yield holder["key"], (*path, "key")
    for index, item in enumerate(holder.get("items", ())):
        yield item["key"], (*path, "items", index, "key")


def _missing_object(kind: str, name: str, path: Path, world: ObjectInventory) -> ObjectFinding:
    names = [known for of_kind, _, known in (*world.objects, *world.data) if of_kind == kind]
    return object_finding(
        "reference-missing", path, (f"{kind} `{name}` does not exist"), spelling_suggestion(name, names)
    )
