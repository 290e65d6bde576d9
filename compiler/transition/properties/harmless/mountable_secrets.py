"""The list of Secrets of a ServiceAccount: it limits what pods may name only where the account says so.

Source: Kubernetes, plugin/pkg/admission/serviceaccount/admission.go (`enforceMountableSecrets`,
`limitSecretReferences`).
"""

from __future__ import annotations

from compiler.model.objects import Key, annotations_of
from compiler.transition.classification import UnjudgedDifference
from compiler.transition.sync.change import Change

ENFORCED = "kubernetes.io/enforce-mountable-secrets"
TRUE_WORDS = frozenset({"1", "t", "T", "true", "TRUE", "True"})  # strconv.ParseBool


def is_list_that_nothing_enforces(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether a ServiceAccount's list of Secrets differs, and it does not limit its pods to them after the commit."""
    if key[:2] != ("", "ServiceAccount") or difference.field != "secrets":
        return False
    return annotations_of(change.target.objects.get(key, {})).get(ENFORCED) not in TRUE_WORDS
