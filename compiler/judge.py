"""Validation of a compiled environment: what the objects got wrong, said of the lines of the spec that caused it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Generic, TypeVar

from compiler.assemble.external_references import external_references
from compiler.compile import CompiledEnvironment, CompiledRelease, has_errors, stop_on_errors
from compiler.diagnostics.model import Diagnostic
from compiler.model.manifest import Manifest, Object, ObjectName, Origin
from compiler.rules.neighbors import duplicate_object_problems
from compiler.source import Document
from compiler.support.parallel import parallel_map
from compiler.validate import (
    ObjectFinding,
    ObjectFindings,
    PolicyRequirements,
    validate_objects,
    validate_policy,
    validate_references,
)

R = TypeVar("R")
ReleaseFinisher = Callable[[CompiledRelease, Sequence[Manifest]], R]
KEY_FINDING_CODES: Final = frozenset({"field-unknown", "resource-unknown"})
"""What is wrong with a field's name, not with its value."""


@dataclass(frozen=True, slots=True)
class ValidatedRelease(Generic[R]):
    """What comes of a release where its objects are made: their names, what is wrong with them, what was made of it."""

    objects: tuple[ObjectName, ...]
    found: tuple[Diagnostic, ...]
    result: R | None
    """None where there are errors"""


def validate_environment(
    compiled: CompiledEnvironment, finish: ReleaseFinisher[R]
) -> tuple[CompiledEnvironment, list[R]]:
    """The same environment with its warnings, and what `finish` makes of each release and its objects, in the process
    that made them. Raises Rejected with every error of every object.
    """
    kubernetes = compiled.documents.environment.model.spec.kubernetes
    judged = parallel_map(partial(validate_release, compiled, finish), compiled.releases)
    found = [*duplicate_object_problems(zip(compiled.releases, (each.objects for each in judged), strict=True))]
    for each in judged:
        found += each.found
    for manifest, finding in validate_objects(compiled.own, kubernetes):
        found.append(diagnostic_at(compiled.document, compiled.traced[manifest.kind, manifest.name], finding))
    stop_on_errors([*compiled.warnings, *found])
    finished = [each.result for each in judged if each.result is not None]
    return replace(compiled, warnings=(*compiled.warnings, *found)), finished


def validate_release(
    compiled: CompiledEnvironment, finish: ReleaseFinisher[R], release: CompiledRelease
) -> ValidatedRelease[R]:
    # made anew and let go: the next release's take their place in the processor's cache
    manifests = release.make()
    names = tuple((manifest.kind, manifest.name) for manifest in manifests)
    found = tuple(release_diagnostics(compiled, release, manifests))
    return ValidatedRelease(names, found, None if has_errors(found) else finish(release, manifests))


def release_diagnostics(
    compiled: CompiledEnvironment, release: CompiledRelease, manifests: Sequence[Manifest]
) -> list[Diagnostic]:
    """What is wrong with one release's objects: each by itself, then together and by the environment's policy."""
    findings = validate_objects(manifests, compiled.documents.environment.model.spec.kubernetes)
    findings = findings or [
        *validate_references(manifests, external_objects_of(release)),
        *with_policy_exceptions(compiled, release, validate_policy(manifests, validation_policy(compiled))),
    ]
    return [locate_finding(compiled, release, manifest, finding) for manifest, finding in findings]


def with_policy_exceptions(
    compiled: CompiledEnvironment, release: CompiledRelease, findings: ObjectFindings
) -> ObjectFindings:
    """The policy's findings; those that it excepts this release from are warnings (past its day it is an error)."""
    every = compiled.documents.environment.model.spec.policy.exceptions
    words = {
        each.rule: f"excepted until {each.expires}: {each.reason}" for each in every if each.release == release.name
    }
    found: ObjectFindings = []
    for manifest, finding in findings:
        known = words.get(finding.code)
        found.append((manifest, finding if known is None else replace(finding, severity="warning", help=known)))
    return found


def validate_applications(compiled: CompiledEnvironment, applications: Sequence[Object]) -> None:
    """Raises Rejected for what Argo CD would refuse, at the environment's `argocd`."""
    kubernetes = compiled.documents.environment.model.spec.kubernetes
    manifests = [Manifest(obj, Origin(("spec", "argocd"), "environment", "environment")) for obj in applications]
    findings = validate_objects(manifests, kubernetes)
    stop_on_errors([diagnostic_at(compiled.document, manifest, finding) for manifest, finding in findings])


def external_objects_of(release: CompiledRelease) -> frozenset[tuple[str, str]]:
    """What exists in the cluster by the spec's own word."""
    versions = release.strategy.tracks(release.subject).values()
    return external_references(release.subject.release, tuple(version.env for version in versions))


def validation_policy(compiled: CompiledEnvironment) -> PolicyRequirements:
    spec = compiled.documents.environment.model.spec
    policy, quota = spec.policy, spec.quota
    counted = {} if quota is None else {"cpu": quota.cpu, "memory": quota.memory}
    return PolicyRequirements(
        require_digest=policy.require_digest,
        registries=policy.registries,
        require_limits=policy.require_limits,
        min_replicas=policy.min_replicas,
        inline_secrets=policy.inline_secrets,
        counted=tuple(name for name, limit in counted.items() if limit is not None),
    )


def locate_finding(
    compiled: CompiledEnvironment, release: CompiledRelease, manifest: Manifest, finding: ObjectFinding
) -> Diagnostic:
    """The finding at the place of the spec that the field came from."""
    manifest = release.traced[manifest.kind, manifest.name]
    origin = manifest.origin_of(finding.path)
    document = compiled.document if origin.document == "environment" else release.document
    return diagnostic_at(document, manifest, finding)


def diagnostic_at(document: Document, manifest: Manifest, finding: ObjectFinding) -> Diagnostic:
    origin, rest = manifest.source_of(finding.path)
    field = ".".join(str(part) for part in finding.path)
    where = f" ({manifest.kind} {manifest.name}: {field})" if field else f" ({manifest.kind} {manifest.name})"
    # what a spec passes on as it stands has the fields of the object
    path = document.deepest(origin.path, rest)
    loc = document.locate(path, on_key=finding.code in KEY_FINDING_CODES and path[-1:] == finding.path[-1:])
    return Diagnostic(finding.code, finding.message + where, loc, finding.help, finding.severity)
