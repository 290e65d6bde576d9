"""What nobody has proven: requests that come to be taken otherwise, beside a route that is not read.

It may take any request of its hosts, before or after the others.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key
from compiler.traffic.readers import readers_by_kind
from compiler.transition.properties.unproven.unread_patterns import hosts_of_changed_matches, share_requests
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change

PROPERTY = "available"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The routes that stay unread, on hosts of which other routes come to take other requests."""
    change = judged.change
    unread = _unread_routes(change)
    hosts = hosts_of_changed_matches(change) if unread else set[str]()
    for key, (parts, own) in unread.items() if hosts else ():
        if any(share_requests(one, other) for one in own for other in hosts):
            yield PropertyBreach(
                "path-unread",
                PROPERTY,
                f"{key} may take requests that other routes come to take, or leave: {', '.join(parts)} is not read",
                (key,),
                "review the change by hand, or write a simpler rule",
                "warning",
            )


def _unread_routes(change: Change) -> dict[Key, tuple[list[str], set[str]]]:
    """By route that stays as it is: what is not read of it, and the hosts of which it may take requests."""
    result: dict[Key, tuple[list[str], set[str]]] = {}
    for (group, kind), reader in readers_by_kind().items():
        for side in (change.live, change.target):
            for key in side.of_kind(kind):
                if key.group == group and key not in side.routes and _stays_as_it_is(change, key):
                    parts, hosts = result.setdefault(key, ([], set()))
                    obj = side.objects[key]
                    parts += [part for part in reader.unread(obj) if part not in parts]
                    hosts |= {*reader.possible_hosts(obj)}
    return result


def _stays_as_it_is(change: Change, key: Key) -> bool:
    """Whether the route stays, and its spec does: any other change of it is unproven by itself."""
    forms = [side.objects.get(key) for side in (change.live, change.target)]
    return None not in forms and len({str(form.get("spec")) for form in forms if form is not None}) == 1
