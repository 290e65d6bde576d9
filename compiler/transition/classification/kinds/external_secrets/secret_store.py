"""SecretStore: external-secrets, apis/externalsecrets/v1/secretstore_types.go."""

from __future__ import annotations

from compiler.transition.classification.shared.secret_stores import store_table

TABLE = store_table("SecretStore")
