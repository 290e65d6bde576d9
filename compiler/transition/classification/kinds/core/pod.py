"""Pod: Kubernetes, pkg/apis/core/types.go `PodSpec`; hardly a field of it can be changed (`ValidatePodUpdate`)."""

from __future__ import annotations

from compiler.model.classification import KindTable
from compiler.transition.classification.shared.metadata import TEMPLATE_METADATA
from compiler.transition.classification.shared.pods import POD_SPEC

TABLE = KindTable(
    "",
    "Pod",
    versions=("v1",),
    influence="whether the pod serves",
    fields={"metadata": TEMPLATE_METADATA, "spec": POD_SPEC},
)
