"""What nobody has proven: requests that a new route takes, and that a route of another kind has answered till then.

Where one proxy serves both, they pass from one to the other. Source: Traefik, docs/content/providers (Ingresses,
HTTPRoutes and IngressRoutes are routers of one set of entry points, and the longest rule wins).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key
from compiler.model.request import RouteAction
from compiler.traffic.readers import readers_by_kind
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.served_class import ServedClass
from compiler.transition.sync.change import END, START, Change

PROPERTY = "available"


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """A class that nobody answers at its entry, and that comes to be answered there otherwise than at another one."""
    item = served.guarantee
    after = item.after.answer
    if item.request.service is not None or item.served or after is None or not _has_several_kinds(served.change):
        return
    other = served.judged.reference.elsewhere(item.request, START)
    if (
        other is None
        or _does_the_same(other, after)
        or not _may_be_served_by_one(served.change, other.route, after.route)
    ):
        return
    yield PropertyBreach(
        "unknown-kind",
        PROPERTY,
        f"{after.route} comes to take {item.request}, which {other.route} has taken so far. Not judged: which of them "
        "answers, if one proxy serves both",
        (after.route, other.route),
        "route a host by one kind of route",
        "warning",
        END,
        item.request,
    )


def _has_several_kinds(change: Change) -> bool:
    return len({key[:2] for side in (change.live, change.target) for key in side.routes}) > 1


def _does_the_same(one: RouteAction, other: RouteAction) -> bool:
    return one._replace(route=other.route, path=other.path, timeout=other.timeout) == other


def _may_be_served_by_one(change: Change, *routes: Key) -> bool:
    """Whether the proxy of one of two routes may serve the other one too."""
    readers, forms = readers_by_kind(), [change.live.objects.get(key) or change.target.objects[key] for key in routes]
    pairs = zip(routes, reversed(forms), strict=True)
    return any(readers[key[:2]].may_serve(form) for key, form in pairs if key[:2] in readers)
