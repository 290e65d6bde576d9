"""ExternalSecret: external-secrets, apis/externalsecrets/v1/externalsecret_types.go."""

from __future__ import annotations

from typing import Any

from compiler.model.classification import Inert, Items, KindTable, Modeled, Unjudged
from compiler.transition.classification.shared.metadata import METADATA

KEYS = Unjudged("which keys the Secret has, and what they contain", alone=False)
NAMED = Modeled("config: which keys the Secret has")


def _fetched_anew(_old: Any, new: Any) -> bool:
    """Whether a value is fetched from another place: one that is fetched no more is judged by its key."""
    return new is not None


def _made_no_more(_old: Any, new: Any) -> bool:
    """Whether the operator expects the Secret of somebody else from now on; with whom it goes is judged."""
    return new in ("Merge", "None")


SOURCE = Unjudged("whether the value exists, and what it is", matters=_fetched_anew, alone=False)
FETCHED = Unjudged("whether the Secret can be created, and what it contains", alone=False)
TABLE = KindTable(
    "external-secrets.io",
    "ExternalSecret",
    versions=("external-secrets.io/v1", "external-secrets.io/v1beta1"),
    influence="which Secret is created, and whether it is",
    fields={
        "metadata": METADATA,
        "spec": {
            "data": Items({"secretKey": NAMED, "remoteRef": SOURCE, "sourceRef": SOURCE}, by=("secretKey",)),
            "dataFrom": KEYS,
            "refreshInterval": Inert("external-secrets, docs/api/externalsecret.md: how often it looks again"),
            "refreshPolicy": Unjudged("whether the Secret is created again", alone=False),
            "secretStoreRef": FETCHED,
            "target": {
                "creationPolicy": Unjudged("whether the Secret is created", default="Owner", matters=_made_no_more),
                "deletionPolicy": Unjudged(
                    "whether the Secret is deleted when its source deletes the value", alone=False
                ),
                "immutable": FETCHED,
                "manifest": FETCHED,
                "name": Modeled("config: which Secret it makes"),
                "template": KEYS,
            },
        },
    },
    goes=Modeled("config: its Secret is deleted with it"),
)
