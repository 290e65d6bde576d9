"""Why a schema refused an object, in plain words, without secret values."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from compiler.diagnostics.model import Path
from compiler.model.manifest import Object
from compiler.model.object_finding import ObjectFinding, object_finding, path_text, spelling_suggestion
from compiler.validate.kind_schemas import KindSchema
from compiler.validate.schema_violations import SchemaViolation, schema_violations
from compiler.validate.tighten.constraints import Schema

_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "a map",
    "array": "a list",
}
_TYPE_OF = {
    type(None): "empty",
    bool: "true or false",
    str: "text",
    int: "a whole number",
    float: "a number with a fraction",
    dict: "a map",
    list: "a list",
}
_SIZES = {
    "minLength": "at least {} characters long",
    "maxLength": "at most {} characters long",
    "minItems": "a list of at least {}",
    "maxItems": "a list of at most {}",
    "minProperties": "a map of at least {}",
    "maxProperties": "a map of at most {}",
    "minimum": "at least {}",
    "maximum": "at most {}",
}


def schema_findings(obj: Object, shape: KindSchema) -> list[ObjectFinding]:
    """At least one finding for an object that `shape` refuses, by the order of paths; no secret's value in them."""
    findings = [
        finding for refusal in schema_violations(obj, shape.schema) for finding in _violation_findings(refusal, obj)
    ]
    unexplained = object_finding("value-malformed", (), f"the schema of {obj.get('kind')} refuses the object")
    return _without_duplicate_misspellings(list(dict.fromkeys(findings))) or [unexplained]


def may_be_secret(obj: Object, path: Path) -> bool:
    """Whether the value at `path` must not appear in any output: Secrets, values of variables, private keys."""
    if obj.get("kind") == "Secret" and path[:1] in (("data",), ("stringData",)):
        return True
    return path[-1:] == ("tls.key",) or (len(path) > 2 and path[-1] == "value" and path[-3] == "env")


def _violation_findings(refusal: SchemaViolation, obj: Object) -> Iterator[ObjectFinding]:
    if refusal.schema.get("x-whole"):
        message = f"`{path_text(refusal.path)}`: {refusal.schema['x-says']}"
        yield object_finding(refusal.schema["x-code"], refusal.path, message)
        return
    explained = _BY_KEYWORD.get(refusal.keyword)
    if explained is not None:
        yield from explained(refusal, obj)
    else:
        yield _constraint_finding(refusal, obj)


def _unknown_fields(refusal: SchemaViolation, _: Object) -> Iterator[ObjectFinding]:
    known = refusal.schema["properties"]
    holder = f"`{path_text(refusal.path)}`" if refusal.path else f"this {refusal.instance.get('kind', 'object')}"
    for name in refusal.instance:
        if name not in known:
            message = f"`{name}` is not a field of {holder}"
            yield object_finding("field-unknown", (*refusal.path, name), message, spelling_suggestion(name, known))


def _missing_fields(refusal: SchemaViolation, _: Object) -> Iterator[ObjectFinding]:
    for name in refusal.limit:
        if name not in refusal.instance:
            yield object_finding("field-missing", refusal.path, f"`{path_text((*refusal.path, name))}` is missing")


def _type_findings(refusal: SchemaViolation, _: Object) -> Iterator[ObjectFinding]:
    names = [refusal.limit] if isinstance(refusal.limit, str) else refusal.limit
    wanted = " or ".join(_TYPES[name] for name in names)
    message = f"`{path_text(refusal.path)}` must be {wanted}, not {_TYPE_OF[type(refusal.instance)]}"
    yield object_finding("field-type", refusal.path, message)


def _disallowed_values(refusal: SchemaViolation, obj: Object) -> Iterator[ObjectFinding]:
    words = [str(word) for word in refusal.limit if word != ""]
    message = f"`{path_text(refusal.path)}` must be one of {', '.join(words)}{_actual_value_text(refusal, obj)}"
    yield object_finding("value-not-allowed", refusal.path, message, spelling_suggestion(str(refusal.instance), words))


_BY_KEYWORD: dict[str, Callable[[SchemaViolation, Object], Iterator[ObjectFinding]]] = {
    "additionalProperties": _unknown_fields,
    "required": _missing_fields,
    "type": _type_findings,
    "enum": _disallowed_values,
}


def _constraint_finding(refusal: SchemaViolation, obj: Object) -> ObjectFinding:
    """A pattern, size or bound."""
    subject = f"a key of `{path_text(refusal.path)}`" if refusal.of_key else f"`{path_text(refusal.path)}`"
    usual = "value-malformed" if refusal.keyword == "pattern" else "value-out-of-range"
    message = f"{subject} must be {_requirement_text(refusal)}{_actual_value_text(refusal, obj)}"
    place = (*refusal.path, refusal.instance) if refusal.of_key else refusal.path
    return object_finding(refusal.schema.get("x-code", usual), place, message)


def _requirement_text(refusal: SchemaViolation) -> str:
    """What completes "must be …": the constraint's own words for its form, else those for the keyword."""
    schema = refusal.schema
    if refusal.keyword in ("pattern", "maxLength") and "x-says" in schema:
        return str(schema["x-says"])
    if refusal.keyword in ("minimum", "maximum") and {"minimum", "maximum"} <= schema.keys() and _is_narrow(schema):
        return f"between {schema['minimum']} and {schema['maximum']}"
    if refusal.keyword == "pattern":
        return f"of the form {refusal.limit}"
    return _SIZES.get(refusal.keyword, "of another form").format(refusal.limit)


def _is_narrow(schema: Schema) -> bool:
    """Whether both bounds say something: those of 32 bits do not."""
    return -(2**31) not in schema.values() and 2**31 - 1 not in schema.values()


def _actual_value_text(refusal: SchemaViolation, obj: Object) -> str:
    """`, not "x"`: what is there, unless it could be a secret or is no short scalar."""
    value = refusal.instance
    if isinstance(value, dict | list) or (not refusal.of_key and may_be_secret(obj, refusal.path)):
        return ""
    shown = f"`{value}`" if isinstance(value, str) else str(value)
    return f", not {shown}" if len(shown) <= 80 else f" (it has {len(str(value))} characters)"


def _without_duplicate_misspellings(findings: list[ObjectFinding]) -> list[ObjectFinding]:
    """A misspelt required field is both unknown and missing: the second finding says nothing new."""
    meant = {(f.path[:-1], f.help) for f in findings if f.code == "field-unknown"}

    def covered(finding: ObjectFinding) -> bool:
        name = finding.message.partition("` is missing")[0].rpartition(".")[2].lstrip("`")
        return finding.code == "field-missing" and (finding.path, f"did you mean `{name}`?") in meant

    return [finding for finding in findings if not covered(finding)]
