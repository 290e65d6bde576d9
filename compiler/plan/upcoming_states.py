"""The course ahead of a unit: each step's edits applied to the specs in memory, compiled, and proven in its turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compiler.diagnostics.model import Path, Rejected, accepted
from compiler.model.compiled import CompiledEnvironment
from compiler.model.course import Delete, Edit, Refusal, Step
from compiler.model.manifest import Object
from compiler.pipeline import compile_documents
from compiler.source import Document
from compiler.source.document import Files
from compiler.spec.documents import Documents, GroupDocument, ReleaseDocument, SpecReading, read_group, read_release
from compiler.strategies import strategy_models

GROUP_ACTIVE_PATH: Path = ("spec", "active")


@dataclass(frozen=True, slots=True)
class UpcomingState:
    """A unit after one step: the step, and the unit compiled as it will be then."""

    step: Step
    compiled: CompiledEnvironment


def unit_documents(compiled: CompiledEnvironment, members: Sequence[str]) -> Documents:
    """The documents of one unit: its releases and, if it is a group, the group."""
    documents = compiled.documents
    releases = tuple(sorted((documents.by_name[name] for name in members), key=lambda each: each.document.file))
    groups = tuple(group for group in documents.groups if set(group.model.spec.members) <= set(members))
    return Documents(documents.environment, releases, groups)


def upcoming_states(
    compiled: CompiledEnvironment, members: Sequence[str], data: Mapping[str, Files]
) -> list[UpcomingState]:
    """The unit after each step that is still to come; it ends early where a step would not compile."""
    result: list[UpcomingState] = []
    if not any(release.strategy.ahead(release.subject) for release in map(compiled.release, members)):
        return result
    now = compile_documents(compiled.name, unit_documents(compiled, members), data)
    while len(result) < 16:
        steps = next_steps(now)
        if not steps:
            break
        try:
            after = compile_documents(now.name, edited_documents(now.documents, steps), data)
        except Rejected:
            break
        result.append(UpcomingState(next(iter(steps.values())), after))
        now = after
    return result


def next_steps(compiled: CompiledEnvironment) -> dict[str, Step]:
    """The next step of each member that has one, by member; in a group only those of the same name go together."""
    steps = {}
    for release in compiled.releases:
        ahead = release.strategy.ahead(release.subject)
        if ahead:
            steps[release.name] = ahead[0]
    first = next(iter(steps.values()), None)
    return {name: step for name, step in steps.items() if first is not None and step.name == first.name}


def state_after_abort(
    compiled: CompiledEnvironment, members: Sequence[str], data: Mapping[str, Files]
) -> UpcomingState | None:
    """The unit after `abort`, or None where the course does not allow it."""
    now = compile_documents(compiled.name, unit_documents(compiled, members), data)
    steps = {release.name: release.strategy.abort(release.subject) for release in now.releases}
    possible = {name: step for name, step in steps.items() if not isinstance(step, Refusal)}
    if not possible:
        return None
    try:
        return UpcomingState(
            next(iter(possible.values())), compile_documents(now.name, edited_documents(now.documents, possible), data)
        )
    except Rejected:
        return None


def compiled_objects(compiled: CompiledEnvironment) -> list[Object]:
    """The objects of all the unit's releases."""
    return [manifest.object for release in compiled.releases for manifest in release.manifests]


def edited_documents(documents: Documents, steps: Mapping[str, Step]) -> Documents:
    """The documents with the steps' edits made. Raises Rejected where the result is not a valid spec."""
    switch = [edit for step in steps.values() for edit in step.edits if edit.path == GROUP_ACTIVE_PATH][:1]
    releases = [edited_release(each, steps.get(each.name)) for each in documents.releases]
    groups = [edited_group(each, switch) for each in documents.groups]
    wrong_releases = (finding for each in releases for finding in each.diagnostics)
    wrong_groups = (finding for each in groups for finding in each.diagnostics)
    accepted([*wrong_releases, *wrong_groups])
    return Documents(
        documents.environment,
        tuple(each.value for each in releases if each.value is not None),
        tuple(each.value for each in groups if each.value is not None),
    )


def edited_release(release: ReleaseDocument, step: Step | None) -> SpecReading[ReleaseDocument]:
    edits = [edit for edit in step.edits if edit.path != GROUP_ACTIVE_PATH] if step is not None else []
    if not edits:
        return SpecReading(release, ())
    return read_release(document_with_edits(release.document, edits), strategy_models())


def edited_group(group: GroupDocument, edits: Sequence[Edit]) -> SpecReading[GroupDocument]:
    return read_group(document_with_edits(group.document, edits)) if edits else SpecReading(group, ())


def document_with_edits(document: Document, edits: Sequence[Edit]) -> Document:
    data = document.data
    for edit in edits:
        data = with_value_at(data, edit.path, edit.value)
    return Document(document.file, data, document.positions, document.texts)


def with_value_at(data: Any, path: Path, value: Any) -> Any:
    """A copy of `data` in which the value at `path` is `value`, or is gone."""
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(data, list):
        return [with_value_at(item, rest, value) if index == key else item for index, item in enumerate(data)]
    copy = dict(data) if isinstance(data, dict) else {}
    if not rest and isinstance(value, Delete):
        copy.pop(key, None)
    else:
        copy[key] = with_value_at(copy.get(key), rest, value)
    return copy
