"""finishes, for pods that operators make: limits that come to hold in their namespace, and which they may not meet.

Source: Kubernetes, plugin/pkg/admission/resourcequota and limitranger, pod-security-admission (each looks at a pod when
it is created, never later).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from compiler.model.objects import Key, mapping_items, mapping_or_empty, nested_value
from compiler.model.quantity import quantity_value
from compiler.transition.facts.pod_security import LEVELS
from compiler.transition.properties.accepted.refused_pods import enforced
from compiler.transition.properties.policies.outside_policies import has_operator_pods
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "finishes"
RESOURCES = (
    "count/persistentvolumeclaims", "count/pods", "cpu", "limits.", "memory", "persistentvolumeclaims", "pods",
    "requests.",
)  # fmt: skip
STORAGE_CLASS = ".storageclass.storage.k8s.io/"
LIMITED = frozenset({"Container", "PersistentVolumeClaim", "Pod"})
"""What operators make beside an object's Services: its pods, and claims for them."""


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The limits that come, or become narrower, where an object stays whose operator makes pods."""
    change = judged.change
    limits = {_limited_namespace(key): key for key in change.ops if _is_narrower(change, key)}
    for holder in change.target.objects if limits else ():
        limit = limits.get(holder.namespace)
        if limit is not None and holder in change.live.objects and has_operator_pods(holder):
            yield _limit_breach(change, limit, holder)


def _limit_breach(change: Change, limit: Key, holder: Key) -> PropertyBreach:
    """A level of pod security refuses all pods of an object or none, a quota or a range perhaps the next one."""
    refuses = limit.kind == "Namespace"
    return PropertyBreach(
        "field-unproven" if refuses else "quota-exceeded",
        PROPERTY,
        f"{limit} may refuse pods of {holder}, which its operator makes: running ones stay, but one that has to be "
        f"replaced may not be created again{'. Not judged: whether they meet the level' if refuses else ''}",
        (holder, limit),
        f"make sure that the pods of {holder} meet the limit",
        "warning",
        change.moment(limit),
    )


def _limited_namespace(limit: Key) -> str:
    return limit.namespace or limit.name


def _is_narrower(change: Change, key: Key) -> bool:
    if key not in change.target.objects:
        return False
    match key.distinct_kind:
        case "Namespace":
            level = enforced(change.target, key)
            return enforced(change.live, key) != level and bool(LEVELS.get(level))
        case "LimitRange":
            return any(bound not in _pod_bounds(change.live, key) for bound in _pod_bounds(change.target, key))
        case "ResourceQuota":
            before, after = (_limits_of_pods(side, key) for side in (change.live, change.target))
            return any(name not in before or amount < before[name] for name, amount in after.items())
        case _:
            return False


def _pod_bounds(snapshot: Snapshot, key: Key) -> list[object]:
    limits = list(mapping_items(nested_value(snapshot.objects.get(key), "spec", "limits")))
    return [
        (item.get("type"), field, item[field])
        for item in limits
        if item.get("type") in LIMITED
        for field in ("max", "min", "maxLimitRequestRatio")
        if item.get(field)
    ]


def _limits_of_pods(snapshot: Snapshot, key: Key) -> dict[str, Fraction]:
    hard = mapping_or_empty(nested_value(snapshot.objects.get(key), "spec", "hard"))
    return {name: quantity_value(top) for name, top in hard.items() if _counts_pods_or_claims(str(name))}


def _counts_pods_or_claims(resource: str) -> bool:
    return resource.startswith(RESOURCES) or STORAGE_CLASS in resource
