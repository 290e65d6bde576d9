"""LimitRange: Kubernetes, plugin/pkg/admission/limitranger/admission.go."""

from __future__ import annotations

from compiler.model.classification import Items, KindTable, Modeled, Unjudged
from compiler.transition.classification.shared.metadata import METADATA

LIMITS = Modeled("finishes, accepted: limit ranges")
GIVEN = Unjudged("which defaults new pods get (whether quotas and limits are met is judged)", alone=False)
TABLE = KindTable(
    "",
    "LimitRange",
    versions=("v1",),
    influence="which pods can be created",
    fields={
        "metadata": METADATA,
        "spec": {
            "limits": Items(
                {
                    "default": GIVEN,
                    "defaultRequest": GIVEN,
                    "max": LIMITS,
                    "maxLimitRequestRatio": LIMITS,
                    "min": LIMITS,
                    "type": LIMITS,
                },
                by=("type",),
            )
        },
    },
    goes=LIMITS,
)
