"""undisputed, for routes: two equal ones that answer differently.

Source: Gateway API, httproute_types.go (the older route wins, then the name); real runs showed a gateway that decides
anew at each reload.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.served_class import ServedClass

PROPERTY = "undisputed"


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """The routes that tie for the class once the sync is done."""
    item = served.guarantee
    if item.request.entry.startswith("gateway "):
        tied = served.judged.router.ties(item.request)
        if tied:
            yield PropertyBreach(
                "routes-equal",
                PROPERTY,
                f"{', '.join(map(str, tied))} match {item.request} equally: gateways differ in whom they take",
                tuple(tied),
                "make one match more specific, or join the rules in one route",
                "warning",
            )
