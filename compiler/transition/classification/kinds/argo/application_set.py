"""ApplicationSet: Argo CD, pkg/apis/application/v1alpha1/applicationset_types.go. It writes Applications."""

from __future__ import annotations

from compiler.model.classification import Inert, KindTable, Modeled, Unjudged
from compiler.transition.classification.shared.metadata import METADATA

WRITTEN = Unjudged("which Applications exist, and what they deploy")
AT_DELETION = Inert(
    "Argo CD, applicationset/utils/utils.go `RenderTemplateParams`: whether its Applications have a finalizer, which "
    "counts when one of them is deleted"
)
TABLE = KindTable(
    "argoproj.io",
    "ApplicationSet",
    versions=("argoproj.io/v1alpha1",),
    influence="which Applications exist, and what they deploy",
    fields={
        "metadata": METADATA,
        "spec": {
            **dict.fromkeys(
                (
                    "applyNestedSelectors", "generators", "goTemplate", "goTemplateOptions",
                    "ignoreApplicationDifferences", "preservedFields", "strategy", "template", "templatePatch",
                ),
                WRITTEN,
            ),
            "syncPolicy": {"applicationsSync": WRITTEN, "preserveResourcesOnDeletion": AT_DELETION},
        },
    },
    goes=Modeled("available: its Applications, and with them what they deployed"),
)  # fmt: skip
