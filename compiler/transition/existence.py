"""Whether what pods name is there: in a folder, or for good reason outside of both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from compiler.transition.objects import Key, dig, mapping
from compiler.transition.pods import Reference, Template

if TYPE_CHECKING:
    from compiler.transition.change import Change, Cut
    from compiler.transition.side import Side

MAKERS = {"ExternalSecret": ("spec", "target", "name"), "Certificate": ("spec", "secretName"), "SealedSecret": ()}
PUBLISHED = Key("", "ConfigMap", "", "kube-root-ca.crt")
"""What a controller writes into every namespace (Kubernetes, pkg/controller/certificates/rootcacertpublisher)."""
DATA = ("data", "binaryData", "stringData")


def named(key: Key, ref: Reference) -> Key:
    """The key of what a pod of workload `key` refers to."""
    return Key("", ref.kind, key.namespace, ref.name)


def lacks(change: Change, key: Key, template: Template, cut: Cut) -> bool:
    """Whether a pod of this template cannot start at this point of the sync."""
    for ref in template.needs:
        if ref.through != "imagePullSecrets":
            found = named(key, ref)
            side = change.side_of(found, cut)
            if (side is None and not assumed(change, found)) or (side is not None and missing_keys(side, found, ref)):
                return True
    return False


def missing_keys(side: Side, found: Key, ref: Reference) -> str:
    """The keys that the reference needs and the object's data lacks, in words."""
    if found.kind not in ("ConfigMap", "Secret") or not ref.keys:
        return ""
    obj = side.objects[found]
    held = {name for field in DATA for name in mapping(obj.get(field))}
    return ", ".join(name for name in ref.keys if name not in held)


def assumed(change: Change, found: Key) -> bool:
    """Whether an object of no folder is taken to exist: told so, made by another object, or read already."""
    if found in change.live.objects or found in change.target.objects:
        return False
    if found._replace(namespace="") == PUBLISHED or str(found) in change.options.outside:
        return True
    if found.kind == "Secret" and _made(change, found):
        return True
    return any(
        named(key, ref) == found
        for key, workload in change.baseline.workloads.items()
        if key.namespace == found.namespace
        for ref in workload.template.needs
    )


def _made(change: Change, found: Key) -> bool:
    """Whether an operator makes the Secret (external-secrets, cert-manager, sealed-secrets)."""
    return any(_makes(side, found) for side in (change.target, change.live))


def makers(side: Side, found: Key) -> Iterator[Key]:
    """The objects of `side` from which an operator makes the Secret."""
    for kind, path in MAKERS.items() if found.kind == "Secret" else ():
        for key in side.of_kind(kind):
            name = dig(side.objects[key], *path) if path else None
            if key.namespace == found.namespace and (name or key.name) == found.name:
                yield key


def owners(side: Side, found: Key) -> Iterator[Key]:
    """Those of them with which the Secret goes.

    Source: external-secrets, apis/externalsecrets/v1 `ExternalSecretCreationPolicy` (Owner by default); a certificate's
    Secret stays (cert-manager, `--enable-certificate-owner-ref` is false by default).
    """
    for key in makers(side, found):
        policy = dig(side.objects[key], "spec", "target", "creationPolicy") or "Owner"
        if key.kind == "SealedSecret" or (key.kind == "ExternalSecret" and policy == "Owner"):
            yield key


def _makes(side: Side, found: Key) -> bool:
    if any(makers(side, found)):
        return True
    shown = [key for key, facts in side.ingresses.items() if found in facts.secrets]
    return any("cert-manager.io" in note for key in shown for note in _notes(side, key))


def _notes(side: Side, key: Key) -> Iterable[str]:
    return mapping(dig(side.objects[key], "metadata", "annotations"))
