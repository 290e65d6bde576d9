"""What nobody has proven: Secrets that come to be made by several objects, of which one wins or none.

Source: external-secrets, pkg/controllers/externalsecret/externalsecret_controller.go (`ErrSecretIsOwned`);
cert-manager, internal/controller/certificates/policies/checks.go (of two Certificates for one Secret none is issued)
and pkg/controller/certificate-shim/sync.go (an Ingress gets a Certificate named as its Secret, unless there is one);
sealed-secrets, pkg/controller/controller.go (it writes no Secret that is not its own). Argo CD writes back its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from compiler.model.objects import Key, annotations_of, nested_value
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.existence import GENERATOR_KINDS
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "undisputed"
ISSUING_ANNOTATIONS = frozenset({"cert-manager.io/cluster-issuer", "cert-manager.io/issuer"})


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The Secrets that have several makers after the commit, one of which comes with it."""
    change = judged.change
    if not any(change.target.of_kind(kind) for kind in GENERATOR_KINDS):
        return
    before = _makers(change.live)
    for secret, makers in _makers(change.target).items():
        coming = [key for key in makers if key not in before.get(secret, ())]
        other = next((key for key in makers if coming and key != coming[0]), None)
        if other is not None and change.live.objects:
            yield PropertyBreach(
                "field-unproven",
                PROPERTY,
                f"{coming[0]} and {other} both make {secret}. Not judged: which of them does, and whose keys it has",
                tuple(dict.fromkeys((coming[0], other, secret))),
                "let one of them make the Secret, and give the other one another name (of an ExternalSecret, "
                "creationPolicy: Merge)",
                "warning",
                change.moment(coming[0]),
            )


def _makers(snapshot: Snapshot) -> Mapping[Key, tuple[Key, ...]]:
    """What makes each Secret: itself, where it is in the folder, and the objects of operators that write it."""
    makers: dict[Key, dict[Key, None]] = {}
    for kind in GENERATOR_KINDS:
        for key in snapshot.of_kind(kind):
            secret = _made_by(snapshot, key)
            if secret is not None:
                makers.setdefault(secret, {})[key] = None
    for key, route in snapshot.routes.items():
        for secret in route.secrets & makers.keys() if _asks_an_issuer(snapshot, key) else ():
            if Key("cert-manager.io", "Certificate", *secret[2:]) not in snapshot.objects:
                makers[secret][key] = None
    return {secret: (*([secret] if secret in snapshot.objects else []), *keys) for secret, keys in makers.items()}


def _made_by(snapshot: Snapshot, key: Key) -> Key | None:
    """The Secret that the object makes; None: it only adds to one, or makes none."""
    obj, path = snapshot.objects[key], GENERATOR_KINDS[key.kind]
    name = nested_value(obj, *path) if path else None
    adds = nested_value(obj, "spec", "target", "creationPolicy") in ("Merge", "None")
    return None if adds else Key("", "Secret", key.namespace, str(name or key.name))


def _asks_an_issuer(snapshot: Snapshot, key: Key) -> bool:
    return not ISSUING_ANNOTATIONS.isdisjoint(annotations_of(snapshot.objects[key]))
