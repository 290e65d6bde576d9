"""NetworkPolicy: Kubernetes, pkg/apis/networking/types.go `NetworkPolicySpec`."""

from __future__ import annotations

from typing import Any

from compiler.model.classification import FieldTable, Items, KindTable, Modelled, Unjudged
from compiler.model.objects import mapping_items, mapping_or_empty
from compiler.transition.classification.shared.metadata import METADATA

OPEN = Modelled("available, calls: who reaches which pods")
NAME_LABEL = "kubernetes.io/metadata.name"


def _named_otherwise(old: Any, new: Any) -> bool:
    """Whether one of the two selects Namespaces by more than their names."""
    return any(_selects_by_other_labels(selector) for selector in (old, new) if isinstance(selector, dict))


def _selects_by_other_labels(selector: dict[str, Any]) -> bool:
    terms = mapping_items(selector.get("matchExpressions"))
    keys = [*mapping_or_empty(selector.get("matchLabels")), *(term.get("key") for term in terms)]
    return any(key != NAME_LABEL for key in keys)


def _peer(of: str) -> FieldTable:
    return {
        "ipBlock": Unjudged(f"which addresses {of}"),
        "namespaceSelector": Unjudged(f"the pods of which namespaces {of}", matters=_named_otherwise),
        "podSelector": OPEN,
    }


PORT: FieldTable = {"endPort": OPEN, "port": OPEN, "protocol": OPEN}
TABLE = KindTable(
    "networking.k8s.io",
    "NetworkPolicy",
    versions=("networking.k8s.io/v1", "extensions/v1beta1"),
    influence="who reaches which pods",
    fields={
        "metadata": METADATA,
        "spec": {
            "egress": Unjudged("whom the selected pods reach that stands in no folder"),
            "ingress": Items(
                {
                    "from": Items(_peer("reach the selected pods"), by=("podSelector", "namespaceSelector", "ipBlock")),
                    "ports": Items(PORT, by=("port", "protocol")),
                },
                by=("from", "ports"),
            ),
            "podSelector": OPEN,
            "policyTypes": OPEN,
        },
    },
    goes=OPEN,
)
