"""Pooler: CloudNativePG, api/v1/pooler_types.go. Its operator makes a Deployment of PgBouncer, and a Service."""

from __future__ import annotations

from compiler.model.classification import Inert, KindTable, Unjudged
from compiler.transition.classification.shared.metadata import ROUTE_METADATA

REMEDY = "see in CloudNativePG's documentation whether the change restarts PgBouncer, and whether clients reconnect"
POOLED = Unjudged("whether clients reach the database: PgBouncer may restart", alone=False, remedy=REMEDY)
SCRAPED = Inert("CloudNativePG, docs/src/connection_pooling.md: what is scraped")
TABLE = KindTable(
    "postgresql.cnpg.io",
    "Pooler",
    versions=("postgresql.cnpg.io/v1",),
    influence="whether clients reach the database",
    fields={
        "metadata": ROUTE_METADATA,
        "spec": {
            **dict.fromkeys(
                (
                    "cluster", "deploymentStrategy", "instances", "pgbouncer", "serviceAccountName", "serviceTemplate",
                    "template", "type",
                ),
                POOLED,
            ),
            "monitoring": {
                **dict.fromkeys(
                    ("enablePodMonitor", "podMonitorMetricRelabelings", "podMonitorRelabelings"), SCRAPED
                ),
                "tls": POOLED,
            },
        },
    },
    appears=Unjudged("whether PgBouncer gets ready", gated=True),
    goes=Unjudged("which clients still call it: its pods and its Service are deleted with it"),
)  # fmt: skip
