"""postgresql: Zalando's operator, pkg/apis/acid.zalan.do/v1/postgresql_type.go. It makes the database and its Services.

What changes the StatefulSet restarts the instances and moves the primary (pkg/cluster/cluster.go `Update`): clients
lose their connections, and whether they come back is not simulated.
"""

from __future__ import annotations

from compiler.model.classification import Entries, KindTable, Unjudged
from compiler.transition.classification.shared.metadata import ROUTE_METADATA

REMEDY = "see in the operator's documentation whether the change restarts instances, and whether clients reconnect"
SERVED = "whether the database stays reachable: its instances may restart, and its primary may move"
ROLES = Unjudged("which roles clients can use, and what these may do")
DATABASES = Unjudged("which roles own the database, and whether it is created")
TABLE = KindTable(
    "acid.zalan.do",
    "postgresql",
    versions=("acid.zalan.do/v1",),
    influence=SERVED,
    fields={
        "metadata": ROUTE_METADATA,
        "spec": {
            **dict.fromkeys(
                (
                    "dockerImage", "env", "numberOfInstances", "patroni", "postgresql", "resources", "sidecars",
                    "volume",
                ),
                Unjudged(SERVED, alone=False, remedy=REMEDY),
            ),
            "databases": Entries(of=lambda _name: DATABASES),
            "users": Entries(of=lambda _name: ROLES),
        },
    },
    appears=Unjudged("whether its database gets ready", gated=True),
    goes=Unjudged("which clients still call the database: its pods and Services are deleted with it"),
)  # fmt: skip
