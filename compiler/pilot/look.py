"""The first half of a tick: what Git, Argo CD and Prometheus say, as a situation for each release and group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from compiler.diagnostics.model import Diagnostic, Problem, Rejected
from compiler.model.unit import CompiledUnit, units_of
from compiler.pilot.applications import (
    all_settled,
    application_findings,
    listed_applications,
    sync_state,
    with_workload_health,
)
from compiler.pilot.measure import Measured, Question, measure_checks, preset_of_source
from compiler.pilot.seen_unit import SeenUnit, analysis_of, seen_unit
from compiler.pilot.servers import Servers
from compiler.pilot.situation import Situation, SyncState
from compiler.pilot.targets import track_target
from compiler.publish.local_build import read_and_built
from compiler.publish.published_environment import (
    PublishedEnvironment,
    fetch_published,
)
from compiler.rules.observe import metrics_source
from compiler.source.workspace import Sources
from compiler.spec.documents import EnvironmentDocument
from compiler.spec.environment import EnvironmentSpec
from compiler.tree.render import BuiltEnvironment


@dataclass(frozen=True, slots=True)
class Look:
    """What one look saw: the specs, what is published, a situation for each release and group, the servers' faults.

    `settled`: Argo CD reports the published commit as synced and everything of the environment as healthy.
    """

    sources: Sources
    built: BuiltEnvironment
    published: PublishedEnvironment
    situations: tuple[tuple[CompiledUnit, Situation], ...]
    settled: bool
    findings: tuple[Diagnostic, ...]


def look(root: Path, name: str, opened: Callable[[EnvironmentDocument], Servers], now: datetime) -> Look:
    """Reads the specs, the branch, Argo CD and Prometheus; `opened` gives the servers that the environment names.

    Raises Rejected where specs, branch or a token's file cannot be read.
    """
    sources, built = read_and_built(root, name)
    servers = opened(built.compiled.documents.environment)
    published = fetch_published(root, built)
    applications, fault = listed_applications(servers.applications, name)
    units = units_of(built.compiled)
    seen = [seen_unit(root, unit, sources.places, built, published, now) for unit in units]
    syncs = [sync_state(each, built, published, applications, fault) for each in seen]
    syncs = with_workload_health(servers.applications, built, seen, syncs)
    questions = [unit_questions(each, sync) for each, sync in zip(seen, syncs, strict=True)]
    findings = [] if fault else application_findings(built, syncs)
    answers = iter(asked_questions(servers, [each for some in questions for each in some], now))
    situations = []
    for each, sync, some in zip(seen, syncs, questions, strict=True):
        measured = [next(answers) for _ in some]
        findings += query_findings(each.unit, measured)
        situations.append((each.unit, situation(each, sync, measured, built, now)))
    settled = not fault and all_settled(built, published, applications)
    return Look(sources, built, published, tuple(situations), settled, tuple(findings))


def unit_questions(seen: SeenUnit, sync: SyncState) -> list[Question]:
    """The checks to ask for: of an open course whose present step is in the cluster."""
    course = seen.course
    if not course.open or course.aborted or not course.published or not sync.covers:
        return []
    since = max(sync.finished, course.published_at)
    questions = []
    for member in seen.unit.members:
        analysis, tracks = analysis_of(member), member.strategy.watched(member.subject)
        target = None if tracks is None else track_target(member, tracks.new)
        if analysis is None or tracks is None or target is None:
            continue
        baseline = None if tracks.baseline is None else track_target(member, tracks.baseline)
        preset = preset_of_source(metrics_source(member.environment.model.spec))
        questions += [Question(check, analysis, target, baseline, preset, since) for check in analysis.checks]
    return questions


def asked_questions(servers: Servers, questions: Sequence[Question], now: datetime) -> list[Measured]:
    if servers.prometheus is None:
        return [
            Measured(question.empty_figures("the environment does not say where its Prometheus is"))
            for question in questions
        ]
    return measure_checks(servers.prometheus, questions, int(now.timestamp()))


def query_findings(unit: CompiledUnit, measured: Sequence[Measured]) -> list[Diagnostic]:
    """A finding at the check of each query that has no single number: a person must fix it."""
    findings = []
    for each in measured:
        member = next(member for member in unit.members if member.name == each.figures.release)
        analysis = analysis_of(member)
        if not each.refused or analysis is None:
            continue
        index = [check.name for check in analysis.checks].index(each.figures.name)
        path = (*member.source.strategy.path, "analysis", "checks", index)
        help_text = "try the query in Prometheus' web page, with the names of a track filled in"
        findings.append(member.document.diagnose(Problem("analysis-query", each.refused, path, help_text)))
    return findings


def situation(
    seen: SeenUnit, sync: SyncState, measured: Sequence[Measured], built: BuiltEnvironment, now: datetime
) -> Situation:
    analyses = {member.name: analysis_of(member) for member in seen.unit.members}
    spec: EnvironmentSpec = built.compiled.documents.environment.model.spec
    return Situation(
        now=int(now.timestamp()),
        mode=spec.policy.pilot,
        course=seen.course,
        sync=sync,
        analyses={
            name: analysis.model_dump(by_alias=True, mode="json", exclude_unset=True)
            for name, analysis in analyses.items()
            if analysis is not None
        },
        figures=tuple(each.figures for each in measured),
    )


def refusal_lines(rejected: Rejected) -> str:
    """What a refusal says, in one line."""
    return "; ".join(each.message for each in rejected.diagnostics if each.severity == "error")
