"""Every object against its schema, the checks that the schema lacks, and its neighbors' identities."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from compiler.model.manifest import Manifest, Object
from compiler.model.object_finding import ObjectFinding, ObjectFindings, object_finding, spelling_suggestion
from compiler.model.objects import without_nulls
from compiler.validate.checks import object_checks
from compiler.validate.checks.argocd import check_skip_marker
from compiler.validate.empty_fields import without_empty_fields
from compiler.validate.identity import identity_conflicts
from compiler.validate.kind_schemas import READ_KINDS, KindSchema, kind_schema, known_kinds
from compiler.validate.tighten.constraints import Schema

OWN_VERSIONS = frozenset({*READ_KINDS, "autoscaling/v1", "autoscaling/v2", "batch/v1", "policy/v1"})
_ABSENT: Final = object()
_HAS_TYPE: Final[Mapping[str, Callable[[Any], bool]]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int | float) and not isinstance(value, bool) and value % 1 == 0,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
}
_TOLERATED_CODES = frozenset({"field-unknown", "image-invalid", "env-name-invalid"})


def validate_objects(manifests: Sequence[Manifest], kubernetes: str) -> ObjectFindings:
    """What is wrong with each object by itself, and with two of them together, for Kubernetes `1.34`.

    An object that its schema refuses is not checked further. No finding holds a secret's value. Raises
    UnknownVersionError for a version without schemas (`shapes.VERSIONS`).
    """
    findings = [(manifest, fault) for manifest in manifests for fault in _object_findings(manifest.object, kubernetes)]
    return findings + check_skip_marker(manifests) + identity_conflicts(manifests)


def malformed_findings(obj: Object, kubernetes: str) -> list[ObjectFinding]:
    """Why Kubernetes `1.34` cannot take the object, of what its schema says; nothing of kinds without a schema.

    Left out is what it takes all the same: fields that it does not know, which it drops (Argo CD's client-side apply
    asks for no strict decoding), what only the kubelet reads, and what counts as absent: null, and empty text in many
    fields (`empty_fields`).
    """
    form = kind_schema(kubernetes, str(obj.get("apiVersion")), str(obj.get("kind")))
    if form is None or schema_accepts(form, obj) or schema_accepts(form, plain := as_decoded(obj)):
        return []
    return [finding for finding in refusal_findings(plain, form) if finding.code not in _TOLERATED_CODES]


def well_typed(obj: Object, kubernetes: str) -> Object:
    """The object itself where the schema of Kubernetes `1.34` accepts it, or there is none of its kind; else a copy.

    In the copy a number or a truth value that stands for text is that text, and all else of a wrong type is left out.
    A declared field that is null is left out, as the API server does; null as the value of a label or of data stays.
    Of Kubernetes' own kinds without a schema (ReplicaSet) the copy has all that says something. What null means in a
    custom resource its controller knows: in a patch of Kyverno it deletes.
    """
    form = kind_schema(kubernetes, str(obj.get("apiVersion")), str(obj.get("kind")))
    if form is None:
        plain = as_decoded(obj) if str(obj.get("apiVersion")) in OWN_VERSIONS else obj
        return obj if plain == obj else plain
    return obj if schema_accepts(form, obj) else _without_empty_fields(_typed(obj, form.schema, form.schema["$defs"]))


def as_decoded(obj: Object) -> Object:
    """The object as the API server reads it, of what a manifest may say without saying anything."""
    return _without_empty_fields(without_nulls(obj))


def _without_empty_fields(obj: Object) -> Object:
    if str(obj.get("apiVersion")) not in OWN_VERSIONS:
        return obj
    plain: Object = without_empty_fields(obj)
    return plain


def _typed(value: Any, schema: Schema, definitions: Mapping[str, Schema]) -> Any:
    if value is None:
        return value
    if "$ref" in schema:
        schema = definitions[schema["$ref"].removeprefix("#/$defs/")]
    types = schema.get("type", ())
    types = (types,) if isinstance(types, str) else types
    if types and not any(_HAS_TYPE[name](value) for name in types):
        return json.dumps(value) if "string" in types and not isinstance(value, dict | list) else _ABSENT
    if isinstance(value, dict):
        fields, others = schema.get("properties", {}), schema.get("additionalProperties")
        of_others = others if isinstance(others, dict) else {}
        typed = {name: _typed(inner, fields.get(name, of_others), definitions) for name, inner in value.items()}
        return {
            name: inner
            for name, inner in typed.items()
            if inner is not _ABSENT and not (inner is None and name in fields)
        }
    if isinstance(value, list):
        items = (_typed(item, schema.get("items", {}), definitions) for item in value)
        return [item for item in items if item is not _ABSENT]
    return value


def undeclared_fields(obj: Object, kubernetes: str) -> list[ObjectFinding]:
    """The fields that a kind of Kubernetes `1.34` does not declare: a server-side apply refuses them.

    Of custom resources the cluster may have another schema. What servers write is left out.
    """
    form = kind_schema(kubernetes, str(obj.get("apiVersion")), str(obj.get("kind")))
    if str(obj.get("apiVersion")) not in OWN_VERSIONS or form is None or schema_accepts(form, obj):
        return []
    findings = refusal_findings(without_nulls(obj), form)
    return [each for each in findings if each.code == "field-unknown" and each.path[0] not in ("metadata", "status")]


def schema_accepts(form: KindSchema, obj: Object) -> bool:
    """Whether the schema takes the object; it takes none that holds what is no plain data."""
    try:
        return form.accepts(obj)
    except ValueError:
        return False


def unknown_kind_finding(obj: Object, kubernetes: str, known: tuple[str, ...]) -> ObjectFinding:
    """The finding for an object of a kind that has no schema, with the kind that was probably meant."""
    version, kind = str(obj.get("apiVersion")), str(obj.get("kind"))
    same = [name for name in known if name.endswith(f" {kind}")]
    served = f"Kubernetes {kubernetes} serves it as {same[0].split(' ')[0]}" if same else ""
    message = f"Kubernetes {kubernetes} has no kind `{kind}` in `{version}`"
    return object_finding(
        "kind-unknown", ("apiVersion",), message, served or spelling_suggestion(f"{version} {kind}", known)
    )


def refusal_findings(obj: Object, form: KindSchema) -> list[ObjectFinding]:
    """Why the schema refused the object."""
    from compiler.validate.schema_findings import schema_findings  # noqa: PLC0415 - jsonschema takes 69 ms, for refused objects only

    return schema_findings(obj, form)


def _object_findings(obj: Object, kubernetes: str) -> Iterable[ObjectFinding]:
    kind = str(obj.get("kind"))
    form = kind_schema(kubernetes, str(obj.get("apiVersion")), kind)
    if form is None:
        return [unknown_kind_finding(obj, kubernetes, known_kinds(kubernetes))]
    try:
        accepted = form.accepts(obj)
    except ValueError:
        return [object_finding("data-not-plain", (), f"this {kind} contains a value that is not plain data")]
    if not accepted:
        return refusal_findings(obj, form)
    group = str(obj.get("apiVersion")).rpartition("/")[0]
    return [fault for check in object_checks(group, kind) for fault in check(obj)]
