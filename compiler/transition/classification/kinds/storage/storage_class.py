"""StorageClass: Kubernetes, pkg/apis/storage/validation `ValidateStorageClassUpdate`."""

from __future__ import annotations

from compiler.model.classification import Inert, KindTable, Modeled, Unjudged
from compiler.transition.classification.shared.metadata import METADATA

FIXED = Modeled("accepted: it cannot be changed")
NEW_VOLUMES = Unjudged("whether new claims get their volume", alone=False)
TABLE = KindTable(
    "storage.k8s.io",
    "StorageClass",
    versions=("storage.k8s.io/v1", "storage.k8s.io/v1beta1"),
    influence="whether claims get their volume",
    fields={
        "metadata": METADATA,
        "allowVolumeExpansion": Inert("Kubernetes, docs/concepts/storage/storage-classes.md: whether claims may grow"),
        "allowedTopologies": NEW_VOLUMES,
        "mountOptions": NEW_VOLUMES,
        "parameters": FIXED,
        "provisioner": FIXED,
        "reclaimPolicy": FIXED,
        "volumeBindingMode": Modeled("accepted: it cannot be changed; finishes: when claims bind"),
    },
    goes=Unjudged("whether new claims get their volume"),
)
