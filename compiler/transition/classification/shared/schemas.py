"""Schemas of definitions: what objects that were taken may lose, or may no longer be taken for.

Source: Kubernetes, docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions.md: a field that no schema
has is pruned, of stored objects too as they are read; what a schema refuses is refused at the next write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.objects import list_or_empty, mapping_items, mapping_or_empty, nested_value

MAX_NAMED_PARTS = 3
KEEPS_UNKNOWN = "x-kubernetes-preserve-unknown-fields"
Schema = Mapping[str, Any]


def lost_schema_parts(old: Any, new: Any) -> list[str]:
    """The fields that a version no longer has, and those that it comes to ask for, in words."""
    before, after = (_schemas_by_version(versions) for versions in (old, new))
    return sorted(
        {part for name in before.keys() & after.keys() for part in _lost_schema_parts(before[name], after[name])}
    )


def lost_schema_text(old: Any, new: Any) -> str:
    """The first of them: `the field spec.a, the field spec.b and 2 more`; empty where the schemas lose nothing."""
    parts = lost_schema_parts(old, new)
    more = f" and {len(parts) - MAX_NAMED_PARTS} more" if len(parts) > MAX_NAMED_PARTS else ""
    return ", ".join(parts[:MAX_NAMED_PARTS]) + more


def _schemas_by_version(versions: Any) -> dict[str, Schema]:
    return {
        str(item.get("name")): mapping_or_empty(nested_value(item, "schema", "openAPIV3Schema"))
        for item in mapping_items(versions)
        if item.get("served")
    }


def _lost_schema_parts(old: Schema, new: Schema) -> Iterator[str]:
    pending = [("", old, new)] if old != new else []
    while pending:
        path, before, after = pending.pop()
        asked, known = (set(map(str, list_or_empty(schema.get("required")))) for schema in (after, before))
        yield from (f"objects without the field {path}{name}" for name in sorted(asked - known))
        properties = mapping_or_empty(after.get("properties"))
        for name, inner in mapping_or_empty(before.get("properties")).items():
            if name in properties:
                pending += _differing(f"{path}{name}.", inner, properties[name])
            elif not after.get(KEEPS_UNKNOWN) and "additionalProperties" not in after:
                yield f"the field {path}{name}"
        yield from _lost_values(path.rstrip(".") or "an object", before, after)
        for part in ("items", "additionalProperties"):
            pending += _differing(path, before.get(part), after.get(part))


def _lost_values(place: str, before: Schema, after: Schema) -> Iterator[str]:
    """What a field could hold, and cannot any more: fields of any name, some of its values, or values of its type."""
    if before.get(KEEPS_UNKNOWN) and not after.get(KEEPS_UNKNOWN):
        yield f"fields of other names in {place}"
    kind, other = before.get("type"), after.get("type")
    if kind and other and kind != other and (kind, other) != ("integer", "number"):
        yield f"values of type {kind} in {place}"
    allowed, lost = after.get("enum"), list_or_empty(before.get("enum"))
    if isinstance(allowed, list):
        gone = [value for value in lost if value not in allowed]
        yield from (f"the value {value} in {place}" for value in gone)
        if not lost:
            yield f"values beyond {', '.join(map(str, allowed))} in {place}"


def _differing(path: str, before: Any, after: Any) -> list[tuple[str, Schema, Schema]]:
    both = isinstance(before, dict) and isinstance(after, dict) and before != after
    return [(path, before, after)] if both else []
