"""The rule of a Traefik router, as the matches of which any takes a request.

Source: Traefik, pkg/rules/parser.go (`&&` before `||`, `!`, parentheses), pkg/muxer/http/matcher.go and matcher_v2.go
(what each matcher takes: `PathPrefix` any text that begins so, regular expressions any part of a text).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final, NamedTuple

from compiler.model.expression import whole_text_pattern
from compiler.model.request import PATTERN, MatchCondition, RouteMatch

TOKEN: Final = re.compile(r"\s*(?:(&&|\|\||[!(),])|([A-Za-z]+)|`([^`]*)`|\"([^\"\\]*)\")")
MAX_ALTERNATIVES: Final = 64
ANY_PATH: Final = ("Prefix", "/")
OF_BOTH_VERSIONS: Final = {"host": 1, "path": 1, "pathprefix": 1, "method": 1}
OF_VERSION_3: Final = {"header": 2, "headerregexp": 2, "pathregexp": 1, "query": 2}
OF_VERSION_2: Final = {"headers": 2}
"""The matchers that are read, each with how many values it has; those of version 2 may have more hosts and paths."""
SEVERAL: Final = frozenset(OF_BOTH_VERSIONS)
LAST_LABELS: Final = re.compile(r"[^|]*?((?:\\\.[A-Za-z0-9-]+)+)\$")
"""An expression of hosts that ends with labels: all that it takes end with them."""


class Matcher(NamedTuple):
    """One matcher of a rule, with its values: `Host` of one host."""

    name: str
    values: tuple[str, ...]
    negated: bool = False

    @property
    def text(self) -> str:
        """As the rule writes it."""
        return f"{'!' if self.negated else ''}{self.name}({', '.join(f'`{value}`' for value in self.values)})"


Alternative = tuple[Matcher, ...]
"""Matchers that all have to take the request."""


class UnreadRuleError(ValueError):
    """A rule that is none of Traefik's, or has too many alternatives."""


class ReadRule(NamedTuple):
    """The matches of a rule, and what of it is not read: then the matches take too much."""

    matches: tuple[RouteMatch, ...]
    unread: tuple[str, ...]


def read_rule(text: str, host_less: str = "*", *, second_version: bool = False) -> ReadRule:
    """The matches of a rule; one that cannot be read takes any request."""
    try:
        alternatives = _parsed(text)
    except UnreadRuleError as error:
        return ReadRule((RouteMatch(host_less, *ANY_PATH),), (str(error),))
    known = OF_BOTH_VERSIONS | (OF_VERSION_2 if second_version else OF_VERSION_3)
    unread = dict.fromkeys(
        matcher.text
        for alternative in alternatives
        for matcher in alternative
        if not _is_read_matcher(matcher, known, several=second_version)
    )
    matches: dict[RouteMatch, None] = {}
    for alternative in alternatives:
        read = [matcher for matcher in alternative if matcher.text not in unread]
        if not second_version and not any(matcher.name.lower() == "host" for matcher in read):
            read += [_covering_host(matcher) for matcher in alternative if _is_host_expression(matcher)][:1]
        for single in product(*(_single(matcher) for matcher in read)):
            match = _one_match(single, host_less)
            if match is None:
                unread[" && ".join(matcher.text for matcher in single)] = None
            else:
                matches[match] = None
    if len(matches) > MAX_ALTERNATIVES:
        unread[f"more than {MAX_ALTERNATIVES} alternatives"] = None
    return ReadRule(tuple(matches), tuple(unread))


def _is_host_expression(matcher: Matcher) -> bool:
    known = matcher.name.lower() == "hostregexp" and len(matcher.values) == 1 and not matcher.negated
    return known and LAST_LABELS.fullmatch(matcher.values[0]) is not None


def _covering_host(matcher: Matcher) -> Matcher:
    """A wildcard that takes all hosts of an expression, and others (matcher.go `hostRegexp`)."""
    labels = LAST_LABELS.fullmatch(matcher.values[0])
    return Matcher("Host", (f"*{labels[1]}".replace("\\", "") if labels else "*",))


def _is_read_matcher(matcher: Matcher, known: dict[str, int], *, several: bool) -> bool:
    name = matcher.name.lower()
    count = len(matcher.values)
    right = count == known.get(name) or (several and name in SEVERAL and count > 1)
    if matcher.negated or not right or not all(matcher.values):
        return False
    if name in ("path", "pathprefix"):
        return all(value.startswith("/") and not {"{", "}", "%"} & set(value) for value in matcher.values)
    return name != "host" or not any("*" in value or "{" in value or value.endswith(".") for value in matcher.values)


def _single(matcher: Matcher) -> list[Matcher]:
    """The matcher for each of its values, where any of them is enough."""
    if matcher.name.lower() not in SEVERAL:
        return [matcher]
    return [matcher._replace(values=(value,)) for value in matcher.values]


def _one_match(matchers: Sequence[Matcher], host_less: str) -> RouteMatch | None:
    """One match of all matchers; None: they ask twice for one part of the request, which no match says."""
    asked: dict[str, list[Matcher]] = {}
    for matcher in dict.fromkeys(matchers):
        name = matcher.name.lower()
        part = "path" if name.startswith("path") else "header" if name.startswith("header") else name
        asked.setdefault(part, []).append(matcher)
    headers = [_header(matcher) for matcher in asked.get("header", ())]
    query = [(*matcher.values,) for matcher in asked.get("query", ())]
    once = [asked.get(part, []) for part in ("host", "path", "method")]
    if any(len(each) > 1 for each in once) or any(len({of[0] for of in s}) < len(s) for s in (headers, query)):
        return None
    host, path, method = (each[0] if each else None for each in once)
    condition = MatchCondition(
        "" if method is None else method.values[0].upper(),
        tuple(headers),
        tuple((name, "Exact", value) for name, value in query),
    )
    return RouteMatch(
        host_less if host is None else host.values[0].lower(),
        *(ANY_PATH if path is None else _path(path)),
        condition,
    )


def _path(matcher: Matcher) -> tuple[str, str]:
    value = matcher.values[0]
    match matcher.name.lower():
        case "path":
            return "Exact", value
        case "pathregexp":
            return "Regex", whole_text_pattern(value)
    return ANY_PATH if value == "/" else ("Text", value)


def _header(matcher: Matcher) -> tuple[str, str, str]:
    name, value = matcher.values
    return (
        (name, PATTERN, whole_text_pattern(value)) if matcher.name.lower() == "headerregexp" else (name, "Exact", value)
    )


def _parsed(text: str) -> list[Alternative]:
    """The alternatives of a rule: each the matchers that all have to hold."""
    tokens = _Tokens(list(_tokens(text)))
    result = _any_of(tokens)
    if tokens.head:
        raise UnreadRuleError(text)
    return result


def _tokens(text: str) -> Iterator[str]:
    """The tokens of a rule; a value begins with a backquote."""
    place, end = 0, len(text.rstrip())
    while place < end:
        result = TOKEN.match(text, place)
        if result is None:
            raise UnreadRuleError(text)
        sign, word, quoted, other = result.groups()
        yield sign or word or f"`{quoted if quoted is not None else other}"
        place = result.end()


class _Tokens:
    """Tokens, read from the left."""

    def __init__(self, tokens: list[str]) -> None:
        self._left = tokens[::-1]

    @property
    def head(self) -> str:
        """The next token; empty at the end."""
        return self._left[-1] if self._left else ""

    def take(self, wanted: str = "") -> str:
        """The next token, which has to be the wanted one."""
        if not self._left or (wanted and self.head != wanted):
            raise UnreadRuleError(f"a rule that ends before {wanted or 'a matcher'}")
        return self._left.pop()


def _any_of(tokens: _Tokens, *, negated: bool = False) -> list[Alternative]:
    parts = [_all_of(tokens, negated=negated)]
    while tokens.head == "||":
        tokens.take()
        parts.append(_all_of(tokens, negated=negated))
    return _both(parts) if negated else [each for part in parts for each in part]


def _all_of(tokens: _Tokens, *, negated: bool) -> list[Alternative]:
    parts = [_one(tokens, negated=negated)]
    while tokens.head == "&&":
        tokens.take()
        parts.append(_one(tokens, negated=negated))
    return [each for part in parts for each in part] if negated else _both(parts)


def _both(parts: Sequence[list[Alternative]]) -> list[Alternative]:
    """The alternatives of what has to hold together."""
    result: list[Alternative] = [()]
    for part in parts:
        result = [(*one, *other) for one in result for other in part]
        if len(result) > MAX_ALTERNATIVES:
            raise UnreadRuleError(f"more than {MAX_ALTERNATIVES} alternatives")
    return result


def _one(tokens: _Tokens, *, negated: bool) -> list[Alternative]:
    if tokens.head == "!":
        tokens.take()
        return _one(tokens, negated=not negated)
    if tokens.head == "(":
        tokens.take()
        inner = _any_of(tokens, negated=negated)
        tokens.take(")")
        return inner
    name = tokens.take()
    tokens.take("(")
    values = []
    while tokens.head.startswith("`"):
        values.append(tokens.take()[1:])
        if tokens.head == ",":
            tokens.take()
    tokens.take(")")
    return [(Matcher(name, tuple(values), negated),)]
