"""available, for what the folder keeps and the sync deletes all the same: as a hook, or to create it anew.

Source: Argo CD gitops-engine, pkg/sync/sync_context.go `Sync` (`HookSucceeded` deletes at the end of the phase,
`BeforeHookCreation` before the next one is created) and `applyObject` (`Force` with `Replace` deletes and creates).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key
from compiler.traffic.readers import gate_readers
from compiler.transition.classification import Inert, classified_kind
from compiler.transition.facts.pods import BATCH_TEMPLATES
from compiler.transition.properties.available.cascades import READERS
from compiler.transition.properties.available.hook_rights import only_hooks_use
from compiler.transition.properties.config.named_data import READABLE_KINDS, last_moment
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.existence import objects_showing
from compiler.transition.sync.order import survives_sync

PROPERTY = "available"
HOOK_HELP = "remove the hook annotation, or the deletion policy HookSucceeded"
RECREATION_HELP = "remove what deletes it: the hook annotation, or Force=true (argocd.argoproj.io/sync-options)"
JUDGED_AS_HOOKS = frozenset({"ConfigMap", *BATCH_TEMPLATES})
"""Whose pods end by themselves, and whose readers the property `config` looks at."""
JUDGED_WHILE_AWAY = frozenset(
    {
        *BATCH_TEMPLATES, *(READABLE_KINDS - {"PersistentVolumeClaim"}),
        "HorizontalPodAutoscaler", "LimitRange", "NetworkPolicy", "PodDisruptionBudget", "ResourceQuota",
    }
)  # fmt: skip
"""Of whose absence the other properties know what it does, or that a moment of it does nothing."""


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """Errors of what serves and is a hook from now on; of what else is deleted, that nobody has judged it."""
    change = judged.change
    for key, (_, op) in change.ops.items():
        serves = _serves(change, key)
        if key not in change.live.objects:
            yield from _passing_hook(judged, key)
        elif _is_deleted_as_hook(change, key):
            if serves:
                yield _deleted_by_success(change, key)
            elif _matters(key, JUDGED_AS_HOOKS):
                text = f"{key} becomes a hook that is deleted after it succeeds"
                yield _unproven(key, f"{text}. Not judged: what fails without it", HOOK_HELP)
        elif op.action == "recreate" and not serves and _is_missed(change, key):
            text = f"{key} is deleted and created again. Not judged: what fails in between, and what is deleted with it"
            yield _unproven(key, text, RECREATION_HELP)


def _is_deleted_as_hook(change: Change, key: Key) -> bool:
    old, new = change.live.objects.get(key), change.target.objects.get(key)
    return old is not None and new is not None and not survives_sync(new) and survives_sync(old)


def _passing_hook(judged: JudgedChange, key: Key) -> Iterator[PropertyBreach]:
    """Errors of what serves from now on, and is deleted again as soon as the sync has succeeded."""
    target = judged.change.target
    if key not in target.objects or survives_sync(target.objects[key]):
        return
    user = _standing_user(judged, key)
    if user is not None:
        text = f"{key} is a hook that is deleted after it succeeds, and {user} needs it"
        yield PropertyBreach("hook-deleted", PROPERTY, text, (key, user), HOOK_HELP, cut=last_moment(judged.change))
    elif _may_be_missed(judged, key):
        text = f"{key} is a hook that is deleted after it succeeds. Not judged: what fails without it"
        yield _unproven(key, text, HOOK_HELP)


def _standing_user(judged: JudgedChange, key: Key) -> Key | None:
    """What outlives the sync and leads to a hook, or is deleted with it."""
    target = judged.change.target
    users = (each for each in _users_of(judged, key) if survives_sync(target.objects[each]))
    return next(users, None)


def _users_of(judged: JudgedChange, key: Key) -> Iterator[Key]:
    """The Services of a hook's pods that select no others, the routes to a Service, what names it."""
    target = judged.change.target
    if key in target.workloads:
        services = (each for each in target.services if each.namespace == key.namespace)
        yield from (each for each in services if _is_left_without_pods(judged, each, key))
    elif key in target.services and judged.router.index.routed[target].get(key):
        yield from (name for name, route in target.routes.items() if key in route.services)
    elif key.distinct_kind == "Secret":
        yield from objects_showing(target, key)
    elif key.distinct_kind == "Namespace":
        yield from (each for each in target.objects if each.namespace == key.name)
    yield from (each for each, names in target.named.items() if any(named.key == key for named in names))


def _may_be_missed(judged: JudgedChange, key: Key) -> bool:
    """Whether something that stays may need a new hook, and no other property looks at it."""
    change, target = judged.change, judged.change.target
    if key in target.routes:
        return _shares_a_host(change, key)
    if key.distinct_kind == "NetworkPolicy":
        near = (pods for pods, policies in judged.router.index.policies.items() if key in policies)
        return any(pods in target.objects and survives_sync(target.objects[pods]) for pods in near)
    serves = key in target.workloads or key in target.services
    return not serves and _matters(key, JUDGED_WHILE_AWAY | READABLE_KINDS) and not only_hooks_use(change, key)


def _is_left_without_pods(judged: JudgedChange, service: Key, hook: Key) -> bool:
    """Whether a Service that was there before selects the hook's pods, and no others once they are gone."""
    change = judged.change
    if service not in change.live.services:
        return False
    selected = judged.router.selected(change.target.services[service])
    stay = (each for each in selected if each in change.target.workloads and survives_sync(change.target.objects[each]))
    return hook in selected and not any(change.count_after(each, "low") for each in stay)


def _shares_a_host(change: Change, key: Key) -> bool:
    """Whether some route took requests for a host of this one before."""
    hosts = {match.host for match in change.target.routes[key].matches}
    return any(match.host in hosts for route in change.live.routes.values() for match in route.matches)


def _matters(key: Key, judged: frozenset[str]) -> bool:
    return key.distinct_kind not in judged and not isinstance(classified_kind(key.group, key.kind), Inert)


def _is_missed(change: Change, key: Key) -> bool:
    """Whether something that nobody has judged may fail while the object is away."""
    return key[:2] not in READERS and _matters(key, JUDGED_WHILE_AWAY) and not only_hooks_use(change, key)


def _deleted_by_success(change: Change, key: Key) -> PropertyBreach:
    text = f"{key} becomes a hook that is deleted after it succeeds"
    return PropertyBreach("hook-deleted", PROPERTY, text, (key,), HOOK_HELP, cut=last_moment(change))


def _unproven(key: Key, text: str, fix: str) -> PropertyBreach:
    return PropertyBreach("field-unproven", PROPERTY, text, (key,), fix, "warning")


def _serves(change: Change, key: Key) -> bool:
    live = change.live
    parts = (live.services, live.workloads, live.routes)
    return any(key in part for part in parts) or key[:2] in gate_readers()
