"""ExternalSecret: external-secrets, apis/externalsecrets/v1/externalsecret_types.go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from compiler.model.classification import Inert, Items, KindTable, Modeled, Unjudged
from compiler.model.objects import mapping_items, mapping_or_empty, nested_value
from compiler.transition.classification.shared.metadata import METADATA

REMOTE_DEFAULTS = {"conversionStrategy": "Default", "decodingStrategy": "None", "metadataPolicy": "None"}
"""Source: external-secrets, apis/externalsecrets/v1/externalsecret_types.go `ExternalSecretDataRemoteRef`."""
TEMPLATE_DEFAULTS = {"engineVersion": "v2", "mergePolicy": "Replace"}
"""Source: the same file, `ExternalSecretTemplate`."""
KEYS = Unjudged("which keys the Secret has, and what they contain", alone=False)
NAMED = Modeled("config: which keys the Secret has")


def _fetched_anew(_old: Any, new: Any) -> bool:
    """Whether a value is fetched from another place: one that is fetched no more is judged by its key."""
    return new is not None


def _fetched_from_another_place(old: Any, new: Any) -> bool:
    """Whether it is, and the two do not only write out what the API server fills in."""
    before, after = ({**REMOTE_DEFAULTS, **mapping_or_empty(side)} for side in (old, new))
    return _fetched_anew(old, new) and before != after


def fetched_values(obj: Mapping[str, Any]) -> list[Any]:
    """From where an ExternalSecret fetches each value, with what the API server fills in, and what it makes of them."""
    spec = mapping_or_empty(obj.get("spec"))
    values = [
        (each.get("secretKey"), {**REMOTE_DEFAULTS, **mapping_or_empty(each.get("remoteRef"))}, each.get("sourceRef"))
        for each in mapping_items(spec.get("data"))
    ]
    texts = mapping_or_empty(nested_value(spec, "target", "template", "data"))
    return [values, spec.get("dataFrom") or [], mapping_or_empty(spec.get("secretStoreRef")), texts]


def _made_no_more(_old: Any, new: Any) -> bool:
    """Whether the operator expects the Secret of somebody else from now on; with whom it goes is judged."""
    return new in ("Merge", "None")


SOURCE = Unjudged("whether the value exists, and what it is", matters=_fetched_anew, alone=False)
REMOTE = replace(SOURCE, matters=_fetched_from_another_place)
FETCHED = Unjudged("whether the Secret can be created, and what it contains", alone=False)
TABLE = KindTable(
    "external-secrets.io",
    "ExternalSecret",
    versions=("external-secrets.io/v1", "external-secrets.io/v1beta1"),
    influence="which Secret is created, and whether it is",
    fields={
        "metadata": METADATA,
        "spec": {
            "data": Items({"secretKey": NAMED, "remoteRef": REMOTE, "sourceRef": SOURCE}, by=("secretKey",)),
            "dataFrom": KEYS,
            "refreshInterval": Inert("external-secrets, docs/api/externalsecret.md: how often it looks again"),
            "refreshPolicy": Unjudged("whether the Secret is created again", alone=False),
            "secretStoreRef": FETCHED,
            "target": {
                "creationPolicy": Unjudged("whether the Secret is created", default="Owner", matters=_made_no_more),
                "deletionPolicy": Unjudged(
                    "whether the Secret is deleted when its source deletes the value", default="Retain", alone=False
                ),
                "immutable": FETCHED,
                "manifest": FETCHED,
                "name": Modeled("config: which Secret it makes"),
                "template": {
                    **dict.fromkeys(("data", "templateFrom", "type"), KEYS),
                    **{field: replace(KEYS, default=default) for field, default in TEMPLATE_DEFAULTS.items()},
                    "metadata": {name: METADATA[name] for name in ("annotations", "finalizers", "labels")},
                },
            },
        },
    },
    goes=Modeled("config: its Secret is deleted with it"),
)
