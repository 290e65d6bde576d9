"""finishes, for what a project permits: a kind that it does not permit is neither applied nor pruned.

Source: Argo CD, controller/sync.go `validateSyncPermissions` (the sync fails); controller/state.go
`IsLiveResourcePermitted` (a live object that is not permitted is dropped from what is compared, so it is never pruned,
and the Application is Synced and Healthy all the same).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.manifest import Object
from compiler.model.objects import Key
from compiler.transition.facts.rules.projects import GROUP, is_destination, permits
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.order import hook_phases
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "finishes"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """Objects of this change that a project in the folders does not let Argo CD write or delete."""
    change = judged.change
    if not (change.live.of_kind("AppProject") or change.target.of_kind("AppProject")):
        return
    for key in change.ops:
        old, new = governing_project(change, change.live, key), governing_project(change, change.target, key)
        if old is None and new is None:
            continue
        if key in change.target.objects:
            yield from _refused_write(key, old, new)
        elif hook_phases(change.live.objects[key]) is None:
            yield from _missed_prune(key, old, new)
    for key in change.target.objects:
        if key not in change.ops and change.ops:
            yield from _refused_write(key, None, governing_project(change, change.target, key))


def governing_project(change: Change, snapshot: Snapshot, key: Key) -> Object | None:
    """The project of the Application that syncs the object: the named one, else one that has its namespace as target.

    Of several the first by name; None where the folder has none. Projects are synced by an Application of another one.
    """
    if key.kind == "AppProject":
        return None
    projects = [snapshot.objects[each] for each in sorted(snapshot.of_kind("AppProject")) if each.group == GROUP]
    name, place = change.options.project, key.namespace
    if name:
        return next((each for each in projects if each["metadata"]["name"] == name), None)
    if not place:
        return projects[0] if len(projects) == 1 else None
    return next((each for each in projects if is_destination(each, place)), None)


def _refused_write(key: Key, old: Object | None, new: Object | None) -> Iterator[PropertyBreach]:
    if new is not None and not permits(new, key):
        name = new["metadata"]["name"]
        yield PropertyBreach(
            "kind-not-permitted",
            PROPERTY,
            f"the AppProject {name} does not permit the kind of {key}: every sync of its Application fails",
            (key,),
            f"add {key.group or 'the core group'}/{key.kind} to the kinds that {name} permits",
        )
    elif old is not None and not permits(old, key):
        name = old["metadata"]["name"]
        yield PropertyBreach(
            "kind-not-permitted",
            PROPERTY,
            f"the AppProject {name} does not permit the kind of {key} until this commit changes it: the first sync "
            "fails; a retry succeeds if the project has been updated by then",
            (key,),
            "change the project in an earlier commit",
            "warning",
        )


def _missed_prune(key: Key, old: Object | None, new: Object | None) -> Iterator[PropertyBreach]:
    blind = next((each for each in (old, new) if each is not None and not permits(each, key)), None)
    if blind is not None:
        name = blind["metadata"]["name"]
        yield PropertyBreach(
            "prune-not-permitted",
            PROPERTY,
            f"the AppProject {name} does not permit the kind of {key}{'' if blind is old else ' any more'}: Argo "
            "CD does not see the object, never deletes it, and shows Synced and Healthy",
            (key,),
            f"let {name} permit the kind until the object is deleted, and remove the permission in a later commit",
        )
