"""BackendTLSPolicy: Gateway API, apis/v1/backendtlspolicy_types.go."""

from __future__ import annotations

from compiler.model.classification import Inert, KindTable, Unjudged
from compiler.transition.classification.shared.metadata import METADATA

SPOKEN = Unjudged("whether the backend's pods speak TLS as the gateway expects after the change")
TABLE = KindTable(
    "gateway.networking.k8s.io",
    "BackendTLSPolicy",
    versions=("gateway.networking.k8s.io/v1", "gateway.networking.k8s.io/v1alpha3"),
    influence="how the gateway connects to backends",
    fields={
        "metadata": METADATA,
        "spec": {
            "options": SPOKEN,
            "targetRefs": SPOKEN,
            "validation": {
                "caCertificateRefs": SPOKEN,
                "hostname": SPOKEN,
                "subjectAltNames": SPOKEN,
                "wellKnownCACertificates": SPOKEN,
            },
        },
        "status": Inert("Kubernetes, api-conventions.md: written by controllers"),
    },
)
