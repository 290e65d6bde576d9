"""PersistentVolumeClaim: Kubernetes, pkg/apis/core/validation `ValidatePersistentVolumeClaimUpdate`."""

from __future__ import annotations

from compiler.model.classification import KindTable, Modeled
from compiler.transition.classification.shared.metadata import METADATA

FIXED = Modeled("accepted: it cannot be changed; config, finishes: whether pods find the claim, and it binds")
TABLE = KindTable(
    "",
    "PersistentVolumeClaim",
    versions=("v1",),
    influence="whether pods get their volume",
    fields={
        "metadata": METADATA,
        "spec": dict.fromkeys(
            (
                "accessModes", "dataSource", "dataSourceRef", "resources", "selector", "storageClassName",
                "volumeAttributesClassName", "volumeMode", "volumeName",
            ),
            FIXED,
        ),
    },
)  # fmt: skip
