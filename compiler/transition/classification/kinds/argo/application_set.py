"""ApplicationSet: Argo CD, pkg/apis/application/v1alpha1/applicationset_types.go. It writes Applications."""

from __future__ import annotations

from compiler.model.classification import KindTable, Modeled, Unjudged
from compiler.transition.classification.shared.metadata import METADATA

WRITTEN = Unjudged("which Applications exist, and what they deploy")
TABLE = KindTable(
    "argoproj.io",
    "ApplicationSet",
    versions=("argoproj.io/v1alpha1",),
    influence="which Applications exist, and what they deploy",
    fields={
        "metadata": METADATA,
        "spec": dict.fromkeys(
            (
                "applyNestedSelectors", "generators", "goTemplate", "goTemplateOptions", "ignoreApplicationDifferences",
                "preservedFields", "strategy", "syncPolicy", "template", "templatePatch",
            ),
            WRITTEN,
        ),
    },
    goes=Modeled("available: its Applications, and with them what they deployed"),
)  # fmt: skip
