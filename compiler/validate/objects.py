"""Every object against its schema, the checks that the schema lacks, and its neighbours' identities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from compiler.manifest import Manifest, Object
from compiler.validate.checks import CHECKS, FOR_EVERY_KIND
from compiler.validate.explain import explain, unknown_kind
from compiler.validate.finding import Finding, Findings, found
from compiler.validate.identity import clashes
from compiler.validate.shapes import VERSIONS, Shape, kinds, shape

_TAKEN = frozenset({"field-unknown", "image-invalid", "env-name-invalid"})


def validate_objects(manifests: Sequence[Manifest], kubernetes: str) -> Findings:
    """What is wrong with each object by itself, and with two of them together, for Kubernetes `1.34`.

    An object that its schema refuses is not checked further. No finding holds a secret's value. Raises
    UnknownVersionError for a version without schemas (`shapes.VERSIONS`).
    """
    findings = [(manifest, fault) for manifest in manifests for fault in _faults(manifest.object, kubernetes)]
    return findings + clashes(manifests)


def malformed(obj: Object) -> list[Finding]:
    """Why the API server cannot take the object, of what its schema says; nothing of kinds without a schema.

    Left out is what it takes all the same: fields that it does not know, which it drops (Argo CD's client-side apply
    asks for no strict decoding), what only the kubelet reads, and what is null, which counts as absent.
    """
    form = shape(VERSIONS[-1], str(obj.get("apiVersion")), str(obj.get("kind")))
    if form is None or _accepts(form, obj) or _accepts(form, plain := _without_nulls(obj)):
        return []
    return [finding for finding in explain(plain, form) if finding.code not in _TAKEN]


def _accepts(form: Shape, obj: Object) -> bool:
    try:
        return form.accepts(obj)
    except ValueError:
        return False


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(inner) for name, inner in value.items() if inner is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


def _faults(obj: Object, kubernetes: str) -> Iterable[Finding]:
    kind = str(obj.get("kind"))
    form = shape(kubernetes, str(obj.get("apiVersion")), kind)
    if form is None:
        return [unknown_kind(obj, kubernetes, kinds(kubernetes))]
    try:
        accepted = form.accepts(obj)
    except ValueError:
        return [found("data-not-plain", (), f"this {kind} holds a value that is no plain data")]
    if not accepted:
        return explain(obj, form)
    return [fault for check in CHECKS.get(kind, FOR_EVERY_KIND) for fault in check(obj)]
