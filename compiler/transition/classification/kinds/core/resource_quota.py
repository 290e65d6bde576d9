"""ResourceQuota: Kubernetes, pkg/quota/v1; plugin/pkg/admission/resourcequota."""

from __future__ import annotations

from compiler.model.classification import KindTable, Modelled, Unjudged
from compiler.transition.classification.shared.metadata import METADATA

SCOPE = Unjudged("which pods the quota counts")
TABLE = KindTable(
    "",
    "ResourceQuota",
    versions=("v1",),
    influence="which objects can be made",
    fields={
        "metadata": METADATA,
        "spec": {"hard": Modelled("finishes, accepted: quotas"), "scopeSelector": SCOPE, "scopes": SCOPE},
    },
    goes=Modelled("finishes, accepted: quotas"),
)
