"""SealedSecret: sealed-secrets, pkg/apis/sealedsecrets/v1alpha1/types.go."""

from __future__ import annotations

from compiler.model.classification import FieldTable, Inert, KindTable, Modelled, Unjudged
from compiler.transition.classification.shared.metadata import METADATA


def _key_lost(old: object, new: object) -> bool:
    """Whether a key goes: a value that is sealed anew is another text each time."""
    return isinstance(old, dict) and not set(old) <= set(new if isinstance(new, dict) else ())


SEALED = Unjudged("which keys the Secret has", matters=_key_lost, alone=False)
TEMPLATE: FieldTable = {
    "data": SEALED,
    "immutable": Unjudged("whether the Secret can be written again", alone=False),
    "metadata": Inert("sealed-secrets, README.md: labels and annotations of the Secret"),
    "type": Unjudged("whether the Secret can be written again", default="Opaque", alone=False),
}
TABLE = KindTable(
    "bitnami.com",
    "SealedSecret",
    versions=("bitnami.com/v1alpha1",),
    influence="which Secret is made, and whether it is",
    fields={"metadata": METADATA, "spec": {"data": SEALED, "encryptedData": SEALED, "template": TEMPLATE}},
    goes=Modelled("config: its Secret goes with it"),
)
