"""ObjectStore of the Barman Cloud plugin of CloudNativePG, api/v1/objectstore_types.go. A Cluster names it."""

from __future__ import annotations

from compiler.model.classification import Inert, KindTable, Unjudged
from compiler.transition.classification.shared.metadata import METADATA

REMEDY = "see in the database's log that it still archives its WAL files after the commit"
ARCHIVED = Unjudged(
    "where WAL files are archived, and from where clusters are restored and replicas read", alone=False, remedy=REMEDY
)
SIDECAR = Unjudged("whether instances of the database restart: their sidecar changes", alone=False, remedy=REMEDY)
EXPIRED = Inert("plugin-barman-cloud, internal/cnpgi/instance/retention.go: which old backups are deleted, and when")
TABLE = KindTable(
    "barmancloud.cnpg.io",
    "ObjectStore",
    versions=("barmancloud.cnpg.io/v1",),
    influence="where backups and WAL files of a database are",
    fields={
        "metadata": METADATA,
        "spec": {
            "configuration": ARCHIVED,
            "instanceSidecarConfiguration": {
                **dict.fromkeys(("additionalContainerArgs", "env", "logLevel", "resources"), SIDECAR),
                "retentionPolicyIntervalSeconds": EXPIRED,
            },
            "retentionPolicy": EXPIRED,
        },
    },
    goes=Unjudged("which databases still archive their WAL files in it"),
)
