"""Findings of the verifier at the lines of the specs that made their objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from compiler.diagnostics.model import Diagnostic, Loc, Path, Related
from compiler.model.compiled import CompiledEnvironment
from compiler.model.manifest import Manifest
from compiler.model.unit import Unit
from compiler.model.verdict import Finding
from compiler.traffic.readers import reader_of

POD_SPEC: Path = ("spec", "template", "spec")
CAUSING_FIELDS: Final[Mapping[tuple[str, str], Path]] = {
    ("drain-too-short", "Deployment"): (*POD_SPEC, "containers", 0, "lifecycle"),
    ("capacity-dip", "Deployment"): ("spec", "replicas"),
}
"""The field that a finding of a code is about, by the kind of the object: its origin is the line to show."""


def verifier_diagnostic(compiled: CompiledEnvironment, unit: Unit, finding: Finding, way: str) -> Diagnostic:
    """The finding at the line of the spec that made the first of its objects, the others as related places."""
    places = [
        place for name in finding.objects if (place := spec_location(compiled, unit, name, finding.code)) is not None
    ]
    first = places[0][1] if places else default_location(compiled, unit)
    related = tuple(Related(loc, f"{name} comes from here") for name, loc in places[1:4] if loc != first)
    return Diagnostic(finding.code, finding.message + way, first, finding.help, finding.severity, related)


def spec_location(compiled: CompiledEnvironment, unit: Unit, name: str, code: str) -> tuple[str, Loc] | None:
    """`apps/Deployment ns/name` to the line of the spec that the field in question came from."""
    kind = name.partition(" ")[0].rpartition("/")[2]
    short = name.rpartition("/")[2]
    for release in compiled.releases:
        if release.name in unit.folders:
            for manifest in release.traced.values():
                if manifest.kind == kind and manifest.name == short:
                    origin = manifest.origin_of(causing_field(code, manifest))
                    return name, release.document_of(origin).locate(origin.path)
    return None


def causing_field(code: str, manifest: Manifest) -> Path:
    """The field of the object that a finding of the code is about; the whole object where no one field is."""
    reader = reader_of(manifest.object)
    if code == "route-lost" and reader is not None:
        return reader.MATCHES
    return CAUSING_FIELDS.get((code, manifest.kind), ())


def default_location(compiled: CompiledEnvironment, unit: Unit) -> Loc:
    return compiled.release(unit.folders[0]).document.locate(("spec", "strategy"), on_key=True)
