"""What nobody has proven: requests that come to be sent to another port of a Service, or of pods, in no folder.

That the Service exists, the routes show that led to it so far: by which ports it is reached, they show as well. On
which ports pods of no folder listen, the target ports of their Service show in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key, is_service
from compiler.model.request import BackendRef
from compiler.traffic.readers import readers_by_kind
from compiler.transition.routing.service import ServiceFacts
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.served_class import ServedClass
from compiler.transition.sync.change import END, Change

PROPERTY = "available"


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """The backends of a class that must stay served, at ports that no route or no Service has named so far."""
    yield from _ports_of_services(served)
    yield from _ports_of_pods(served)


def _ports_of_services(served: ServedClass) -> Iterator[PropertyBreach]:
    change, item = served.change, served.guarantee
    answer = item.after.answer
    if answer is None or not item.protected or item.request.service is not None:
        return
    outside = [each.ref for each in item.after.positive if each.unmanaged and _is_outside(change, each.ref.service)]
    known = _ports_named_before(change) if outside else frozenset()
    for ref in outside:
        if (ref.service, ref.port) not in known:
            port = f"port {ref.port}" if ref.port else "the one port"
            yield PropertyBreach(
                "pods-outside",
                PROPERTY,
                f"{item.request} comes to be sent to {port} of {ref.service}, "
                "which is in no folder. Not judged: whether it has that port",
                (answer.route, ref.service),
                f"add {ref.service} to the folder; use --outside if it exists in the cluster, with that port",
                "warning",
                END,
                item.request,
            )


def _ports_of_pods(served: ServedClass) -> Iterator[PropertyBreach]:
    answering = served.guarantee.after.positive if served.guarantee.protected else ()
    for ref, facts in ((each.ref, each.facts) for each in answering if each.unmanaged):
        before = served.change.live.services.get(ref.service)
        if facts is None or before is None or not facts.selects_pods or ref.port not in before.ports:
            continue
        if _target(facts, ref) != _target(before, ref):
            yield PropertyBreach(
                "pods-outside",
                PROPERTY,
                f"{ref.service} leads port {ref.port} to another port of its pods, which are in no folder. Not judged: "
                "whether they listen there",
                (ref.service,),
                "verify the folder of these pods together with this one",
                "warning",
                END,
                served.guarantee.request,
            )


def _target(service: ServiceFacts, ref: BackendRef) -> tuple[int | str, str]:
    return service.ports[ref.port], service.protocols.get(ref.port, "TCP")


def _is_outside(change: Change, key: Key) -> bool:
    sides = (change.baseline, change.live, change.target)
    return is_service(key) and not any(key in side.objects for side in sides) and str(key) not in change.options.outside


def _ports_named_before(change: Change) -> frozenset[tuple[Key, int | str]]:
    readers, routes = readers_by_kind(), change.baseline.routes.items()
    return frozenset(pair for key, route in routes for pair in readers[key[:2]].backend_ports(route))
