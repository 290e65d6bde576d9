"""What differs between the two sides of one object that nothing judges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from compiler.model.classification import Classification, FieldTable, Inert, KindTable, Modeled, Unjudged
from compiler.traffic.readers import readers_by_kind
from compiler.transition.classification.compare import (
    FieldDifference,
    counts_in_changed_objects_only,
    differing_leaves,
    field_differences,
    is_unjudged,
)
from compiler.transition.classification.registry import classified_kind
from compiler.transition.classification.shared.metadata import ROUTE_METADATA

Object = Mapping[str, Any]
MISPLACED = "what the API server does with a field that no version of Kubernetes which Shipway knows has there"
DROPPED = f"{MISPLACED}: a client-side apply drops it, another one may be refused"
VERSION_STATED = "remove the field, or say which version the cluster has (--kubernetes VERSION)"
KUBERNETES_GROUPS = frozenset(
    {
        "", "apps", "autoscaling", "batch", "networking.k8s.io", "node.k8s.io", "policy", "rbac.authorization.k8s.io",
        "scheduling.k8s.io", "storage.k8s.io",
    }
)  # fmt: skip
VERSION = "whether the API server accepts the object, and in which form"


def _is_on_one_side(old: Any, new: Any) -> bool:
    """Whether the values come to be encrypted, or stop: what encrypts them writes its own data anew every time."""
    return not (old and new)


ENCRYPTED = Unjudged(
    "whether its values are still decrypted before they are read", matters=_is_on_one_side, alone=False
)
"""Source: SOPS, README.md, "Encrypting only parts of a file": keys, a checksum and a date that no controller reads."""
IDENTITY: FieldTable = {
    "apiVersion": Modeled("the object's identity"),
    "kind": Modeled("the object's identity"),
    "sops": ENCRYPTED,
    "status": Inert("Kubernetes, api-conventions.md: written by controllers, and left out of what is applied"),
}


class UnjudgedDifference(NamedTuple):
    """What nothing judges: a field (empty: the whole object), what it may influence, and how its user finds out."""

    field: str
    influence: str
    before: Any = None
    after: Any = None
    gated: bool = False
    loss: str = ""
    remedy: str = ""


def unjudged_differences(group: str, kind: str, old: Object | None, new: Object | None) -> Iterator[UnjudgedDifference]:
    """What of the change from `old` to `new` is unproven; None: there is no such object."""
    known = classified_forms(group, kind, old, new)
    if isinstance(known, Unjudged):
        yield from _of_a_whole(known, old, new)
    elif isinstance(known, KindTable):
        whole = _whole_classification(known, old, new)
        if isinstance(whole, Unjudged):
            yield UnjudgedDifference("", whole.influence, old, new, whole.gated, remedy=whole.remedy)
        elif whole is None:
            yield from _of_fields(known, old, new)


def classified_forms(group: str, kind: str, *forms: Object | None) -> KindTable | Inert | Unjudged:
    """What a kind is, for these forms of one object: a route that is not read has no fields that anybody judges."""
    known, reader = classified_kind(group, kind), readers_by_kind().get((group, kind))
    if reader is None or not isinstance(known, KindTable):
        return known
    unread = dict.fromkeys(part for form in forms if form is not None for part in reader.unread(dict(form)))
    return Unjudged(f"{known.influence}: {', '.join(unread)} is not read") if unread else known


def differing_fields(group: str, kind: str, old: Object | None, new: Object | None) -> int:
    """In how many fields two forms of an object differ; an object that comes, goes, or has no table counts as one."""
    known = classified_kind(group, kind)
    if old is None or new is None or not isinstance(known, KindTable):
        return 1
    return sum(1 for _ in field_differences(old, new, {**IDENTITY, **known.fields}))


def _of_a_whole(known: Unjudged, old: Object | None, new: Object | None) -> Iterator[UnjudgedDifference]:
    """The object itself, or, where only its metadata differ, those of them that matter.

    What does no harm by itself counts where a wave waits for it: nobody knows whether it ever gets healthy.
    """
    if old is None or new is None or _without_metadata(old) != _without_metadata(new):
        yield UnjudgedDifference("", known.influence, old, new, gated=not known.matters(old, new))
        return
    for difference in field_differences(old.get("metadata"), new.get("metadata"), ROUTE_METADATA, "metadata"):
        if is_unjudged(difference):
            yield from _named(difference, known.influence)


def _without_metadata(obj: Object) -> dict[str, Any]:
    return {name: value for name, value in obj.items() if name not in ("metadata", "status")}


def _whole_classification(table: KindTable, old: Object | None, new: Object | None) -> Classification | None:
    if old is None:
        return table.appears
    return table.goes if new is None else None


def _of_fields(table: KindTable, old: Object | None, new: Object | None) -> Iterator[UnjudgedDifference]:
    if old is not None and new is not None and not _hold_the_same(table, old, new):
        yield UnjudgedDifference("apiVersion", VERSION, old.get("apiVersion"), new.get("apiVersion"))
    for difference in field_differences(old, new, {**IDENTITY, **table.fields}):
        harmless = (old is None or new is None) and counts_in_changed_objects_only(difference)
        if is_unjudged(difference) and not harmless:
            if table.group in KUBERNETES_GROUPS and difference.classification is None:
                yield from _misplaced(difference)
            else:
                yield from _named(difference, table.influence)


def _misplaced(difference: FieldDifference) -> Iterator[UnjudgedDifference]:
    """A field that comes or goes, or a plain value, is left out of what is stored; a list or mapping that differs is no
    field that a patch can be made of.

    Source: Kubernetes, apimachinery pkg/util/strategicpatch/patch.go `diffMaps`, meta.go `FieldNotFound`; the API
    server decodes with `fieldValidation=Warn` (gitops-engine's pkg/utils/kube/resource_ops.go asks for nothing else).
    """
    before, after = difference.before, difference.after
    if before is None or after is None or (not isinstance(before, dict | list) and not isinstance(after, dict | list)):
        yield UnjudgedDifference(difference.path, DROPPED, before, after, remedy=VERSION_STATED)
    else:
        yield from _named(difference, MISPLACED)


def _hold_the_same(table: KindTable, old: Object, new: Object) -> bool:
    """Whether both are versions of one kind that hold the same fields; an alpha is not served to those who go back."""
    before, after = old.get("apiVersion"), new.get("apiVersion")
    if before == after:
        return True
    if before not in table.versions or after not in table.versions:
        return False
    return "alpha" not in str(after) or table.versions.index(after) < table.versions.index(before)


def _named(difference: FieldDifference, otherwise: str) -> Iterator[UnjudgedDifference]:
    """The difference by the fields inside of it where both sides are mappings, so that it can be found and declared."""
    result = difference.classification
    known = result if isinstance(result, Unjudged) else Unjudged(otherwise)
    if known.loss is not None:
        loss = known.loss(difference.before, difference.after)
        yield UnjudgedDifference(
            difference.path, known.influence, difference.before, difference.after, known.gated, loss, known.remedy
        )
        return
    for path, before, after in differing_leaves(difference.before, difference.after, difference.path):
        yield UnjudgedDifference(path, known.influence, before, after, known.gated, remedy=known.remedy)
