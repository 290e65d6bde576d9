"""finishes and accepted, as far as quotas decide it: what may not be created, pods or objects.

Source: Kubernetes issue 89209 and plugin/pkg/admission/resourcequota: a pod beyond the quota is refused, and its
controller tries again for ever; terminating pods count until they are gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from compiler.model.objects import Key, mapping_or_empty, nested_value
from compiler.model.quantity import quantity_value
from compiler.transition.controllers import fleet
from compiler.transition.controllers.quota import (
    claim_violations,
    container_limits,
    limit_range_violations,
    object_usage,
    pod_usage,
    unspecified_resources,
)
from compiler.transition.controllers.quota_scopes import counts_pod
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change, Cut
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "finishes"
NONE = Fraction(0)


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """Rollouts that a LimitRange refuses, or for which a ResourceQuota leaves no room."""
    change = judged.change
    for key in change.target.of_kind("LimitRange"):
        yield from _limit_range_breaches(judged, key)
        yield from _refused_claims(change, key)
    for key in dict.fromkeys((*change.live.of_kind("ResourceQuota"), *change.target.of_kind("ResourceQuota"))):
        yield from _pod_quota_breaches(change, key)
    for key in change.target.of_kind("ResourceQuota"):
        yield from _unspecified_resource_breaches(judged, key)
        yield from _object_quota_breaches(change, key)


def _limit_range_breaches(judged: JudgedChange, key: Key) -> Iterator[PropertyBreach]:
    change = judged.change
    for pods, template in judged.starting.items():
        reason = next(
            limit_range_violations(mapping_or_empty(template.raw.get("spec")), change.target.objects[key]), None
        )
        if pods.namespace == key.namespace and reason is not None:
            for name in (PROPERTY, "accepted"):
                yield PropertyBreach(
                    "limit-range-refused",
                    name,
                    f"{key} refuses every new pod of {pods}: {reason}",
                    (pods, key),
                    "bring the container's resources within the range",
                    cut=Cut(_sync_position(change, pods)),
                )


def _refused_claims(change: Change, limits: Key) -> Iterator[PropertyBreach]:
    """Claims that come, or grow, beyond what a LimitRange allows them."""
    for key in change.target.of_kind("PersistentVolumeClaim"):
        reason = next(claim_violations(change.target.objects[key], change.target.objects[limits]), None)
        if key.namespace == limits.namespace and key in change.ops and reason is not None:
            yield PropertyBreach(
                "limit-range-refused",
                "accepted",
                f"{limits} refuses {key}: {reason}",
                (key, limits),
                "change the claim so that it fits the range",
                cut=Cut(_sync_position(change, key)),
            )


def _sync_position(change: Change, key: Key) -> tuple[int, int]:
    return change.ops[key][0] if key in change.ops else (0, 0)


def _pod_quota_breaches(change: Change, key: Key) -> Iterator[PropertyBreach]:
    growing = [pods for pods in change.target.workloads if pods.namespace == key.namespace and change.moving(pods)]
    stages = {pods: _stage_that_waits(change, change.gate_of(pods)) for pods in growing}
    at_rest = {stage: _namespace_usage(change, key, Cut((stage + 1, 0))) for stage in dict.fromkeys(stages.values())}
    for pods, stage in stages.items():
        used = _usage_during_rollout(change, key, at_rest[stage], pods, Cut((stage + 1, 0)))
        for name, top in _limits_during_rollout(change, key, stage).items():
            if used.get(name, Fraction(0)) > quantity_value(top) and _increases_usage(
                change, key, pods, name, Cut((stage + 1, 0))
            ):
                amount = f"{_decimal_text(used[name])} {name}"
                yield PropertyBreach(
                    "quota-exceeded",
                    PROPERTY,
                    f"the rollout of {pods} stalls: it needs {amount}, and {key} allows {top}",
                    (pods, key),
                    "raise the quota first, or let the rollout take a pod away before it adds one",
                    cut=Cut(_sync_position(change, pods)),
                )


def _stage_that_waits(change: Change, stage: int) -> int:
    """The pass after which the sync waits for a rollout that begins in `stage`; the last one if none does.

    What the passes until then prune makes room for it, however late it comes.
    """
    return next((number for number in range(stage, len(change.stages)) if change.settles(number)), len(change.stages))


def _limits_during_rollout(change: Change, key: Key, stage: int) -> dict[str, Any]:
    """What the quota grants, in the form that decides whether a rollout comes to its end that `stage` waits for."""
    later = key in change.ops and change.ops[key][0][0] > stage
    objects = (change.live if later else change.target).objects
    hard = mapping_or_empty(nested_value(objects.get(key, {}), "spec", "hard"))
    return {str(name): top for name, top in hard.items()}


def _unspecified_resource_breaches(judged: JudgedChange, key: Key) -> Iterator[PropertyBreach]:
    """Pods that do not say how much they ask for of what the quota counts."""
    change = judged.change
    hard = mapping_or_empty(nested_value(change.target.objects[key], "spec", "hard"))
    for pods, template in judged.starting.items():
        missing = unspecified_resources(
            mapping_or_empty(template.raw.get("spec")), hard, container_defaults(change.target, pods.namespace)
        )
        if pods.namespace == key.namespace and missing and counted_usage(change, key, pods, template.raw):
            yield PropertyBreach(
                "quota-unspecified",
                PROPERTY,
                f"{key} limits {', '.join(missing)}, which a container of {pods} does not set, so no pod is created",
                (pods, key),
                "set it in each container's resources, or add a LimitRange with defaults",
                cut=Cut(_sync_position(change, pods)),
            )


def _object_quota_breaches(change: Change, quota: Key) -> Iterator[PropertyBreach]:
    """Objects of which the quota grants no more, or not as much as they ask for."""
    before, after = (_usage_by_object(snapshot, quota.namespace) for snapshot in (change.live, change.target))
    for name, top in mapping_or_empty(nested_value(change.target.objects[quota], "spec", "hard")).items():
        every = [key for key in {**before, **after} if str(name) in {**before.get(key, {}), **after.get(key, {})}]
        old, new = ({key: side[key].get(str(name), NONE) for key in every if key in side} for side in (before, after))
        growing = [key for key in every if key in change.ops and new.get(key, NONE) > old.get(key, NONE)]
        places = dict.fromkeys(change.ops[key][0] for key in growing)
        totals = {place: _use_after(change, every, place, old, new) for place in places}
        for key in (key for key in growing if totals[change.ops[key][0]] > quantity_value(top)):
            place = change.ops[key][0]
            alone = all(use == 1 for use in (*old.values(), *new.values()))
            what = f"is one of {totals[place]} objects" if alone else f"makes it {_decimal_text(totals[place])}"
            yield PropertyBreach(
                "quota-objects",
                "accepted",
                f"{key} {what} that {quota} counts as {name}, and the quota allows {top}",
                (key, quota),
                "raise the quota first, or remove another object in an earlier commit",
                cut=Cut(place),
            )


def _use_after(
    change: Change,
    keys: Iterable[Key],
    place: tuple[int, int],
    old: Mapping[Key, Fraction],
    new: Mapping[Key, Fraction],
) -> Fraction:
    """What the objects use together once all that is written at this place is there."""
    cut = Cut((place[0], place[1] + 1))
    forms = ((key, change.snapshot_of(key, cut)) for key in keys)
    used = ((old if snapshot is change.live else new).get(key, NONE) for key, snapshot in forms if snapshot is not None)
    return sum(used, NONE)


def _usage_by_object(snapshot: Snapshot, namespace: str) -> dict[Key, dict[str, Fraction]]:
    return {key: object_usage(key, obj) for key, obj in snapshot.objects.items() if key.namespace == namespace}


def _decimal_text(value: Fraction) -> str:
    return f"{float(value):g}"


def _increases_usage(change: Change, quota: Key, pods: Key, name: str, cut: Cut) -> bool:
    """Whether the workload's own part of the use grows in this commit, if only from what its own write leaves."""
    old = change.live.workloads.get(pods)
    new = change.target.workloads[pods]
    if old is None or change.recreated(pods) or (old.template is not new.template and not new.paused):
        return bool(change.count_after(pods, "low")) and name in counted_usage(change, quota, pods, new.template.raw)
    least = min(change.count_before(pods, "low"), change.count_after(pods, "low"))
    return _pods_of_snapshot(change, pods, change.target, cut) > least


def counted_usage(change: Change, quota: Key, key: Key, raw: Mapping[str, Any]) -> dict[str, Fraction]:
    """What one pod of the template counts for against the quota: nothing, if it is in none of its scopes."""
    rule = change.target.objects.get(quota) or change.live.objects[quota]
    spec = mapping_or_empty(raw.get("spec"))
    usage = pod_usage(spec, container_defaults(change.target, key.namespace))
    return usage if counts_pod(rule, spec, usage) else {}


def container_defaults(snapshot: Snapshot, namespace: str) -> Mapping[str, Any]:
    """What the LimitRange of a namespace fills in for its containers."""
    ranges = [key for key in snapshot.of_kind("LimitRange") if key.namespace == namespace]
    return container_limits(snapshot.objects[ranges[0]]) if ranges else {}


def _namespace_usage(change: Change, quota: Key, cut: Cut) -> dict[str, Fraction]:
    """What all pods that the quota counts need once none of their rollouts is under way."""
    total: dict[str, Fraction] = {}
    for key in {**change.live.workloads, **change.target.workloads}:
        snapshot = change.snapshot_of(key, cut) if key.namespace == quota.namespace else None
        if snapshot is not None:
            count = _pods_of_snapshot(change, key, snapshot, cut)
            for name, value in counted_usage(change, quota, key, snapshot.workloads[key].template.raw).items():
                total[name] = total.get(name, Fraction(0)) + count * value
    return total


def _usage_during_rollout(
    change: Change, quota: Key, at_rest: Mapping[str, Fraction], growing: Key, cut: Cut
) -> Mapping[str, Fraction]:
    """What all pods need while `growing` ends its rollout: the others may be there before."""
    snapshot = change.snapshot_of(growing, cut)
    if snapshot is None:
        return at_rest
    more = _pods_at_end_of_rollout(change, growing, cut) - _pods_of_snapshot(change, growing, snapshot, cut)
    usage = counted_usage(change, quota, growing, snapshot.workloads[growing].template.raw)
    return {**at_rest, **{name: at_rest.get(name, Fraction(0)) + more * value for name, value in usage.items()}}


def _pods_of_snapshot(change: Change, key: Key, snapshot: Snapshot, cut: Cut) -> int:
    if snapshot is change.live:
        return change.count_before(key, "low")
    return max(change.count_after(key, "low"), _minimum_of_lost_scaler(change, key, cut))


def _minimum_of_lost_scaler(change: Change, key: Key, cut: Cut) -> int:
    """The pods that an HPA asks for which the workload loses, and which is still there: it adds those that went."""
    old = change.live.workloads.get(key)
    scaler = None if old is None or not change.outlived_by_scaler(key) else old.scaler
    return 0 if scaler is None or change.written(scaler.key, cut) else scaler.low


def _pods_at_end_of_rollout(change: Change, key: Key, cut: Cut) -> int:
    """The pods that it must be able to have at once: more than it is meant to have, if it may not go below that."""
    new, old = change.target.workloads[key], change.live.workloads.get(key)
    count = _pods_of_snapshot(change, key, change.target, cut)
    rolls = old is not None and old.template is not new.template and change.count_before(key, "low") > 0
    surges = rolls and not (new.paused or change.recreated(key))
    return count + fleet.update_surge(new, count) if surges else count
