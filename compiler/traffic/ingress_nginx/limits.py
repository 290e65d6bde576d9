"""Annotations of ingress-nginx that refuse requests: whether a new value refuses some that the old one let in.

Source: ingress-nginx, internal/ingress/annotations/ipallowlist, ipdenylist and ratelimit (main.go `Parse`): what is no
number is no limit there, and a list with a wrong entry shuts the location; without a list, the controller's own counts.
"""

from __future__ import annotations

import re
from math import inf
from typing import Any

from compiler.model.address_ranges import is_inside

DEFAULT_BODY = "1m"
"""Source: ingress-nginx, docs/user-guide/nginx-configuration/configmap.md, `proxy-body-size`."""
_SIZE = re.compile(r"([0-9]+)([kmg]?)", re.IGNORECASE)
_COUNT = re.compile(r"[0-9]{1,18}")
_MASK = re.compile(r"/[0-9]+$|^[^/]+$")


def admits_less(old: Any, new: Any) -> bool:
    """Whether the new limit of a body may refuse what the old one let in; 0 is none (nginx, `client_max_body_size`)."""
    before, after = (body_bytes(DEFAULT_BODY if each is None else each) for each in (old, new))
    return before is None or after is None or after < before


def body_bytes(text: Any) -> float | None:
    """The bytes of an nginx size; None for what is not one."""
    match = _SIZE.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    size = int(match[1]) * 1024 ** ("", "k", "m", "g").index(match[2].lower())
    return size or inf


def limits_more(old: Any, new: Any) -> bool:
    """Whether a lower number of requests or connections is allowed; 0, and nothing, are no limit."""
    before, after = (_limit(each) for each in (old, new))
    return before is None or after is None or after < before


def admits_fewer_addresses(old: Any, new: Any) -> bool:
    """Whether a list of those who are admitted may lack an address that the old one had."""
    return not _covers_every_range(new, old)


def refuses_more_addresses(old: Any, new: Any) -> bool:
    """Whether a list of those who are refused may have an address that the old one lacked."""
    return not _covers_every_range(old, new)


def _limit(value: Any) -> float | None:
    if value is None:
        return inf
    text = str(value)
    return (int(text) or inf) if _COUNT.fullmatch(text) else None


def _covers_every_range(outer: Any, inner: Any) -> bool:
    """Whether both are lists of ranges, and each of the second is within one of the first."""
    ranges, others = _listed_ranges(inner), _listed_ranges(outer)
    return all(any(is_inside(each, other) for other in others) for each in ranges) and all(
        is_inside(each, each) for each in (*ranges, *others)
    )


def _listed_ranges(value: Any) -> list[str]:
    """The entries of a list; Go's ParseCIDR knows no mask but a number of bits."""
    entries = [entry.strip() for entry in str(value or "").split(",")]
    return [entry if _MASK.search(entry) else "" for entry in entries]
