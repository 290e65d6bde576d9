"""What nobody has proven: VirtualServices that name no port of a Service which has several.

Source: Istio, pilot/pkg/networking/core/route/route.go `GetDestinationCluster`: the one port of the Service, or, where
it has several, that of the listener, whether the Service has it or not.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key, is_service
from compiler.traffic.readers import readers_by_kind
from compiler.transition.properties.available.mesh_routes import VIRTUAL_SERVICE
from compiler.transition.routing.service import UNNAMED_PORT, service_port_numbers
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "available"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The routes that change, or whose Service changes, and that leave open to which of its ports they lead."""
    change = judged.change
    reader = readers_by_kind()[VIRTUAL_SERVICE]
    for key in change.target.of_kind(VIRTUAL_SERVICE[1]):
        route = change.target.routes.get(key)
        for service, port in sorted(reader.backend_ports(route), key=str) if route is not None else ():
            moved = key in change.ops or service in change.ops
            if port == UNNAMED_PORT and moved and is_service(service) and _has_several_ports(change.target, service):
                yield PropertyBreach(
                    "field-unproven",
                    PROPERTY,
                    f"{key} names no port of {service}, which has several: Istio takes that of the listener. Not "
                    "judged: whether the Service has it",
                    (key, service),
                    "name the port in the destination",
                    "warning",
                    change.moment(key, service),
                )


def _has_several_ports(snapshot: Snapshot, service: Key) -> bool:
    facts = snapshot.services.get(service)
    return facts is not None and len(service_port_numbers(facts)) > 1
