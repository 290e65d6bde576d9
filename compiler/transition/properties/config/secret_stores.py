"""config, for Secrets whose values come from another store, or another place of it: they are there all the time.

Source: external-secrets, pkg/controllers/externalsecret `getProviderSecretData` (one value of `data` that cannot be
fetched fails the whole sync, and with `deletionPolicy: Retain`, the default, the Secret stays as it is).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.objects import Key, mapping_items, mapping_or_empty, nested_value
from compiler.transition.classification import UnjudgedDifference
from compiler.transition.classification.kinds.external_secrets.external_secret import TEMPLATE_DEFAULTS, fetched_values
from compiler.transition.properties.config.named_data import present_object
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.existence import referenced_key

PROPERTY = "config"
STORE = ("external-secrets.io", "SecretStore")
READER = ("external-secrets.io", "ExternalSecret")
FETCHED_FROM = ("spec.data[]", "spec.dataFrom", "spec.secretStoreRef", "spec.target.template.data.")
MAX_NAMED_READERS = 3
TARGET_DEFAULTS = {"creationPolicy": "Owner", "deletionPolicy": "Retain"}
"""Source: external-secrets, apis/externalsecrets/v1/externalsecret_types.go `ExternalSecretTarget`."""


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The stores whose values are fetched from elsewhere, which nothing but their readers' data shows."""
    change = judged.change
    for key in change.ops:
        if key[:2] == STORE and _provider_changes(change, key) and _keeps_secrets(change, key):
            readers = [reader for reader in _store_readers(change, key) if reader in change.target.objects]
            if readers:
                yield _fetched_elsewhere(change, key, readers)
        elif key[:2] == READER and _fetches_elsewhere(change, key) and not _is_read_by_pods(change, key):
            yield _filled_anew(change, key)


def is_store_of_kept_secrets(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether a store's provider changes, and each Secret that it gives is kept if a value is not there."""
    return key[:2] == STORE and difference.field.startswith("spec.provider") and _keeps_secrets(change, key)


def is_value_of_a_kept_secret(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether an ExternalSecret fetches from elsewhere, and its Secret is kept if a value is not there.

    What the value is counts as the data of a Secret in the folder does: pods that read it are warned of. All that
    another store holds may have other keys, unless texts alone give the Secret its keys.
    """
    if key[:2] != READER or not difference.field.startswith(FETCHED_FROM) or not _fetches_elsewhere(change, key):
        return False
    sides = [mapping_or_empty(side.objects[key].get("spec")) for side in (change.live, change.target)]
    all_keys = sides[1].get("dataFrom") and difference.field.startswith("spec.secretStoreRef")
    if all_keys or difference.field.startswith("spec.dataFrom"):
        return all(map(_has_keys_of_texts_alone, sides))
    return True


def _has_keys_of_texts_alone(spec: Mapping[str, Any]) -> bool:
    """Whether whatever is fetched only fills in texts: a name that was not fetched fails the sync.

    Source: external-secrets, pkg/template/v2/template.go `execute` (`missingkey=error`).
    """
    template = mapping_or_empty(nested_value(spec, "target", "template"))
    merged = template.get("mergePolicy") == "Merge" or template.get("templateFrom")
    return bool(template.get("data")) and not merged


def _fetches_elsewhere(change: Change, key: Key) -> bool:
    if key not in change.live.objects or key not in change.target.objects:
        return False
    old, new = (mapping_or_empty(side.objects[key].get("spec")) for side in (change.live, change.target))
    differs = fetched_values(change.live.objects[key]) != fetched_values(change.target.objects[key])
    awaited = any(key in stage.awaited for stage in change.stages)
    return (
        differs
        and not awaited
        and _keeps_texts(old, new)
        and _target_without_texts(old) == _target_without_texts(new)
        and _keeps_its_secret(new)
        and (bool(set(_secret_keys(old)) & set(_secret_keys(new))) or bool(_template_texts(new)))
    )


def _target_without_texts(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the Secret is made of but for the texts of its template: it may get more.

    Source: external-secrets, pkg/controllers/externalsecret/externalsecret_controller_template.go `applyTemplate` (a
    text that cannot be filled in fails the sync, and the Secret stays as it is; texts make a Secret of their keys
    alone, unless they are merged).
    """
    target = {**TARGET_DEFAULTS, **mapping_or_empty(spec.get("target"))}
    return {**target, "template": {**TEMPLATE_DEFAULTS, **mapping_or_empty(target.get("template")), "data": {}}}


def _keeps_texts(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether the template fills in each key that it did, and none of the Secret's keys stood there without a text."""
    before, after = (_template_texts(spec).keys() for spec in (old, new))
    return before <= after and bool(before) == bool(after)


def _template_texts(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    return mapping_or_empty(nested_value(spec, "target", "template", "data"))


def _secret_keys(spec: Mapping[str, Any]) -> Iterator[str]:
    yield from (str(each.get("secretKey")) for each in mapping_items(spec.get("data")))


def _is_read_by_pods(change: Change, reader: Key) -> bool:
    """Whether pods of a workload need the Secret: the change of its data is then told of with them."""
    return any(
        present_object(change, referenced_key(key, ref)) == reader
        for snapshot in (change.live, change.target)
        for key, workload in snapshot.workloads.items()
        if key.namespace == reader.namespace
        for ref in workload.template.needs
    )


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
    return old == new and _keeps_its_secret(spec) and not spec.get("dataFrom") and any(_secret_keys(spec))


def _keeps_its_secret(spec: Mapping[str, Any]) -> bool:
    """Whether the Secret is the ExternalSecret's own, and stays as it is while a value cannot be fetched.

    What `manifest` names is made instead of a Secret (apis/externalsecrets/v1 `ManifestReference`).
    """
    target = mapping_or_empty(spec.get("target"))
    own = target.get("creationPolicy") in (None, "Owner", "Orphan") and not target.get("manifest")
    return own and target.get("deletionPolicy") in (None, "Retain")


def _filled_anew(change: Change, reader: Key) -> PropertyBreach:
    return PropertyBreach(
        "changed-in-place",
        PROPERTY,
        f"{reader} fetches values from another place: what reads its Secret gets the new data",
        (reader,),
        "make sure that the values are there, or let an ExternalSecret with a new name fetch them",
        "warning",
        change.moment(reader),
    )


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
