"""ReferenceGrant: Gateway API, apis/v1beta1/referencegrant_types.go."""

from __future__ import annotations

from compiler.model.classification import KindTable, Modelled
from compiler.transition.classification.shared.metadata import METADATA

GRANTED = Modelled("available, finishes: which Services of other namespaces routes may name")
TABLE = KindTable(
    "gateway.networking.k8s.io",
    "ReferenceGrant",
    versions=("gateway.networking.k8s.io/v1", "gateway.networking.k8s.io/v1beta1"),
    influence="what objects of other namespaces may name",
    fields={"metadata": METADATA, "spec": {"from": GRANTED, "to": GRANTED}},
)
