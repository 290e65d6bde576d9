"""ResourceQuota: Kubernetes, pkg/quota/v1; plugin/pkg/admission/resourcequota."""

from __future__ import annotations

from compiler.model.classification import KindTable, Modeled
from compiler.transition.classification.shared.metadata import METADATA

QUOTAS = Modeled("finishes, accepted: quotas")
TABLE = KindTable(
    "",
    "ResourceQuota",
    versions=("v1",),
    influence="which objects can be created",
    fields={
        "metadata": METADATA,
        "spec": {"hard": QUOTAS, "scopeSelector": QUOTAS, "scopes": QUOTAS},
    },
    goes=QUOTAS,
)
