"""What accounts of pods may do at the API server, as far as the bindings and roles of one set of objects say it.

Source: Kubernetes, docs/reference/access-authn-authz/rbac.md ("Referring to subjects"; what nothing allows is
forbidden).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final

from compiler.model.objects import Key, list_or_empty, mapping_items, mapping_or_empty
from compiler.transition.facts.pods import Template
from compiler.transition.sync.existence import referenced_key
from compiler.transition.sync.snapshot import Snapshot

RBAC: Final = "rbac.authorization.k8s.io"
BINDINGS: Final = ("ClusterRoleBinding", "RoleBinding")
WRITING: Final = frozenset({"*", "create", "patch", "update"})
READING_ROLES: Final = frozenset({"view"})
"""Roles of every cluster that let nobody write; of others that no folder has, nobody knows what they allow."""
Subject = tuple[str, str, str]
"""Its kind, its namespace (empty: a user or a group) and its name."""


def account_of_pods(key: Key, template: Template) -> Key | None:
    """The account that pods of the template name; None: that of their namespace."""
    accounts = (referenced_key(key, ref) for ref in template.needs if ref.kind == "ServiceAccount")
    return next(accounts, None)


def bindings_in(snapshot: Snapshot) -> Iterator[Key]:
    """All bindings."""
    return (key for kind in BINDINGS for key in snapshot.of_kind(kind))


def bound_role(snapshot: Snapshot, binding: Key) -> Key:
    """The role that a binding gives."""
    reference = mapping_or_empty(snapshot.objects[binding].get("roleRef"))
    kind = str(reference.get("kind"))
    return Key(RBAC, kind, binding.namespace if kind == "Role" else "", str(reference.get("name")))


def is_bound(snapshot: Snapshot, binding: Key, account: Key) -> bool:
    """Whether the binding is there and names the account, by its name or by a group that it is in."""
    place, name = account.namespace, account.name
    groups = ("system:authenticated", "system:serviceaccounts", f"system:serviceaccounts:{place}")
    own = {
        ("ServiceAccount", place, name),
        ("User", "", f"system:serviceaccount:{place}:{name}"),
        *(("Group", "", group) for group in groups),
    }
    return binding in snapshot.objects and not own.isdisjoint(subjects_of(snapshot, binding))


def subjects_of(snapshot: Snapshot, binding: Key) -> set[Subject]:
    """All whom a binding gives its role."""
    return {
        (
            str(each.get("kind")),
            str(each.get("namespace", binding.namespace)) if each.get("kind") == "ServiceAccount" else "",
            str(each.get("name")),
        )
        for each in mapping_items(snapshot.objects[binding].get("subjects"))
    }


def may_write(snapshot: Snapshot, account: Key, resources: Collection[str]) -> bool:
    """Whether a binding of these objects lets the account write one of the resources of the core group."""
    roles = (bound_role(snapshot, each) for each in bindings_in(snapshot) if is_bound(snapshot, each, account))
    return any(_lets_write(snapshot, role, {"*", *resources}) for role in roles)


def _lets_write(snapshot: Snapshot, role: Key, resources: Collection[str]) -> bool:
    if role not in snapshot.objects:
        return role.name not in READING_ROLES
    return any(
        _lists_any(rule, "apiGroups", ("", "*"))
        and _lists_any(rule, "resources", resources)
        and _lists_any(rule, "verbs", WRITING)
        for rule in mapping_items(snapshot.objects[role].get("rules"))
    )


def _lists_any(rule: Any, field: str, wanted: Collection[str]) -> bool:
    return any(str(each) in wanted for each in list_or_empty(rule.get(field)))
