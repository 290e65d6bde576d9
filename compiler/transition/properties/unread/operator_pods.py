"""config, for pods that operators make: what their objects name is there, or the answer is unknown.

Which fields of a custom resource name what is not known for each kind; that a field whose path speaks of a Secret holds
the name of one is (`compiler.transition.facts.naming_fields`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from compiler.model.objects import Key, mapping_items
from compiler.transition.classification import Inert, classified_kind
from compiler.transition.facts.naming_fields import NAMED_KINDS, kinds_named_by
from compiler.transition.facts.workload import is_workload
from compiler.transition.properties.unread.selecting_policies import content_of, leaves_of
from compiler.transition.properties.unread.unread_readers import names_by_a_leaf
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import END, Change
from compiler.transition.sync.existence import GENERATOR_KINDS, held_keys, secret_generators
from compiler.transition.sync.made_secrets import lost_secrets, rewritten_secrets

PROPERTY = "config"
KEY_FIELDS = ("key",)
ACCOUNT_SECRETS = ("secrets", "imagePullSecrets")
CLAIM_ADDRESS = "pvc://"
"""How KServe is told that a model is on a claim (its docs/model-serving/storage/providers/pvc)."""


class NamedData(NamedTuple):
    """A kind and name that an object's field holds, and the key beside it (empty: all of it)."""

    kind: str
    name: str
    data_key: str = ""


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The custom resources that stay, and whose ConfigMaps, Secrets, accounts or claims do not."""
    change = judged.change
    lost = [key for key in change.ops if key.kind in NAMED_KINDS and key in change.live.objects]
    lost += (*lost_secrets(change), *(keys := _lost_keys_of_made(change)))
    for key in change.target.objects if lost else ():
        if "." in key.group and _makes_pods(key):
            named = set(_named_data(change.target.objects[key].get("spec"), ()))
            named |= set(_secrets_of_accounts(change, key, named))
            for each in lost if named else ():
                elsewhere = each.kind in ("ConfigMap", "Secret") and _is_named_by_a_leaf(judged, key, each)
                if (
                    each.namespace in ("", key.namespace)
                    and not elsewhere
                    and _misses(change, each, named, keys.get(each))
                ):
                    yield _named_breach(change, key, each)


def _makes_pods(key: Key) -> bool:
    """Whether the kind is an operator's, and not one that is read by itself, or that makes nothing which serves."""
    built_in = key.group.endswith(".k8s.io") and not key.group.endswith(".x-k8s.io")
    if built_in or is_workload(key) or key.distinct_kind in GENERATOR_KINDS:
        return False
    return not isinstance(classified_kind(key.group, key.kind), Inert)


def _is_named_by_a_leaf(judged: JudgedChange, key: Key, lost: Key) -> bool:
    """Whether `unread_readers` names the loss: a field of an unread object says by itself what it names."""
    held = judged.change.target.objects
    if lost in held or key not in judged.standing:
        return False
    return names_by_a_leaf(leaves_of(content_of(held[key])), key, lost)


def _lost_keys_of_made(change: Change) -> dict[Key, frozenset[str]]:
    """The Secrets that operators write without a key that they had, and those keys."""
    keys: dict[Key, frozenset[str]] = {}
    for secret, maker in rewritten_secrets(change).items():
        if maker in change.target.objects:
            before, after = (held_keys(side.objects[maker], maker.kind) for side in (change.live, change.target))
            if before and after is not None and before - after:
                keys[secret] = before - after
    return keys


def _misses(change: Change, lost: Key, named: set[NamedData], keys: frozenset[str] | None) -> bool:
    """Whether the commit takes away what one of the fields names: the object, or the key of its data.

    `keys` are those that an operator no longer writes into it; who names none of them may need each.
    """
    wanted = [each for each in named if (each.kind, each.name) == (lost.kind, lost.name)]
    if not wanted:
        return False
    if keys is not None:
        return any(not each.data_key or each.data_key in keys for each in wanted)
    if change.snapshot_of(lost, END) is None:
        return not any(secret_generators(change.target, lost))
    if lost not in change.live.objects or lost not in change.target.objects:
        return False  # it is new, or no prune takes it away
    before, after = (held_keys(side.objects[lost], lost.kind) or frozenset() for side in (change.live, change.target))
    return any(each.data_key in before - after for each in wanted)


def _secrets_of_accounts(change: Change, key: Key, named: set[NamedData]) -> Iterator[NamedData]:
    """The Secrets that the accounts among `named` name: KServe reads credentials of a storage there."""
    for each in named:
        account = change.target.objects.get(Key("", each.kind, key.namespace, each.name), {})
        for field in ACCOUNT_SECRETS if each.kind == "ServiceAccount" else ():
            yield from (NamedData("Secret", str(item.get("name"))) for item in mapping_items(account.get(field)))


def _named_data(value: Any, path: tuple[str, ...]) -> Iterator[NamedData]:
    if isinstance(value, dict):
        data_key = next((str(value[name]) for name in KEY_FIELDS if isinstance(value.get(name), str)), "")
        for name, inner in value.items():
            place = (*path, str(name))
            if isinstance(inner, str):
                yield from (NamedData(kind, inner, data_key) for kind in kinds_named_by(place[-2:]))
                if inner.startswith(CLAIM_ADDRESS):
                    yield NamedData("PersistentVolumeClaim", inner.removeprefix(CLAIM_ADDRESS).partition("/")[0])
            else:
                yield from _named_data(inner, place)
    elif isinstance(value, list):
        for item in value:
            yield from _named_data(item, path)


def _named_breach(change: Change, key: Key, lost: Key) -> PropertyBreach:
    what = "is deleted, or loses a key" if change.snapshot_of(lost, END) is None else "loses a key"
    return PropertyBreach(
        "unknown-kind",
        PROPERTY,
        f"{key} names {lost}, which {what}. Not judged: what its operator makes of it without that",
        (key, lost),
        f"keep {lost} until nothing names it",
        "warning",
        change.moment(lost),
    )
