"""InferencePool before 1.0: Gateway API Inference Extension, apix/v1alpha2/inferencepool_types.go."""

from __future__ import annotations

from compiler.model.classification import Inert, KindTable
from compiler.transition.classification.kinds.inference.inference_pool import PICKED, POOLED
from compiler.transition.classification.shared.metadata import METADATA

TABLE = KindTable(
    "inference.networking.x-k8s.io",
    "InferencePool",
    versions=("inference.networking.x-k8s.io/v1alpha2",),
    influence="which pods answer requests",
    fields={
        "metadata": METADATA,
        "spec": {"extensionRef": PICKED, "selector": POOLED, "targetPortNumber": POOLED},
        "status": Inert("Kubernetes, api-conventions.md: written by controllers"),
    },
)
