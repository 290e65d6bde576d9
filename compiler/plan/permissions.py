"""Kinds that leave an environment together with the permission to delete them.

Source: Argo CD, controller/state.go `IsLiveResourcePermitted`: what the project does not permit is never pruned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from compiler.diagnostics.model import Diagnostic, Problem
from compiler.model.manifest import Object
from compiler.model.objects import Key, object_key
from compiler.plan.facts import PublishFacts
from compiler.plan.other_units import removed_folders
from compiler.plan.states import readable_objects
from compiler.transition.facts.project_rules import permits
from compiler.tree.render import BuiltEnvironment

PERMITS: Final = ("spec", "argocd", "permits")


def prunes_not_permitted(built: BuiltEnvironment, facts: PublishFacts) -> Iterator[Diagnostic]:
    """One for each kind of which this commit removes the last object while the project permits it no more."""
    name = built.environment.spec.argocd.project or built.compiled.name
    project = next((each for each in built.applications if each["metadata"]["name"] == name), None)
    unseen = [] if project is None else _unseen(project, _objects_that_leave(built, facts))
    for (group, kind), keys in groupby(unseen, lambda key: (key.group, key.kind)):
        yield built.compiled.document.diagnose(_never_pruned(group, kind, list(keys)))


def _unseen(project: Object, keys: Sequence[Key]) -> list[Key]:
    return sorted(key for key in keys if key.namespace and not permits(project, key))


def _objects_that_leave(built: BuiltEnvironment, facts: PublishFacts) -> list[Key]:
    """The objects of files that go, or that hold another kind now; not of releases whose objects stay."""
    argocd = built.environment.spec.argocd
    left_alone = {argocd.path, *(() if argocd.cascade else removed_folders(built, facts.base))}
    gone = {
        path: data
        for folder, files in facts.base.manifests.items()
        for path, data in files.items()
        if folder not in left_alone and _api_version(data) != _api_version(built.files.get(path, b""))
    }
    return [object_key(each, built.environment.spec.namespace) for each in readable_objects(gone)]


def _api_version(data: bytes) -> bytes:
    """The first line of a written manifest, with which its kind's group goes; the kind stands in the file's name."""
    return data.partition(b"\n")[0]


def _never_pruned(group: str, kind: str, keys: Sequence[Key]) -> Problem:
    entry = f"group: {group}, kind: {kind}" if group else f"kind: {kind}"
    more = f" and {len(keys) - 1} more" if len(keys) > 1 else ""
    return Problem(
        "prune-not-permitted",
        f"{keys[0]}{more} would stay in the cluster: the AppProject permits {kind} only while a spec writes one, "
        "and what it does not permit Argo CD does not delete",
        PERMITS,
        f"keep the permission: `argocd: {{permits: [{{{entry}}}]}}` in environment.yaml; take it out once the deletion "
        "is confirmed",
    )
