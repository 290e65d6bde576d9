"""ReplicationController: Kubernetes, pkg/apis/core/types.go `ReplicationControllerSpec`."""

from __future__ import annotations

from compiler.model.classification import KindTable, Modeled
from compiler.transition.classification.shared.metadata import WORKLOAD_METADATA
from compiler.transition.classification.shared.pods import POD_TEMPLATE

TABLE = KindTable(
    "",
    "ReplicationController",
    versions=("v1",),
    influence="how its pods are replaced",
    fields={
        "metadata": WORKLOAD_METADATA,
        "spec": {
            "minReadySeconds": Modeled("its states are judged however long they last"),
            "replicas": Modeled("capacity, available"),
            "selector": Modeled("undisputed"),
            "template": POD_TEMPLATE,
        },
    },
)
