"""What nobody has proven: Secrets and ConfigMaps that go while an object that nobody reads stays and names them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from compiler.model.objects import Key, nested_value, string_entries
from compiler.transition.facts.naming_fields import kinds_named_by
from compiler.transition.properties.unread.selecting_policies import Leaf, content_of, leaves_of
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.made_secrets import lost_secrets

PROPERTY = "available"
ISTIO = "networking.istio.io"
RELOADER = "reloader.stakater.com/"
CREDENTIAL = "credentialName"
"""Istio's name of a Secret in the namespace of the gateway's pods, wherever they are."""


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The unread objects that stay, and Istio's Gateways, that name a Secret or ConfigMap which is deleted."""
    change = judged.change
    gone = [
        key for key in change.ops if key[:2] in (("", "Secret"), ("", "ConfigMap")) and key not in change.target.objects
    ]
    gone += lost_secrets(change)
    gateways = [key for key in change.target.of_kind("Gateway") if key.group == ISTIO]
    standing = [key for key in judged.standing if key in change.target.objects]
    for reader in dict.fromkeys((*standing, *gateways)) if gone else ():
        leaves = list(leaves_of(content_of(change.target.objects[reader])))
        for key in gone:
            if names_by_a_leaf(leaves, reader, key):
                yield _loss_of_named(reader, key)
    for workload, key in _annotated_pods(change, gone) if gone else ():
        yield _loss_of_named(workload, key)


def _annotated_pods(change: Change, gone: Sequence[Key]) -> Iterator[tuple[Key, Key]]:
    """The workloads whose pods say, to what is injected into them, the name of something that is deleted.

    Source: Vault, docs/platform/k8s/injector/annotations (`agent-configmap`, `tls-secret`).
    """
    for workload, facts in change.target.workloads.items():
        notes = string_entries(nested_value(facts.template.raw, "metadata", "annotations"))
        for name, value in notes.items():
            kinds = kinds_named_by((name,)) if RELOADER not in name else ()
            for key in gone:
                if key.kind in kinds and (key.namespace, key.name) == (workload.namespace, value):
                    yield workload, key


def _loss_of_named(reader: Key, key: Key) -> PropertyBreach:
    return PropertyBreach(
        "unknown-kind",
        PROPERTY,
        f"{reader} names {key}, which is deleted. Not judged: what becomes of {reader.kind} {reader.name}",
        (reader, key),
        f"keep {key} until nothing names it",
        "warning",
    )


def names_by_a_leaf(leaves: Iterable[Leaf], reader: Key, key: Key) -> bool:
    """Whether one of the values of `reader` is the name of the object."""
    return any(_names(leaf, reader, key) for leaf in leaves)


def _names(leaf: Leaf, reader: Key, key: Key) -> bool:
    """Whether a value is the name of the object: its field says so, or the kind that stands beside it."""
    field, value, holder = leaf
    if value != key.name or (field != CREDENTIAL and holder.get("namespace", reader.namespace) != key.namespace):
        return False
    return holder.get("kind") == key.kind or key.kind in kinds_named_by((field,))
