"""HelmRepository: Flux, source-controller, api/v1/helmrepository_types.go."""

from __future__ import annotations

from compiler.transition.classification.shared.flux import source_table

TABLE = source_table(
    "HelmRepository",
    fetched=("type", "url"),
    reached=("accessFrom", "certSecretRef", "insecure", "passCredentials", "provider", "secretRef"),
)
