"""Secret: Kubernetes, pkg/apis/core/types.go; pods, Ingresses and Gateways get it by its name."""

from __future__ import annotations

from typing import Any

from compiler.model.classification import KindTable, Modeled, Unjudged
from compiler.transition.classification.shared.metadata import METADATA


def _is_on_one_side(old: Any, new: Any) -> bool:
    """Whether the values come to be encrypted, or stop: what encrypts them writes its own data anew every time."""
    return not (old and new)


READ = Modeled("config, certificates: what pods and listeners read, and whether they find it")
ENCRYPTED = Unjudged(
    "whether its values are still decrypted before pods read them", matters=_is_on_one_side, alone=False
)
"""Source: SOPS, README.md, "Encrypting only parts of a file": keys, a checksum and a date that no pod reads."""
TABLE = KindTable(
    "",
    "Secret",
    versions=("v1",),
    influence="what pods and listeners read",
    fields={
        "metadata": METADATA,
        "data": READ,
        "stringData": READ,
        "sops": ENCRYPTED,
        "immutable": Modeled("accepted: its data cannot be changed then"),
        "type": Modeled("accepted: it cannot be changed"),
    },
)
