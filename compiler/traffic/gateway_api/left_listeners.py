"""Routes that hung on all listeners of a Gateway which no folder has, and come to hang on some of them.

Source: Gateway API, apis/v1/shared_types.go `ParentReference` (without a `sectionName`, all listeners).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compiler.model.objects import Key
from compiler.traffic.gateway_api.routes import HttpRoute
from compiler.traffic.reader import ConvergedObjects, GateChange


def left_listeners(written: Sequence[Key], before: ConvergedObjects, after: ConvergedObjects) -> Iterator[GateChange]:
    """The routes that leave listeners of which no manifest says whether they are there."""
    for key in written:
        old, new = before.routes.get(key), after.routes.get(key)
        if not isinstance(old, HttpRoute) or not isinstance(new, HttpRoute) or old.parents == new.parents:
            continue
        for gateway in dict.fromkeys(parent.gateway for parent in old.parents if not parent.section):
            kept = [parent.section for parent in new.parents if parent.gateway == gateway]
            known = gateway in before.objects or gateway in after.objects
            if kept and all(kept) and not known:
                yield _left(key, gateway, kept)


def _left(key: Key, gateway: Key, kept: Sequence[str]) -> GateChange:
    return GateChange(
        "field-unproven",
        f"{key} comes to hang on the listener {', '.join(kept)} of {gateway} alone, which is in no folder. Not judged: "
        "which other listeners that has, on which the route hung too",
        (key, gateway),
        "name each listener that clients use, or verify together with the folder that has the Gateway",
        "warning",
        key,
    )
