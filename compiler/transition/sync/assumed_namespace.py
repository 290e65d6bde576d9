"""The namespace of objects that name none, where it can be read off the commits.

`helm template` writes no namespace; a commit that writes it out changes no object, for Argo CD puts what names none
into the Application's destination (util/kube, `ResourceOperations`; controller/state.go `DeduplicateTargetObjects`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from compiler.model.manifest import Object
from compiler.model.objects import CLUSTER_SCOPED, Key, mapping_or_empty, object_key
from compiler.transition.sync.options import SyncOptions


def with_assumed_namespace(commits: Sequence[Sequence[Object]], options: SyncOptions) -> SyncOptions:
    """The options with the one namespace in which objects stand in some commits, and in none in others."""
    if options.namespace:
        return options
    unplaced = {object_key(obj) for objects in commits for obj in objects if not _named_namespace(obj)}
    bare = {_without_place(key) for key in unplaced if key.kind not in CLUSTER_SCOPED}
    if not bare:
        return options
    keys = {object_key(obj) for objects in commits for obj in objects}
    places = {key.namespace for key in keys if key.namespace and _without_place(key) in bare}
    if len(places) != 1 or any(_stand_twice(objects, bare) for objects in commits):
        return options
    return replace(options, namespace=places.pop(), namespace_assumed=True)


def _named_namespace(obj: Object) -> object:
    return mapping_or_empty(obj.get("metadata")).get("namespace")


def _without_place(key: Key) -> tuple[str, str, str]:
    return key.group, key.kind, key.name


def _stand_twice(objects: Iterable[Object], bare: set[tuple[str, str, str]]) -> bool:
    """Whether one commit holds an object both with and without a namespace: then these are two."""
    seen: set[tuple[str, str, str]] = set()
    for key in map(object_key, objects):
        name = _without_place(key)
        if name in bare and name in seen:
            return True
        seen.add(name)
    return False
