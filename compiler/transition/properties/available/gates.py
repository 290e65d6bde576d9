"""available, for the objects on which routes hang: what clients connect to stays open, as its provider's reader says.

Which of them takes a route of the folder is judged with the route's requests.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.traffic.readers import route_readers
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange

PROPERTY = "available"
UNPROVEN_FIELDS = ("spec.listeners",)
"""of which a reader says that it does not know what becomes of clients"""


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """What each provider's reader finds in what this sync writes."""
    change, written = judged.change, tuple(judged.change.ops)
    for reader in route_readers():
        for each in reader.gate_changes(written, change.live, change.target):
            cut = None if each.since is None else change.moment(each.since)
            fields = UNPROVEN_FIELDS if each.code == "field-unproven" else ()
            yield PropertyBreach(
                each.code, PROPERTY, each.message, each.keys, each.help, each.severity, cut, fields=fields
            )
