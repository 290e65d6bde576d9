"""ServiceAccount: Kubernetes, plugin/pkg/admission/serviceaccount/admission.go."""

from __future__ import annotations

from typing import Any

from compiler.model.classification import KindTable, Modeled, Unjudged
from compiler.model.objects import list_or_empty
from compiler.transition.classification.shared.metadata import ACCOUNT_METADATA


def _some_are_lost(old: Any, new: Any) -> bool:
    return any(secret not in list_or_empty(new) for secret in list_or_empty(old))


TABLE = KindTable(
    "",
    "ServiceAccount",
    versions=("v1",),
    influence="which identity pods use when they call others",
    fields={
        "metadata": ACCOUNT_METADATA,
        "automountServiceAccountToken": Unjudged(
            "whether its pods may call the API server",
            matters=lambda _, new: new is False,
            default=True,
            alone=False,
        ),
        "imagePullSecrets": Unjudged(
            "whether the images of its pods can be pulled", matters=_some_are_lost, alone=False
        ),
        "secrets": Unjudged("which Secrets its pods may name", matters=_some_are_lost, alone=False),
    },
    goes=Modeled("config: pods that name it cannot be made"),
)
