"""The word that a user probably meant."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST = 64


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate nearest to `word`, or None when none is near enough to be a slip of the fingers.

    A candidate that differs in case and in `-`, `_` or space only is always near; else at most one edit in three
    characters may part them (insert, delete, replace, swap of neighbors). Of equally near ones the first wins.
    """
    plain = _folded(word)
    best: tuple[int, str] | None = None
    for candidate in candidates:
        other = _folded(candidate)
        if candidate == word or not plain or max(len(plain), len(other)) > _LONGEST:
            continue
        most = max(1, max(len(plain), len(other)) // 3) if min(len(plain), len(other)) > 1 else 0
        if best is not None:
            most = min(most, best[0] - 1)
        if abs(len(plain) - len(other)) > most:
            continue
        distance = edits(plain, other)
        if distance <= most:
            best = (distance, candidate)
    return best[1] if best is not None else None


def edits(one: str, other: str) -> int:
    """The least number of inserted, deleted, replaced or swapped characters that turn one word into the other.

    Source: optimal string alignment distance (Damerau 1964; Boytsov 2011, chapter 2.2).
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, a in enumerate(one, start=1):
        line = [row]
        for column, b in enumerate(other, start=1):
            cost = min(last[column] + 1, line[column - 1] + 1, last[column - 1] + (a != b))
            if row > 1 and column > 1 and a == other[column - 2] and one[row - 2] == b:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, last = last, line
    return last[-1]


def _folded(word: str) -> str:
    return word.casefold().replace("-", "").replace("_", "").replace(" ", "")
