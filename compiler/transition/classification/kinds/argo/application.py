"""Application: Argo CD, pkg/apis/application/v1alpha1/types.go. What it deploys stands in another folder."""

from __future__ import annotations

from compiler.model.classification import Inert, KindTable, Modeled, Unjudged
from compiler.transition.classification.shared.metadata import METADATA

REMEDY = (
    "render what it deploys on both sides (argocd app manifests NAME --revision REVISION) and verify the two outputs"
)
DEPLOYED = Unjudged("what the Application deploys from another folder or chart", remedy=REMEDY)
SYNCED = Unjudged("how, and whether, the Application syncs")
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
            "syncPolicy": SYNCED,
        },
        "operation": SYNCED,
    },
    appears=Unjudged(
        "what the Application deploys from another folder or chart, and whose requests these objects take",
        remedy=REMEDY,
    ),
    goes=Modeled("available: with its finalizer, all that it deployed is deleted"),
)
