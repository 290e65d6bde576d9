"""available, for Services without a selector: the addresses behind them stand in Endpoints and EndpointSlices.

Source: Kubernetes, docs/concepts/services-networking/service.md (Services without selectors),
pkg/apis/discovery/types.go `EndpointConditions` (ready unless it says otherwise).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key, integer_or_default, list_or_empty, mapping_items, nested_value, object_labels
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "available"
SERVICE_NAME = "kubernetes.io/service-name"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The Services that lose their last address; which others come or go is named as unproven."""
    change = judged.change
    before, after = (ready_addresses(snapshot) for snapshot in (change.live, change.target))
    for service, objects in before.items():
        kept = change.target.services.get(service)
        if kept is not None and not kept.selects_pods and not kept.external and not after.get(service):
            yield PropertyBreach(
                "endpoints-gone",
                PROPERTY,
                f"{service} leads to the addresses in {objects[0]}, and none of them stays and is ready",
                (service, *objects),
                "add the new addresses first, and keep an old one that is ready until they are",
                cut=change.moment(*objects),
            )

    yield from _frozen_endpoints(change)
    yield from _unpaired_ports(change)


def _unpaired_ports(change: Change) -> Iterator[PropertyBreach]:
    """Ports of Services that lose the written addresses, for these are found by the name of their port.

    Source: Kubernetes, pkg/proxy/endpointslicecache.go: endpoints are known by Service and port name.
    """
    for key, facts in change.target.services.items():
        before = change.live.services.get(key)
        if before is None or facts.selects_pods or before.selects_pods or facts.external:
            continue
        old, new = (_written_port_names(side, key) for side in (change.live, change.target))
        names = _names_by_number(change.live, key)
        for number, name in _names_by_number(change.target, key).items():
            if names.get(number) in old and new and name not in new:
                yield PropertyBreach(
                    "endpoints-gone",
                    PROPERTY,
                    f"port {number} of {key} is called {name or 'nothing'}, and no written address has a port of this "
                    "name",
                    (key,),
                    "give the port the same name in the Service and in its EndpointSlices or Endpoints",
                    cut=change.moment(key),
                )


def _names_by_number(snapshot: Snapshot, service: Key) -> dict[int, str]:
    """The names of a Service's ports; empty: it has none."""
    ports = mapping_items(nested_value(snapshot.objects[service], "spec", "ports"))
    return {integer_or_default(port.get("port"), 0): str(port.get("name") or "") for port in ports}


def _written_port_names(snapshot: Snapshot, service: Key) -> frozenset[str]:
    """The names of the ports at which somebody wrote addresses of the Service."""
    near = [key for key in snapshot.of_kind("EndpointSlice") if key.namespace == service.namespace]
    slices = [snapshot.objects[key] for key in near]
    held = [each for each in slices if object_labels(each).get(SERVICE_NAME) == service.name]
    endpoints = snapshot.objects.get(service._replace(kind="Endpoints"), {})
    parts = [*held, *mapping_items(endpoints.get("subsets"))]
    return frozenset(str(port.get("name") or "") for part in parts for port in mapping_items(part.get("ports")))


def _frozen_endpoints(change: Change) -> Iterator[PropertyBreach]:
    """The Services that lose their selector: nobody adds the pods that take another one's place."""
    for key, facts in change.target.services.items():
        before = change.live.services.get(key)
        kept = before is not None and before.selects_pods and not facts.selects_pods and not facts.external
        if kept and key in change.ops:
            yield PropertyBreach(
                "endpoints-frozen",
                PROPERTY,
                f"{key} loses its selector: it still leads to the present pods, but not to the pods that replace them",
                (key,),
                "keep the selector, or write EndpointSlices with addresses that do not change",
                "warning",
                change.moment(key),
            )


def ready_addresses(snapshot: Snapshot) -> dict[Key, list[Key]]:
    """The Services with a ready address that somebody wrote, each with the objects that hold one."""
    held: dict[Key, list[Key]] = {}
    for key in snapshot.of_kind("EndpointSlice"):
        obj = snapshot.objects[key]
        endpoints = mapping_items(obj.get("endpoints"))
        if any(each.get("addresses") and nested_value(each, "conditions", "ready") is not False for each in endpoints):
            name = str(object_labels(obj).get(SERVICE_NAME))
            held.setdefault(Key("", "Service", key.namespace, name), []).append(key)
    for key in snapshot.of_kind("Endpoints"):
        subsets = mapping_items(snapshot.objects[key].get("subsets"))
        if any(list_or_empty(each.get("addresses")) for each in subsets):
            held.setdefault(key._replace(kind="Service"), []).append(key)
    return held
