"""Plain data by path: looked up, and copied with one difference."""

from __future__ import annotations

import copy
from typing import Any, Final

from compiler.diagnostics.model import Path


class Missing:
    """What stands at a path that is not there; null is something."""


MISSING: Final = Missing()


def value_or_missing(data: Any, path: Path) -> Any:
    """The value at `path`, or NOTHING."""
    for key in path:
        if not _contains_key(data, key):
            return MISSING
        data = data[key]
    return data


def _contains_key(data: Any, key: str | int) -> bool:
    if isinstance(data, dict):
        return key in data
    return isinstance(data, list) and isinstance(key, int) and 0 <= key < len(data)


def deep_equal(one: Any, other: Any) -> bool:
    """Whether two values are equal, in type as well, all the way down; the order of keys does not count."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(deep_equal(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(deep_equal, one, other))
    return bool(one == other)


def with_replaced_value(data: Any, path: Path, value: Any) -> Any:
    """A copy in which `value` stands at `path`, whose parent exists."""
    changed = copy.deepcopy(data)
    value_or_missing(changed, path[:-1])[path[-1]] = copy.deepcopy(value)
    return changed


def with_inserted_value(data: Any, path: Path, value: Any) -> Any:
    """A copy in which a new entry stands at `path`: in a list, before the item that had its index."""
    changed = copy.deepcopy(data)
    parent = value_or_missing(changed, path[:-1])
    if isinstance(parent, list) and isinstance(path[-1], int):
        parent.insert(path[-1], copy.deepcopy(value))
    else:
        parent[path[-1]] = copy.deepcopy(value)
    return changed


def with_value(data: Any, path: Path, value: Any) -> Any:
    """A copy in which `value` stands at `path`, with the maps above it that were missing."""
    changed = copy.deepcopy(data)
    parent = changed
    for key in path[:-1]:
        parent = parent.setdefault(key, {})
    parent[path[-1]] = copy.deepcopy(value)
    return changed


def without_entry(data: Any, path: Path) -> Any:
    """A copy without the entry at `path`."""
    changed = copy.deepcopy(data)
    del value_or_missing(changed, path[:-1])[path[-1]]
    return changed
