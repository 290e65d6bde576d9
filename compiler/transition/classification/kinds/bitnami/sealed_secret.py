"""SealedSecret: sealed-secrets, pkg/apis/sealedsecrets/v1alpha1/types.go."""

from __future__ import annotations

from compiler.model.classification import FieldTable, KindTable, Modeled, Unjudged
from compiler.transition.classification.shared.metadata import METADATA

SEALED = Modeled("config: which keys the Secret has")
SEALED_WHOLE = Unjudged("which keys the Secret has", alone=False)
TEMPLATE: FieldTable = {
    "data": SEALED,
    "immutable": Unjudged("whether the Secret can be written again", alone=False),
    "metadata": METADATA,
    "type": Unjudged("whether the Secret can be written again", default="Opaque", alone=False),
}
TABLE = KindTable(
    "bitnami.com",
    "SealedSecret",
    versions=("bitnami.com/v1alpha1",),
    influence="which Secret is created, and whether it is",
    fields={"metadata": METADATA, "spec": {"data": SEALED_WHOLE, "encryptedData": SEALED, "template": TEMPLATE}},
    goes=Modeled("config: its Secret is deleted with it"),
)
