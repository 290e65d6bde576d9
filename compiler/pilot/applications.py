"""What Argo CD says of an environment's Applications, held against the commits that Git has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from compiler.diagnostics.model import Diagnostic, Problem
from compiler.model.address import ENVIRONMENT, without_credentials
from compiler.model.unit import CompiledUnit, units_of
from compiler.observe.applications import ApplicationsApi, ApplicationStatus
from compiler.observe.http import UnobservedError
from compiler.pilot.seen_unit import SeenUnit
from compiler.pilot.situation import SyncState
from compiler.pilot.targets import track_target
from compiler.publish.published_environment import (
    PublishedEnvironment,
)
from compiler.tree.render import BuiltEnvironment

MOST_FAULTS = 5
"""Applications at fault that are named: where all are, the cause is one."""


def listed_applications(api: ApplicationsApi | None, name: str) -> tuple[Mapping[str, ApplicationStatus], str]:
    """The environment's Applications, and why they are not known."""
    if api is None:
        return {}, "the environment does not say where to read its Applications"
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
            read = f"the {what} {there}" if there else f"no {what}"
            return f"the Application `{application.name}` reads {read}, not {ours}"
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


def application_findings(built: BuiltEnvironment, syncs: Sequence[SyncState]) -> list[Diagnostic]:
    """A finding for each Application that is not there, or another's: at where it is read, for a person to fix."""
    document, spec = built.compiled.document, built.compiled.documents.environment.model.spec
    source = "argocd" if spec.observe.argocd is not None else "kubernetes"
    help_text = f"apply what `shipway bootstrap {built.compiled.name}` prints, or fix `argocd` and `gitops`"
    path = ("spec", "observe", source)
    faults = [sync.fault for sync in syncs if sync.fault]
    shown = [Problem("observe-application", each, path, help_text, on_key=True) for each in faults[:MOST_FAULTS]]
    return [document.diagnose(problem) for problem in shown]


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
