"""OCIRepository: Flux, source-controller, api/v1/ocirepository_types.go."""

from __future__ import annotations

from compiler.transition.classification.shared.flux import source_table

TABLE = source_table(
    "OCIRepository",
    fetched=("ignore", "layerSelector", "ref", "url"),
    reached=("certSecretRef", "insecure", "provider", "proxySecretRef", "secretRef", "serviceAccountName", "verify"),
)
