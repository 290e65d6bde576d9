"""ReplicationController: Kubernetes, pkg/apis/core/types.go `ReplicationControllerSpec`."""

from __future__ import annotations

from compiler.model.classification import KindTable, Modelled
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
            "minReadySeconds": Modelled("its states are judged however long they last"),
            "replicas": Modelled("capacity, available"),
            "selector": Modelled("undisputed"),
            "template": POD_TEMPLATE,
        },
    },
)
