"""Paths and values as languages: which of them one match takes and another does not, exactly, by finite automata.

The automata are greenery's (https://github.com/qntm/greenery: MIT, pure Python, maintained since 2012, exact difference
and intersection). It has a dialect of its own, so an expression is read by Python's reader and written anew; what has
no plain form (look-arounds, back-references), or is very large, has no language here, and is named as unread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from re import _parser  # type: ignore[attr-defined]  # the one reader of expressions that Python has
from typing import Any, NamedTuple

from greenery import Fsm, parse

from compiler.model.request import RouteMatch, without_regex_warnings

MAX_PATTERN_LENGTH = 300
MAX_REPEATS = 64
MAX_DIFFERENT_PATTERNS = 16
"""More patterns than these that come and go on one host at once are not compared."""
END_MARK = "#"
"""Stands for the end of a path, so that `$` may stand anywhere; no path holds it."""
PATH_CHARACTERS = "".join(chr(code) for code in range(33, 127) if chr(code) not in "#?")
CATEGORIES = {"CATEGORY_DIGIT": r"\d", "CATEGORY_WORD": r"\w", "CATEGORY_SPACE": r"\s",
              "CATEGORY_NOT_DIGIT": r"\D", "CATEGORY_NOT_WORD": r"\W", "CATEGORY_NOT_SPACE": r"\S"}  # fmt: skip


class PathPattern(NamedTuple):
    """An expression for paths: of the whole path or of its beginning, with or without regard to case."""

    text: str
    whole: bool = True
    ignore_case: bool = False


def path_pattern(match: RouteMatch) -> PathPattern:
    """The paths that a match takes, as an expression."""
    stem = re.escape(match.path.rstrip("/"))
    match match.kind:
        case "Regex":
            return PathPattern(match.path)
        case "Location":
            return PathPattern(match.path, whole=False, ignore_case=True)
        case "Exact":
            return PathPattern(re.escape(match.path))
        case "Text":
            return PathPattern(re.escape(match.path), whole=False)
    return PathPattern(f"{stem}(/.*)?")


class _UnreadableError(Exception):
    """The expression has no plain form."""


def separating_paths(gone: Iterable[PathPattern], came: Iterable[PathPattern]) -> list[str]:
    """Paths that patterns which go took and patterns which come do not, the other way round, and that both take."""
    old = [language for pattern in gone if (language := path_language(pattern)) is not None]
    new = [language for pattern in came if (language := path_language(pattern)) is not None]
    return _separating_texts(old, new)


def separating_values(gone: Iterable[str], came: Iterable[str]) -> list[str]:
    """Values of a header or a query parameter that tell apart the expressions for them which go and which come."""
    old = [language for pattern in gone if (language := _value_language(pattern)) is not None]
    new = [language for pattern in came if (language := _value_language(pattern)) is not None]
    return _separating_texts(old, new)


def _separating_texts(old: Sequence[Fsm], new: Sequence[Fsm]) -> list[str]:
    samples: dict[str, None] = {}
    for ours, others in ((old, new), (new, old)):
        for language in ours:
            left = language
            for other in others:
                left = left.difference(other)
                samples.update(
                    dict.fromkeys((*_sample(language.difference(other)), *_sample(language.intersection(other))))
                )
            samples.update(dict.fromkeys(_sample(left)))
    return list(samples)


def is_readable(pattern: PathPattern) -> bool:
    """Whether the pattern has a plain form, so that what it takes is known exactly."""
    try:
        with without_regex_warnings():
            return len(pattern.text) <= MAX_PATTERN_LENGTH and bool(_plain_text(pattern))
    except (re.error, _UnreadableError, RecursionError, OverflowError):
        return False


@lru_cache(maxsize=512)
def path_language(pattern: PathPattern) -> Fsm | None:
    """The paths that the pattern takes; None for what is not read."""
    if not is_readable(pattern):
        return None
    with without_regex_warnings():
        return parse(_plain_text(pattern)).to_fsm().intersection(_every_path())


@lru_cache(maxsize=512)
def _value_language(pattern: str) -> Fsm | None:
    if not is_readable(PathPattern(pattern)):
        return None
    with without_regex_warnings():
        return parse(_plain_text(PathPattern(pattern))).to_fsm().intersection(_every_value())


def _plain_text(pattern: PathPattern) -> str:
    if END_MARK in pattern.text:
        raise _UnreadableError
    expression = list(_parser.parse(pattern.text))
    if expression and str(expression[0][0]) == "AT" and "BEGINNING" in str(expression[0][1]):
        expression = expression[1:]
    rest = f"{END_MARK}?" if pattern.whole else f"(.|{END_MARK})*"
    return f"({_plain(expression, pattern.ignore_case)}){rest}"


@lru_cache(maxsize=1)
def _every_path() -> Fsm:
    characters = "".join(_escaped(character, "\\[]^-") for character in PATH_CHARACTERS)
    return parse(f"/[{characters}]*{END_MARK}").to_fsm()


@lru_cache(maxsize=1)
def _every_value() -> Fsm:
    characters = "".join(_escaped(character, "\\[]^-") for character in f"{PATH_CHARACTERS}? ")
    return parse(f"[{characters}]*{END_MARK}").to_fsm()


def _sample(language: Fsm) -> list[str]:
    """The shortest text of the language, without its end mark; none if the language is empty.

    Each state is visited once: `Fsm.strings` lists every beginning, and of `/.*/items` there are 90⁶.
    """
    texts = {language.initial: ""}
    for state in (queue := [language.initial]):
        if state in language.finals:
            return [texts[state].removesuffix(END_MARK)]
        for characters in sorted(language.map[state]):
            after = language.map[state][characters]
            if after not in texts and not characters.negated:
                texts[after] = texts[state] + next(iter(characters.get_chars()))
                queue.append(after)
    return []


def _plain(parts: Iterable[tuple[Any, Any]], ignore_case: bool) -> str:
    """The parts of a parsed expression in greenery's dialect."""
    return "".join(_part(str(name), argument, ignore_case) for name, argument in parts)


def _part(name: str, argument: Any, ignore_case: bool) -> str:
    if name == "AT" and str(argument) in ("AT_END", "AT_END_STRING"):
        return END_MARK
    reader = READERS.get(name)
    if reader is None:
        raise _UnreadableError
    return reader(argument, ignore_case)


def _literal(code: int, ignore_case: bool) -> str:
    return _set_text([chr(code)], ignore_case) if ignore_case and chr(code).isalpha() else _escaped(chr(code))


def _escaped(character: str, special: str = "\\[]|(){}?*+.") -> str:
    return "\\" + character if character in special else character


def _set_text(characters: Iterable[str], ignore_case: bool, *, negated: bool = False) -> str:
    every = {form for c in characters for form in ((c.lower(), c.upper()) if ignore_case else (c,))}
    if not every:
        raise _UnreadableError
    every |= {END_MARK} if negated else set()
    return f"[{'^' if negated else ''}{''.join(_escaped(c, chr(92) + '[]^-') for c in sorted(every))}]"


def _character_set(items: list[tuple[Any, Any]], ignore_case: bool) -> str:
    negated = str(items[0][0]) == "NEGATE"
    characters: set[str] = set()
    for name, argument in items[negated:]:
        match str(name):
            case "LITERAL":
                characters.add(chr(argument))
            case "RANGE":
                if argument[1] > 0x17F:
                    raise _UnreadableError
                characters.update(chr(code) for code in range(argument[0], argument[1] + 1))
            case "CATEGORY":
                characters.update(c for c in PATH_CHARACTERS if re.match(CATEGORIES[str(argument)], c))
            case _:
                raise _UnreadableError
    return _set_text(characters, ignore_case, negated=negated)


def _repeat(argument: tuple[int, Any, Any], ignore_case: bool) -> str:
    low, high, inner = argument
    endless = str(high) == "MAXREPEAT"
    if low > MAX_REPEATS or not (endless or high <= MAX_REPEATS):
        raise _UnreadableError
    return f"({_plain(inner, ignore_case)}){{{low},{'' if endless else high}}}"


def _group(argument: Any, ignore_case: bool) -> str:
    _, added, removed, inner = argument
    if added or removed:
        raise _UnreadableError
    return f"({_plain(inner, ignore_case)})"


READERS: Mapping[str, Callable[[Any, bool], str]] = {
    "LITERAL": _literal,
    "NOT_LITERAL": lambda code, ignore_case: _set_text([chr(code)], ignore_case, negated=True),
    "ANY": lambda *_: f"[^{END_MARK}]",
    "IN": _character_set,
    "BRANCH": lambda argument, ignore_case: f"({'|'.join(_plain(each, ignore_case) for each in argument[1])})",
    "SUBPATTERN": _group,
    "MAX_REPEAT": _repeat,
    "MIN_REPEAT": _repeat,
}
