"""AppProject: Argo CD, pkg/apis/application/v1alpha1/app_project_types.go. It says what its Applications may sync."""

from __future__ import annotations

from functools import partial

from compiler.model.classification import Inert, KindTable, Unjudged
from compiler.transition.classification.shared.metadata import METADATA
from compiler.transition.classification.shared.project_lists import KIND_LISTS, narrows

ALLOWED = Unjudged("what its Applications may sync, and when")
KINDS = {name: Unjudged("which kinds its Applications may sync", matters=partial(narrows, name)) for name in KIND_LISTS}
"""Judged (`properties.permitted`) where the folders hold objects of its Applications; what only permits more is not."""
PEOPLE = Inert("Argo CD, docs/user-guide/projects.md: what people may do")
TABLE = KindTable(
    "argoproj.io",
    "AppProject",
    versions=("argoproj.io/v1alpha1",),
    influence="what its Applications may sync",
    fields={
        "metadata": METADATA,
        "spec": {
            **KINDS,
            "description": PEOPLE,
            "destinationServiceAccounts": ALLOWED,
            "destinations": ALLOWED,
            "orphanedResources": Inert("Argo CD, docs/user-guide/orphaned-resources.md: it warns"),
            "permitOnlyProjectScopedClusters": ALLOWED,
            "roles": PEOPLE,
            "signatureKeys": ALLOWED,
            "sourceIntegrity": ALLOWED,
            "sourceNamespaces": ALLOWED,
            "sourceRepos": ALLOWED,
            "syncWindows": ALLOWED,
        },
    },
    goes=ALLOWED,
)
