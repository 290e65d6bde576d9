"""undisputed, for routes: two equal ones that answer differently.

Which of them a gateway takes is not said, or not kept to: a real one was seen to decide anew at each reload.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.served_class import ServedClass

PROPERTY = "undisputed"


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """The routes that tie for the class once the sync is done."""
    item = served.guarantee
    tied = served.judged.router.ties(item.request)
    if tied:
        yield PropertyBreach(
            "routes-equal",
            PROPERTY,
            f"{', '.join(map(str, tied))} match {item.request} equally: gateways differ in which one they choose",
            tuple(tied),
            "make one match more specific, or put both rules into one route",
            "warning",
        )
