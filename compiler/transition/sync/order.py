"""The order in which Argo CD carries out a sync: phases, waves, prunes, kinds, and the gates between waves.

Source: Argo CD gitops-engine, pkg/sync/sync_tasks.go (`syncTasks.Less`, `adjustDeps`, `multiStep`) and
pkg/sync/sync_context.go (`getSyncTasks`, `Sync`, `runTasks`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Literal, NamedTuple

from compiler.model.manifest import Object
from compiler.model.objects import (
    Key,
    annotations_of,
    integer_or_default,
    nested_value,
    object_key,
    object_sync_options,
)
from compiler.transition.facts.immutable import changed_fixed_fields
from compiler.transition.sync.options import SyncOptions

WAVE = "argocd.argoproj.io/sync-wave"
HOOK = "argocd.argoproj.io/hook"
HELM_POLICIES = {
    "before-hook-creation": "BeforeHookCreation",
    "hook-succeeded": "HookSucceeded",
    "hook-failed": "HookFailed",
}
"""Helm's words for when a hook is deleted, and Argo CD's (gitops-engine, pkg/sync/hook/helm/delete_policy.go)."""
KIND_ORDER = (
    "Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodSecurityPolicy", "PodDisruptionBudget",
    "ServiceAccount", "Secret", "SecretList", "ConfigMap", "StorageClass", "PersistentVolume",
    "PersistentVolumeClaim", "CustomResourceDefinition", "ClusterRole", "ClusterRoleList", "ClusterRoleBinding",
    "ClusterRoleBindingList", "Role", "RoleList", "RoleBinding", "RoleBindingList", "Service", "DaemonSet", "Pod",
    "ReplicationController", "ReplicaSet", "Deployment", "HorizontalPodAutoscaler", "StatefulSet", "Job", "CronJob",
    "IngressClass", "Ingress", "APIService",
)  # fmt: skip
SCALABLE = frozenset({"Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Rollout"})
"""What has one pod where it names no count (for Rollouts: Argo Rollouts, rollout/controller.go `syncHandler`)."""
KIND_RANK = {kind: index - len(KIND_ORDER) for index, kind in enumerate(KIND_ORDER)}
PHASES = {"PreSync": -1, "Sync": 0, "PostSync": 1}
PHASE_NAMES = {number: name for name, number in PHASES.items()}
HELM_PHASES = {"pre-install": -1, "pre-upgrade": -1, "post-install": 1, "post-upgrade": 1}

PhaseWave = tuple[int, int]
"""A phase and a wave."""
Action = Literal["apply", "prune", "recreate", "hook"]


class SyncOperation(NamedTuple):
    """One write: an object applied, deleted, deleted and created anew, or run as a hook."""

    key: Key
    action: Action


@dataclass(frozen=True, slots=True)
class SyncPass:
    """One pass of a sync: the groups of writes that it makes, one after another, and whether it is waited for.

    The writes of one group happen together, in any order; `members` are all objects of the pass, changed or not, and
    `hooks` those of them that are hooks. `waits`: for all of them, and all of earlier passes.
    """

    phase: int
    wave: int
    groups: tuple[tuple[SyncOperation, ...], ...]
    members: tuple[Key, ...]
    hooks: tuple[Key, ...]
    waits: bool

    @property
    def awaited(self) -> tuple[Key, ...]:
        """The members that must be Healthy before the sync goes on or ends: hooks always."""
        return self.members if self.waits else self.hooks

    @property
    def name(self) -> str:
        """How the story calls this pass."""
        return f"wave {self.wave}" if self.phase == 0 else f"{PHASE_NAMES[self.phase]} wave {self.wave}"


class _Task(NamedTuple):
    phase: int
    wave: int
    rank: int
    key: Key
    action: Action
    changed: bool
    hook: bool = False

    @property
    def turn(self) -> PhaseWave:
        return self.phase, self.wave


def wave_of(obj: Object) -> int:
    """The wave that an object asks for; one that is no integer falls back to Helm's hook weight, then to 0.

    Source: Argo CD gitops-engine, pkg/sync/syncwaves/waves.go, `Wave`.
    """
    notes = annotations_of(obj)
    return integer_or_default(notes.get(WAVE), integer_or_default(notes.get("helm.sh/hook-weight"), 0)) if notes else 0


def hook_phases(obj: Object) -> tuple[int, ...] | None:
    """The phases that an object is a hook of; None if it is none; empty if it is skipped or runs elsewhere.

    Source: Argo CD gitops-engine, pkg/sync/hook/hook.go, `IsHook` and `Types`; hook/helm/hook.go, `IsHook`, and
    type.go, `hookTypes` (Helm's test hooks are hooks of no phase).
    """
    notes = annotations_of(obj)
    if not notes:
        return None
    own, helm = notes.get(HOOK), notes.get("helm.sh/hook")
    if own is not None:
        names = [part.strip() for part in str(own).split(",")]
        return tuple(PHASES[name] for name in names if name in PHASES)
    if helm is None or helm == "crd-install":
        return None
    phases = {HELM_PHASES[part.strip()] for part in str(helm).split(",") if part.strip() in HELM_PHASES}
    return tuple(sorted(phases))


def is_passed_over(obj: Object) -> bool:
    """Whether Argo CD leaves the live object as it is; that of any other hook without a phase it prunes.

    Source: Argo CD gitops-engine, pkg/sync/hook/hook.go `Skip`; pkg/sync/reconcile.go `splitHooks` (a hook is the
    target of no live object).
    """
    return str(annotations_of(obj).get(HOOK) or "").strip() == "Skip"


def sync_passes(live: Mapping[Key, Object], target: Mapping[Key, Object], options: SyncOptions) -> tuple[SyncPass, ...]:
    """The passes of the sync that turns `live` into `target`."""
    ahead = _tasks_by_phase_and_wave(_apply_tasks(live, target, options))
    prunes, turns = _prune_tasks(live, target, options), frozenset(ahead)
    stages: list[SyncPass] = []
    while True:
        placed = _prunes_by_wave(prunes, turns)
        left = {*ahead, *(task.turn for task in placed)} if placed else ahead.keys()
        if not left:
            return tuple(stages)
        turn = min(left) if placed else next(iter(ahead))
        now, pruned = ahead.pop(turn, []), [task for task in placed if task.turn == turn]
        gone = {task.key for task in pruned}
        prunes = [task for task in prunes if task.key not in gone]
        goes_on = bool(ahead or prunes) or any(task.hook for task in now)
        waits = goes_on and _has_multiple_passes(turns, _prunes_by_wave(prunes, turns))
        stages.append(_sync_pass(turn, pruned, now, waits))


def _tasks_by_phase_and_wave(creates: Iterable[_Task]) -> dict[PhaseWave, list[_Task]]:
    """The tasks of each phase and wave, in the order in which these run."""
    result: dict[PhaseWave, list[_Task]] = {}
    for task in creates:
        result.setdefault(task.turn, []).append(task)
    return dict(sorted(result.items()))


def _has_multiple_passes(turns: Set[PhaseWave], placed: Iterable[_Task]) -> bool:
    """Whether the sync has several passes, so that all is waited for after each (`multiStep`), and not hooks alone.

    After the last one too, if it has hooks: a pass without them ends the sync at once (`Sync`, `remainingTasks`).
    """
    return len(turns) > 1 or len({*turns, *(task.turn for task in placed)}) > 1


def _sync_pass(turn: PhaseWave, pruned: Sequence[_Task], now: Sequence[_Task], waits: bool) -> SyncPass:
    groups: list[tuple[SyncOperation, ...]] = []
    if pruned:
        groups.append(tuple(SyncOperation(task.key, "prune") for task in pruned))
    ranks: dict[tuple[int, str], list[SyncOperation]] = {}
    for task in sorted((task for task in now if task.changed), key=lambda task: task.rank):
        kind = task.key.kind if task.rank else ""
        ranks.setdefault((task.rank, kind), []).append(SyncOperation(task.key, task.action))
    groups.extend(tuple(ops) for ops in ranks.values())
    hooks = tuple(task.key for task in now if task.hook)
    return SyncPass(*turn, tuple(groups), tuple(task.key for task in now), hooks, waits)


def _apply_tasks(live: Mapping[Key, Object], target: Mapping[Key, Object], options: SyncOptions) -> list[_Task]:
    tasks = []
    for key, obj in target.items():
        phases, rank = hook_phases(obj), KIND_RANK.get(key.kind, 0)
        if phases is not None:
            hooked: Action = "recreate" if key in live and _deleted_first(obj) else "hook"
            tasks += [_Task(phase, wave_of(obj), rank, key, hooked, True, True) for phase in phases]
            continue
        old = live.get(key)
        if is_left_out(old, obj, options):
            tasks.append(_Task(0, wave_of(obj), rank, key, "apply", changed=False))
            continue
        action: Action = "recreate" if old is not None and _is_recreated_by_sync(old, obj, options) else "apply"
        changed = action == "recreate" or (old is not obj and old != obj) or resets_replicas(obj, options)
        tasks.append(_Task(0, wave_of(obj), rank, key, action, changed))
    return _with_dependencies(tasks, target)


def is_left_out(old: Object | None, new: Object, options: SyncOptions) -> bool:
    """Whether the sync passes over an object that does not differ, which it otherwise writes once more.

    Source: Argo CD gitops-engine, sync_context.go, `filterOutOfSyncTasks`.
    """
    return options.has("ApplyOutOfSyncOnly=true") and old is not None and (old is new or old == new)


def _is_recreated_by_sync(old: Object, new: Object, options: SyncOptions) -> bool:
    """Whether the object is deleted and created anew: by Replace with Force always, by Force alone if refused.

    Source: Argo CD gitops-engine, sync_context.go, `applyObject` (Namespaces and CRDs are updated instead); kubectl,
    pkg/cmd/replace/replace.go `forceReplace` and pkg/cmd/apply/patcher.go `deleteAndCreate` (client-side apply only).
    """
    asked = options.of_write(new, old)
    if "Force=true" not in asked:
        return False
    if "Replace=true" in asked:
        return new.get("kind") not in ("Namespace", "CustomResourceDefinition")
    return "ServerSideApply=true" not in asked and bool(changed_fixed_fields(object_key(new), old, new))


def resets_replicas(obj: Object, options: SyncOptions) -> bool:
    """Whether each sync writes the object whole and without its replicas, which are then 1 again.

    Source: Argo CD gitops-engine, sync_context.go, `applyObject` (`kubectl replace`, also of what does not differ).
    """
    if obj.get("kind") not in SCALABLE or nested_value(obj, "spec", "replicas") is not None:
        return False
    return "Replace=true" in options.of_write(obj)


def _deleted_first(obj: Object) -> bool:
    """Whether a hook is deleted before it runs again, as it is by default.

    Source: Argo CD gitops-engine, pkg/sync/hook/delete_policy.go, `DeletePolicies`.
    """
    return "BeforeHookCreation" in _delete_policies(obj)


def survives_sync(obj: Object) -> bool:
    """Whether the object is still there once its sync has succeeded: of hooks, those that success does not delete."""
    return hook_phases(obj) is None or "HookSucceeded" not in _delete_policies(obj)


def _delete_policies(obj: Object) -> set[str]:
    """When a hook is deleted, in Argo CD's words; what neither Argo CD nor Helm has a word for counts for nothing."""
    notes = annotations_of(obj)
    own, helm = (
        {part.strip() for part in str(notes.get(f"{prefix}-delete-policy") or "").split(",")}
        for prefix in (HOOK, "helm.sh/hook")
    )
    known = (own & set(HELM_POLICIES.values())) | {HELM_POLICIES[part] for part in helm & HELM_POLICIES.keys()}
    return known or {"BeforeHookCreation"}


def _with_dependencies(tasks: list[_Task], target: Mapping[Key, Object]) -> list[_Task]:
    """Namespaces and CRDs moved to the turn of their first user (`adjustDeps`)."""
    users: dict[tuple[str, str], tuple[int, int]] = {}
    if not any(task.key.kind in ("Namespace", "CustomResourceDefinition") for task in tasks):
        return tasks
    for task in tasks:
        for need in (("", task.key.namespace), (task.key.group, task.key.kind)):
            users[need] = min(users.get(need, task.turn), task.turn)
    return [_moved_task(task, users.get(_provided_dependency(task.key, target[task.key]))) for task in tasks]


def _moved_task(task: _Task, turn: tuple[int, int] | None) -> _Task:
    return task if turn is None or turn >= task.turn else task._replace(phase=turn[0], wave=turn[1])


def _provided_dependency(key: Key, obj: Object) -> tuple[str, str]:
    if key.kind == "Namespace":
        return "", key.name
    if key.kind == "CustomResourceDefinition":
        return str(nested_value(obj, "spec", "group")), str(nested_value(obj, "spec", "names", "kind"))
    return "-", "-"


def _prune_tasks(live: Mapping[Key, Object], target: Mapping[Key, Object], options: SyncOptions) -> list[_Task]:
    if not options.prune:
        return []
    return [
        _Task(0, wave_of(obj), 1 if _is_prune_last(obj, options) else 0, key, "prune", True)
        for key, obj in live.items()
        if key not in target and hook_phases(obj) is None and not _is_prune_disabled(obj, options)
    ]


def _is_prune_last(obj: Object, options: SyncOptions) -> bool:
    return options.has("PruneLast=true") or "PruneLast=true" in object_sync_options(obj)


def _is_prune_disabled(obj: Object, options: SyncOptions) -> bool:
    """Whether the live object may not be pruned (`isPruningDisabled`)."""
    own = object_sync_options(obj)
    if any(option.startswith("Prune=") for option in own):
        return "Prune=false" in own
    return options.has("Prune=false")


def _prunes_by_wave(prunes: Iterable[_Task], turns: Iterable[PhaseWave]) -> list[_Task]:
    """The prunes that are left, in the waves that this pass gives them (`getSyncTasks`).

    Their waves are mirrored, the first with the last; those of `PruneLast` come after every wave of the phase.
    """
    prunes = list(prunes)
    if not prunes:
        return []
    waves = sorted({task.wave for task in prunes})
    mirrored = dict(zip(waves, reversed(waves), strict=True))
    swapped = [task._replace(wave=mirrored[task.wave]) for task in prunes]
    last = max(0, *(task.wave for task in swapped), *(wave for phase, wave in turns if phase == 0)) + 1
    return [task._replace(wave=last) if task.rank else task for task in swapped]
