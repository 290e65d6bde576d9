"""An object without the values whose type is not that of their field, as those who read it may take it to be."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from compiler.model.manifest import Object
from compiler.validate.kind_schemas import kind_schema
from compiler.validate.objects import schema_accepts
from compiler.validate.tighten.constraints import Schema

ABSENT: Final = object()
_HAS_TYPE: Final[Mapping[str, Callable[[Any], bool]]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int | float) and not isinstance(value, bool) and value % 1 == 0,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
}


def well_typed(obj: Object, kubernetes: str) -> Object:
    """The object itself where the schema of Kubernetes `1.34` accepts it, or there is none of its kind; else a copy.

    In the copy a number or a truth value that stands for text is that text, and all else of a wrong type is left out.
    Null stays: it counts as absent.
    """
    form = kind_schema(kubernetes, str(obj.get("apiVersion")), str(obj.get("kind")))
    if form is None or schema_accepts(form, obj):
        return obj
    copy: Object = _typed(obj, form.schema, form.schema["$defs"])
    return copy


def _typed(value: Any, schema: Schema, definitions: Mapping[str, Schema]) -> Any:
    if value is None:
        return value
    if "$ref" in schema:
        schema = definitions[schema["$ref"].removeprefix("#/$defs/")]
    types = schema.get("type", ())
    types = (types,) if isinstance(types, str) else types
    if types and not any(_HAS_TYPE[name](value) for name in types):
        return json.dumps(value) if "string" in types and not isinstance(value, dict | list) else ABSENT
    if isinstance(value, dict):
        fields, others = schema.get("properties", {}), schema.get("additionalProperties")
        of_others = others if isinstance(others, dict) else {}
        typed = {name: _typed(inner, fields.get(name, of_others), definitions) for name, inner in value.items()}
        return {name: inner for name, inner in typed.items() if inner is not ABSENT}
    if isinstance(value, list):
        items = (_typed(item, schema.get("items", {}), definitions) for item in value)
        return [item for item in items if item is not ABSENT]
    return value
