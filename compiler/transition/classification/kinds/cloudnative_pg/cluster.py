"""Cluster: CloudNativePG, api/v1/cluster_types.go. Its operator makes the pods of the database and the Services.

What changes the pods restarts the instances one by one and moves the primary (docs/src/rolling_update.md,
pkg/specs/podspec_diff.go): clients lose their connections, and whether they come back is not simulated.
"""

from __future__ import annotations

from compiler.model.classification import Inert, KindTable, Unjudged
from compiler.transition.classification.shared.metadata import ROUTE_METADATA

REMEDY = "see in CloudNativePG's documentation whether the change restarts instances, and whether clients reconnect"
SERVED = "whether the database stays reachable: its instances may restart, and its primary may move"
RESTARTED = Unjudged(SERVED, alone=False, remedy=REMEDY)
CONFIGURED = Unjudged("how the database answers its clients", alone=False, remedy=REMEDY)
REPLICATED = Unjudged("whether writes wait for standbys, and which data they have", alone=False, remedy=REMEDY)
STOPPED = Unjudged("how long instances take to stop and start", alone=False, remedy=REMEDY)
MADE = Unjudged("whether its database gets ready", gated=True)
BACKED_UP = Inert("CloudNativePG, docs/src/backup.md and wal_archiving.md: what is saved, and where")
AT_CREATION = Inert("CloudNativePG, docs/src/bootstrap.md: read when the cluster is created, and never again")
SCRAPED = Inert("CloudNativePG, docs/src/monitoring.md: what is scraped")


TABLE = KindTable(
    "postgresql.cnpg.io",
    "Cluster",
    versions=("postgresql.cnpg.io/v1",),
    influence="whether the database answers its clients",
    fields={
        "metadata": ROUTE_METADATA,
        "spec": {
            **dict.fromkeys(
                (
                    "affinity", "env", "envFrom", "ephemeralVolumeSource", "ephemeralVolumesSizeLimit",
                    "imageCatalogRef", "imageName", "imagePullPolicy", "imagePullSecrets", "instances", "logLevel",
                    "plugins", "podSecurityContext", "postgresGID", "postgresUID", "priorityClassName",
                    "primaryUpdateMethod", "primaryUpdateStrategy", "probes", "projectedVolumeTemplate", "resources",
                    "schedulerName", "seccompProfile", "securityContext", "serviceAccountName",
                    "serviceAccountTemplate", "tablespaces", "topologySpreadConstraints",
                ),
                RESTARTED,
            ),
            **dict.fromkeys(
                (
                    "certificates", "enableSuperuserAccess", "managed", "podSelectorRefs", "postgresql",
                    "superuserSecret",
                ),
                CONFIGURED,
            ),
            **dict.fromkeys(("maxSyncReplicas", "minSyncReplicas", "replica", "replicationSlots"), REPLICATED),
            **dict.fromkeys(
                (
                    "failoverDelay", "livenessProbeTimeout", "primaryLease", "smartShutdownTimeout", "startDelay",
                    "stopDelay", "switchoverDelay",
                ),
                STOPPED,
            ),
            **dict.fromkeys(
                ("storage", "walStorage"),
                dict.fromkeys(("pvcTemplate", "resizeInUseVolumes", "size", "storageClass"), RESTARTED),
            ),
            "backup": BACKED_UP,
            "bootstrap": AT_CREATION,
            "description": Inert("CloudNativePG, api/v1/cluster_types.go: a text for people"),
            "enablePDB": Unjudged("whether a drain of nodes waits for the primary", alone=False, remedy=REMEDY),
            "externalClusters": Unjudged("from where the cluster replicates", alone=False, remedy=REMEDY),
            "inheritedMetadata": Unjudged("which labels its pods and Services have", alone=False, remedy=REMEDY),
            "monitoring": {
                **dict.fromkeys(
                    (
                        "customQueriesConfigMap", "customQueriesSecret", "disableDefaultQueries", "enablePodMonitor",
                        "metricsQueriesTTL", "podMonitorMetricRelabelings", "podMonitorRelabelings",
                    ),
                    SCRAPED,
                ),
                "tls": RESTARTED,
            },
            "nodeMaintenanceWindow": Unjudged("whether instances wait for their node", alone=False, remedy=REMEDY),
        },
    },
    appears=MADE,
    goes=Unjudged("which clients still call the database: its pods and Services are deleted with it"),
)  # fmt: skip
