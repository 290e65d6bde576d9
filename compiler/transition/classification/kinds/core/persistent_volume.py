"""PersistentVolume: Kubernetes, pkg/apis/core/validation `ValidatePersistentVolumeUpdate` and pkg/controller/volume.

A volume that a claim holds is not deleted before the claim (pvprotection/pv_protection_controller.go `isBeingUsed`).
"""

from __future__ import annotations

from compiler.model.classification import Inert, KindTable, Modeled, Unjudged
from compiler.transition.classification.shared.metadata import METADATA

STORED = "whether pods get their volumes"
FIXED = Modeled("accepted: it cannot be changed")
SOURCES = (
    "awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "csi", "fc", "flexVolume", "flocker",
    "gcePersistentDisk", "glusterfs", "hostPath", "iscsi", "local", "nfs", "photonPersistentDisk", "portworxVolume",
    "quobyte", "rbd", "scaleIO", "storageos", "vsphereVolume",
)  # fmt: skip
"""Where the data are (Kubernetes, pkg/apis/core/types.go `PersistentVolumeSource`)."""
TABLE = KindTable(
    "",
    "PersistentVolume",
    versions=("v1",),
    influence=STORED,
    fields={
        "metadata": METADATA,
        "spec": {
            **dict.fromkeys(SOURCES, FIXED),
            "accessModes": Unjudged("how many nodes may mount the volume at once"),
            "capacity": Unjudged("whether its claim is resized"),
            "claimRef": Unjudged("which claim holds the volume"),
            "mountOptions": Unjudged("whether pods that start can mount the volume"),
            "nodeAffinity": Unjudged("on which nodes pods with the volume can run"),
            "persistentVolumeReclaimPolicy": Inert(
                "Kubernetes, pkg/controller/volume/persistentvolume `reclaimVolume`: read once its claim is deleted"
            ),
            "storageClassName": Unjudged("which claims may take the volume"),
            "volumeAttributesClassName": Unjudged("how fast the volume is"),
            "volumeMode": FIXED,
        },
    },
    appears=Unjudged("whether something of an earlier wave waits for the volume"),
    goes=Unjudged(
        "whether a claim that stays holds the volume: its deletion does not end before the claim is deleted",
        remedy="delete the claim together with the volume, or keep the volume (argocd.argoproj.io/sync-options: "
        "Prune=false)",
    ),
)
