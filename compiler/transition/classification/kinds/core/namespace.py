"""Namespace: Kubernetes, pkg/controller/namespace; its labels are read by Gateways, NetworkPolicies and webhooks."""

from __future__ import annotations

from compiler.model.classification import Inert, KindTable, Modeled
from compiler.transition.classification.shared.metadata import NAMESPACE_METADATA

TABLE = KindTable(
    "",
    "Namespace",
    versions=("v1",),
    influence="what the namespace admits",
    fields={
        "metadata": NAMESPACE_METADATA,
        "spec": {"finalizers": Inert("Kubernetes, pkg/controller/namespace: written by the controller")},
    },
    appears=Modeled("the order of the sync"),
    goes=Modeled("accepted, available: everything in it is deleted with it"),
)
