"""Published schemas, reduced to what decides whether a manifest is accepted: no prose, no server-side fields.

Used by `python -m compiler.validate.bundle` only.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

_KEPT = ("type", "enum", "required", "additionalProperties", "pattern", "minimum", "maximum")
_KEPT_SIZES = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
# What the API server writes (so it was copied from a cluster), or what has no place in Git.
_NOT_DECLARED = frozenset(
    {"creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generateName", "generation"}
    | {"managedFields", "ownerReferences", "resourceVersion", "selfLink", "status", "uid"}
)
_INT32 = {"minimum": -(2**31), "maximum": 2**31 - 1}
_SHARED_FROM = 160  # characters of JSON: a smaller schema costs less than a reference to it


def short_name(definition: str) -> str:
    """`apps.v1.DeploymentSpec` for `io.k8s.api.apps.v1.DeploymentSpec`."""
    name = definition.rpartition("/")[2]
    return name.removeprefix("io.k8s.api.").removeprefix("io.k8s.apimachinery.pkg.").removeprefix("apis.")


def reduce_schema(schema: Schema) -> Schema:
    """`schema` (OpenAPI v3 of a CRD, or JSON Schema of the API) with its constraints only; no null.

    An object with named properties takes no others, unless it says `x-kubernetes-preserve-unknown-fields`.
    """
    if "$ref" in schema:
        return {"$ref": f"#/$defs/{short_name(schema['$ref'])}"}
    if schema.get("x-kubernetes-int-or-string") or _is_union_of_types(schema):
        return {"type": _union_types(schema)}
    out = {key: schema[key] for key in (*_KEPT, *_KEPT_SIZES) if key in schema}
    if isinstance(out.get("type"), list):
        out["type"] = next(name for name in out["type"] if name != "null")
    if schema.get("format") == "int32":
        out = _INT32 | out
    if isinstance(schema.get("items"), dict):
        out["items"] = reduce_schema(schema["items"])
    if isinstance(schema.get("additionalProperties"), dict):
        out["additionalProperties"] = reduce_schema(schema["additionalProperties"])
    if "properties" in schema:
        out["properties"] = {name: reduce_schema(inner) for name, inner in schema["properties"].items()}
        if not schema.get("x-kubernetes-preserve-unknown-fields"):
            out["additionalProperties"] = False
    return out


def _is_union_of_types(schema: Schema) -> bool:
    """Whether its oneOf says the types of one value; what a CRD's says about several fields is left out."""
    return bool(schema.get("oneOf")) and all("type" in choice for choice in schema["oneOf"])


def _union_types(schema: Schema) -> list[str]:
    """The types of IntOrString and Quantity, whose published form is a oneOf."""
    if schema.get("x-kubernetes-int-or-string"):
        return ["integer", "string"]
    names = {name for choice in schema["oneOf"] for name in choice["type"]} - {"null"}
    return sorted(names)


def without_server_fields(schema: Schema) -> Schema:
    """The reduced schema of ObjectMeta, or of a kind, without what no manifest declares."""
    kept = {name: inner for name, inner in schema["properties"].items() if name not in _NOT_DECLARED}
    required = [name for name in schema.get("required", ()) if name not in _NOT_DECLARED]
    return {**schema, "properties": kept, **({"required": required} if required else {})}


def extract_shared_definitions(schema: Schema, prefix: str) -> tuple[Schema, dict[str, Schema]]:
    """`schema` with each large part that occurs more than once made a definition, and those definitions.

    An ApplicationSet repeats an Application in each of its generators: 1.4 MB become a few dozen KB.
    """
    counts: Counter[str] = Counter(text for text in _repeated_schema_texts(schema) if len(text) >= _SHARED_FROM)
    names: dict[str, str] = {}
    definitions: dict[str, Schema] = {}

    def replace(part: Any, root: bool) -> Any:
        if not isinstance(part, dict):
            return part
        text = _schema_text(part)
        if not root and _is_schema(part) and counts[text] > 1:
            if text not in names:
                names[text] = f"{prefix}.{len(names) + 1}"
                definitions[names[text]] = {key: replace(inner, False) for key, inner in part.items()}
            return {"$ref": f"#/$defs/{names[text]}"}
        return {key: replace(inner, False) for key, inner in part.items()}

    return replace(schema, True), definitions


def _is_schema(part: Schema) -> bool:
    """Whether it is a schema, not a map of properties one of which is called `type`."""
    return isinstance(part.get("type"), str | list)


def _schema_text(schema: Schema) -> str:
    return json.dumps(schema, sort_keys=True)


def _repeated_schema_texts(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if _is_schema(schema):
            yield _schema_text(schema)
        for inner in schema.values():
            yield from _repeated_schema_texts(inner)
