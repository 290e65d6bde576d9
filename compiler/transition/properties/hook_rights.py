"""Rights that only the pods of hooks use: nobody misses them while a sync deletes them and creates them again.

Charts bring them for the Jobs that write a webhook's certificate (ingress-nginx, charts/ingress-nginx/templates/
admission-webhooks/job-patch; kube-prometheus-stack, templates/prometheus-operator/admission-webhooks/job-patch).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from compiler.model.manifest import Object
from compiler.model.objects import Key, mapping_items, mapping_or_empty
from compiler.transition.properties.config import BATCH_TEMPLATES
from compiler.transition.sync.change import Change

ROLES: Final = ("ClusterRole", "Role")
BINDINGS: Final = ("ClusterRoleBinding", "RoleBinding")
AGGREGATED: Final = "rbac.authorization.k8s.io/aggregate-to-"
ACCOUNT_FIELDS: Final = ("serviceAccountName", "serviceAccount")


def only_hooks_use(change: Change, key: Key) -> bool:
    """Whether the object is a role or a binding, and all whom it gives rights are accounts of pods that end."""
    if key.kind not in (*ROLES, *BINDINGS):
        return False
    sides = [snapshot.objects for snapshot in (change.live, change.target)]
    bindings = [obj for objects in sides for other, obj in objects.items() if _gives(key, other, obj)]
    subjects = [subject for binding in bindings for subject in mapping_items(binding.get("subjects"))]
    accounts = {str(each.get("name")) for each in subjects}
    known = {other.name for objects in sides for other in objects if other.kind == "ServiceAccount"}
    used = {
        name for objects in sides for other, obj in objects.items() if other.kind not in BATCH_TEMPLATES
        for name in _accounts_of(obj)
    }  # fmt: skip
    pods_alone = all(each.get("kind") == "ServiceAccount" for each in subjects)
    return bool(accounts) and pods_alone and accounts <= known - used and not _is_aggregated(sides[1][key])


def _gives(key: Key, other: Key, obj: Object) -> bool:
    """Whether `other` is the binding itself, or one of the role."""
    reference = mapping_or_empty(obj.get("roleRef"))
    binds = other.kind in BINDINGS and (reference.get("kind"), reference.get("name")) == (key.kind, key.name)
    return other == key if key.kind in BINDINGS else binds


def _is_aggregated(role: Object) -> bool:
    """Whether other roles take its rights over (Kubernetes, docs/reference/access-authn-authz/rbac.md)."""
    labels = mapping_or_empty(mapping_or_empty(role.get("metadata")).get("labels"))
    return any(str(name).startswith(AGGREGATED) for name in labels)


def _accounts_of(value: Any) -> Iterator[str]:
    """The ServiceAccounts that an object names for its pods, at any depth."""
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            yield from (str(item[name]) for name in ACCOUNT_FIELDS if isinstance(item.get(name), str))
        pending += item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
