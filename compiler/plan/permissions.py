"""Kinds that leave an environment together with the permission to delete them.

Source: Argo CD, controller/state.go `IsLiveResourcePermitted`: what the project does not permit is never pruned.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from compiler.diagnostics.model import Diagnostic, Problem
from compiler.model.manifest import Object
from compiler.model.objects import Key, mapping_items, mapping_or_empty, object_key
from compiler.plan.facts import PublishFacts
from compiler.plan.other_units import removed_folders
from compiler.plan.states import PublishedFiles, readable_objects
from compiler.transition.facts.rules.projects import permits
from compiler.tree.published_tree import PublishedTree
from compiler.tree.render import BuiltEnvironment

PERMITS: Final = ("spec", "argocd", "permits")
PROJECT_FILE: Final = "appproject-"
"""How the name of the file of an AppProject begins (`tree.render`): the Applications beside it are not read."""


def prunes_not_permitted(built: BuiltEnvironment, facts: PublishFacts) -> Iterator[Diagnostic]:
    """One for each kind of which this commit, or one that nobody has confirmed, removes the last object while the
    project permits it no more.
    """
    project = _environment_project(built, built.applications)
    if project is None:
        return
    leaving = _unseen(project, _objects_that_leave(built, facts))
    for (group, kind), keys in groupby(leaving, _kind_of):
        yield built.compiled.document.diagnose(_never_pruned(group, kind, list(keys)))
    left = _unseen(project, _objects_that_left(built, facts))
    # of 1,000 releases to read all that is written takes 4 s, and mostly nothing has left
    known = {*leaving, *_keys(built, built.files)} if left else set()
    for (group, kind), keys in groupby((key for key in left if key not in known), _kind_of):
        yield built.compiled.document.diagnose(_may_not_be_pruned(group, kind, list(keys), built.compiled.name))


def takes_permits_back(built: BuiltEnvironment, base: PublishedTree) -> bool:
    """Whether the project permits some kind no more that the published one permits."""
    folder = base.manifests.get(built.environment.spec.argocd.path, {})
    folder = {path: data for path, data in folder.items() if path.rpartition("/")[2].startswith(PROJECT_FILE)}
    old, new = _environment_project(built, readable_objects(folder)), _environment_project(built, built.applications)
    return (
        old is not None
        and new is not None
        and any(entry not in _permitted_entries(new) for entry in _permitted_entries(old))
    )


def _environment_project(built: BuiltEnvironment, objects: Iterable[Object]) -> Object | None:
    name = built.environment.spec.argocd.project or built.compiled.name
    return next((each for each in objects if each["kind"] == "AppProject" and each["metadata"]["name"] == name), None)


def _permitted_entries(project: Object) -> list[Mapping[str, Any]]:
    return list(mapping_items(mapping_or_empty(project.get("spec")).get("namespaceResourceWhitelist")))


def _kind_of(key: Key) -> tuple[str, str]:
    return key.group, key.kind


def _unseen(project: Object, keys: Iterable[Key]) -> list[Key]:
    return sorted({key for key in keys if key.namespace and not permits(project, key)})


def _keys(built: BuiltEnvironment, files: PublishedFiles) -> list[Key]:
    """The objects of the files of releases and of the environment; Argo CD's own are in a project of their own."""
    own = {path: data for path, data in files.items() if path.endswith(".yaml") and not _is_of_argocd(built, path)}
    return [object_key(each, built.environment.spec.namespace) for each in readable_objects(own)]


def _is_of_argocd(built: BuiltEnvironment, path: str) -> bool:
    return path.startswith(f"{built.environment.spec.argocd.path}/")


def _objects_that_left(built: BuiltEnvironment, facts: PublishFacts) -> Iterator[Key]:
    """The objects of states that nobody has confirmed to be gone; not of releases whose objects stay."""
    cascade = built.environment.spec.argocd.cascade
    folders = facts.base.folders if not cascade else None
    for state in facts.history.states:
        staying = {path: data for path, data in state.files.items() if folders is None or _folder(path) in folders}
        yield from _keys(built, staying)


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _objects_that_leave(built: BuiltEnvironment, facts: PublishFacts) -> list[Key]:
    """The objects of files that go, or that hold another kind now; not of releases whose objects stay."""
    argocd = built.environment.spec.argocd
    left_alone = {argocd.path, *(() if argocd.cascade else removed_folders(built, facts.base))}
    gone = {
        path: data
        for folder, files in facts.base.manifests.items()
        if folder not in left_alone and files != built.manifests.get(folder)
        for path, data in files.items()
        if _api_version(data) != _api_version(built.files.get(path, b""))
    }
    return [object_key(each, built.environment.spec.namespace) for each in readable_objects(gone)]


def _api_version(data: bytes) -> bytes:
    """The first line of a written manifest, with which its kind's group goes; the kind stands in the file's name."""
    return data.partition(b"\n")[0]


def _never_pruned(group: str, kind: str, keys: Sequence[Key]) -> Problem:
    more = f" and {len(keys) - 1} more" if len(keys) > 1 else ""
    return Problem(
        "prune-not-permitted",
        f"{keys[0]}{more} would stay in the cluster: the AppProject permits {kind} only while a spec writes "
        "one, and Argo CD does not delete what it does not permit",
        PERMITS,
        f"keep the permission: `argocd: {{permits: [{{{_permit_text(group, kind)}}}]}}` in environment.yaml; "
        "take it out once the deletion is confirmed",
    )


def _may_not_be_pruned(group: str, kind: str, keys: Sequence[Key], environment: str) -> Problem:
    more = f" and {len(keys) - 1} more" if len(keys) > 1 else ""
    return Problem(
        "prune-not-permitted",
        f"it is not confirmed that {keys[0]}{more} is gone from the cluster: Argo CD does not delete what the "
        "AppProject does not permit",
        PERMITS,
        f"keep `{_permit_text(group, kind)}` in `argocd.permits` until Argo CD has synced what is published; "
        f"then run `shipway confirm {environment}`",
    )


def _permit_text(group: str, kind: str) -> str:
    return f"group: {group}, kind: {kind}" if group else f"kind: {kind}"
