"""InferencePool: Gateway API Inference Extension, api/v1/inferencepool_types.go."""

from __future__ import annotations

from compiler.model.classification import Inert, KindTable, Modeled, Unjudged
from compiler.transition.classification.shared.metadata import METADATA

POOLED = Modeled("available, contract, capacity: which pods answer what routes lead to it")
PICKED = Unjudged("who picks the pod for each request, and whether the picker answers", alone=False)
SPOKEN = Unjudged("whether gateways speak the protocol that the pods expect", alone=False)
TABLE = KindTable(
    "inference.networking.k8s.io",
    "InferencePool",
    versions=("inference.networking.k8s.io/v1",),
    influence="which pods answer requests",
    fields={
        "metadata": METADATA,
        "spec": {"appProtocol": SPOKEN, "endpointPickerRef": PICKED, "selector": POOLED, "targetPorts": POOLED},
        "status": Inert("Kubernetes, api-conventions.md: written by controllers"),
    },
)
