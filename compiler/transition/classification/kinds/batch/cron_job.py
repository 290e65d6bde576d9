"""CronJob: Kubernetes, pkg/apis/batch/types.go `CronJobSpec`.

No request goes to its pods, and no gate waits for its runs.
"""

from __future__ import annotations

from compiler.model.classification import Inert, KindTable, Modeled, Unjudged
from compiler.transition.classification.shared.metadata import METADATA
from compiler.transition.classification.shared.pods import JOB_TEMPLATE

RUNS = Inert("Argo CD, resource_customizations/batch/CronJob/health.lua: no gate depends on its runs")
TABLE = KindTable(
    "batch",
    "CronJob",
    versions=("batch/v1", "batch/v1beta1", "batch/v2alpha1"),
    influence="what its runs do",
    fields={
        "metadata": METADATA,
        "spec": {
            "concurrencyPolicy": RUNS,
            "failedJobsHistoryLimit": RUNS,
            "jobTemplate": {
                "metadata": METADATA,
                "spec": {
                    **dict.fromkeys(
                        (
                            "activeDeadlineSeconds", "backoffLimit", "backoffLimitPerIndex", "completionMode",
                            "completions", "managedBy", "manualSelector", "maxFailedIndexes", "parallelism",
                            "podFailurePolicy", "podReplacementPolicy", "scheduling", "selector", "successPolicy",
                            "suspend", "ttlSecondsAfterFinished",
                        ),
                        RUNS,
                    ),
                    "template": {**JOB_TEMPLATE, "spec": Modeled("accepted, config")},
                },
            },
            "schedule": RUNS,
            "startingDeadlineSeconds": RUNS,
            "successfulJobsHistoryLimit": RUNS,
            "suspend": Unjudged(
                "whether a wave that waits for it ever ends (Argo CD, CronJob/health.lua: Suspended)", gated=True
            ),
            "timeZone": RUNS,
        },
    },
)  # fmt: skip
