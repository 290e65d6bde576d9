"""Application: Argo CD, pkg/apis/application/v1alpha1/types.go. What it deploys stands in another folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compiler.model.classification import Inert, KindTable, Modeled, Unjudged
from compiler.model.objects import mapping_or_empty
from compiler.transition.classification.shared.metadata import METADATA

REMEDY = (
    "render what it deploys on both sides (argocd app manifests NAME --revision REVISION) and verify the two outputs"
)
DEPLOYED = Unjudged("what the Application deploys from another folder or chart", remedy=REMEDY)
SYNCED = Unjudged("how, and whether, the Application syncs")


SWITCHES = ("prune", "selfHeal", "allowEmpty")
UNREAD = frozenset({"automated", "retry"})
"""Of a sync policy: `retry` says how often a failed sync is tried again (Argo CD, docs/user-guide/auto_sync.md)."""


def _syncs_otherwise(old: Any, new: Any) -> bool:
    """Whether it syncs in another way, or does more by itself from now on; an empty `automated` is one, too.

    Source: Argo CD, types.go `SyncPolicyAutomated` and `IsAutomatedSyncEnabled`; what an Application no longer does by
    itself stays as it is.
    """
    before, after = mapping_or_empty(old), mapping_or_empty(new)
    others = [
        {name: value for name, value in policy.items() if name not in UNREAD and value} for policy in (before, after)
    ]
    ways, since = (_automated(policy) for policy in (before, after))
    more = since is not None and (ways is None or any(since.get(way) and not ways.get(way) for way in SWITCHES))
    return more or others[0] != others[1]


def _automated(policy: Mapping[str, Any]) -> Mapping[str, Any] | None:
    ways = policy.get("automated")
    return ways if isinstance(ways, dict) and ways.get("enabled") is not False else None


TABLE = KindTable(
    "argoproj.io",
    "Application",
    versions=("argoproj.io/v1alpha1",),
    influence="what the Application deploys",
    fields={
        "metadata": METADATA,
        "spec": {
            "destination": DEPLOYED,
            "ignoreDifferences": SYNCED,
            "info": Inert("Argo CD, docs/user-guide: links for its user interface"),
            "project": SYNCED,
            "revisionHistoryLimit": Inert("Argo CD, types.go: how much of its history is kept"),
            "source": DEPLOYED,
            "sourceHydrator": DEPLOYED,
            "sources": DEPLOYED,
            "syncPolicy": Unjudged(
                "what the Application syncs, deletes or sets back from now on by itself", matters=_syncs_otherwise
            ),
        },
        "operation": SYNCED,
    },
    appears=Unjudged(
        "what the Application deploys from another folder or chart, and whose requests these objects take",
        remedy=REMEDY,
    ),
    goes=Modeled("available: with its finalizer, all that it deployed is deleted"),
)
