"""Names that may stand once in a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any


def duplicate_name_errors(what: str, names: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """The names of `what` that stand twice, of those that are given."""
    given = [str(name) for name in names if name is not None]
    if len(set(given)) == len(given):
        return  # a set costs a fourth of a Counter, and nearly every list ends here
    for name, count in Counter(given).items():
        if count > 1:
            yield f"its {what} contain {name} twice", "keep one of them"
