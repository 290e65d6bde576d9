"""Headers that a route adds or removes."""

from __future__ import annotations

from typing import Any

from compiler.model.objects import list_or_empty, mapping_items, mapping_or_empty

STEERING = frozenset(
    {
        "accept-encoding", "authorization", "connection", "content-encoding", "content-length", "content-type",
        "cookie", "expect", "forwarded", "host", "location", "origin", "set-cookie", "te", "transfer-encoding",
        "upgrade", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto",
    }
)  # fmt: skip
"""Headers that decide how HTTP itself, or nearly any server, reads a message (RFC 9110)."""

INFORMATIVE = frozenset({"deprecation", "sunset"})
"""Headers that announce something to people (RFC 9745, RFC 8594)."""


def header_change_matters(old: Any, new: Any) -> bool:
    """Whether more happens than that headers are added which a server that does not know them ignores.

    Source: RFC 9110, section 5.1: unrecognized header fields are ignored.
    """
    first, second = _entries(old), _entries(new)
    if not first <= second:
        return True
    return any(kind == "remove" or name.lower() in STEERING for kind, name, _ in second - first)


def _entries(modifier: Any) -> set[tuple[str, str, str]]:
    """(`add`, name, value) of each header that a modifier adds, sets or removes."""
    parts = mapping_or_empty(modifier)
    removed = {("remove", str(name), "") for name in list_or_empty(parts.get("remove"))}
    written = [(kind, item) for kind in ("add", "set") for item in mapping_items(parts.get(kind))]
    every = removed | {(kind, str(item.get("name")), str(item.get("value"))) for kind, item in written}
    return {entry for entry in every if entry[1].lower() not in INFORMATIVE}
