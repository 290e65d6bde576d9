"""accepted, for each object by itself: the API server's validation takes it, whatever the cluster holds.

Source: Kubernetes' validation (see `compiler.transition.facts.validation.field_errors`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import Key, mapping_or_empty
from compiler.transition.facts.api_versions import schema_version
from compiler.transition.facts.manifest_size import fits_its_annotation
from compiler.transition.facts.validation.field_errors import ValidationError, combined_field_errors, schema_errors
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change, Cut
from compiler.transition.sync.existence import DATA_FIELDS
from compiler.transition.sync.snapshot import Snapshot
from compiler.validate import as_decoded, undeclared_fields

PROPERTY = "accepted"
MAX_DATA_BYTES = 1 << 20


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The objects that the API server refuses in this sync for what they say themselves."""
    change = judged.change
    tolerated: dict[str, frozenset[str]] = {}
    written = change.target.as_written
    for key, (place, _) in change.ops.items():
        obj = written.get(key)
        if obj is not None:
            refused = list(_validation_breaches(change, tolerated, key, Cut(place)))
            yield from refused or _unread_values(change, key)
            if key.distinct_kind in ("ConfigMap", "Secret"):
                yield from _oversized_data(key, obj, Cut(place))
            asked = change.options.of_write(obj) & {"ServerSideApply=true", "Replace=true"}
            if not asked:
                yield from _oversized_copy(change, key, obj, Cut(place))
            if asked == {"ServerSideApply=true"}:
                yield from _undeclared_fields(change, key, obj, Cut(place))


def _validation_breaches(
    change: Change, tolerated: dict[str, frozenset[str]], key: Key, cut: Cut
) -> Iterator[PropertyBreach]:
    for text, fix in _new_errors(change, tolerated, key):
        code = "selector-mismatch" if "selector" in text else "object-refused"
        yield PropertyBreach(code, PROPERTY, f"{key}: {text}", (key,), fix, cut=cut)


def _unread_values(change: Change, key: Key) -> Iterator[PropertyBreach]:
    """Values of a wrong type that differ: new ones like others that the cluster takes, and old ones that go."""
    if key not in change.live.malformed and key not in change.target.malformed:
        return
    before, after = (
        set(_values_unread(as_decoded(side.malformed[key]), side.objects[key])) if key in side.malformed else set()
        for side in (change.live, change.target)
    )
    types = f"values of another type than Kubernetes {change.options.kubernetes} gives their fields"
    if not after <= before:
        text = (
            f"{key} has {types}, as objects of this kind in the cluster have. Not judged: whether the API server takes "
            "them, and what they do"
        )
        yield _unread_breach(key, text, "write values of the types that the kind's fields have")
    elif before != after:
        text = f"{key} had {types}, and has them no more. Not judged: what the cluster holds in these fields"
        yield _unread_breach(key, text, "look at the object in the cluster: the API server refuses such values")


def _unread_breach(key: Key, text: str, fix: str) -> PropertyBreach:
    return PropertyBreach("field-unproven", PROPERTY, text, (key,), fix, "warning")


def _values_unread(written: Any, read: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """The place and the text of each value that nobody reads as it is written."""
    if written is read:
        return
    if isinstance(written, dict) and isinstance(read, dict):
        for name, inner in written.items():
            yield from _values_unread(inner, read.get(name), f"{place}.{name}")
    elif isinstance(written, list) and isinstance(read, list) and len(written) == len(read):
        for number, (inner, other) in enumerate(zip(written, read, strict=True)):
            yield from _values_unread(inner, other, f"{place}[{number}]")
    elif written != read:
        yield place, repr(written)


def _oversized_data(key: Key, obj: Object, cut: Cut) -> Iterator[PropertyBreach]:
    """Data beyond what an object may hold (Kubernetes, pkg/apis/core/validation `ValidateConfigMap`, MaxSecretSize)."""
    size = sum(len(str(value).encode()) for field in DATA_FIELDS for value in mapping_or_empty(obj.get(field)).values())
    if size > MAX_DATA_BYTES:
        text, fix = f"{key}: its data exceeds 1 MiB", "split the data over several objects"
        yield PropertyBreach("object-refused", PROPERTY, text, (key,), fix, cut=cut)


def _oversized_copy(change: Change, key: Key, obj: Object, cut: Cut) -> Iterator[PropertyBreach]:
    """An object that is too large for a copy among its annotations, where the cluster holds none like it."""
    if fits_its_annotation(obj) or not all(map(fits_its_annotation, _held_objects(change, key.distinct_kind))):
        return
    yield PropertyBreach(
        "object-refused",
        PROPERTY,
        f"{key} exceeds the 256 KiB of its annotations, where a client-side apply keeps a copy of it",
        (key,),
        "set ServerSideApply=true (argocd.argoproj.io/sync-options), or split it into several objects",
        cut=cut,
    )


def _undeclared_fields(change: Change, key: Key, obj: Object, cut: Cut) -> Iterator[PropertyBreach]:
    """Fields that a client-side apply loses in silence, and a server-side one refuses.

    Source: Kubernetes, structured-merge-diff typed/validate.go ("field not declared in schema").
    """
    version = schema_version(change.options.kubernetes)
    unknown = undeclared_fields(obj, version)
    held = change.live.objects.get(key) if unknown else None
    known = {each.path[-1] for each in undeclared_fields(held, version)} if held is not None else set()
    for each in unknown:
        if each.path[-1] not in known:
            text = f"{key}: {each.message}, which a server-side apply refuses"
            yield PropertyBreach(
                "object-refused", PROPERTY, text, (key,), each.help or "correct or remove the field", cut=cut
            )


def _tolerated_errors(change: Change, kind: str) -> frozenset[str]:
    """The faults of objects of this kind that the cluster holds: it took these, so this model errs there."""
    live, version = change.live, change.options.kubernetes
    return frozenset(
        text
        for key in live.of_kind(kind)
        for find in (_schema_errors, _combined_errors)
        for text, _ in find(live, key, version)
    )


def _errors_of_kind(change: Change, tolerated: dict[str, frozenset[str]], kind: str) -> frozenset[str]:
    if kind not in tolerated:
        tolerated[kind] = _tolerated_errors(change, kind)
    return tolerated[kind]


def _new_errors(change: Change, tolerated: dict[str, frozenset[str]], key: Key) -> list[ValidationError]:
    """The faults that no object of the kind has in the cluster: of the schema, or else of several fields together."""
    for find in (_schema_errors, _combined_errors):
        errors = find(change.target, key, change.options.kubernetes)
        new = [each for each in errors if each[0] not in _errors_of_kind(change, tolerated, key.distinct_kind)]
        if new:
            return new
    return []


def _schema_errors(snapshot: Snapshot, key: Key, kubernetes: str) -> Iterable[ValidationError]:
    """The schema is asked only where it has not accepted the object when that was read."""
    return schema_errors(snapshot.malformed[key], kubernetes) if key in snapshot.malformed else ()


def _combined_errors(snapshot: Snapshot, key: Key, _: str) -> Iterable[ValidationError]:
    return combined_field_errors(key, snapshot.objects[key])


def _held_objects(change: Change, kind: str) -> Iterator[Object]:
    """The objects of this kind that the cluster holds."""
    return (change.live.objects[key] for key in change.live.of_kind(kind))
