"""Validation of a compiled environment: what the objects got wrong, said of the lines of the spec that caused it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Generic, TypeVar

from compiler.assemble.outside import named_outside
from compiler.compile import CompiledEnvironment, CompiledRelease, has_errors, stop_on_errors
from compiler.cores import on_every_core
from compiler.diagnostics.model import Diagnostic
from compiler.manifest import Manifest, Object, Origin
from compiler.neighbours import ObjectName, same_objects
from compiler.source import Document
from compiler.validate import Finding, Findings, Policy, validate_objects, validate_policy, validate_references

R = TypeVar("R")
Finish = Callable[[CompiledRelease, Sequence[Manifest]], R]
OF_A_KEY: Final = frozenset({"field-unknown", "resource-unknown"})
"""What is wrong with a field's name, not with its value."""


@dataclass(frozen=True, slots=True)
class Judged(Generic[R]):
    """What comes of a release where its objects are made: their names, what is wrong with them, what was made of it."""

    objects: tuple[ObjectName, ...]
    found: tuple[Diagnostic, ...]
    result: R | None
    """None where there are errors"""


def validate(compiled: CompiledEnvironment, finish: Finish[R]) -> tuple[CompiledEnvironment, list[R]]:
    """The same environment with its warnings, and what `finish` makes of each release and its objects, in the process
    that made them. Raises Rejected with every error of every object.
    """
    kubernetes = compiled.documents.environment.model.spec.kubernetes
    judged = on_every_core(partial(judge, compiled, finish), compiled.releases)
    found = [*same_objects(zip(compiled.releases, (each.objects for each in judged), strict=True))]
    for each in judged:
        found += each.found
    for manifest, finding in validate_objects(compiled.own, kubernetes):
        found.append(diagnose(compiled.document, manifest, finding))
    stop_on_errors([*compiled.warnings, *found])
    finished = [each.result for each in judged if each.result is not None]
    return replace(compiled, warnings=(*compiled.warnings, *found)), finished


def judge(compiled: CompiledEnvironment, finish: Finish[R], release: CompiledRelease) -> Judged[R]:
    # made anew and let go: the next release's take their place in the processor's cache
    manifests = release.make()
    names = tuple((manifest.kind, manifest.name) for manifest in manifests)
    found = tuple(faults(compiled, release, manifests))
    return Judged(names, found, None if has_errors(found) else finish(release, manifests))


def faults(compiled: CompiledEnvironment, release: CompiledRelease, manifests: Sequence[Manifest]) -> list[Diagnostic]:
    """What is wrong with one release's objects: each by itself, then together and by the environment's policy."""
    findings = validate_objects(manifests, compiled.documents.environment.model.spec.kubernetes)
    findings = findings or [
        *validate_references(manifests, outside_of(release)),
        *excepted(compiled, release, validate_policy(manifests, policy_of(compiled))),
    ]
    return [located(compiled, release, manifest, finding) for manifest, finding in findings]


def excepted(compiled: CompiledEnvironment, release: CompiledRelease, findings: Findings) -> Findings:
    """The policy's findings; those that it excepts this release from are warnings (past its day it is an error)."""
    every = compiled.documents.environment.model.spec.policy.exceptions
    words = {
        each.rule: f"excepted until {each.expires}: {each.reason}" for each in every if each.release == release.name
    }
    found: Findings = []
    for manifest, finding in findings:
        known = words.get(finding.code)
        found.append((manifest, finding if known is None else replace(finding, severity="warning", help=known)))
    return found


def validate_applications(compiled: CompiledEnvironment, applications: Sequence[Object]) -> None:
    """Raises Rejected for what Argo CD would refuse, at the environment's `argocd`."""
    kubernetes = compiled.documents.environment.model.spec.kubernetes
    manifests = [Manifest(obj, Origin(("spec", "argocd"), "environment", "environment")) for obj in applications]
    findings = validate_objects(manifests, kubernetes)
    stop_on_errors([diagnose(compiled.document, manifest, finding) for manifest, finding in findings])


def outside_of(release: CompiledRelease) -> frozenset[tuple[str, str]]:
    """What exists in the cluster by the spec's own word."""
    versions = release.strategy.tracks(release.subject).values()
    return named_outside(release.subject.release, tuple(version.env for version in versions))


def policy_of(compiled: CompiledEnvironment) -> Policy:
    spec = compiled.documents.environment.model.spec
    policy, quota = spec.policy, spec.quota
    counted = {} if quota is None else {"cpu": quota.cpu, "memory": quota.memory}
    return Policy(
        require_digest=policy.require_digest,
        registries=policy.registries,
        require_limits=policy.require_limits,
        min_replicas=policy.min_replicas,
        inline_secrets=policy.inline_secrets,
        counted=tuple(name for name, limit in counted.items() if limit is not None),
    )


def located(
    compiled: CompiledEnvironment, release: CompiledRelease, manifest: Manifest, finding: Finding
) -> Diagnostic:
    """The finding at the place of the spec that the field came from."""
    origin = manifest.origin_of(finding.path)
    document = compiled.document if origin.document == "environment" else release.document
    return diagnose(document, manifest, finding)


def diagnose(document: Document, manifest: Manifest, finding: Finding) -> Diagnostic:
    origin, rest = manifest.source_of(finding.path)
    field = ".".join(str(part) for part in finding.path)
    where = f" ({manifest.kind} {manifest.name}: {field})" if field else f" ({manifest.kind} {manifest.name})"
    # what a spec passes on as it stands has the fields of the object
    path = document.deepest(origin.path, rest)
    loc = document.locate(path, on_key=finding.code in OF_A_KEY and path[-1:] == finding.path[-1:])
    return Diagnostic(finding.code, finding.message + where, loc, finding.help, finding.severity)
