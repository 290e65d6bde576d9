"""Carrying a version from one environment to another, along the graph that `promotesFrom` draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from compiler.course.verbs import serving_track
from compiler.diagnostics.model import Diagnostic, Problem, Rejected
from compiler.model.compiled import ReadEnvironment, ReadRelease
from compiler.model.unit import Unit
from compiler.rules.exceptions import exception_for
from compiler.spec.container import Version
from compiler.strategies.base import version_without_course_keys

PROMOTED_KEYS = ("version", "digest", "image")


def serving_version(member: ReadRelease) -> Version:
    """The version that answers most requests of the release."""
    return member.strategy.tracks(member.subject)[serving_track(member)]


def promoted_fields(version: Version) -> dict[str, Any]:
    held = version_without_course_keys(version)
    return {key: held[key] for key in PROMOTED_KEYS if key in held}


def environment_specific_fields(source: ReadRelease) -> tuple[str, ...]:
    """What the serving version overrides, which stays in its environment: `env`, `config`…"""
    known = (*PROMOTED_KEYS, "change", "contract")
    return tuple(key for key in version_without_course_keys(serving_version(source)) if key not in known)


def refuse_unlisted_source(target: ReadEnvironment, source: str) -> None:
    """Raises Rejected where the environment names whom it promotes from, and `source` is not among them."""
    environment = target.documents.environment
    parents = environment.model.spec.promotes_from
    if not parents or source in parents:
        return
    message = f"{target.name} promotes from {', '.join(parents)}, not from {source}"
    problem = Problem("promotion-detour", message, ("spec", "promotesFrom"), f"promote from {parents[0]}")
    raise Rejected([environment.document.diagnose(problem)])


def refuse_skipped(
    unit: Unit,
    versions: Mapping[str, Mapping[str, Any]],
    target: ReadEnvironment,
    parents: Sequence[ReadEnvironment],
    today: date,
) -> None:
    """Raises Rejected for a version that the environments before this one do not serve."""
    skipped = skipped_stages(unit, versions, target, parents, today)
    if skipped:
        raise Rejected(skipped)


def skipped_stages(
    unit: Unit,
    versions: Mapping[str, Mapping[str, Any]],
    target: ReadEnvironment,
    parents: Sequence[ReadEnvironment],
    today: date,
) -> list[Diagnostic]:
    """Errors for versions that no environment this one promotes from serves, though it has the release.

    An exception of the policy (`rule: promotion-skipped`) lets one pass.
    """
    skipped = []
    for member in unit.members:
        wanted = versions.get(member.name)
        held = [each for parent in parents for each in parent.releases if each.name == member.name]
        if wanted is None or not held or any(serves_image(each, wanted) for each in held):
            continue
        if exception_for(target.documents.environment, "promotion-skipped", member.name, today) is not None:
            continue
        names = " nor ".join(parent.name for parent in parents)
        message = f"{target.name} promotes from {names}, but {member.name} {wanted['version']} does not serve there"
        advice = (
            f"release it there first, then `shipway promote {member.name} --from {parents[0].name} --to {target.name}`"
        )
        problem = Problem("promotion-skipped", message, unit.place, advice, on_key=True)
        skipped.append(member.document.diagnose(problem))
    return skipped


def serves_image(member: ReadRelease, wanted: Mapping[str, Any]) -> bool:
    """Whether the release answers requests with that image: equal digests where both have one, else equal tags."""
    version = serving_version(member)
    if version.digest is not None and wanted.get("digest") is not None:
        return bool(version.digest == wanted["digest"])
    return bool(version.version == wanted["version"])
