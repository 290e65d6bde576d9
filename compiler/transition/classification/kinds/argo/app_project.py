"""AppProject: Argo CD, pkg/apis/application/v1alpha1/app_project_types.go. It says what its Applications may sync."""

from __future__ import annotations

from compiler.model.classification import Inert, KindTable, Unjudged
from compiler.transition.classification.shared.metadata import METADATA

ALLOWED = Unjudged("what its Applications may sync, and when")
PEOPLE = Inert("Argo CD, docs/user-guide/projects.md: what people may do")
TABLE = KindTable(
    "argoproj.io",
    "AppProject",
    versions=("argoproj.io/v1alpha1",),
    influence="what its Applications may sync",
    fields={
        "metadata": METADATA,
        "spec": {
            "clusterResourceBlacklist": ALLOWED,
            "clusterResourceWhitelist": ALLOWED,
            "description": PEOPLE,
            "destinationServiceAccounts": ALLOWED,
            "destinations": ALLOWED,
            "namespaceResourceBlacklist": ALLOWED,
            "namespaceResourceWhitelist": ALLOWED,
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
