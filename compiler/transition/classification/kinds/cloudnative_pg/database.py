"""Database: CloudNativePG, api/v1/database_types.go. Its operator creates it inside of a Cluster."""

from __future__ import annotations

from typing import Any

from compiler.model.classification import Inert, KindTable, Unjudged
from compiler.transition.classification.shared.metadata import METADATA

HELD = Unjudged("which roles can use the database, and what they find in it", alone=False)
UNCHANGEABLE = Unjudged("whether the API server takes the object: the field cannot be changed", alone=False)


def _limits_more(old: Any, new: Any) -> bool:
    """Whether fewer connections are allowed; -1, and nothing, are no limit."""
    first, second = (value if isinstance(value, int) and value >= 0 else float("inf") for value in (old, new))
    return second < first


def _are_forbidden(_old: Any, new: Any) -> bool:
    return new is False


TABLE = KindTable(
    "postgresql.cnpg.io",
    "Database",
    versions=("postgresql.cnpg.io/v1",),
    influence="which roles can use the database, and what they find in it",
    fields={
        "metadata": METADATA,
        "spec": {
            **dict.fromkeys(
                (
                    "builtinLocale", "cluster", "collationVersion", "encoding", "icuLocale", "icuRules", "locale",
                    "localeCType", "localeCollate", "localeProvider", "name", "template",
                ),
                UNCHANGEABLE,
            ),
            **dict.fromkeys(
                ("ensure", "extensions", "fdws", "isTemplate", "owner", "schemas", "servers", "tablespace"), HELD
            ),
            "allowConnections": Unjudged("whether clients can connect", matters=_are_forbidden, alone=False),
            "connectionLimit": Unjudged("how many clients can connect", matters=_limits_more, alone=False),
            "databaseReclaimPolicy": Inert(
                "CloudNativePG, docs/src/declarative_database_management.md: read when the object is deleted"
            ),
        },
    },
    appears=Unjudged("whether the database is created", gated=True),
    goes=Unjudged("whether the database is deleted with it (databaseReclaimPolicy)"),
)  # fmt: skip
