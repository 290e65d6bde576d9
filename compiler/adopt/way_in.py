"""The way in, commit by commit: what a plain change of the image loses today, the first publish, the first course."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from compiler.adopt.adopted_release import AdoptedRelease
from compiler.adopt.argo_rollouts import left_to_their_pods
from compiler.adopt.receipt import CommitStanding
from compiler.adopt.running import RunningObject
from compiler.diagnostics.model import Rejected
from compiler.model.compiled import CompiledEnvironment
from compiler.model.course import Refusal, Step
from compiler.model.manifest import Object
from compiler.model.unit import units_of
from compiler.model.verdict import Proven, Unproven, Verdict
from compiler.pipeline import compile_documents
from compiler.plan.proof import unit_sync_options
from compiler.plan.upcoming_states import compiled_objects, edited_documents, upcoming_states
from compiler.source.document import Files
from compiler.transition import SyncOptions, verify_forward
from compiler.transition.baseline import NEXT_TAG, compare_verdicts, with_next_images
from compiler.validate.external_references import external_objects_of, references_in

TODAY: Final = "a plain change of the image, as today"
FIRST: Final = "the first publish"


@dataclass(frozen=True, slots=True)
class WayIn:
    """What runs around one release before and after its first publish, and how Argo CD syncs it."""

    before: tuple[Object, ...]
    after: tuple[Object, ...]
    around: tuple[Object, ...]
    """what is on both sides the same, at their end"""
    options: SyncOptions


def way_in_of(release: AdoptedRelease, others: Sequence[RunningObject]) -> tuple[CommitStanding, ...]:
    """The verdict of each commit on the way in, beside what each release of this workload loses today."""
    way = _objects_on_the_way(release, others)
    own = len(way.before) - len(way.around), len(way.after) - len(way.around)
    today, from_now_on = (
        verify_forward(side, [*with_next_images(side[:count]), *way.around], way.options)
        for side, count in zip((way.before, way.after), own, strict=True)
    )
    first = verify_forward(way.before, way.after, way.options)
    comparison = compare_verdicts(first, today, from_now_on)
    courses = list(_first_course(release, way))
    lasting = any(not isinstance(verdict, Proven) for _, verdict in courses)
    added = tuple(dict.fromkeys(finding.code for finding in comparison.added))
    sentence = _first_sentence(first, added, lasting=lasting)
    rows = [
        CommitStanding(release.name, TODAY, today.verdict, "today", _loss_sentence(today), verdict_codes(today)),
        CommitStanding(release.name, FIRST, first.verdict, comparison.standing, sentence, verdict_codes(first)),
    ]
    for title, verdict in courses:
        standing = _course_standing(today, verdict)
        rows.append(
            CommitStanding(
                release.name, title, verdict.verdict, standing, _loss_sentence(verdict), verdict_codes(verdict)
            )
        )
    return tuple(rows)


def verdict_codes(verdict: Verdict) -> tuple[str, ...]:
    """The codes of what refutes the verdict, or leaves it unproven, each once."""
    faults = verdict.reasons if isinstance(verdict, Unproven) else verdict.errors
    return tuple(dict.fromkeys(finding.code for finding in faults))


def _objects_on_the_way(release: AdoptedRelease, others: Sequence[RunningObject]) -> WayIn:
    """The release's objects, and all others as they run: each release is judged for itself."""
    namespace = release.compiled.environment.model.spec.namespace
    titles = {f"{manifest.kind}/{manifest.name}" for manifest in release.compiled.manifests}
    others = left_to_their_pods(others)
    own = {each.key for each in others if each.title in titles}
    around = [_placed_object(each, namespace) for each in others if each.key not in own]
    members = [_placed_object(each, namespace) for each in others if each.key in own]
    unit = units_of(release.environment)[0]
    application = unit_sync_options(release.environment, unit)
    outside = frozenset(f"{kind} {namespace}/{name}" for kind, name in _named_objects(release, [*members, *around]))
    options = replace(application, namespace=namespace, outside=application.outside | outside)
    return WayIn((*members, *around), (*release.objects, *around), tuple(around), options)


def _placed_object(running: RunningObject, namespace: str) -> Object:
    if not running.key.namespace:
        return running.object
    return {**running.object, "metadata": {**running.object["metadata"], "namespace": namespace}}


def _named_objects(release: AdoptedRelease, objects: Iterable[Object]) -> set[tuple[str, str]]:
    """What the release and the objects around it name: it is there, for what runs today runs with it."""
    named = set(external_objects_of(release.compiled))
    for obj in objects:
        named |= set(references_in(obj))
    return named


def _first_course(release: AdoptedRelease, way: WayIn) -> Iterable[tuple[str, Verdict]]:
    """Every commit of the first course after the way in, each with its verdict; none where no course can start."""
    states = _course_states(release)
    before = way.after
    for title, compiled in states:
        after = (*compiled_objects(compiled), *way.around)
        yield title, verify_forward(before, after, way.options)
        before = after


def _course_states(release: AdoptedRelease) -> list[tuple[str, CompiledEnvironment]]:
    """The release after `start` with another version, and after each step that follows."""
    step = release.compiled.strategy.start(release.compiled.subject, {"version": NEXT_TAG})
    if isinstance(step, Refusal):
        return []
    data: dict[str, Files] = {release.file: release.extras}
    try:
        documents = edited_documents(release.environment.documents, {release.name: step})
        started = compile_documents(release.environment.name, documents, data)
    except Rejected:
        return []
    following = upcoming_states(started, [release.name], data)
    return [(_course_title(step), started), *((_course_title(each.step), each.compiled) for each in following)]


def _course_title(step: Step) -> str:
    return f"the first course: {step.name}"


def _first_sentence(verdict: Verdict, added: Sequence[str], *, lasting: bool) -> str:
    if isinstance(verdict, Proven):
        return "no request is lost"
    if added:
        return f"it would lose requests that no release loses today: {', '.join(added)}"
    last = "" if lasting else ", for the last time"
    return f"it loses the same requests as each of your releases today{last}: {', '.join(verdict_codes(verdict))}"


def _loss_sentence(verdict: Verdict) -> str:
    if isinstance(verdict, Proven):
        return "no request is lost"
    word = "not proven" if isinstance(verdict, Unproven) else "requests are lost"
    return f"{word}: {', '.join(verdict_codes(verdict))}"


def _course_standing(today: Verdict, verdict: Verdict) -> str:
    """How a later commit stands to a plain change of the image today."""
    codes, known = set(verdict_codes(verdict)), set(verdict_codes(today))
    if not codes <= known:
        return "worse"
    return "better" if codes < known else "no worse"
