"""The shares of a release's Services, from what its routes answer to the requests that they tell apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from compiler.model.course import RequestShares
from compiler.model.request import MatchCondition, Request, RouteAction, RouteMatch

Answer = Callable[[Request], RouteAction | None]
NO_CONDITION = MatchCondition()


def shares_by_answers(main: Sequence[RouteMatch], every: Iterable[RouteMatch], answer: Answer) -> RequestShares:
    """Shares from the matches of the release's main routes, and words from those with conditions among `every`.

    Where plain requests of different paths get different answers there are no shares: each Service has its paths.
    """
    plain = [match for match in main if match.condition == NO_CONDITION]
    hosts = {match.host for match in main}
    special = [match for match in every if match.host in hosts and has_exact_conditions(match)]
    divided = {match: percent_by_service(answer(sample_request(match))) for match in plain}
    if len({tuple(sorted(percent.items())) for percent in divided.values()}) != 1:
        return RequestShares(None, words_by_service([*plain, *special], answer))
    return RequestShares(next(iter(divided.values())), words_by_service(special, answer))


def has_exact_conditions(match: RouteMatch) -> bool:
    """Whether the match has headers, and a request can be written down that satisfies them."""
    return bool(match.condition.headers) and all(kind == "Exact" for _, kind, _ in match.condition.headers)


def words_by_service(matches: Iterable[RouteMatch], answer: Answer) -> dict[str, str]:
    """The first of the matches whose requests a Service answers, in words."""
    words: dict[str, str] = {}
    for match in matches:
        for service, percent in percent_by_service(answer(sample_request(match))).items():
            if percent:
                words.setdefault(service, match_text(match))
    return words


def match_text(match: RouteMatch) -> str:
    """`/v1`, `/ with X-Canary: always`."""
    headers = " and ".join(f"{name}: {value}" for name, _, value in match.condition.headers)
    return f"{match.path} with {headers}" if headers else match.path


def sample_request(match: RouteMatch) -> Request:
    """A request that satisfies the match; the host of a wildcard is made up."""
    host = match.host.replace("*", "any", 1)
    headers = tuple((name, value) for name, _, value in match.condition.headers)
    return Request("", host, match.path, match.condition.method or "GET", headers)


def percent_by_service(action: RouteAction | None) -> Mapping[str, float]:
    """The share of each Service that a rule names; nothing where it answers itself, or nobody answers."""
    backends = () if action is None or action.itself else action.backends
    total = sum(backend.weight for backend in backends)
    percent: dict[str, float] = {}
    for backend in backends if total else ():
        name = backend.service.name
        percent[name] = percent.get(name, 0.0) + 100 * backend.weight / total
    return percent
