"""The changes that a reviewer asks to see first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from compiler.model.objects import object_labels
from compiler.model.plan import Danger, FieldChange, ObjectChange
from compiler.plan.states import readable_objects
from compiler.traffic.readers import reader_of, readers_by_kind
from compiler.traffic.shares import NO_CONDITION

_RBAC: Final = frozenset({"Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"})
_SECRETS: Final = frozenset({"Secret", "SealedSecret", "ExternalSecret"})
_HARMLESS: Final = frozenset({"PodDisruptionBudget", "HorizontalPodAutoscaler"})
_REPLICAS: Final = frozenset({"spec.replicas", "spec.minReplicas", "spec.maxReplicas"})

_IMMUTABLE: Final[dict[str, re.Pattern[str]]] = {
    "Deployment": re.compile(r"spec\.selector\b.*"),
    "DaemonSet": re.compile(r"spec\.selector\b.*"),
    "ReplicaSet": re.compile(r"spec\.selector\b.*"),
    "StatefulSet": re.compile(
        r"spec\.(?!replicas|ordinals|template|updateStrategy|persistentVolumeClaimRetentionPolicy|minReadySeconds"
        r"|revisionHistoryLimit).*"
    ),
    "Job": re.compile(r"spec\.(selector|template|completionMode|podFailurePolicy|backoffLimitPerIndex)\b.*"),
    "Service": re.compile(r"spec\.clusterIPs?\b.*"),
    "RoleBinding": re.compile(r"roleRef\b.*"),
    "ClusterRoleBinding": re.compile(r"roleRef\b.*"),
    "Secret": re.compile(r"type|immutable"),
    "StorageClass": re.compile(r"(provisioner|parameters|reclaimPolicy|volumeBindingMode)\b.*"),
}
"""Fields that an update may not change.

Source: Kubernetes, pkg/apis/{apps,batch,core,rbac,storage}/validation/validation.go, the `Validate…Update` functions.
"""


def dangers_in(changes: Iterable[ObjectChange]) -> tuple[Danger, ...]:
    """What of the changes asks for a reviewer's eye, in their order.

    Deletions (except disruption budgets and autoscalers, which carry no traffic), fields that the API server does
    not let change, selectors of Services, paths that lose their rule, RBAC, namespaces, volume claims, keys of
    secrets, replicas that shrink.
    """
    return tuple(danger for change in changes for danger in _change_dangers(change))


def _change_dangers(change: ObjectChange) -> Iterator[Danger]:
    name = f"{change.kind} {change.name}"
    yield from _kind_dangers(change, name)
    if change.action == "delete" and change.kind not in _HARMLESS | _RBAC | _SECRETS:
        kind = {"Namespace": "namespace", "PersistentVolumeClaim": "volume-claim"}.get(change.kind, "deletion")
        yield Danger(kind, name, _deletion_effect(change))
    for field in change.fields if change.action == "change" else ():
        yield from _field_dangers(change, field, name)
    for path in _lost_paths(change) if change.action == "change" and _may_be_route(change.kind) else ():
        lost = f"no rule matches {path} any more: clients that still call it get another rule's answer, or 404"
        yield Danger("route", name, lost)


_DELETION_EFFECTS: Final = {
    "Namespace": "is deleted, and everything in it",
    "PersistentVolumeClaim": "is deleted; whether its data stays is up to the volume's reclaim policy",
    "Deployment": "is deleted, and its pods stop",
    "StatefulSet": "is deleted, and its pods stop",
    "Service": "is deleted: clients that still call it get no answer",
    "CustomResourceDefinition": "is deleted, and every object of the kind",
}


def _deletion_effect(change: ObjectChange) -> str:
    objects = readable_objects({"": change.before} if change.before is not None else {})
    if any(reader_of(obj) is not None for obj in objects):
        return "is deleted: requests that only it routes get 404"
    return _DELETION_EFFECTS.get(change.kind, "is deleted")


def _kind_dangers(change: ObjectChange, name: str) -> Iterator[Danger]:
    if change.kind in _RBAC:
        yield Danger("rbac", name, f"{_ACTION_VERBS[change.action]}: permissions change")
    if change.kind in _SECRETS:
        yield Danger("secret", name, _secret_danger(change))
    if change.kind == "Namespace" and change.action == "change":
        listed = ", ".join(field.path for field in change.fields[:3])
        yield Danger("namespace", name, f"changes {listed}: its labels decide policies for all pods in it")


_ACTION_VERBS: Final = {"add": "is added", "change": "changes", "delete": "is deleted", "replace": "is replaced"}


def _secret_danger(change: ObjectChange) -> str:
    keys = {"changes": list[str](), "adds": list[str](), "removes": list[str]()}
    for field in change.fields:
        if field.secret:
            verb = "adds" if field.before is None else "removes" if field.after is None else "changes"
            keys[verb].append(field.path.rpartition(".")[2] if "[" not in field.path else _bracketed_name(field.path))
    texts = [f"{verb} {', '.join(names)}" for verb, names in keys.items() if names]
    return "; ".join(texts) if texts else _ACTION_VERBS[change.action]


def _bracketed_name(path: str) -> str:
    return path.partition("[")[2].removesuffix("]")


def _field_dangers(change: ObjectChange, field: FieldChange, name: str) -> Iterator[Danger]:
    fixed = _IMMUTABLE.get(change.kind)
    if change.kind == "PersistentVolumeClaim" and field.path.startswith("spec."):
        yield Danger("volume-claim", name, f"changes {field.path}")
    elif (fixed is not None and fixed.fullmatch(field.path)) or _declared_immutable(change, field):
        yield Danger("immutable", name, f"{field.path} may not change: the API server refuses the object")
    elif change.kind == "Service" and field.path.startswith("spec.selector") and not _is_preview(change):
        yield Danger("selector", name, f"{field.path.removeprefix('spec.')}: {_before_after_text(field)}")
    elif field.path in _REPLICAS and _reduces_replicas(field):
        yield Danger("replicas", name, f"{field.path.removeprefix('spec.')}: {_before_after_text(field)}")


def _is_preview(change: ObjectChange) -> bool:
    """Whether it is a release's Service for the version that nobody uses yet: every step moves its selector."""
    objects = readable_objects({"": change.after} if change.after is not None else {})
    return any(change.name == f"{object_labels(obj).get('app')}-preview" for obj in objects)


def _may_be_route(kind: str) -> bool:
    """Whether some provider's routes are of the kind: nothing else is parsed for its paths."""
    return any(kind == route for _, route in readers_by_kind())


def _lost_paths(change: ObjectChange) -> Sequence[str]:
    """The paths for which a route has no rule of its own any more; rules with conditions leave theirs."""
    before, after = (_plain_paths(side) for side in (change.before, change.after))
    return [path for path in before if path not in after]


def _plain_paths(rendered: bytes | None) -> Sequence[str]:
    objects = readable_objects({"": rendered} if rendered is not None else {})
    readers = ((obj, reader_of(obj)) for obj in objects)
    matches = [match for obj, reader in readers if reader is not None for match in reader.matches_of(obj)]
    return list(dict.fromkeys(match.path for match in matches if match.condition == NO_CONDITION))


def _declared_immutable(change: ObjectChange, field: FieldChange) -> bool:
    """Whether a ConfigMap or Secret says of itself that its data never changes."""
    if change.kind not in ("ConfigMap", "Secret") or not field.path.startswith(("data", "binaryData", "stringData")):
        return False
    return b"\nimmutable: true\n" in b"\n" + (change.before or b"")


def _before_after_text(field: FieldChange) -> str:
    return f"{_value_word(field.before)} → {_value_word(field.after)}"


def _value_word(value: Any) -> str:
    return "none" if value is None else str(value)


def _reduces_replicas(field: FieldChange) -> bool:
    both = isinstance(field.before, int) and isinstance(field.after, int)
    return both and field.after < field.before
