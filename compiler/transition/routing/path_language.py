"""Paths and values that tell expressions apart: what one takes and another does not, exactly, by finite automata."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Sequence, Set
from functools import lru_cache

from compiler.model.expression import location_pattern, without_regex_warnings
from compiler.model.request import RouteMatch
from compiler.transition.routing.expression_automaton import Expression, Region, UnreadableError, regions

MAX_PATTERN_LENGTH = 300
PATH_CHARACTERS = "".join(chr(code) for code in range(33, 127) if chr(code) not in "#?")
VALUE_CHARACTERS = f"{PATH_CHARACTERS}? "
RegionsOf = Callable[[tuple[Expression, ...]], tuple[Region, ...] | None]


def path_pattern(match: RouteMatch) -> Expression:
    """The paths that a match takes, as an expression."""
    stem = re.escape(match.path.rstrip("/"))
    match match.kind:
        case "Regex":
            return Expression(match.path)
        case "Location":
            return Expression(location_pattern(match.path), whole=False, ignore_case=True)
        case "Exact":
            return Expression(re.escape(match.path))
        case "Text":
            return Expression(f"^{re.escape(match.path)}", whole=False)
    return Expression(f"{stem}(/.*)?")


def separating_paths(gone: Iterable[Expression], came: Iterable[Expression]) -> list[str]:
    """Paths that expressions which go took and those which come do not, the other way round, and that both take."""
    return _separating_texts([*filter(is_readable, gone)], [*filter(is_readable, came)], path_regions)


def separating_values(gone: Iterable[str], came: Iterable[str]) -> list[str]:
    """Values of a header or a query parameter that tell apart the expressions for them which go and which come."""
    old, new = ([Expression(text) for text in side if is_readable_value(text)] for side in (gone, came))
    return _separating_texts(old, new, value_regions)


def are_comparable(patterns: Iterable[Expression]) -> bool:
    """Whether paths are known that tell these apart; those that are not readable are not looked at."""
    return path_regions(tuple(filter(is_readable, patterns))) is not None


def are_comparable_values(texts: Iterable[str]) -> bool:
    """Whether values are known that tell these expressions apart; those that are not readable are not looked at."""
    return value_regions(tuple(Expression(text) for text in texts if is_readable_value(text))) is not None


def is_readable(pattern: Expression) -> bool:
    """Whether the pattern has an automaton, so that it is known exactly which paths it takes."""
    return path_regions((pattern,)) is not None


def is_readable_value(text: str) -> bool:
    """Whether it is known exactly which values of a header or a query parameter the expression takes."""
    return value_regions((Expression(text),)) is not None


@lru_cache(maxsize=512)
def path_regions(patterns: tuple[Expression, ...]) -> tuple[Region, ...] | None:
    """The paths that the patterns tell apart; None for what is not read, or too large."""
    return _regions(patterns, "/", PATH_CHARACTERS)


@lru_cache(maxsize=512)
def value_regions(patterns: tuple[Expression, ...]) -> tuple[Region, ...] | None:
    """The values that the patterns tell apart; None for what is not read, or too large."""
    return _regions(patterns, "", VALUE_CHARACTERS)


def _regions(patterns: tuple[Expression, ...], beginning: str, characters: str) -> tuple[Region, ...] | None:
    if any(len(pattern.text) > MAX_PATTERN_LENGTH for pattern in patterns):
        return None
    try:
        with without_regex_warnings():
            return tuple(regions(patterns, beginning, characters))
    except (re.error, UnreadableError, RecursionError, OverflowError):
        return None


def _separating_texts(old: Sequence[Expression], new: Sequence[Expression], regions_of: RegionsOf) -> list[str]:
    every = tuple(dict.fromkeys((*old, *new)))
    candidates, numbers = regions_of(every) or (), {pattern: number for number, pattern in enumerate(every)}
    texts: dict[str, None] = {}
    for ours, others in ((old, new), (new, old)):
        refusing = frozenset(numbers[other] for other in others)
        for taker in (numbers[pattern] for pattern in ours):
            for other in refusing:
                texts |= _first_text(candidates, {taker}, {other}) | _first_text(candidates, {taker, other}, set())
            texts |= _first_text(candidates, {taker}, refusing)
    return list(texts)


def _first_text(candidates: Iterable[Region], taking: Set[int], refusing: Set[int]) -> dict[str, None]:
    """The first text that the ones take and the others do not, if there is one."""
    texts = (region.text for region in candidates if taking <= region.takers and not refusing & region.takers)
    return dict.fromkeys(itertools.islice(texts, 1))
