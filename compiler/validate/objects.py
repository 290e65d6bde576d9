"""Every object against its schema, the checks that the schema lacks, and its neighbours' identities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from compiler.manifest import Manifest, Object
from compiler.validate.checks import CHECKS, FOR_EVERY_KIND
from compiler.validate.explain import explain, unknown_kind
from compiler.validate.finding import Finding, Findings, found
from compiler.validate.identity import clashes
from compiler.validate.shapes import kinds, shape


def validate_objects(manifests: Sequence[Manifest], kubernetes: str) -> Findings:
    """What is wrong with each object by itself, and with two of them together, for Kubernetes `1.34`.

    An object that its schema refuses is not checked further. No finding holds a secret's value. Raises
    UnknownVersionError for a version without schemas (`shapes.VERSIONS`).
    """
    findings = [(manifest, fault) for manifest in manifests for fault in _faults(manifest.object, kubernetes)]
    return findings + clashes(manifests)


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
