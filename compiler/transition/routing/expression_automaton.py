"""Which texts regular expressions take, several at once: one automaton, whose states are found as they are reached.

Python's own reader of expressions says what an expression means; what has no automaton (look-arounds,
back-references) is not read. Texts are printable and end with `END_MARK`, so that `$` may stand anywhere.
A state is a set of positions in the expressions (the subset construction of Rabin and Scott), and no more than
`MAX_STATES` are looked at: `/.*a[a-z]{20}` has a million. greenery compares as exactly, but has no such bound, and
needed 27 s for `/[a-z]{1,64}/[a-z]{1,64}`, and all memory for a sample of `/.*/items`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from re import _parser  # type: ignore[attr-defined]  # the one reader of expressions that Python has
from typing import Any, Final, NamedTuple

from compiler.model.expression import as_python_reads

END_MARK: Final = "#"
"""Stands for the end of a text; no path holds it."""
PRINTABLE = frozenset(map(chr, range(32, 127)))
ANYTHING = PRINTABLE - {END_MARK}
MAX_POSITIONS: Final = 2_000
MAX_STATES: Final = 2_000
CATEGORIES = {
    "CATEGORY_DIGIT": r"\d", "CATEGORY_WORD": r"\w", "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_DIGIT": r"\D", "CATEGORY_NOT_WORD": r"\W", "CATEGORY_NOT_SPACE": r"\S",
}  # fmt: skip
Positions = frozenset[int]
Parts = Iterable[tuple[Any, Any]]


class UnreadableError(Exception):
    """The expression has no automaton, or one that is too large."""


class Expression(NamedTuple):
    """A regular expression: of the whole text or found anywhere in it, with or without regard to case."""

    text: str
    whole: bool = True
    ignore_case: bool = False


class Region(NamedTuple):
    """The first of the shortest texts that these expressions take and no others, each by its number."""

    text: str
    takers: frozenset[int]


def regions(expressions: Sequence[Expression], beginning: str, characters: Iterable[str]) -> Iterator[Region]:
    """One region for each set of expressions that take a text, the shortest texts first.

    Texts are `beginning`, followed by any of the characters. Raises UnreadableError.
    """
    automaton = _Automaton()
    ways = [automaton.add(expression) for expression in expressions]
    positions = automaton.closure(start for start, _ in ways)
    for character in beginning:
        positions = automaton.after(positions, character)
    texts, seen, alphabet = {positions: beginning}, set[frozenset[int]](), automaton.representatives(characters)
    for state in (queue := [positions]):
        ended = automaton.at_end(state)
        takers = frozenset(number for number, (_, end) in enumerate(ways) if end in ended)
        if takers not in seen:
            seen.add(takers)
            yield Region(texts[state], takers)
        for character in alphabet:
            following = automaton.after(state, character)
            if following not in texts:
                texts[following] = texts[state] + character
                queue.append(following)
        if len(texts) > MAX_STATES:
            raise UnreadableError


class _Automaton:
    """Positions in expressions: where each leads by a character, and without one."""

    def __init__(self) -> None:
        self.steps: list[list[tuple[frozenset[str], int]]] = []
        self.skips: list[list[int]] = []
        self._closures: dict[int, Positions] = {}

    def add(self, expression: Expression) -> tuple[int, int]:
        """The first and the last position of the expression. Raises UnreadableError, and re.error."""
        if END_MARK in expression.text:
            raise UnreadableError
        parsed = _parser.parse(as_python_reads(expression.text))
        parts, flags = list(parsed), parsed.state.flags & ~re.UNICODE
        if flags & ~re.IGNORECASE:
            raise UnreadableError
        start, ignore_case = self._position(), expression.ignore_case or bool(flags)
        if expression.whole:
            end = self._parts(start, parts[_begins(parts) :], ignore_case=ignore_case)
            last = self._step(end, frozenset(END_MARK))
            self.skips[end].append(last)
            return start, last
        end = self._searched(start, parts, ignore_case=ignore_case)
        self.steps[end].append((PRINTABLE, end))
        return start, end

    def representatives(self, characters: Iterable[str]) -> list[str]:
        """Of the characters that lead from each position to the same, the first."""
        sets = list({taken for steps in self.steps for taken, _ in steps})
        firsts: dict[tuple[bool, ...], str] = {}
        for character in sorted(characters):
            firsts.setdefault(tuple(character in taken for taken in sets), character)
        return list(firsts.values())

    def after(self, state: Positions, character: str) -> Positions:
        return self.closure(target for at in state for taken, target in self.steps[at] if character in taken)

    def at_end(self, state: Positions) -> Positions:
        """Where the end of a text leads to, as often as a `$` asks for it: `/a$$` takes `/a`."""
        ended = reached = self.after(state, END_MARK)
        while not (reached := self.after(reached, END_MARK)) <= ended:
            ended |= reached
        return ended

    def closure(self, positions: Iterable[int]) -> Positions:
        """The positions, and those that they lead to without a character."""
        return frozenset().union(*(self._closure(at) for at in positions))

    def _closure(self, position: int) -> Positions:
        if position not in self._closures:
            reached = {position: None}
            for at in (queue := [position]):
                new = [other for other in self.skips[at] if other not in reached]
                reached |= dict.fromkeys(new)
                queue += new
            self._closures[position] = frozenset(reached)
        return self._closures[position]

    def _position(self) -> int:
        if len(self.steps) >= MAX_POSITIONS:
            raise UnreadableError
        self.steps.append([])
        self.skips.append([])
        return len(self.steps) - 1

    def _step(self, start: int, taken: frozenset[str]) -> int:
        end = self._position()
        self.steps[start].append((taken, end))
        return end

    def _parts(self, start: int, parts: Parts, *, ignore_case: bool) -> int:
        for name, argument in parts:
            start = self._part(start, str(name), argument, ignore_case=ignore_case)
        return start

    def _part(self, start: int, name: str, argument: Any, *, ignore_case: bool) -> int:
        match name:
            case "BRANCH":
                return self._branches(start, argument[1], ignore_case=ignore_case)
            case "SUBPATTERN" if not (argument[1] or argument[2]):  # flags for a part
                return self._parts(start, argument[3], ignore_case=ignore_case)
            case "MAX_REPEAT" | "MIN_REPEAT":
                return self._repeat(start, *argument, ignore_case=ignore_case)
        return self._step(start, _taken_characters(name, argument, ignore_case=ignore_case))

    def _searched(self, start: int, parts: Sequence[tuple[Any, Any]], *, ignore_case: bool) -> int:
        """The position behind the parts wherever they stand in the text, each branch by itself.

        Behind a `^` they stand at the beginning. Of nginx's `^/a|/b` only the first branch does.
        """
        if len(parts) == 1 and str(parts[0][0]) == "BRANCH":
            return self._joined([self._searched(start, branch, ignore_case=ignore_case) for branch in parts[0][1][1]])
        if not _begins(parts):
            start = self._after_once(start, (), ignore_case=ignore_case)
            self.steps[start].append((ANYTHING, start))
        return self._parts(start, parts[_begins(parts) :], ignore_case=ignore_case)

    def _branches(self, start: int, branches: Iterable[Parts], *, ignore_case: bool) -> int:
        return self._joined([self._parts(start, parts, ignore_case=ignore_case) for parts in branches])

    def _joined(self, ends: Iterable[int]) -> int:
        joined = self._position()
        for end in ends:
            self.skips[end].append(joined)
        return joined

    def _repeat(self, start: int, low: int, high: Any, parts: Parts, *, ignore_case: bool) -> int:
        for _ in range(low):
            start = self._after_once(start, parts, ignore_case=ignore_case)
        if str(high) == "MAXREPEAT":
            again = self._after_once(start, (), ignore_case=ignore_case)
            self.skips[self._after_once(again, parts, ignore_case=ignore_case)].append(again)
            return again
        end = self._position()
        for _ in range(high - low):
            self.skips[start].append(end)
            start = self._after_once(start, parts, ignore_case=ignore_case)
        self.skips[start].append(end)
        return end

    def _after_once(self, start: int, parts: Parts, *, ignore_case: bool) -> int:
        """A position of its own behind the parts: what leads back there leads to nothing else."""
        end = self._parts(start, parts, ignore_case=ignore_case)
        own = self._position()
        self.skips[end].append(own)
        return own


def _begins(parts: Sequence[tuple[Any, Any]]) -> bool:
    """Whether the parts begin with a `^`."""
    return bool(parts) and str(parts[0][0]) == "AT" and "BEGINNING" in str(parts[0][1])


def _taken_characters(name: str, argument: Any, *, ignore_case: bool) -> frozenset[str]:
    match name:
        case "AT" if str(argument) in ("AT_END", "AT_END_STRING"):
            return frozenset(END_MARK)
        case "ANY":
            return ANYTHING
        case "LITERAL":
            return _forms(chr(argument), ignore_case=ignore_case)
        case "NOT_LITERAL":
            return ANYTHING - _forms(chr(argument), ignore_case=ignore_case)
        case "IN":
            return _character_set(argument, ignore_case=ignore_case)
    raise UnreadableError


def _forms(character: str, *, ignore_case: bool) -> frozenset[str]:
    return frozenset({character.lower(), character.upper()} if ignore_case else character)


def _character_set(items: Sequence[tuple[Any, Any]], *, ignore_case: bool) -> frozenset[str]:
    negated = str(items[0][0]) == "NEGATE"
    every = (_set_members(str(name), argument) for name, argument in items[negated:])
    taken = frozenset(form for part in every for each in part for form in _forms(each, ignore_case=ignore_case))
    return ANYTHING - taken if negated else taken


def _set_members(name: str, argument: Any) -> Iterable[str]:
    match name:
        case "LITERAL":
            return chr(argument)
        case "RANGE":
            return (character for character in PRINTABLE if argument[0] <= ord(character) <= argument[1])
        case "CATEGORY" if str(argument) in CATEGORIES:
            return (character for character in PRINTABLE if re.match(CATEGORIES[str(argument)], character))
    raise UnreadableError
