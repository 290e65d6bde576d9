"""The first half of a tick: what Git, Argo CD and Prometheus say, as a situation for each release and group."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from compiler.course.unit_status import next_move, unit_status
from compiler.diagnostics.model import Diagnostic, Problem, Rejected
from compiler.git.spec_moves import newest_message
from compiler.model.address import ENVIRONMENT, without_credentials
from compiler.model.compiled import CompiledRelease
from compiler.model.unit import CompiledUnit, units_of
from compiler.model.unit_status import UnitStatus
from compiler.observe.applications import ApplicationsApi, ApplicationStatus
from compiler.observe.http import UnobservedError
from compiler.pilot.measure import Measured, Question, measure_checks, preset_of_source
from compiler.pilot.servers import Servers
from compiler.pilot.situation import CourseState, Situation, SyncState
from compiler.pilot.targets import track_target
from compiler.plan.freezes import active_freeze
from compiler.publish.local_build import built_environment
from compiler.publish.publication_state import publication_state
from compiler.publish.published_environment import (
    PublishedEnvironment,
    fetch_published,
)
from compiler.rules.observe import metrics_source
from compiler.source.workspace import Sources, read_sources
from compiler.spec.analysis import Analysis, Watched
from compiler.spec.base import seconds_of
from compiler.spec.documents import EnvironmentDocument
from compiler.spec.environment import EnvironmentSpec
from compiler.tree.render import BuiltEnvironment
from compiler.tree.trailers import DECISION

UNDONE = ("aborted", "rolled back")
MOST_FAULTS = 5
"""Applications at fault that are named: where all are, the cause is one."""


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
    sources = read_sources(root, name)
    built = built_environment(root, sources)
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


@dataclass(frozen=True, slots=True)
class SeenUnit:
    """A unit, its status by Git, and the rest of what Git says of it."""

    unit: CompiledUnit
    status: UnitStatus
    course: CourseState


def seen_unit(
    root: Path,
    unit: CompiledUnit,
    places: tuple[str, ...],
    built: BuiltEnvironment,
    published: PublishedEnvironment,
    now: datetime,
) -> SeenUnit:
    status = unit_status(unit, publication_state(unit, built, published), now)
    following = next_move(unit)
    open_course = any(member.strategy.watched(member.subject) is not None for member in unit.members)
    freeze = active_freeze(built.compiled.documents.environment, now)
    pending = "" if status.published or status.commit is None else pending_move(root, unit, places)
    course = CourseState(
        unit=unit.shown,
        position=unit.position,
        open=open_course and not watched_long_enough(unit, status, now),
        aborted=unit.position in UNDONE,
        published=status.published,
        commit=status.commit or "",
        published_at=status.time or 0,
        next_verb=following.verb if following is not None else "",
        next_name=following.name if following is not None else "",
        soak_left=status.soak_left,
        not_before=status.not_before or "",
        frozen="" if freeze is None else freeze.reason,
        by_hand=bool(status.by_hand),
        pending=pending,
        abort_published=status.decision.startswith("abort "),
    )
    return SeenUnit(unit, status, course)


def watched_long_enough(unit: CompiledUnit, status: UnitStatus, now: datetime) -> bool:
    """A rolling release has no next step that ends its course: it is watched for a while after its publish."""
    if unit.group is not None or unit.members[0].strategy.ahead(unit.members[0].subject):
        return False
    analysis = analysis_of(unit.members[0])
    watch = 0 if analysis is None else seconds_of(analysis.watch)
    return status.time is None or now.timestamp() - status.time > watch


def pending_move(root: Path, unit: CompiledUnit, places: tuple[str, ...]) -> str:
    """The verb of the pilot's own move of this unit, where that is the newest commit of the environment's specs; empty
    where a person's commit came after it, which is a person's to publish.
    """
    for line in reversed(newest_message(root, places).splitlines()):
        if line.startswith(f"{DECISION}: "):
            verb, _, rest = line.removeprefix(f"{DECISION}: ").partition(" ")
            return verb if rest.startswith(f"{unit.shown}:") else ""
    return ""


def analysis_of(member: CompiledRelease) -> Analysis | None:
    strategy = member.source.strategy.model
    return strategy.analysis if isinstance(strategy, Watched) else None


def listed_applications(api: ApplicationsApi | None, name: str) -> tuple[Mapping[str, ApplicationStatus], str]:
    """The environment's Applications, and why they are not known."""
    if api is None:
        return {}, "the environment does not say where its Applications are read"
    try:
        return api.list(name), ""
    except UnobservedError as error:
        return {}, error.reason


def sync_state(
    seen: SeenUnit,
    built: BuiltEnvironment,
    published: PublishedEnvironment,
    applications: Mapping[str, ApplicationStatus],
    fault: str,
) -> SyncState:
    """What Argo CD says of the unit's Application, held against the commits that Git has."""
    if fault:
        return SyncState(fault=fault)
    name = application_name(built, seen.unit.name)
    application = applications.get(name)
    if application is None:
        return SyncState(fault=f"Argo CD has no Application `{name}`")
    foreign = foreign_fault(application, built, published)
    if foreign:
        return SyncState(fault=foreign)
    return SyncState(
        sync=application.sync,
        revision=application.revision,
        covers=covers(published, application.revision, seen.course.commit),
        health=application.health,
        operation=application.operation,
        operation_covers=covers(published, application.operation_revision, seen.course.commit),
        running=application.running,
        finished=application.finished or 0,
        message=application.message,
        condition=application.condition,
    )


def application_name(built: BuiltEnvironment, folder: str) -> str:
    return f"{built.compiled.name}-{folder.lstrip('_')}"


def foreign_fault(application: ApplicationStatus, built: BuiltEnvironment, published: PublishedEnvironment) -> str:
    """Why an Application of the right name is not the one that syncs this environment, or soon none at all."""
    if application.deleting:
        return f"the Application `{application.name}` is being deleted"
    if application.sources != 1:
        return f"the Application `{application.name}` has {application.sources} sources, and the pilot reads one"
    environment, target = built.compiled.documents.environment.model, published.target
    project = environment.spec.argocd.project or environment.metadata.name
    if application.project != project:
        return f"the Application `{application.name}` is in the project `{application.project}`, not in `{project}`"
    if target is None:
        return ""
    repository = without_credentials(target.repository)
    for what, there, ours in (
        ("repository", application.repository, repository),
        ("branch", application.branch, target.branch),
    ):
        if there != ours:
            return f"the Application `{application.name}` reads the {what} {there or 'of nothing'}, not {ours}"
    return ""


def covers(published: PublishedEnvironment, revision: str, commit: str) -> bool:
    """Whether `revision` is on the branch and holds the publish `commit`: it is that one, or a later one."""
    order = {each.commit: index for index, each in enumerate(published.publishes)}
    if published.commit is not None:
        order[published.commit] = 0
    return revision in order and commit in order and order[revision] <= order[commit]


def with_workload_health(
    api: ApplicationsApi | None, built: BuiltEnvironment, seen: Sequence[SeenUnit], syncs: Sequence[SyncState]
) -> list[SyncState]:
    """Where an Application is Degraded, asks whether the new track's Deployment is what is.

    What cannot be read is not known; a server that is away is asked once.
    """
    result, fault = [], ""
    for each, sync in zip(seen, syncs, strict=True):
        if api is None or sync.fault or sync.health != "Degraded" or not each.course.open:
            result.append(sync)
            continue
        if not fault:
            try:
                result.append(replace(sync, workload=degraded_workload(api, built, each.unit)))
                continue
            except UnobservedError as error:
                fault = error.reason
        result.append(replace(sync, condition=sync.condition or fault))
    return result


def degraded_workload(api: ApplicationsApi, built: BuiltEnvironment, unit: CompiledUnit) -> str:
    namespace = built.compiled.documents.environment.model.spec.namespace
    for member in unit.members:
        tracks = member.strategy.watched(member.subject)
        target = None if tracks is None else track_target(member, tracks.new)
        if target is not None:
            health = api.workload_health(application_name(built, unit.name), namespace, target.workload)
            if health == "Degraded":
                return health
    return ""


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


def application_findings(built: BuiltEnvironment, syncs: Sequence[SyncState]) -> list[Diagnostic]:
    """A finding for each Application that is not there, or another's: at where it is read, for a person to fix."""
    document, spec = built.compiled.document, built.compiled.documents.environment.model.spec
    source = "argocd" if spec.observe.argocd is not None else "kubernetes"
    help_text = f"apply what `shipway bootstrap {built.compiled.name}` prints, or fix `argocd` and `gitops`"
    path = ("spec", "observe", source)
    faults = [sync.fault for sync in syncs if sync.fault]
    shown = [Problem("observe-application", each, path, help_text, on_key=True) for each in faults[:MOST_FAULTS]]
    return [document.diagnose(problem) for problem in shown]


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
        help_text = "ask the query in Prometheus' own page, with a track's names in it"
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


def all_settled(
    built: BuiltEnvironment, published: PublishedEnvironment, applications: Mapping[str, ApplicationStatus]
) -> bool:
    """Whether every Application of the environment has the newest publish of its folders, synced and healthy."""
    if published.commit is None:
        return False
    folders = [ENVIRONMENT, *(unit.name for unit in units_of(built.compiled))]
    return all(application_settled(built, published, applications.get(application_name(built, f)), f) for f in folders)


def application_settled(
    built: BuiltEnvironment, published: PublishedEnvironment, application: ApplicationStatus | None, folder: str
) -> bool:
    if application is None or foreign_fault(application, built, published):
        return False
    names = next((u.folders for u in units_of(built.compiled) if u.name == folder), (folder,))
    last = next((each.commit for each in published.publishes if set(names) & set(each.facts.releases)), None)
    needed = last if last is not None else published.publishes[-1].commit if published.publishes else published.commit
    return (
        covers(published, application.revision, needed or "")
        and (application.sync, application.health) == ("Synced", "Healthy")
        and application.operation in ("", "Succeeded")
        and not application.running
    )


def refusal_lines(rejected: Rejected) -> str:
    """What a refusal says, in one line."""
    return "; ".join(each.message for each in rejected.diagnostics if each.severity == "error")
