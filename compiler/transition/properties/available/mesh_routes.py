"""Routes of a mesh that lead to Services by their names alone, and so to whom every client of these names comes.

Source: Istio, api/networking/v1alpha3/virtual_service.proto, `Destination`: `host` is looked up among the Services, and
all its endpoints answer, unless a `subset` of a DestinationRule chooses among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any, Final

from compiler.model.objects import Key, is_service, mapping_items, mapping_or_empty, nested_value
from compiler.transition.sync.change import Change

VIRTUAL_SERVICE: Final = ("networking.istio.io", "VirtualService")
WAYS: Final = ("http", "tls", "tcp")


def leads_by_lasting_services(change: Change, key: Key, named: Iterable[Key], idle: Set[Key]) -> bool:
    """Whether an unchanged VirtualService only leads to Services that stay, with the ports that they have.

    Whom a Service reaches while its pods change is judged with the requests to the Service itself, unless it is `idle`:
    one that other routes name, and give no share.
    """
    obj = change.target.objects.get(key)
    if key[:2] != VIRTUAL_SERVICE or obj is None or any("subset" in each for each in _destinations(obj)):
        return False
    return all(other not in idle and _stays(change, other) for other in named if is_service(other))


def _destinations(obj: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for way in WAYS:
        for rule in mapping_items(nested_value(dict(obj), "spec", way)):
            items = [*mapping_items(rule.get("route")), *mapping_items(rule.get("mirrors"))]
            yield from (mapping_or_empty(item.get("destination")) for item in items)
            yield mapping_or_empty(rule.get("mirror"))


def _stays(change: Change, service: Key) -> bool:
    sides = [snapshot.services.get(service) for snapshot in (change.live, change.target)]
    ports = [(facts.ports, facts.protocols, facts.external) for facts in sides if facts is not None]
    return len(ports) == 2 and ports[0] == ports[1]
