"""available, for VirtualServices that lead to a subset: a DestinationRule has it as long as they do.

Source: Istio, api/networking/v1alpha3/virtual_service.proto (`Destination.subset`) and destination_rule.proto (rules of
one host are merged); pilot/pkg/networking/core/route (a route names the cluster of the subset, and Envoy answers 503
where there is none); pkg/config/resource `ResolveShortnameToFQDN` (a host without a dot is of the own namespace).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, Final, NamedTuple

from compiler.model.manifest import Object
from compiler.model.objects import Key, mapping_items, mapping_or_empty, nested_value
from compiler.transition.properties.available.mesh_routes import VIRTUAL_SERVICE, WAYS
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import END, START, Change, Cut
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "available"
DESTINATION_RULE: Final = ("networking.istio.io", "DestinationRule")


class Subset(NamedTuple):
    """A subset of the pods behind a host, by its name."""

    host: str
    name: str


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The VirtualServices that stay, and lead to a subset that no DestinationRule has at some point of the sync."""
    change = judged.change
    written = [key for key in change.ops if key[:2] in (VIRTUAL_SERVICE, DESTINATION_RULE)]
    routes = [
        key
        for key in (*change.live.of_kind(VIRTUAL_SERVICE[1]), *change.target.of_kind(VIRTUAL_SERVICE[1]))
        if key in change.live.objects and key in change.target.objects
    ]
    if not written or not routes:
        return
    before = _subsets_at(change, START)
    hosts = {each.host for each in (*before, *_subsets_at(change, END))}
    for key in dict.fromkeys(routes):
        broken = _destinations_at(change, key, START) - before
        for cut in (*(change.deleted_at(each) for each in written), END):
            defined = _subsets_at(change, cut)
            missing = _destinations_at(change, key, cut) - defined - broken
            named = sorted(each for each in missing if each.host in hosts and not _is_for_many(defined))
            if named:
                yield _unresolved_subset(key, named[0], written, cut)
                break


def _subsets_at(change: Change, cut: Cut) -> set[Subset]:
    """What the DestinationRules define at a point of the sync."""
    return {
        Subset(_whole_host(obj, nested_value(obj, "spec", "host")), str(subset.get("name")))
        for obj in _destination_rules_at(change, cut)
        for subset in mapping_items(nested_value(obj, "spec", "subsets"))
    }


def _is_for_many(defined: Iterable[Subset]) -> bool:
    """Whether a subset is one of every host that a wildcard matches."""
    return any("*" in each.host for each in defined)


def _destination_rules_at(change: Change, cut: Cut) -> Iterator[Object]:
    kind = DESTINATION_RULE[1]
    keys = dict.fromkeys((*change.live.of_kind(kind), *change.target.of_kind(kind)))
    for key in keys:
        snapshot = change.snapshot_of(key, cut) if key[:2] == DESTINATION_RULE else None
        if snapshot is not None:
            yield snapshot.objects[key]


def _destinations_at(change: Change, key: Key, cut: Cut) -> Set[Subset]:
    snapshot: Snapshot | None = change.snapshot_of(key, cut)
    return set() if snapshot is None else set(_used_subsets(snapshot.objects[key]))


def _used_subsets(obj: Object) -> Iterator[Subset]:
    """The subsets to which a VirtualService sends requests: a mirror's answers reach nobody."""
    for way in WAYS:
        for rule in mapping_items(nested_value(obj, "spec", way)):
            for item in _with_requests(list(mapping_items(rule.get("route")))):
                destination = mapping_or_empty(item.get("destination"))
                if destination.get("subset"):
                    yield Subset(_whole_host(obj, destination.get("host")), str(destination["subset"]))


def _with_requests(items: Sequence[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    return items if len(items) == 1 else [item for item in items if item.get("weight", 1)]


def _whole_host(obj: Object, host: object) -> str:
    """The whole name of a host; one without a dot is of the object's own namespace."""
    text = str(host)
    return text if "." in text or "*" in text else f"{text}.{obj['metadata'].get('namespace', '')}.svc.cluster.local"


def _unresolved_subset(key: Key, subset: Subset, written: list[Key], cut: Cut) -> PropertyBreach:
    rules = [each for each in written if each[:2] == DESTINATION_RULE]
    return PropertyBreach(
        "reference-unresolved",
        PROPERTY,
        f"{key} leads to subset {subset.name} of {subset.host}, which no DestinationRule has then: Envoy answers 503",
        tuple(dict.fromkeys((key, *rules))),
        "define a subset in a commit, or a wave, before anything leads to it, and keep it until nothing does",
        cut=cut,
    )
