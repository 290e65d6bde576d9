"""config, for data that somebody else fills in: whether it has a key that pods come to read, nobody here knows.

A key that pods of the folder read is there. One that comes together with what fetches it is taken to be there, as the
value of each `remoteRef` is.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key, mapping_or_empty
from compiler.transition.facts.pods import BATCH_TEMPLATES, Reference
from compiler.transition.properties.config.named_data import present_object
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.existence import (
    DATA_FIELDS,
    ROOT_CA_CONFIG_MAP,
    held_keys,
    referenced_key,
)
from compiler.transition.sync.job_reads import batch_needs, is_there_for

PROPERTY = "config"
DATA_KINDS = frozenset({"ConfigMap", "Secret"})
FILLED_IN_KINDS = DATA_KINDS | {"ExternalSecret", "SealedSecret"}


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The keys that new pods need of data whose keys are not known, and that no pods have read so far."""
    change = judged.change
    if not change.live.objects:
        return
    yield from _keys_left_to_others(change)
    for key, template in judged.starting.items():
        for ref in template.needs:
            named = referenced_key(key, ref)
            source = present_object(change, named)
            if ref.keys and str(named) not in change.options.outside and _is_filled_elsewhere(change, key, source):
                read = _keys_read_before(change, named)
                unread = ", ".join(name for name in ref.keys if name not in read)
                if unread:
                    yield _key_breach(change, key, ref, source, unread)


def _keys_left_to_others(change: Change) -> Iterator[PropertyBreach]:
    """The keys that running pods need, and that the manifest of what somebody else fills in gives up."""
    for source in change.ops:
        old, new = change.live.objects.get(source), change.target.objects.get(source)
        if source.kind not in DATA_KINDS or old is None or new is None or held_keys(new, source.kind) is not None:
            continue
        lost = {name for field in DATA_FIELDS for name in mapping_or_empty(old.get(field))}
        lost -= {name for field in DATA_FIELDS for name in mapping_or_empty(new.get(field))}
        for key, workload in change.live.workloads.items() if lost else ():
            for ref in workload.template.needs:
                given_up = ", ".join(name for name in ref.keys if name in lost)
                if given_up and referenced_key(key, ref) == source:
                    yield _key_breach(change, key, ref, source, given_up)


def _is_filled_elsewhere(change: Change, key: Key, source: Key) -> bool:
    """Whether the object, or what makes it, is there already, and does not say which keys its data has."""
    live, new = change.live.objects.get(source), change.target.objects.get(source)
    if new is None:
        return is_there_for(change, key, source)
    return live is not None and source.kind in FILLED_IN_KINDS and held_keys(new, source.kind) is None


def _keys_read_before(change: Change, wanted: Key) -> set[str]:
    """The keys of an object that pods of the folder read before the commit, and so have found, or that are known."""
    given = {"ca.crt"} if wanted._replace(namespace="") == ROOT_CA_CONFIG_MAP else set()
    return given | {
        name
        for reader, needs in _needs_before(change, wanted.namespace)
        for each in needs
        if referenced_key(reader, each) == wanted
        for name in each.keys
    }


def _needs_before(change: Change, namespace: str) -> Iterator[tuple[Key, tuple[Reference, ...]]]:
    for key, workload in change.baseline.workloads.items():
        if key.namespace == namespace:
            yield key, workload.template.needs
    for kind in BATCH_TEMPLATES:
        for key in change.live.of_kind(kind):
            if key.namespace == namespace:
                yield key, batch_needs(change.live.objects[key], kind)


def _key_breach(change: Change, key: Key, ref: Reference, source: Key, names: str) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"pods of {key} need {names} of {ref.kind} {ref.name} ({ref.through}), whose keys no manifest lists. Not "
        "judged: whether it is there; without it a pod that comes does not start",
        (key, source),
        f"look {names} up in the cluster, and say that all is there (--outside '{referenced_key(key, ref)}')",
        "warning",
        change.moment(key),
    )
