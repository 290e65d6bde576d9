"""What the API server checks beyond the published schemas, added to them as data: no cost on the hot path."""

from __future__ import annotations

from compiler.validate.tighten import meta, networking, pods, workloads
from compiler.validate.tighten.constraints import Schema

_TABLES = (meta.FIELDS, pods.FIELDS, workloads.FIELDS, networking.FIELDS)
_RULES = (meta.RULES, pods.RULES, workloads.RULES, networking.RULES)


def tighten(definitions: dict[str, Schema]) -> dict[str, Schema]:
    """`definitions` with the constraints of each that is known here; what a version lacks is passed over.

    A field is `name`, `name[]` for the items of a list, `name{}` for the values of a map, `name{key}` for its keys.
    """
    out = dict(definitions)
    for table in _TABLES:
        for name, fields in table.items():
            if name in out:
                out[name] = _with_fields(out[name], fields)
    for rules in _RULES:
        for name, whole in rules.items():
            if name in out:
                out[name] = {**out[name], "allOf": list(whole)}
    return out


def _with_fields(schema: Schema, fields: dict[str, Schema]) -> Schema:
    properties = dict(schema.get("properties", {}))
    for field, constraint in fields.items():
        if field == "":
            schema = {**schema, **constraint}
            continue
        name = field.partition("[")[0].partition("{")[0]
        if name in properties:
            properties[name] = _with_constraint(properties[name], field.removeprefix(name), constraint)
    return {**schema, "properties": properties} if properties else schema


def _with_constraint(schema: Schema, place: str, constraint: Schema) -> Schema:
    if place == "[]":
        return {**schema, "items": {**schema["items"], **constraint}}
    if place == "{}":
        return {**schema, "additionalProperties": {**schema["additionalProperties"], **constraint}}
    if place == "{key}":
        return {**schema, "propertyNames": constraint}
    return {**schema, **constraint}
