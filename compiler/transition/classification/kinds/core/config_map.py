"""ConfigMap: Kubernetes, pkg/apis/core/types.go; pods get it by the name in their template."""

from __future__ import annotations

from compiler.model.classification import KindTable, Modeled
from compiler.transition.classification.shared.metadata import METADATA

READ = Modeled("config: what pods read, and whether they find it")
TABLE = KindTable(
    "",
    "ConfigMap",
    versions=("v1",),
    influence="what pods read",
    fields={
        "metadata": METADATA,
        "data": READ,
        "binaryData": READ,
        "immutable": Modeled("accepted: its data cannot be changed then"),
    },
)
