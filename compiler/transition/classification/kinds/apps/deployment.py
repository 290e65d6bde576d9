"""Deployment: Kubernetes, pkg/apis/apps/types.go `DeploymentSpec`."""

from __future__ import annotations

from compiler.model.classification import Inert, KindTable, Modeled
from compiler.transition.classification.shared.metadata import WORKLOAD_METADATA
from compiler.transition.classification.shared.pods import POD_TEMPLATE

ROLLOUT = Modeled("available, capacity: the states of the rollout")
TABLE = KindTable(
    "apps",
    "Deployment",
    versions=("apps/v1", "apps/v1beta2", "apps/v1beta1", "extensions/v1beta1"),
    influence="how its pods are replaced",
    fields={
        "metadata": WORKLOAD_METADATA,
        "spec": {
            "minReadySeconds": Modeled("accepted; the states of a rollout are judged however long they last"),
            "paused": Modeled("finishes: it never becomes Healthy"),
            "progressDeadlineSeconds": Modeled("unblocked"),
            "replicas": Modeled("capacity, available, undisputed"),
            "revisionHistoryLimit": Inert(
                "Kubernetes, pkg/controller/deployment/sync.go `cleanupDeployment`: old ReplicaSets, which are empty"
            ),
            "rollbackTo": Inert("Kubernetes, pkg/apis/extensions: gone since 1.16"),
            "selector": Modeled("accepted, undisputed"),
            "strategy": {"type": ROLLOUT, "rollingUpdate": {"maxSurge": ROLLOUT, "maxUnavailable": ROLLOUT}},
            "template": POD_TEMPLATE,
        },
    },
)
