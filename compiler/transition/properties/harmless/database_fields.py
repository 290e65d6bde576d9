"""Fields of a database cluster that change, and leave its instances as they are: of CloudNativePG, of Zalando."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from compiler.model.classification import Unjudged
from compiler.model.objects import Key, integer_or_default, mapping_items, mapping_or_empty, nested_value
from compiler.model.quantity import quantity_value
from compiler.transition.classification import UnjudgedDifference
from compiler.transition.classification.shared.labels import route_label
from compiler.transition.facts.volume_claims import storage_class
from compiler.transition.sync.change import Change

DATABASE_CLUSTER = ("postgresql.cnpg.io", "Cluster")
READ_BY_STANDBYS = frozenset({"archive_mode", "max_wal_senders", "wal_level", "wal_log_hints"})
SUBSCRIPTION = ("postgresql.cnpg.io", "Subscription")
VOLUME_SIZES = frozenset({"spec.storage.size", "spec.walStorage.size"})
INHERITED = "spec.inheritedMetadata"
ZALANDO_CLUSTER = ("acid.zalan.do", "postgresql")
INSIDE_OF_THE_DATABASE = ("databases", "users")
FIELDS_OF_EVERY_OBJECT = frozenset({"apiVersion", "kind", "metadata", "status"})


def is_read_at_creation(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether a database cluster that replicates from no other one has other external clusters.

    They are then read when it is created (CloudNativePG, docs/src/bootstrap.md, replica_cluster.md and
    logical_replication.md).
    """
    if key[:2] != DATABASE_CLUSTER or not difference.field.startswith("spec.externalClusters"):
        return False
    sides = (change.live, change.target)
    replicas = [mapping_or_empty(side.objects.get(key, {}).get("spec")).get("replica") for side in sides]
    return not any(replicas) and not any(other[:2] == SUBSCRIPTION for side in sides for other in side.objects)


def adds_standbys(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether a database cluster gets more instances, which follow the primary: it stays as it is.

    They may not come at all (nodes, a quota), so nothing may wait for them.

    Source: CloudNativePG, internal/controller/cluster_scale.go; its webhook (internal/webhook/v1/cluster_webhook.go
    `validateConfiguration`) refuses standbys where parameters leave them too little to read.
    """
    if key[:2] != DATABASE_CLUSTER or difference.field != "spec.instances" or _is_waited_for(change, key):
        return False
    before, after = (integer_or_default(value, 1) for value in (difference.before, difference.after))
    specs = [side.objects.get(key, {}).get("spec") for side in (change.live, change.target)]
    set_here = [mapping_or_empty(nested_value(spec, "postgresql", "parameters")) for spec in specs]
    return 0 < before < after and not any(READ_BY_STANDBYS & each.keys() for each in set_here)


def grows_volumes(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether volumes get larger, which are resized in place while nothing waits for the cluster.

    Source: CloudNativePG, pkg/reconciler/persistentvolumeclaim/existing.go `reconcilePVCQuantity` (the claim is
    patched) and internal/controller/cluster_upgrade.go `isPodNeedingRollout` (no instance restarts for it). Where
    the API server refuses that, each reconciliation fails.
    """
    if key[:2] != DATABASE_CLUSTER or difference.field not in VOLUME_SIZES or _is_waited_for(change, key):
        return False
    if _class_forbids_growth(change, key, difference.field.split(".")[1]) or _has_bounded_claims(change, key):
        return False
    before, after = difference.before, difference.after
    return bool(before and after) and quantity_value(after) >= quantity_value(before) > 0


def _class_forbids_growth(change: Change, key: Key, part: str) -> bool:
    named = storage_class(nested_value(change.target.objects.get(key, {}), "spec", part), "storageClass")
    forms = (side.objects.get(named) for side in (change.live, change.target)) if named is not None else ()
    return any(form is not None and form.get("allowVolumeExpansion") is not True for form in forms)


def _has_bounded_claims(change: Change, key: Key) -> bool:
    """Whether a LimitRange of the folder bounds claims: one that it refuses ends every reconciliation."""
    limits = (each for each in change.target.of_kind("LimitRange") if each.namespace == key.namespace)
    specs = (mapping_or_empty(change.target.objects[each].get("spec")) for each in limits)
    return any(
        item.get("type") == "PersistentVolumeClaim" for each in specs for item in mapping_items(each.get("limits"))
    )


def gives_labels_that_nothing_selects(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether the pods, Services and claims of a cluster have other labels, by which nothing of the folder selects.

    They are written in place (CloudNativePG, pkg/reconciler/instance/metadata.go `ReconcileMetadata`).
    """
    if key[:2] != DATABASE_CLUSTER or not difference.field.startswith(INHERITED):
        return False
    old, new = (
        mapping_or_empty(nested_value(side.objects.get(key, {}), "spec", "inheritedMetadata"))
        for side in (change.live, change.target)
    )
    if {**old, "labels": None} != {**new, "labels": None}:
        return False
    labels = [mapping_or_empty(each.get("labels")) for each in (old, new)]
    names = {str(name) for name, _ in set(labels[0].items()) ^ set(labels[1].items())}
    if not names or any(isinstance(route_label(name), Unjudged) for name in names):
        return False
    others = (obj for side in (change.live, change.target) for other, obj in side.objects.items() if other != key)
    return not any(
        _speaks_of(value, names) for obj in others for name, value in obj.items() if name not in FIELDS_OF_EVERY_OBJECT
    )


def adds_roles_or_databases(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether a cluster of Zalando's operator gets a role or a database of a new name, for which no wave waits.

    They are created in the running database; one that cannot be created leaves all others as they are.

    Source: postgres-operator, pkg/cluster/cluster.go `Update` (`syncRoles`, `syncDatabases`) and k8sres.go
    `generateStatefulSet`, which reads neither.
    """
    if key[:2] != ZALANDO_CLUSTER or _is_waited_for(change, key):
        return False
    old, new = (side.objects.get(key, {}).get("spec") for side in (change.live, change.target))
    return any(
        difference.field == f"spec.{part}.{name}"
        for part in INSIDE_OF_THE_DATABASE
        for name in mapping_or_empty(nested_value(new, part)).keys() - mapping_or_empty(nested_value(old, part)).keys()
    )


def _is_waited_for(change: Change, key: Key) -> bool:
    return key in change.ops and change.stages[change.ops[key][0][0]].waits


def _speaks_of(value: Any, names: Collection[str]) -> bool:
    """Whether one of the names stands somewhere inside a value: as the name of a field, or as a text."""
    if isinstance(value, dict):
        return any(str(name) in names or _speaks_of(part, names) for name, part in value.items())
    if isinstance(value, list):
        return any(_speaks_of(part, names) for part in value)
    return isinstance(value, str) and any(name in value for name in names)
