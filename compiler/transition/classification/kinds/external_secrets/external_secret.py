"""ExternalSecret: external-secrets, apis/externalsecrets/v1/externalsecret_types.go."""

from __future__ import annotations

from compiler.model.classification import Inert, Items, KindTable, Modelled, Unjudged
from compiler.transition.classification.shared.metadata import METADATA

KEYS = Unjudged("which keys the Secret has, and what stands in them", alone=False)
FETCHED = Unjudged("whether the Secret can be made, and what stands in it", alone=False)
TABLE = KindTable(
    "external-secrets.io",
    "ExternalSecret",
    versions=("external-secrets.io/v1", "external-secrets.io/v1beta1"),
    influence="which Secret is made, and whether it is",
    fields={
        "metadata": METADATA,
        "spec": {
            "data": Items({"secretKey": KEYS, "remoteRef": FETCHED, "sourceRef": FETCHED}, by=("secretKey",)),
            "dataFrom": KEYS,
            "refreshInterval": Inert("external-secrets, docs/api/externalsecret.md: how often it looks again"),
            "refreshPolicy": Unjudged("whether the Secret is made anew", alone=False),
            "secretStoreRef": FETCHED,
            "target": {
                "creationPolicy": Modelled("config: with whom the Secret goes"),
                "deletionPolicy": Unjudged("whether the Secret goes when the value at its source does", alone=False),
                "immutable": FETCHED,
                "manifest": FETCHED,
                "name": Modelled("config: which Secret it makes"),
                "template": KEYS,
            },
        },
    },
    goes=Modelled("config: its Secret goes with it"),
)
