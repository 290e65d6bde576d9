"""What nobody has proven: ClusterRoles that lose the labels by which another one takes their rights.

Source: Kubernetes, docs/reference/access-authn-authz/rbac.md (`aggregationRule.clusterRoleSelectors`).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key, label_selector_accepts, mapping_items, nested_value, object_labels
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "config"
ROLE = "ClusterRole"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The roles that another one, which stays, no longer takes."""
    change = judged.change
    for key in (key for key in change.ops if key.kind == ROLE and key in change.target.objects):
        if key in change.live.objects:
            for other in sorted(_takers(change.live, key) - _takers(change.target, key)):
                yield _rights_breach(change, key, other)


def _takers(snapshot: Snapshot, role: Key) -> set[Key]:
    labels = object_labels(snapshot.objects[role])
    return {
        key
        for key in snapshot.of_kind(ROLE)
        for selector in mapping_items(nested_value(snapshot.objects[key], "aggregationRule", "clusterRoleSelectors"))
        if label_selector_accepts(selector, labels)
    }


def _rights_breach(change: Change, key: Key, other: Key) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"{other} no longer takes the rights of {key}, by its labels. Not judged: what pods that call the API server "
        "may do there",
        (key, other),
        f"keep the labels of {key} until nobody needs these rights",
        "warning",
        change.moment(key),
    )
