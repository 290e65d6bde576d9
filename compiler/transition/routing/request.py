"""Representatives of the requests that routes tell apart."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from re import _parser  # type: ignore[attr-defined]  # the one reader of expressions that Python has
from typing import Any

from compiler.model.expression import as_python_reads, pattern_matches, without_regex_warnings
from compiler.model.request import (
    PATTERN,
    MatchCondition,
    Pairs,
    Request,
    RouteMatch,
    host_matches,
)

MAX_CONDITIONS = 30
MAX_SAMPLE_LENGTH = 2048
"""More characters than a path has that anybody asks for."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "CONNECT", "TRACE")


def representative_requests(entry: str, matches: Iterable[RouteMatch]) -> list[Request]:
    """Requests that between them satisfy every combination of the matches that one request can satisfy, by host."""
    matches = list(dict.fromkeys(matches))
    patterns = any(match.kind == "Location" for match in matches)
    wild = [match for match in matches if match.host.startswith("*")]
    exact: dict[str, list[RouteMatch]] = {}
    for match in matches:
        if not match.host.startswith("*"):
            exact.setdefault(match.host, []).append(match)
    result: list[Request] = []
    for pattern in dict.fromkeys([*exact, *(match.host for match in wild)]):
        host = _sample_host(pattern)
        own = [*exact.get(pattern, ()), *(match for match in wild if host_matches(match.host, host))]
        result += _requests_for_host(entry, host, own, patterns=patterns)
    return result


def _requests_for_host(entry: str, host: str, matches: Sequence[RouteMatch], *, patterns: bool) -> list[Request]:
    loose = patterns or any(match.kind in ("Text", "Regex") for match in matches)
    paths = dict.fromkeys(path for match in matches for path in paths_near(match, loose=loose))
    conditions = list(dict.fromkeys([MatchCondition(), *(match.condition for match in matches)]))
    method = _unmatched_method(condition.method for condition in conditions)
    extras = [_satisfying((condition,), method) for condition in conditions]
    if 2 < len(conditions) <= 6:
        extras += [_satisfying(pair, method) for pair in itertools.combinations(conditions[1:], 2)]
    if len(conditions) > MAX_CONDITIONS:
        return list(_requests_near_matches(entry, host, matches, method, loose=loose))
    return [Request(entry, host, path, *extra) for path, extra in itertools.product(paths, dict.fromkeys(extras))]


def _unmatched_method(named: Iterable[str]) -> str:
    """A method that no match names: the one of requests for which methods do not matter."""
    taken = set(named)
    return next((method for method in METHODS if method not in taken), METHODS[0])


def _requests_near_matches(
    entry: str, host: str, matches: Sequence[RouteMatch], method: str, *, loose: bool
) -> Iterator[Request]:
    """With very many conditions: each path with none, and with those of the matches that can take it."""
    near = MatchTests(matches)
    for path in dict.fromkeys(path for match in matches for path in paths_near(match, loose=loose)):
        for condition in dict.fromkeys([MatchCondition(), *(match.condition for _, match in near.near(path))]):
            yield Request(entry, host, path, *_satisfying((condition,), method))


def distinct_requests(requests: Iterable[Request], tests: Callable[[Request], frozenset[int]]) -> list[Request]:
    """One request for each set of tests that it passes, the plainest one; those that pass none are left out.

    `tests` says which tests a request passes, by number.
    """
    classes: dict[frozenset[int], Request] = {}
    for request in requests:
        passed = tests(request)
        if passed:
            classes.setdefault(passed, request)
    return list(classes.values())


def path_ancestors(path: str) -> list[str]:
    """The paths whose prefix or exact match can take `path`, without a final slash: `/a/b` gives "", "/a", "/a/b"."""
    parts = path.rstrip("/").split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]


class MatchTests:
    """The matches of one host, by path, so that a request is tested against those only that can take it."""

    def __init__(self, matches: Iterable[RouteMatch]) -> None:
        self.by_path: dict[str, list[tuple[int, RouteMatch]]] = {}
        for number, match in enumerate(matches):
            plain = match.kind in ("Exact", "Prefix")
            self.by_path.setdefault(match.path.rstrip("/") if plain else "?", []).append((number, match))

    def near(self, path: str) -> list[tuple[int, RouteMatch]]:
        """The matches that may take the path, numbered."""
        return [result for part in ("?", *path_ancestors(path)) for result in self.by_path.get(part, ())]


def _sample_host(pattern: str) -> str:
    if pattern == "*":
        return "any-host"
    return f"any.{pattern.partition('.')[2]}" if pattern.startswith("*") else pattern


def paths_near(match: RouteMatch, *, loose: bool) -> list[str]:
    """Paths at, below and (where some match is no plain path) beside a match's own."""
    path = match.path or "/"
    if match.kind == "Regex":
        return [sample_text(path)]
    stem = path.rstrip("/")
    if not loose:
        return [path, f"{stem}/below"]
    # the path may be read as a pattern (`/v1(/|$)(.*)`), which need not match itself
    read = sample_text(path)
    return [path, f"{stem}/below", f"{stem}-beside", stem.upper() or "/", read, f"{read.rstrip('/')}/below"]


def sample_text(pattern: str) -> str:
    """A text that a regular expression matches; the pattern itself where none is found, or none that is short."""
    try:
        with without_regex_warnings():
            text = _shortest_match(_parser.parse(as_python_reads(pattern)))
    except (re.error, KeyError, RecursionError, OverflowError):
        return pattern
    return text if pattern_matches(pattern, text) else pattern


def _shortest_match(parts: Iterable[tuple[Any, Any]]) -> str:
    """The shortest text for parts of a parsed expression; KeyError for what has no plain text (look-arounds)."""
    return "".join(SAMPLE_TEXTS[str(name)](argument) for name, argument in parts)


def _repeated_text(text: str, times: int) -> str:
    if len(text) * times > MAX_SAMPLE_LENGTH:
        raise OverflowError(times)
    return text * times


def _set_character(argument: Any) -> str:
    """A character of a set; of a negated one, one that it leaves out."""
    name, first = argument[0]
    if str(name) == "NEGATE":
        taken = {_shortest_match([part]) for part in argument[1:]}
        return next(character for character in "a0-_Z~" if character not in taken)
    return _shortest_match([(name, first)])


SAMPLE_TEXTS: Mapping[str, Callable[[Any], str]] = {
    "LITERAL": chr,
    "NOT_LITERAL": lambda code: "a" if code != ord("a") else "b",
    "ANY": lambda _: "a",
    "AT": lambda _: "",
    "IN": _set_character,
    "RANGE": lambda bounds: chr(bounds[0]),
    "CATEGORY": lambda name: {"DIGIT": "0", "WORD": "a", "SPACE": " "}[str(name).rpartition("_")[2]],
    "BRANCH": lambda branches: _shortest_match(branches[1][0]),
    "SUBPATTERN": lambda group: _shortest_match(group[-1]),
    "MAX_REPEAT": lambda repeat: _repeated_text(_shortest_match(repeat[2]), repeat[0]),
    "MIN_REPEAT": lambda repeat: _repeated_text(_shortest_match(repeat[2]), repeat[0]),
}


def _satisfying(conditions: Iterable[MatchCondition], method: str) -> tuple[str, Pairs, Pairs]:
    headers, query = {}, {}
    for condition in conditions:
        method = condition.method or method
        headers.update({name: _satisfying_value(kind, value) for name, kind, value in condition.headers})
        query.update({name: _satisfying_value(kind, value) for name, kind, value in condition.query})
    return method, tuple(headers.items()), tuple(query.items())


def _satisfying_value(kind: str, value: str) -> str:
    return sample_text(value).removeprefix("/") if kind == PATTERN else value
