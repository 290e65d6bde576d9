"""ObjectStore of the Barman Cloud plugin of CloudNativePG, api/v1/objectstore_types.go. A Cluster names it."""

from __future__ import annotations

import re
from typing import Any

from compiler.model.classification import Inert, KindTable, Unjudged
from compiler.transition.classification.shared.metadata import METADATA

REMEDY = "see in the database's log that it still archives its WAL files after the commit"
ARCHIVED = Unjudged(
    "where WAL files are archived, and from where clusters are restored and replicas read", alone=False, remedy=REMEDY
)
SIDECAR = Unjudged("whether instances of the database restart: their sidecar changes", alone=False, remedy=REMEDY)
EXPIRED = Inert("plugin-barman-cloud, internal/cnpgi/instance/retention.go: which old backups are deleted, and when")
WINDOW = re.compile(r"[1-9][0-9]*[dwm]")
"""Source: plugin-barman-cloud, api/v1/objectstore_types.go, the pattern of `RetentionPolicy`."""


def _is_no_window(_old: Any, new: Any) -> bool:
    return new is not None and not WINDOW.fullmatch(str(new))


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
            "retentionPolicy": Unjudged(
                "whether the API server takes it: it wants a number of days, weeks or months (`30d`)",
                matters=_is_no_window,
                alone=False,
            ),
        },
    },
    goes=Unjudged("which databases still archive their WAL files in it"),
)
