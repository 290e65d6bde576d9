"""What nobody has proven: requests that a Service without pods of the folder answered, and that come to others.

In a namespace of which the folder has pods, such a Service counts as empty; an operator or another folder may fill it.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key
from compiler.transition.properties.outside.unknown_entries import routing_differs, selects_nobody
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.router import RoutingResult
from compiler.transition.search.served_class import ServedClass
from compiler.transition.sync.change import END, Change

PROPERTY = "available"


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """A class that pods of no folder may answer, and whose route or backends become others without its own change."""
    change, item = served.change, served.guarantee
    answer = item.before.answer
    if answer is None or item.protected or item.request.service is not None or routing_differs(change, answer.route):
        return
    outside = [
        each.ref.service
        for each in item.before.positive
        if each.fault is None and not each.unmanaged and selects_nobody(change.live, each.ref.service)
    ]
    if outside and _way(item.before) != _way(item.after) and (item.after.answer or _is_routed(change, outside)):
        yield PropertyBreach(
            "pods-outside",
            PROPERTY,
            f"{item.request} goes another way than to {outside[0]}, whose pods are in no folder. Not judged: whether "
            "they answer it, until it does",
            (answer.route, *outside),
            "verify the folder of these pods together with this one",
            "warning",
            END,
            item.request,
        )


def _way(result: RoutingResult) -> tuple[object, ...]:
    route = None if result.answer is None else result.answer.route
    return (route, *((each.ref, each.share, each.fault) for each in result.positive))


def _is_routed(change: Change, services: list[Key]) -> bool:
    """Whether a route still leads there: else the requests are given up on purpose."""
    return any(service in route.services for route in change.target.routes.values() for service in services)
