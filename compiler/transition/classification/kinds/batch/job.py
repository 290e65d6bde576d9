"""Job: Kubernetes, pkg/apis/batch/types.go `JobSpec`. No request goes to its pods; a gate may wait for it."""

from __future__ import annotations

from compiler.model.classification import Inert, KindTable, Modeled
from compiler.transition.classification.shared.metadata import METADATA
from compiler.transition.classification.shared.pods import JOB_TEMPLATE

GATE = Modeled("finishes, unblocked: a gate waits for the Job, which may fail or never end")
TABLE = KindTable(
    "batch",
    "Job",
    versions=("batch/v1",),
    influence="whether the Job ends",
    fields={
        "metadata": METADATA,
        "spec": {
            "activeDeadlineSeconds": GATE,
            "backoffLimit": GATE,
            "backoffLimitPerIndex": GATE,
            "completionMode": Modeled("accepted: it cannot be changed"),
            "completions": Modeled("accepted: most changes are refused"),
            "managedBy": GATE,
            "manualSelector": Modeled("accepted: it cannot be changed"),
            "maxFailedIndexes": GATE,
            "parallelism": GATE,
            "podFailurePolicy": GATE,
            "podReplacementPolicy": GATE,
            "scheduling": GATE,
            "selector": Modeled("accepted: it cannot be changed"),
            "successPolicy": GATE,
            "suspend": Modeled("finishes: it never ends"),
            "template": JOB_TEMPLATE,
            "ttlSecondsAfterFinished": Inert("Kubernetes, pkg/controller/ttlafterfinished: once it has ended"),
        },
    },
)
