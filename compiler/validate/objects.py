"""Every object against its schema, the checks that the schema lacks, and its neighbours' identities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compiler.manifest import Manifest, Object
from compiler.validate.checks import CHECKS, check_hidden, check_metadata
from compiler.validate.explain import explain, unknown_kind
from compiler.validate.finding import Finding, Findings, found
from compiler.validate.identity import clashes
from compiler.validate.shapes import kinds, shape


def validate_objects(manifests: Sequence[Manifest], kubernetes: str) -> Findings:
    """What is wrong with each object by itself, and with two of them together, for Kubernetes `1.34`.

    An object that its schema refuses is not checked further. No finding holds a secret's value. Raises
    UnknownVersionError for a version without schemas (`shapes.VERSIONS`).
    """
    findings: Findings = []
    for manifest in manifests:
        faults = list(_object_findings(manifest.object, kubernetes))
        if faults:
            findings += [(manifest, fault) for fault in faults]
    return findings + clashes(manifests)


def _object_findings(obj: Object, kubernetes: str) -> Iterator[Finding]:
    kind = str(obj.get("kind"))
    form = shape(kubernetes, str(obj.get("apiVersion")), kind)
    if form is None:
        yield unknown_kind(obj, kubernetes, kinds(kubernetes))
        return
    try:
        accepted = form.accepts(obj)
    except ValueError:
        yield found("data-not-plain", (), f"this {kind} holds a value that is no plain data")
        return
    if not accepted:
        yield from explain(obj, form)
        return
    yield from check_hidden(obj)
    yield from check_metadata(obj)
    for check in CHECKS.get(kind, ()):
        yield from check(obj)
