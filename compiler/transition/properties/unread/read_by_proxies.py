"""What nobody has proven: data that changes in place, and that a gateway or proxy reads to know whom it may trust.

Source: Gateway API, BackendTLSPolicy `caCertificateRefs` and `frontendValidation`; ingress-nginx, annotations
`auth-secret`, `auth-tls-secret`, `proxy-ssl-secret`; Traefik, Middleware `basicAuth`. They read it anew at once.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key
from compiler.transition.facts.named_objects import naming_kinds
from compiler.transition.properties.available.certificates import served_certificates
from compiler.transition.properties.config.named_data import data_differs
from compiler.transition.properties.unread.selecting_policies import content_of, leaves_of
from compiler.transition.properties.unread.unread_readers import CREDENTIAL, names_by_a_leaf
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.existence import OWNER_KINDS, made_secret

PROPERTY = "available"
CERTIFICATE_HOLDERS = frozenset({"IngressRoute", "IngressRouteTCP"})
"""What names nothing but its own certificate: a renewed one is shown as the old one was."""
VOLUMES = frozenset({"PersistentVolume", "StorageClass"})
"""What is mounted with new credentials as with the old ones: their contents are taken to be right."""


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The Secrets and ConfigMaps whose data changes while something that is no pod reads them."""
    change = judged.change
    changed = dict(_changed_data(change))
    for reader, key in _readers_of(judged, frozenset(changed)) if changed else ():
        yield PropertyBreach(
            "unknown-kind",
            PROPERTY,
            f"{reader} names {key}, whose data changes. Not judged: whom {reader.kind} {reader.name} still lets in or "
            "trusts",
            (reader, key),
            "put the changed data into an object with a new name, or let it hold the old and the new entries first",
            "warning",
            change.moment(changed[key]),
        )


def _changed_data(change: Change) -> Iterator[tuple[Key, Key]]:
    """The Secrets and ConfigMaps whose data changes, each with what is written: itself, or what it is made from."""
    for key in change.ops:
        if key[:2] in (("", "Secret"), ("", "ConfigMap")) and _changes(change, key):
            yield key, key
        elif key.distinct_kind in OWNER_KINDS and _changes(change, key):
            yield made_secret(key, change.target.objects[key]), key


def _changes(change: Change, key: Key) -> bool:
    both = key in change.live.objects and key in change.target.objects
    return both and data_differs(change, key)


def _readers_of(judged: JudgedChange, changed: frozenset[Key]) -> Iterator[tuple[Key, Key]]:
    change, kinds = judged.change, naming_kinds()
    for reader, names in change.target.named.items():
        named = {each.key for each in names} & changed
        if named and reader in change.live.objects and reader.distinct_kind not in CERTIFICATE_HOLDERS | VOLUMES:
            yield from ((reader, key) for key in sorted(named - served_certificates(change.target, reader)))
    for reader in (key for key in judged.standing if key in change.target.objects and key.distinct_kind not in kinds):
        leaves = [each for each in leaves_of(content_of(change.target.objects[reader])) if each[0] != CREDENTIAL]
        yield from ((reader, key) for key in sorted(changed) if names_by_a_leaf(leaves, reader, key))
