"""GitRepository: Flux, source-controller, api/v1/gitrepository_types.go."""

from __future__ import annotations

from compiler.transition.classification.shared.flux import source_table

TABLE = source_table(
    "GitRepository",
    fetched=("ignore", "include", "recurseSubmodules", "ref", "sparseCheckout", "url"),
    reached=("provider", "proxySecretRef", "secretRef", "serviceAccountName", "verify"),
)
