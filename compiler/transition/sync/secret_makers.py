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
MOUNTED = ("secrets-store.csi.x-k8s.io", "SecretProviderClass")
"""Of which a Secret is made once a pod mounts it (Secrets Store CSI driver, docs/book/src/topics/sync-as-kubernetes-
secret.md)."""


def is_made_by_an_operator(snapshot: Snapshot, secret: Key) -> bool:
    """Whether an object of the Secret's namespace, which is not read further, says that the Secret is made of it."""
    return any(
        key.namespace == secret.namespace
        and secret.name in _names_in(key, snapshot.objects[key])
        and (key[:2] != MOUNTED or _is_mounted(snapshot, key))
        for kind in dict.fromkeys(kind for _, kind in (*NAMED_SECRETS, *LISTED_SECRETS))
        for key in snapshot.of_kind(kind)
    )


def _is_mounted(snapshot: Snapshot, key: Key) -> bool:
    """Whether pods of a workload mount the class."""
    return any(
        workload.namespace == key.namespace
        and any((ref.kind, ref.name) == (key.kind, key.name) for ref in facts.template.needs)
        for workload, facts in snapshot.workloads.items()
    )


def _names_in(key: Key, obj: Object) -> Iterator[str]:
    """The names of the Secrets that are made of the object, if any are: it may only fill in one that is there.

    Source: Vault Secrets Operator, api/v1beta1 `Destination` (`create` is false by default); sops-secrets-operator,
    api/v1alpha3 `SopsSecretSpec` (`suspend`).
    """
    only_fills = (
        NAMED_SECRETS.get(key[:2]) == DESTINATION and nested_value(obj, "spec", "destination", "create") is not True
    )
    if only_fills or nested_value(obj, "spec", "suspend") is True:
        return
    for path in NAMED_SECRETS.get(key[:2], ()):
        yield str(nested_value(obj, *path))
    if key[:2] in LISTED_SECRETS:
        path, field = LISTED_SECRETS[key[:2]]
        yield from (str(item.get(field)) for item in mapping_items(nested_value(obj, *path)))
