"""Rights that nobody misses: those that only pods of hooks use, while a sync deletes them and creates them again,
those that go together with all pods that have them, and those of people.

Charts bring them for the Jobs that write a webhook's certificate (ingress-nginx, charts/ingress-nginx/templates/
admission-webhooks/job-patch; kube-prometheus-stack, templates/prometheus-operator/admission-webhooks/job-patch).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from compiler.model.manifest import Object
from compiler.model.objects import Key, label_selector_accepts, mapping_items, mapping_or_empty, object_labels
from compiler.transition.facts.pods import BATCH_TEMPLATES
from compiler.transition.sync.account_rights import BINDINGS
from compiler.transition.sync.change import Change

ROLES: Final = ("ClusterRole", "Role")
PEOPLE: Final = ("Group", "User")
AGGREGATED: Final = "rbac.authorization.k8s.io/aggregate-to-"
ACCOUNT_FIELDS: Final = ("serviceAccountName", "serviceAccount")
Account = tuple[str, str]
"""Its namespace and its name."""


def only_hooks_use(change: Change, key: Key) -> bool:
    """Whether the object is a role or a binding, and all whom it gives rights are accounts of pods that end."""
    if key.distinct_kind not in (*ROLES, *BINDINGS):
        return False
    sides = [snapshot.objects for snapshot in (change.live, change.target)]
    accounts = _accounts_given_rights(sides, key)
    known = {account for objects in sides for account in _accounts_among(objects)}
    used = {
        account for objects in sides for other, obj in objects.items() if other.distinct_kind not in BATCH_TEMPLATES
        for account in _accounts_of(other, obj)
    }  # fmt: skip
    return bool(accounts) and accounts <= known - used and not _is_aggregated(sides[1], key)


def go_with_their_pods(change: Change, key: Key) -> bool:
    """Whether a role or a binding is deleted with the accounts that it gives rights, and with all their pods.

    Pods behind a Service that stays serve until others take their place: they miss the rights meanwhile.
    """
    live, target = change.live.objects, change.target.objects
    if key.distinct_kind not in (*ROLES, *BINDINGS) or key in target or _is_aggregated(live, key):
        return False
    accounts = _accounts_given_rights([live], key)
    gone = {*_accounts_among(live)} - {*_accounts_among(target)}
    still_named = any(accounts & {*_accounts_of(other, obj)} for other, obj in target.items())
    users = [pods for other, pods in change.live.workloads.items() if accounts & {*_accounts_of(other, live[other])}]
    services = [facts for other, facts in change.live.services.items() if other in change.target.services]
    serving = any(
        facts.key.namespace == pods.key.namespace and facts.takes(pods.template) for pods in users for facts in services
    )
    return bool(accounts) and accounts <= gone and not still_named and not serving


def are_of_people(change: Change, key: Key) -> bool:
    """Whether a role or a binding gives rights to users and groups alone, of which none stands for pods or the cluster.

    Source: Kubernetes, docs/reference/access-authn-authz/rbac.md ("Referring to subjects": the prefix `system:`).
    """
    objects = [snapshot.objects for snapshot in (change.live, change.target)]
    if key.distinct_kind not in (*ROLES, *BINDINGS) or any(_is_aggregated(each, key) for each in objects):
        return False
    subjects = [
        subject
        for bound in objects
        for other, obj in bound.items()
        if _gives(key, other, obj) and key.namespace in ("", other.namespace)
        for subject in mapping_items(obj.get("subjects"))
    ]
    return bool(subjects) and all(
        each.get("kind") in PEOPLE and not str(each.get("name")).startswith("system:") for each in subjects
    )


def are_given_by_another_binding(change: Change, key: Key) -> bool:
    """Whether a binding is deleted while another one, of the same role, gives all of its subjects the same rights."""
    if key.distinct_kind not in BINDINGS or key in change.target.objects:
        return False
    old, cut = change.live.objects[key], change.deleted_at(key)
    for other in change.target.of_kind(key.distinct_kind):
        snapshot = change.snapshot_of(other, cut)
        new = {} if snapshot is None or other.namespace != key.namespace else snapshot.objects[other]
        subjects = list(mapping_items(new.get("subjects")))
        if new.get("roleRef") == old.get("roleRef") and all(
            each in subjects for each in mapping_items(old.get("subjects"))
        ):
            return True
    return False


def _accounts_given_rights(sides: Sequence[Mapping[Key, Object]], key: Key) -> frozenset[Account]:
    """The ServiceAccounts that the role or binding gives rights; empty where it gives them to anybody else too."""
    bindings = [(other, obj) for objects in sides for other, obj in objects.items() if _gives(key, other, obj)]
    subjects = [(other.namespace, each) for other, obj in bindings for each in mapping_items(obj.get("subjects"))]
    pods_alone = all(each.get("kind") == "ServiceAccount" for _, each in subjects)
    accounts = ((str(each.get("namespace") or namespace), str(each.get("name"))) for namespace, each in subjects)
    return frozenset(accounts) if pods_alone else frozenset()


def _accounts_among(objects: Mapping[Key, Object]) -> Iterator[Account]:
    return ((key.namespace, key.name) for key in objects if key.distinct_kind == "ServiceAccount")


def _gives(key: Key, other: Key, obj: Object) -> bool:
    """Whether `other` is the binding itself, or one of the role."""
    reference = mapping_or_empty(obj.get("roleRef"))
    binds = other.distinct_kind in BINDINGS and (reference.get("kind"), reference.get("name")) == (key.kind, key.name)
    return other == key if key.kind in BINDINGS else binds


def _is_aggregated(objects: Mapping[Key, Object], key: Key) -> bool:
    """Whether other roles take its rights over (Kubernetes, docs/reference/access-authn-authz/rbac.md)."""
    labels = object_labels(objects.get(key, {}))
    if any(name.startswith(AGGREGATED) for name in labels):
        return True
    rules = (
        obj.get("aggregationRule") for other, obj in objects.items() if labels and other.distinct_kind == "ClusterRole"
    )
    selectors = (each for rule in rules for each in mapping_items(mapping_or_empty(rule).get("clusterRoleSelectors")))
    return key.kind == "ClusterRole" and any(label_selector_accepts(each, labels) for each in selectors)


def _accounts_of(key: Key, obj: Object) -> Iterator[Account]:
    """The ServiceAccounts that an object names for its pods, at any depth."""
    pending: list[Any] = [obj]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            names = (item[name] for name in ACCOUNT_FIELDS if isinstance(item.get(name), str))
            yield from ((key.namespace, name) for name in names)
        pending += item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
