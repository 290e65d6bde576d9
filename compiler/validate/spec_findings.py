"""What is wrong with the objects of a compiled environment, at the lines of the spec that caused it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from compiler.diagnostics.model import Diagnostic, Problem, Related
from compiler.model.compiled import CompiledEnvironment, CompiledRelease
from compiler.model.manifest import Manifest, Object, ObjectName, Origin
from compiler.model.object_finding import fix_of
from compiler.source import Document
from compiler.spec.environment import EnvironmentSpec
from compiler.validate import (
    ObjectFinding,
    ObjectFindings,
    PolicyRequirements,
    validate_objects,
    validate_policy,
    validate_references,
)
from compiler.validate.external_references import external_objects_of
from compiler.validate.override_names import check_overrides, check_pinned_images

KEY_FINDING_CODES: Final = frozenset({"field-unknown", "resource-unknown"})
"""What is wrong with a field's name, not with its value."""


@dataclass(frozen=True, slots=True)
class ValidatedRelease:
    """What a release writes, and what is wrong with it."""

    objects: tuple[ObjectName, ...]
    findings: tuple[Diagnostic, ...]


def validate_release(release: CompiledRelease, manifests: Sequence[Manifest]) -> ValidatedRelease:
    """What is wrong with the release's objects, which are its `manifests`."""
    names = tuple((manifest.kind, manifest.name) for manifest in manifests)
    return ValidatedRelease(names, tuple(release_diagnostics(release, manifests)))


def outline_release(manifests: Sequence[Manifest]) -> ValidatedRelease:
    """What a release writes that another shard validates."""
    return ValidatedRelease(tuple((manifest.kind, manifest.name) for manifest in manifests), ())


def release_diagnostics(release: CompiledRelease, manifests: Sequence[Manifest]) -> list[Diagnostic]:
    """What is wrong with one release's objects: each by itself, then together and by the environment's policy.

    Where an override names none of them, that alone: what else is wrong may be what it was meant to change.
    """
    spec = release.environment.model.spec
    overrides = release.subject.release.spec.overrides
    problems = check_overrides(overrides, manifests, release.name, release.topology) if overrides else []
    problems += check_pinned_images(overrides, release)
    if problems:
        return [release.document.diagnose(problem) for problem in problems]
    unknown, findings = without_unknown_extras(validate_objects(manifests, spec.kubernetes))
    findings = findings or [
        *validate_references(manifests, external_objects_of(release)),
        *with_policy_exceptions(release, validate_policy(manifests, validation_policy(spec))),
    ]
    return [locate_finding(release, manifest, finding) for manifest, finding in [*unknown, *findings]]


def validate_together(
    compiled: CompiledEnvironment, releases: Sequence[tuple[CompiledRelease, ValidatedRelease]]
) -> Iterator[Diagnostic]:
    """All that is wrong with the objects of an environment: of these releases, together, and of itself."""
    yield from duplicate_object_problems(releases)
    for _, each in releases:
        yield from each.findings
    spec = compiled.documents.environment.model.spec
    unknown, findings = without_unknown_extras(validate_objects(compiled.own, spec.kubernetes))
    findings = findings or validate_policy(compiled.own, validation_policy(spec))
    for manifest, finding in [*unknown, *findings]:
        traced = compiled.traced[manifest.kind, manifest.name]
        yield diagnostic_at(compiled.document_of(traced.origin_of(finding.path)), traced, finding)


def without_unknown_extras(findings: ObjectFindings) -> tuple[ObjectFindings, ObjectFindings]:
    """Warnings for the kinds of others' objects that no schema is known of, and all other findings.

    A kind of Kubernetes' own groups that is nearly a known one, or known in another version, stays an error.
    """
    unknown = [(manifest, finding) for manifest, finding in findings if is_others_kind(manifest, finding)]
    rest = [each for each in findings if each not in unknown]
    return [(manifest, replace(finding, severity="warning")) for manifest, finding in unknown], rest


def is_others_kind(manifest: Manifest, finding: ObjectFinding) -> bool:
    """Whether the finding says that a file beside the specs has a kind which no schema is known of."""
    if finding.code != "kind-unknown" or manifest.origin.via != "extras":
        return False
    group, slash, _ = str(manifest.object["apiVersion"]).partition("/")
    own = not slash or "." not in group or group.endswith(".k8s.io")
    return not own or finding.help == fix_of(finding.code)


def duplicate_object_problems(
    releases: Sequence[tuple[CompiledRelease, ValidatedRelease]],
) -> Iterator[Diagnostic]:
    """Two releases that write one object: `api` with a blue track and a release called `api-blue`."""
    first: dict[ObjectName, CompiledRelease] = {}
    for release, written in releases:
        for name in written.objects:
            other = first.setdefault(name, release)
            if other is not release:
                yield duplicate_object_diagnostic(release, other, name)
                break


def duplicate_object_diagnostic(release: CompiledRelease, other: CompiledRelease, name: ObjectName) -> Diagnostic:
    place = ("metadata", "name")
    message = f"{release.name} and {other.name} both write the object {' '.join(name)}"
    problem = Problem(
        "objects-clash",
        message,
        place,
        "rename one of the releases (the objects of a track are named after their release)",
    )
    related = (Related(other.document.locate(place), f"{other.name} writes it here"),)
    return replace(release.document.diagnose(problem), related=related)


def with_policy_exceptions(release: CompiledRelease, findings: ObjectFindings) -> ObjectFindings:
    """The policy's findings; those that it excepts this release from are warnings (past its day it is an error)."""
    reasons = {
        each.rule: f"excepted until {each.expires}: {each.reason}"
        for each in release.environment.model.spec.policy.exceptions
        if each.release == release.name
    }
    return [
        (
            manifest,
            replace(finding, severity="warning", help=reasons[finding.code]) if finding.code in reasons else finding,
        )
        for manifest, finding in findings
    ]


def validate_applications(compiled: CompiledEnvironment, applications: Sequence[Object]) -> list[Diagnostic]:
    """What Argo CD would refuse, at the environment's `argocd`."""
    kubernetes = compiled.documents.environment.model.spec.kubernetes
    manifests = [Manifest(obj, Origin(("spec", "argocd"), "environment", "environment")) for obj in applications]
    findings = validate_objects(manifests, kubernetes)
    return [diagnostic_at(compiled.document, manifest, finding) for manifest, finding in findings]


def validation_policy(spec: EnvironmentSpec) -> PolicyRequirements:
    """What the environment demands of its objects beyond what Kubernetes does."""
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


def locate_finding(release: CompiledRelease, manifest: Manifest, finding: ObjectFinding) -> Diagnostic:
    """The finding at the place of the spec that the field came from."""
    manifest = release.traced[manifest.kind, manifest.name]
    return diagnostic_at(release.document_of(manifest.origin_of(finding.path)), manifest, finding)


def diagnostic_at(document: Document, manifest: Manifest, finding: ObjectFinding) -> Diagnostic:
    origin, rest = manifest.source_of(finding.path)
    field = ".".join(str(part) for part in finding.path)
    where = f" ({manifest.kind} {manifest.name}: {field})" if field else f" ({manifest.kind} {manifest.name})"
    # what a spec passes on as it stands has the fields of the object
    path = document.deepest(origin.path, rest)
    loc = document.locate(path, on_key=finding.code in KEY_FINDING_CODES and path[-1:] == finding.path[-1:])
    return Diagnostic(finding.code, finding.message + where, loc, finding.help, finding.severity)
