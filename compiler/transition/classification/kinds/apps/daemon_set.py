"""DaemonSet: Kubernetes, pkg/apis/apps/types.go `DaemonSetSpec`."""

from __future__ import annotations

from compiler.model.classification import Inert, KindTable, Modeled, Unjudged
from compiler.transition.classification.shared.metadata import WORKLOAD_METADATA
from compiler.transition.classification.shared.pods import POD_SPEC, POD_TEMPLATE

ON_NODES = Unjudged("on which nodes there are pods: those on others are deleted at once", alone=False)
PLACED = dict.fromkeys(("affinity", "nodeName", "nodeSelector", "tolerations"), ON_NODES)
UPDATE = Modeled("available, capacity: a pod on each node ends before the next one starts")
TABLE = KindTable(
    "apps",
    "DaemonSet",
    versions=("apps/v1", "apps/v1beta2", "extensions/v1beta1"),
    influence="how its pods are replaced",
    fields={
        "metadata": WORKLOAD_METADATA,
        "spec": {
            "minReadySeconds": Modeled("the states of an update are judged however long they last"),
            "revisionHistoryLimit": Inert(
                "Kubernetes, pkg/controller/daemon/update.go `cleanupHistory`: old revisions"
            ),
            "selector": Modeled("accepted, undisputed"),
            "template": {**POD_TEMPLATE, "spec": {**POD_SPEC, **PLACED}},
            "templateGeneration": Inert("Kubernetes, pkg/apis/extensions: written by the controller"),
            "updateStrategy": {"type": UPDATE, "rollingUpdate": {"maxSurge": UPDATE, "maxUnavailable": UPDATE}},
        },
    },
)
