"""Rollout: Argo Rollouts, pkg/apis/rollouts/v1alpha1/types.go `RolloutSpec`; defaults: utils/defaults/defaults.go."""

from __future__ import annotations

from typing import Any

from compiler.model.classification import FieldTable, Inert, Items, KindTable, Modeled, Unjudged
from compiler.transition.classification.shared.metadata import WORKLOAD_METADATA
from compiler.transition.classification.shared.pods import POD_TEMPLATE

STEERED = Unjudged("which version gets which share of the requests, and when")
ANALYZED = Unjudged("whether and when the update continues")
KEPT_WHILE_SWITCHING = Unjudged("how long the pods that lost their requests stay", default=30)
KEPT_AFTER_ABORT = Unjudged("how long the pods of an aborted update stay", default=30)


def _comes(_old: Any, new: Any) -> bool:
    """Whether an update has such a step from now on."""
    return new is not None


STEPPED = Modeled("unblocked: whether a person promotes; the states between")
STEP: FieldTable = {
    "analysis": STEPPED,
    "experiment": Unjudged("which other pods an update makes, and what share of the requests they get", matters=_comes),
    "pause": STEPPED,
    "plugin": Unjudged("what the plugin does during an update", matters=_comes),
    "setCanaryScale": STEPPED,
    "setHeaderRoute": Unjudged("whether requests with the header get to pods that are ready", matters=_comes),
    "setMirrorRoute": Unjudged("which requests the new version gets besides", matters=_comes),
    "setWeight": STEPPED,
}
CANARY: FieldTable = {
    "abortScaleDownDelaySeconds": KEPT_AFTER_ABORT,
    "scaleDownDelaySeconds": KEPT_WHILE_SWITCHING,
    "dynamicStableScale": Unjudged("how many pods of the old version stay during an update", default=False),
    "maxUnavailable": Modeled("available, capacity: how many pods an update takes away"),
    "maxSurge": Modeled("the states of an update are judged however many pods it adds"),
    "steps": Items(STEP, by=()),
}
BLUE_GREEN: FieldTable = {
    "autoPromotionEnabled": Modeled("unblocked: whether a person promotes"),
    "activeService": STEERED,
    "abortScaleDownDelaySeconds": KEPT_AFTER_ABORT,
    "scaleDownDelaySeconds": KEPT_WHILE_SWITCHING,
}
TABLE = KindTable(
    "argoproj.io",
    "Rollout",
    versions=("argoproj.io/v1alpha1",),
    influence="how its pods are replaced, and who gets requests meanwhile",
    fields={
        "metadata": WORKLOAD_METADATA,
        "spec": {
            "analysis": Inert("Argo Rollouts, docs/features/analysis.md: how many runs are kept"),
            "minReadySeconds": Modeled("the states of an update are judged however long they last"),
            "paused": Modeled("finishes: it never becomes Healthy"),
            "progressDeadlineAbort": Unjudged("whether and when the update continues", default=False),
            "progressDeadlineSeconds": Modeled("unblocked"),
            "replicas": Modeled("capacity, available, undisputed"),
            "restartAt": Unjudged("when all its pods are replaced"),
            "revisionHistoryLimit": Inert("Argo Rollouts, rollout/sync.go: old ReplicaSets, which are empty"),
            "rollbackWindow": ANALYZED,
            "selector": Modeled("undisputed"),
            "strategy": {"canary": CANARY, "blueGreen": BLUE_GREEN},
            "template": POD_TEMPLATE,
            "workloadRef": Unjudged("whose pod template it uses", alone=False),
        },
    },
)
