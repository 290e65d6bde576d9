"""Which kinds of objects a field of a custom resource names, as its own name says.

Nobody lists the fields of every operator: one that speaks of a Secret holds the name of one. Source of the words:
Istio, networking/v1 `ServerTLSSettings.credentialName`; Traefik, `ServersTransport.rootCAsSecrets`; Envoy Gateway,
api/v1alpha1 `ClientValidationContext.caCertificateRefs`; Kubernetes, core/v1 (`serviceAccountName`, `claimName`,
`priorityClassName`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

KINDS_BY_WORD: Final[Mapping[str, frozenset[str]]] = {
    "configmap": frozenset({"ConfigMap"}),
    "secret": frozenset({"Secret"}),
    "credential": frozenset({"Secret"}),
    "certificate": frozenset({"ConfigMap", "Secret"}),
    "serviceaccount": frozenset({"ServiceAccount"}),
    "claimname": frozenset({"PersistentVolumeClaim"}),
    "priorityclass": frozenset({"PriorityClass"}),
    "runtimeclass": frozenset({"RuntimeClass"}),
    "persistentvolumeclaim": frozenset({"PersistentVolumeClaim"}),
}
NAMED_KINDS: Final = frozenset(kind for kinds in KINDS_BY_WORD.values() for kind in kinds)


def kinds_named_by(fields: Iterable[str]) -> frozenset[str]:
    """The kinds of which one of the fields speaks."""
    words = [field.lower() for field in fields]
    return frozenset(
        kind for word, kinds in KINDS_BY_WORD.items() if any(word in field for field in words) for kind in kinds
    )
