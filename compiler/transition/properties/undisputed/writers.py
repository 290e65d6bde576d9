"""undisputed: no two workloads select one pod, no two writers hold one field.

Source: Kubernetes, pkg/controller/controller_ref_manager.go (`ClaimObject` adopts by selector what nobody owns, and
never takes what another controller owns), pkg/registry/core/pod/storage/eviction.go (no eviction of a pod with two
budgets) and podautoscaler/horizontal.go; Argo CD, controller/appcontroller.go `autoSync` with selfHeal,
controller/sync.go `normalizeTargetResources`.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key, label_selector_accepts, nested_value, object_labels, string_entries
from compiler.traffic.reader import RouteConflict, RouteReader
from compiler.traffic.readers import readers_by_kind
from compiler.transition.facts.workload import SCALER_KINDS, ScalerFacts, WorkloadFacts, read_scaler
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync import replicas
from compiler.transition.sync.change import Change, Cut
from compiler.transition.sync.order import SCALABLE, resets_replicas
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "undisputed"
FREE_SELECTORS = frozenset({"Rollout", "ReplicationController"})
INDIRECT_OWNERS = frozenset({"Deployment", "Rollout"})
ORPHANING = frozenset({"PrunePropagationPolicy=orphan"})
ORPHANS = frozenset({"Pod", "ReplicaSet"})


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The disputes in this sync."""
    change = judged.change
    yield from _replica_conflicts(change)
    yield from _scaler_conflicts(change)
    yield from _selector_conflicts(change)
    yield from _route_conflicts(change)
    yield from _passing_conflicts(change)
    yield from _abandoned_pods(change)


def _abandoned_pods(change: Change) -> Iterator[PropertyBreach]:
    """Workloads that lose their old pods to a new selector, where the API server lets them change it.

    Source: Argo Rollouts, rollout/replicaset.go `getReplicaSetsForRollouts`; Kubernetes,
    pkg/controller/controller_ref_manager.go `ClaimObject` (releases what the selector does not take).
    """
    for key, new in change.target.workloads.items():
        old = change.live.workloads.get(key)
        if old is None or key.kind not in FREE_SELECTORS or not new.selector or change.recreated(key):
            continue
        changed = bool(old.selector) and old.selector != new.selector
        if changed and not label_selector_accepts(new.selector, old.template.labels):
            yield PropertyBreach(
                "field-unproven",
                PROPERTY,
                f"{key} changes spec.selector, which no longer takes its old pods: nothing scales them down, and they "
                "stay beside the new ones. Not judged: which requests they answer",
                (key,),
                "keep the selector, or add a workload of another name and prune this one once it serves",
                "warning",
                change.moment(key),
            )


def _replica_conflicts(change: Change) -> Iterator[PropertyBreach]:
    """Two writers of a count; a warning where FROM has them already, for each sync sets the same count again."""
    for key, new in change.target.workloads.items():
        old = change.live.workloads.get(key)
        if new.scaler is None:
            yield from _replicas_taken_out(change, old, new)
            continue
        if old is not None and replicas.drops_replicas_field(old, new, change.options):
            yield _dropped_replicas(change, new, new.scaler)
        elif _comes_to_delete_the_count(change, key):
            yield _null_count(change, key, new.scaler)
        elif _replicas_disputed(change, new):
            known = old is not None and old.written == new.written and _replicas_disputed(change, old)
            yield PropertyBreach(
                "replicas-two-writers",
                PROPERTY,
                f"spec.replicas of {key} is written by Argo CD ({new.written}) and by {new.scaler.key}",
                (key, new.scaler.key),
                "let the Application ignore /spec/replicas with RespectIgnoreDifferences=true",
                "warning" if known else "error",
                change.moment(new.scaler.key, key),
            )


def _comes_to_delete_the_count(change: Change, key: Key) -> bool:
    """Whether a client-side apply begins to delete the count that a scaler has written."""
    by_client = "ServerSideApply=true" not in change.options.of_write(change.target.objects[key])
    kept = change.options.keeps_live_replicas(key)
    return by_client and not kept and _is_count_null(change.target, key) and not _is_count_null(change.live, key)


def _is_count_null(snapshot: Snapshot, key: Key) -> bool:
    """Whether the manifest says `replicas: null`, which is not the same as to leave it out."""
    spec = nested_value(snapshot.malformed.get(key, {}), "spec")
    return isinstance(spec, dict) and "replicas" in spec and spec["replicas"] is None


def _null_count(change: Change, key: Key, scaler: ScalerFacts) -> PropertyBreach:
    """Source: apimachinery, pkg/util/strategicpatch `CreateThreeWayMergePatch` (null in a manifest deletes)."""
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"{key} comes to say `replicas: null`, by which a client-side apply deletes the count of {scaler.key}. Not "
        "judged: how many pods it has until the next correction",
        (key, scaler.key),
        "leave replicas out of the manifest, instead of a null",
        "warning",
        change.moment(key),
    )


def _replicas_taken_out(change: Change, old: WorkloadFacts | None, new: WorkloadFacts) -> Iterator[PropertyBreach]:
    """A count that leaves the manifest without an HPA: nobody means to go to one pod by leaving a field out."""
    if old is None or not replicas.drops_replicas_field(old, new, change.options) or new.kind not in SCALABLE:
        return
    before, after = change.count_before(new.key, "low"), change.count_after(new.key, "low")
    if after < before:
        yield PropertyBreach(
            "replicas-dropped",
            PROPERTY,
            f"{new.key} loses spec.replicas: it is scaled from {before} to {after} pod, and nothing scales it up again",
            (new.key,),
            "keep spec.replicas, or add an HPA and let the Application ignore /spec/replicas first",
            "warning",
            change.moment(new.key),
        )


def _dropped_replicas(change: Change, new: WorkloadFacts, scaler: ScalerFacts) -> PropertyBreach:
    anew = resets_replicas(new.raw, change.options)
    cause = "is replaced without spec.replicas at each sync" if anew else "loses spec.replicas"
    keep = "keep spec.replicas, and let the Application ignore /spec/replicas with RespectIgnoreDifferences=true"
    return PropertyBreach(
        "replicas-dropped",
        PROPERTY,
        f"{new.key} {cause}, which is reset to 1 until {scaler.key} corrects it",
        (new.key, scaler.key),
        "remove Replace=true" if anew else keep,
        cut=change.moment(new.key, scaler.key),
    )


def _replicas_disputed(change: Change, new: WorkloadFacts) -> bool:
    scaler = new.scaler
    if scaler is None or new.kind == "DaemonSet" or not new.written or change.options.keeps_live_replicas(new.key):
        return False
    return not scaler.low == scaler.high == new.written


def _scaler_conflicts(change: Change) -> Iterator[PropertyBreach]:
    """Two autoscalers of one workload: a ScaledObject scales by an HPA of its own.

    Source: Kubernetes, pkg/controller/podautoscaler/horizontal.go (`AmbiguousSelector`: neither scales).
    """
    targets: dict[Key, Key] = {}
    for key in sorted(key for key in change.target.objects if key[:2] in SCALER_KINDS):
        target = read_scaler(change.target.objects[key], key).target
        other = targets.setdefault(target, key)
        if other != key:
            yield PropertyBreach(
                "replicas-two-writers",
                PROPERTY,
                f"{other} and {key} both scale {target}",
                (target, other, key),
                "keep one of them",
                cut=change.moment(key, other),
            )


def _selector_conflicts(change: Change) -> Iterator[PropertyBreach]:
    """Workloads of which at least one changes, and whose selector takes the other's pods while both exist."""
    by_label: dict[tuple[str, str, str], list[Key]] = {}
    everything = {**change.live.workloads, **change.target.workloads}
    for key, workload in everything.items():
        for label in workload.template.labels.items():
            by_label.setdefault((key.namespace, *label), []).append(key)
    for key, workload in everything.items():
        if key.kind == "Pod":
            continue
        first = next(iter(string_entries(workload.selector.get("matchLabels")).items()), None)
        others = by_label.get((key.namespace, *first), []) if first else list(everything)
        for other in others:
            if other != key and (change.moving(key) or change.moving(other)):
                yield from _selector_overlap(change, workload, everything[other])


def _selector_overlap(change: Change, workload: WorkloadFacts, other: WorkloadFacts) -> Iterator[PropertyBreach]:
    keys = (workload.key, other.key)
    if other.key == workload.template_owner or workload.key == other.template_owner:
        return
    if workload.key.namespace != other.key.namespace or not label_selector_accepts(
        workload.selector, other.template.labels
    ):
        return
    if other.kind == "Pod" and workload.kind in INDIRECT_OWNERS:
        return  # their ReplicaSets select by the hash of the template too
    cut = next((cut for cut in _overlapping_cuts(change, keys) if _select_same_pods(change, keys, cut)), None)
    if cut is not None and not _already_conflicting(change.baseline, keys):
        harm = _overlap_harm(change, workload, other)
        yield PropertyBreach(
            "selectors-overlap",
            PROPERTY,
            f"the selector of {workload.key} also matches the pods of {other.key}{harm}",
            keys,
            "give each workload its own label, in its selector and its template",
            "error" if harm else "warning",
            cut,
        )


def _overlap_harm(change: Change, workload: WorkloadFacts, other: WorkloadFacts) -> str:
    """What goes wrong by an overlap; nothing where each pod has its owner, and nobody counts pods by the selector."""
    if workload.scaler is not None:
        return f", so {workload.scaler.key} would count them as its own"
    if ORPHANING & change.options.options and other.key not in change.target.workloads:
        return ", which have no owner after the prune: the workload adopts them and scales them away"
    if other.kind in ORPHANS and _has_no_owner(workload, other):
        return ", which has no owner: the workload adopts the pod and scales it away"
    budgets = _budgets_of(change, other)
    if len(budgets) > 1:
        return f", and Kubernetes never evicts a pod that two budgets select: {' and '.join(map(str, budgets))}"
    return ""


def _has_no_owner(workload: WorkloadFacts, orphan: WorkloadFacts) -> bool:
    """Whether the controller would adopt the object: a Deployment a ReplicaSet by its labels, others bare pods."""
    if orphan.kind == "Pod":
        return True
    return workload.kind in INDIRECT_OWNERS and label_selector_accepts(workload.selector, object_labels(orphan.raw))


def _budgets_of(change: Change, workload: WorkloadFacts) -> list[Key]:
    """The budgets that select the workload's pods once the commit is synced."""
    selectors = {
        key: nested_value(change.target.objects[key], "spec", "selector")
        for key in change.target.of_kind("PodDisruptionBudget")
        if key.namespace == workload.key.namespace
    }
    return [key for key, selector in selectors.items() if label_selector_accepts(selector, workload.template.labels)]


def _overlapping_cuts(change: Change, keys: tuple[Key, Key]) -> list[Cut]:
    places = [change.ops[key][0] for key in keys if key in change.ops]
    return [Cut((stage, group + 1)) for stage, group in places] or [Cut((1 << 29, 0))]


def _select_same_pods(change: Change, keys: tuple[Key, Key], cut: Cut) -> bool:
    snapshots = [change.snapshot_of(key, cut) for key in keys]
    if any(snapshot is None for snapshot in snapshots):
        return False
    first, second = (
        snapshot.workloads[key] for snapshot, key in zip(snapshots, keys, strict=True) if snapshot is not None
    )
    return label_selector_accepts(first.selector, second.template.labels)


def _already_conflicting(snapshot: Snapshot, keys: tuple[Key, Key]) -> bool:
    """Whether it was so before: then this commit does not bring it."""
    if any(key not in snapshot.workloads for key in keys):
        return False
    return label_selector_accepts(snapshot.workloads[keys[0]].selector, snapshot.workloads[keys[1]].template.labels)


def _route_conflicts(change: Change) -> Iterator[PropertyBreach]:
    """Routes of which one is without effect beside another, where this commit writes either."""
    for reader in dict.fromkeys(readers_by_kind()[key[:2]] for key in change.target.routes):
        conflicts = list(reader.conflicts(change.target.routes_of(reader)))
        before = reader.conflicts(change.live.routes_of(reader)) if conflicts else ()
        known = {(each.code, frozenset((each.first, each.second))) for each in before}
        for each in conflicts:
            if each.first in change.ops or each.second in change.ops:
                error = each.refused and (each.code, frozenset((each.first, each.second))) not in known
                yield PropertyBreach(
                    each.code,
                    "accepted" if error else PROPERTY,
                    f"{each.first} and {each.second} {each.message}",
                    (each.first, each.second),
                    each.help,
                    "error" if error else "warning",
                    change.moment(each.second, each.first),
                )


def _passing_conflicts(change: Change) -> Iterator[PropertyBreach]:
    """Routes that come while another one still has their place, and which admission refuses until it has not."""
    for key in change.target.routes:
        if key not in change.ops or key in change.live.objects:
            continue
        reader, cut = readers_by_kind()[key[:2]], change.moment(key)
        for each in _conflicts_in_passing(change, reader, key, cut):
            yield PropertyBreach(
                each.code,
                PROPERTY,
                f"while {key} is written, it and {each.first} {each.message}",
                (key, each.first),
                "keep the path in the Ingress that has it, and change there what it leads to",
                "warning",
                cut,
            )


def _conflicts_in_passing(change: Change, reader: RouteReader, key: Key, cut: Cut) -> list[RouteConflict]:
    old = [
        route
        for route in change.live.routes_of(reader)
        if route.key in change.ops and change.snapshot_of(route.key, cut) is change.live
    ]
    passing = reader.conflicts([*old, change.target.routes[key]]) if old else ()
    refused = [each for each in passing if each.refused and each.second == key]
    lasting = reader.conflicts(change.target.routes_of(reader)) if refused else ()
    known = {frozenset((each.first, each.second)) for each in lasting}
    return [each for each in refused if frozenset((each.first, key)) not in known]
