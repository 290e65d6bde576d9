"""StatefulSet: Kubernetes, pkg/apis/apps/types.go `StatefulSetSpec`."""

from __future__ import annotations

from compiler.model.classification import Inert, KindTable, Modeled, Unjudged
from compiler.transition.classification.shared.metadata import WORKLOAD_METADATA
from compiler.transition.classification.shared.pods import POD_TEMPLATE

UPDATE = Modeled("available, capacity: one ordinal after another")
TABLE = KindTable(
    "apps",
    "StatefulSet",
    versions=("apps/v1", "apps/v1beta2", "apps/v1beta1"),
    influence="how its pods are replaced",
    fields={
        "metadata": WORKLOAD_METADATA,
        "spec": {
            "minReadySeconds": Modeled("the states of an update are judged however long they last"),
            "ordinals": Unjudged("which of its pods are deleted and made under another name", alone=False),
            "persistentVolumeClaimRetentionPolicy": Inert(
                "Kubernetes, docs/concepts/workloads/controllers/statefulset.md: volumes of pods that are gone"
            ),
            "podManagementPolicy": Modeled("accepted: it cannot be changed"),
            "replicas": Modeled("capacity, available, undisputed"),
            "revisionHistoryLimit": Inert("Kubernetes, pkg/controller/statefulset `truncateHistory`: old revisions"),
            "selector": Modeled("accepted, undisputed"),
            "serviceName": Modeled("accepted: it cannot be changed"),
            "template": POD_TEMPLATE,
            "updateStrategy": {"type": UPDATE, "rollingUpdate": {"maxUnavailable": UPDATE, "partition": UPDATE}},
            "volumeClaimTemplates": Modeled("accepted: they cannot be changed"),
        },
    },
)
