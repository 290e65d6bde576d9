"""PersistentVolumeClaim: Kubernetes, pkg/apis/core/validation `ValidatePersistentVolumeClaimUpdate`."""

from __future__ import annotations

from compiler.model.classification import Entries, KindTable, Modeled, Unjudged
from compiler.model.quantity import quantity_value
from compiler.transition.classification.shared.metadata import METADATA

FIXED = Modeled("accepted: it cannot be changed; config, finishes: whether pods find the claim, and it binds")
GROWN = Unjudged(
    "whether its StorageClass, in no folder, lets claims grow (allowVolumeExpansion)",
    matters=lambda old, new: bool(old and new) and quantity_value(new) > quantity_value(old),
    alone=False,
)
TABLE = KindTable(
    "",
    "PersistentVolumeClaim",
    versions=("v1",),
    influence="whether pods get their volume",
    fields={
        "metadata": METADATA,
        "spec": {
            **dict.fromkeys(
                (
                    "accessModes", "dataSource", "dataSourceRef", "selector", "storageClassName",
                    "volumeAttributesClassName", "volumeMode", "volumeName",
                ),
                FIXED,
            ),
            "resources": {"requests": Entries(lambda name: GROWN if name == "storage" else FIXED), "limits": FIXED},
        },
    },
)  # fmt: skip
