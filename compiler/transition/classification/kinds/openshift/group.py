"""Group: OpenShift, api user/v1/types.go: which users have the rights of the group."""

from __future__ import annotations

from typing import Any

from compiler.model.classification import KindTable, Unjudged
from compiler.model.objects import list_or_empty
from compiler.transition.classification.shared.metadata import METADATA

ACCOUNTS = "system:"
"""How the names of those begin that are no people: pods, nodes, the cluster's own parts."""


def _lose_accounts(old: Any, new: Any) -> bool:
    """Whether somebody loses rights who is no person: pods, by their ServiceAccount."""
    lost = {*map(str, list_or_empty(old))} - {*map(str, list_or_empty(new))}
    return any(user.startswith(ACCOUNTS) for user in lost)


TABLE = KindTable(
    "user.openshift.io",
    "Group",
    versions=("user.openshift.io/v1",),
    influence="who has the rights of the group",
    fields={
        "metadata": METADATA,
        "users": Unjudged("what pods that call the API server may still do there", matters=_lose_accounts),
    },
)
