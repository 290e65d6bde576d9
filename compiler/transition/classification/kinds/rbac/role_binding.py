"""RoleBinding: Kubernetes, docs/reference/access-authn-authz/rbac.md."""

from __future__ import annotations

from compiler.model.classification import KindTable
from compiler.transition.classification.shared.metadata import METADATA
from compiler.transition.classification.shared.rights import BOUND, SUBJECTS

TABLE = KindTable(
    "rbac.authorization.k8s.io",
    "RoleBinding",
    versions=("rbac.authorization.k8s.io/v1", "rbac.authorization.k8s.io/v1beta1"),
    influence="what pods that call the API server may do there",
    fields={"metadata": METADATA, "subjects": SUBJECTS, "roleRef": BOUND},
)
