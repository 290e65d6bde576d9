"""Requests and what routes do with them: the values that providers and the verifier share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from compiler.model.expression import compiled_location, compiled_pattern, location_matches, pattern_matches
from compiler.model.objects import Key

PATTERN = "RegularExpression"
ONE_LABEL = "*1."
Pairs = tuple[tuple[str, str], ...]


class MatchCondition(NamedTuple):
    """What a route asks of a request beyond host and path: method, headers and query, each (name, kind, value)."""

    method: str = ""
    headers: tuple[tuple[str, str, str], ...] = ()
    query: tuple[tuple[str, str, str], ...] = ()

    def patterns(self) -> Iterator[tuple[str, str, str]]:
        """The values that are asked for by a regular expression: of a header or parameter, its name, the expression."""
        for part, values in (("header", self.headers), ("parameter", self.query)):
            yield from ((part, name, value) for name, kind, value in values if kind == PATTERN)

    def with_value(self, part: str, name: str, value: str) -> MatchCondition:
        """This condition with one plain value in place of the expression."""
        replaced = (name, PATTERN)
        headers, query = (
            tuple((name, "Exact", value) if of == part and each[:2] == replaced else each for each in values)
            for of, values in (("header", self.headers), ("parameter", self.query))
        )
        return self._replace(headers=headers, query=query)


class RouteMatch(NamedTuple):
    """One match of a route: host (`*` any, `*.x` wildcard, `*1.x` one of a single label), kind of path match, path.

    Kinds: Exact; Prefix, of whole path elements; Text, of any beginning; Regex, of the whole path; Location, an
    expression for any beginning, whatever its case.
    """

    host: str
    kind: str
    path: str
    condition: MatchCondition = MatchCondition()


SERVICE_ENTRY = "service "
SEPARATOR = "\0"
"""What parts namespace and name of a Service in the name of its entry: neither can hold it, whatever a file says."""


class Request(NamedTuple):
    """A representative of its class. `entry` is where it arrives: a listener, an Ingress class, a Service's port.

    `moves`: in this commit its host passes from one provider to another, and either may answer.
    """

    entry: str
    host: str
    path: str
    method: str = "GET"
    headers: Pairs = ()
    query: Pairs = ()
    moves: bool = False

    @classmethod
    def to_service(cls, key: Key, host: str) -> Request:
        """What clients inside the cluster ask of a Service at `host`, its name with a port.

        Of an InferencePool that no route of the folders names, what routes elsewhere lead to it.
        """
        kind = (key.group, key.kind) if key.group else ()
        return cls(f"{SERVICE_ENTRY}{SEPARATOR.join((key.namespace, key.name, *kind))}", host, "")

    @property
    def service(self) -> Key | None:
        """The Service that clients inside the cluster call by its own name; None: the request comes through a route."""
        if not self.entry.startswith(SERVICE_ENTRY):
            return None
        place, name, *kind = self.entry.removeprefix(SERVICE_ENTRY).split(SEPARATOR)
        group, named = kind or ("", "Service")
        return Key(group, named, place, name)

    def __str__(self) -> str:
        extra = [self.method] if self.method != "GET" else []
        extra += [f"{name}: {value}" for name, value in self.headers]
        extra += [f"?{name}={value}" for name, value in self.query]
        return f"{self.host}{self.path}" + (f" [{', '.join(extra)}]" if extra else "")


class BackendRef(NamedTuple):
    """A Service's port (by number or name) and its weight."""

    service: Key
    port: int | str
    weight: int


class RouteAction(NamedTuple):
    """What a rule does: divides among `backends`; or answers itself (`redirect`, `nothing`).

    `anchors` must have ready pods though they may get no share: ingress-nginx finds a canary only through them. The
    share of `fallbacks` goes to the others while they have no endpoint. `path` is that of the match. `treatment` is
    what else happens to the request, each by its field and in words: Middlewares, another path, other headers.
    """

    route: Key
    backends: tuple[BackendRef, ...]
    itself: str = ""
    anchors: tuple[BackendRef, ...] = ()
    timeout: float | None = None
    fallbacks: tuple[BackendRef, ...] = ()
    path: str = ""
    treatment: Pairs = ()


class RouteRule(NamedTuple):
    """A rule: any of its matches leads to its answer."""

    matches: tuple[RouteMatch, ...]
    answer: RouteAction


class RouteCandidate(NamedTuple):
    """A rule that matches a request: its rank among all that do (greater wins), and its answer."""

    rank: tuple[Any, ...]
    answer: RouteAction


def host_matches(pattern: str, host: str) -> bool:
    """Whether a host name falls under a route's.

    Gateway API, `Hostname`: a wildcard is a suffix match; Kubernetes, types.go `IngressRule.Host`: it is one label.
    """
    if pattern.startswith(ONE_LABEL):
        return pattern == host or host.partition(".")[2] == pattern[len(ONE_LABEL) :]
    return pattern in ("*", host) or (pattern.startswith("*.") and host.endswith(pattern[1:]))


def named_part(pattern: str) -> str:
    """What a route's host says of a name: all of it, or what comes after a wildcard; `*` alone stays as it is."""
    prefix = next((each for each in (ONE_LABEL, "*.") if pattern.startswith(each)), "")
    return pattern.removeprefix(prefix)


def shown_host(pattern: str) -> str:
    """A host as its route writes it."""
    return pattern.replace(ONE_LABEL, "*.", 1)


def condition_holds(condition: MatchCondition, request: Request) -> bool:
    """Whether method, headers and query are those that the condition asks for; header names know no case."""
    if condition.method and condition.method != request.method:
        return False
    headers = {name.lower(): value for name, value in request.headers}
    query = dict(request.query)
    return all(
        _value_matches(headers.get(name.lower()), kind, value) for name, kind, value in condition.headers
    ) and all(_value_matches(query.get(name), kind, value) for name, kind, value in condition.query)


def _value_matches(result: str | None, kind: str, wanted: str) -> bool:
    if result is None:
        return False
    return pattern_matches(wanted, result) if kind == PATTERN else result == wanted


def match_takes(match: RouteMatch, request: Request) -> bool:
    """Whether a request satisfies the match: host, path, and the condition."""
    if not host_matches(match.host, request.host) or not path_matches(match, request.path):
        return False
    return condition_holds(match.condition, request)


def path_matches(match: RouteMatch, path: str) -> bool:
    """Whether a path falls to the match."""
    match match.kind:
        case "Exact":
            return path == match.path
        case "Regex":
            return pattern_matches(match.path, path)
        case "Location":
            return location_matches(match.path, path)
        case "Text":
            return path.startswith(match.path)
    stem = match.path.rstrip("/")
    return path == stem or path.startswith(stem + "/")


def is_stand_in(match: RouteMatch) -> bool:
    """Whether the text of a pattern stands for requests that are not known, and is none of them.

    A pattern of the Gateway API that Python does not read at all is held to take its own text: where it goes, what it
    took is refused as lost until somebody looks at it.
    """
    if match.kind == "Location":
        location = compiled_location(match.path)
        return location is None or location.search(match.path) is None
    expression = compiled_pattern(match.path) if match.kind == "Regex" else None
    return expression is not None and expression.fullmatch(match.path) is None
