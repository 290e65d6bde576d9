"""Secrets that operators make of objects which nobody reads further: that such an object changes is named elsewhere.

Source: 1Password operator, internal/controller/onepassworditem_controller.go `handleOnePasswordItem` (the item's own
name); Vault Secrets Operator, api/v1beta1 `Destination`; Infisical operator, api/v1alpha1 `ManagedKubeSecretConfig`;
sops-secrets-operator, api/v1alpha3 `SopsSecretTemplate`; Secrets Store CSI driver, apis/v1 `SecretObject`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from compiler.model.manifest import Object
from compiler.model.objects import Key, mapping_items, nested_value
from compiler.transition.sync.snapshot import Snapshot

DESTINATION = (("spec", "destination", "name"),)
NAMED_SECRETS: Mapping[tuple[str, str], tuple[tuple[str, ...], ...]] = {
    **{
        ("secrets.hashicorp.com", kind): DESTINATION
        for kind in ("HCPVaultSecretsApp", "VaultDynamicSecret", "VaultPKISecret", "VaultStaticSecret")
    },
    ("secrets.infisical.com", "InfisicalSecret"): (("spec", "managedSecretReference", "secretName"),),
    ("onepassword.com", "OnePasswordItem"): (("metadata", "name"),),
}
"""The fields in which an object names the Secret that is made of it."""
LISTED_SECRETS: Mapping[tuple[str, str], tuple[tuple[str, ...], str]] = {
    ("secrets.infisical.com", "InfisicalSecret"): (("spec", "managedKubeSecretReferences"), "secretName"),
    ("isindir.github.com", "SopsSecret"): (("spec", "secretTemplates"), "name"),
    ("secrets-store.csi.x-k8s.io", "SecretProviderClass"): (("spec", "secretObjects"), "secretName"),
}
"""The lists in which it names several, and the field of each."""


def is_made_by_an_operator(snapshot: Snapshot, secret: Key) -> bool:
    """Whether an object of the Secret's namespace, which is not read further, says that the Secret is made of it."""
    return any(
        key.namespace == secret.namespace and secret.name in _names_in(key, snapshot.objects[key])
        for kind in dict.fromkeys(kind for _, kind in (*NAMED_SECRETS, *LISTED_SECRETS))
        for key in snapshot.of_kind(kind)
    )


def _names_in(key: Key, obj: Object) -> Iterator[str]:
    for path in NAMED_SECRETS.get(key[:2], ()):
        yield str(nested_value(obj, *path))
    if key[:2] in LISTED_SECRETS:
        path, field = LISTED_SECRETS[key[:2]]
        yield from (str(item.get(field)) for item in mapping_items(nested_value(obj, *path)))
