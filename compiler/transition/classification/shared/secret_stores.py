"""What the stores of external-secrets have in common, of a namespace or of the cluster.

Source: external-secrets, apis/externalsecrets/v1/secretstore_types.go and docs/api/secretstore.md.
"""

from __future__ import annotations

from compiler.model.classification import Inert, KindTable, Unjudged
from compiler.transition.classification.shared.metadata import METADATA

FETCHED = "which values its ExternalSecrets fetch from now on, and whether they can"
TRIED = Inert("external-secrets, docs/api/secretstore.md: how often the store is checked, and tried again")
REMEDY = "look at what the new store holds, or add the changed store under a new name and move one ExternalSecret first"


def store_table(kind: str) -> KindTable:
    """The table of a store of this kind."""
    return KindTable(
        "external-secrets.io",
        kind,
        versions=("external-secrets.io/v1", "external-secrets.io/v1beta1"),
        influence=FETCHED,
        fields={
            "metadata": METADATA,
            "spec": {
                "conditions": Unjudged("from which namespaces the store is read"),
                "controller": Unjudged("which controller serves the store"),
                "provider": Unjudged(FETCHED, remedy=REMEDY),
                "refreshInterval": TRIED,
                "retrySettings": TRIED,
            },
        },
        appears=Unjudged("whether the store gets ready", gated=True),
        goes=Unjudged("whose values are no longer fetched"),
    )
