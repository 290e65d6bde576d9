"""Secret: Kubernetes, pkg/apis/core/types.go; pods, Ingresses and Gateways get it by its name."""

from __future__ import annotations

from compiler.model.classification import KindTable, Modeled
from compiler.transition.classification.shared.metadata import METADATA

READ = Modeled("config, certificates: what pods and listeners read, and whether they find it")
TABLE = KindTable(
    "",
    "Secret",
    versions=("v1",),
    influence="what pods and listeners read",
    fields={
        "metadata": METADATA,
        "data": READ,
        "stringData": READ,
        "immutable": Modeled("accepted: its data cannot be changed then"),
        "type": Modeled("accepted: it cannot be changed"),
    },
)
