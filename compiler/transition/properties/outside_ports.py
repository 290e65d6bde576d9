"""What nobody has proven: requests that come to be sent to another port of a Service that no folder holds.

That the Service exists, the routes show that led to it so far: by which ports it is reached, they show as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key, is_service
from compiler.traffic.readers import readers_by_kind
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.served_class import ServedClass
from compiler.transition.sync.change import END, Change

PROPERTY = "available"


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """The backends of a class that must stay served, at ports that no route has named so far."""
    change, item = served.change, served.guarantee
    answer = item.after.answer
    if answer is None or not item.protected or item.request.service is not None:
        return
    outside = [each.ref for each in item.after.positive if each.unmanaged and _is_outside(change, each.ref.service)]
    known = _ports_named_before(change) if outside else frozenset()
    for ref in outside:
        if (ref.service, ref.port) not in known:
            yield PropertyBreach(
                "pods-outside",
                PROPERTY,
                f"{item.request} comes to be sent to port {ref.port} of {ref.service}, which is in no folder. Not "
                "judged: whether it has that port",
                (answer.route, ref.service),
                f"add {ref.service} to the folder; use --outside if it exists in the cluster, with that port",
                "warning",
                END,
                item.request,
            )


def _is_outside(change: Change, key: Key) -> bool:
    sides = (change.baseline, change.live, change.target)
    return is_service(key) and not any(key in side.objects for side in sides) and str(key) not in change.options.outside


def _ports_named_before(change: Change) -> frozenset[tuple[Key, int | str]]:
    readers, routes = readers_by_kind(), change.baseline.routes.items()
    return frozenset(pair for key, route in routes for pair in readers[key[:2]].backend_ports(route))
