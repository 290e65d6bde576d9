"""ResourceQuota: Kubernetes, pkg/quota/v1; plugin/pkg/admission/resourcequota."""

from __future__ import annotations

from compiler.model.classification import KindTable, Modeled, Unjudged
from compiler.transition.classification.shared.metadata import METADATA

SCOPE = Unjudged("which pods the quota counts")
TABLE = KindTable(
    "",
    "ResourceQuota",
    versions=("v1",),
    influence="which objects can be created",
    fields={
        "metadata": METADATA,
        "spec": {"hard": Modeled("finishes, accepted: quotas"), "scopeSelector": SCOPE, "scopes": SCOPE},
    },
    goes=Modeled("finishes, accepted: quotas"),
)
