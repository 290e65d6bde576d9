"""config, for Secrets whose values come from a store that changes: they are there all the time, with the same keys.

Source: external-secrets, pkg/controllers/externalsecret `getProviderSecretData` (one value of `data` that cannot be
fetched fails the whole sync, and with `deletionPolicy: Retain`, the default, the Secret stays as it is).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.objects import Key, mapping_items, mapping_or_empty, nested_value
from compiler.transition.classification import UnjudgedDifference
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change

PROPERTY = "config"
STORE = ("external-secrets.io", "SecretStore")
READER = ("external-secrets.io", "ExternalSecret")
MAX_NAMED_READERS = 3


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The stores whose values are fetched from elsewhere, which nothing but their readers' data shows."""
    change = judged.change
    for key in change.ops:
        if key[:2] == STORE and _provider_changes(change, key) and _keeps_secrets(change, key):
            readers = [reader for reader in _store_readers(change, key) if reader in change.target.objects]
            if readers:
                yield _fetched_elsewhere(change, key, readers)


def is_store_of_kept_secrets(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether a store's provider changes, and each Secret that it gives is kept if a value is not there."""
    return key[:2] == STORE and difference.field.startswith("spec.provider") and _keeps_secrets(change, key)


def _provider_changes(change: Change, key: Key) -> bool:
    old, new = (nested_value(side.objects.get(key, {}), "spec", "provider") for side in (change.live, change.target))
    return old is not None and new is not None and old != new


def _keeps_secrets(change: Change, key: Key) -> bool:
    """Whether no reader loses its Secret, and no wave waits for a store or a reader that cannot fetch."""
    readers = [reader for reader in _store_readers(change, key) if reader in change.target.objects]
    if any(each in stage.awaited for stage in change.stages for each in (key, *readers)):
        return False
    return bool(readers) and all(_is_kept(change, reader) for reader in readers)


def _store_readers(change: Change, store: Key) -> list[Key]:
    """The objects beside a store that fetch from it, or push into it."""
    every = {**change.live.objects, **change.target.objects}
    return [
        key
        for key, obj in every.items()
        if key.group == STORE[0]
        and key.namespace in ("", store.namespace)
        and key != store
        and _mentions(obj, store.name)
    ]


def _mentions(value: Any, name: str) -> bool:
    """Whether some reference inside of an object has the name of a store."""
    if isinstance(value, list):
        return any(_mentions(item, name) for item in value)
    if not isinstance(value, dict):
        return False
    return any(
        ("storeref" in field.lower() and _is_reference(inner, name)) or _mentions(inner, name)
        for field, inner in value.items()
    )


def _is_reference(reference: Any, name: str) -> bool:
    references = reference if isinstance(reference, list) else [reference]
    return any(
        mapping_or_empty(each).get("kind") != "ClusterSecretStore"
        and mapping_or_empty(each).get("name") in (name, None)
        for each in references
    )


def _is_kept(change: Change, reader: Key) -> bool:
    """Whether an ExternalSecret has made its Secret, fetches the same keys as before, and all of them or none."""
    if reader[:2] != READER or reader not in change.live.objects:
        return False
    old, new = (side.objects[reader].get("spec") for side in (change.live, change.target))
    spec: Mapping[str, Any] = mapping_or_empty(new)
    target = mapping_or_empty(spec.get("target"))
    kept = target.get("deletionPolicy") in (None, "Retain") and target.get("creationPolicy") in (
        None,
        "Owner",
        "Orphan",
    )
    return old == new and kept and not spec.get("dataFrom") and any(mapping_items(spec.get("data")))


def _fetched_elsewhere(change: Change, store: Key, readers: list[Key]) -> PropertyBreach:
    named = ", ".join(map(str, readers[:MAX_NAMED_READERS]))
    more = f" and {len(readers) - MAX_NAMED_READERS} more" if len(readers) > MAX_NAMED_READERS else ""
    return PropertyBreach(
        "changed-in-place",
        PROPERTY,
        f"{store} is another store from now on: {named}{more} fetch their values from there, and an old pod that "
        "restarts reads the new data",
        (store, *readers),
        "make sure that the new store holds the same values, or give it a new name and move one ExternalSecret first",
        "warning",
        change.moment(store),
    )
