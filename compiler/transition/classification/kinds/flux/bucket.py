"""Bucket: Flux, source-controller, api/v1/bucket_types.go."""

from __future__ import annotations

from compiler.transition.classification.shared.flux import source_table

TABLE = source_table(
    "Bucket",
    fetched=("bucketName", "endpoint", "ignore", "prefix", "region"),
    reached=("certSecretRef", "insecure", "provider", "proxySecretRef", "secretRef", "serviceAccountName", "sts"),
)
