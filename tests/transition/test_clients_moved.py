"""Requests that pass from one contract to another at once: by any match, in manifests of anybody."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.model.manifest import Object
from compiler.transition import Verdict, verify
from tests.transition.manifests import deployment, route, service

QUERY = {"queryParams": [{"name": "api", "value": "2"}]}
METHOD = {"method": "POST"}
HEADER = {"headers": [{"name": "x-api", "value": "2"}]}


def pods(name: str, contract: str, **more: str) -> list[Object]:
    labels = {"shipway.dev/contract": contract, **more}
    return [service(name), deployment(name, labels=labels)]


def moved(verdict: Verdict) -> list[str]:
    return [each.severity for each in verdict.findings if each.code == "clients-moved"]


BOTH = [*pods("one", "1"), *pods("two", "2")]


@pytest.mark.parametrize("match", [HEADER, QUERY, METHOD, {"path": {"value": "/two"}}])
def test_a_swap_is_refused_whatever_tells_the_requests_apart(match: dict[str, Any]) -> None:
    first = {"matches": [{"path": {"value": "/"}, **match}]}
    rest = {"matches": [{"path": {"value": "/"}}]}

    def routed(special: str, other: str) -> Object:
        made = route("r", {"one": 1})
        made["spec"]["rules"] = [
            {**first, "backendRefs": [{"name": special, "port": 80}]},
            {**rest, "backendRefs": [{"name": other, "port": 80}]},
        ]
        return made

    before, after = [*BOTH, routed("two", "one")], [*BOTH, routed("one", "two")]
    answer = verify(before, after)
    assert answer.verdict == "unsafe"
    assert set(moved(answer)) == {"error"}
    assert not moved(verify(before, [*BOTH, routed("two", "one"), service("more", "one")]))


def test_a_switch_to_a_contract_that_nobody_had_is_a_warning() -> None:
    before, after = [*BOTH, route("r", {"one": 1})], [*BOTH, route("r", {"two": 1})]
    answer = verify(before, after)
    assert (answer.verdict, moved(answer)) == ("safe", ["warning"])


def test_pods_of_a_group_are_released_with_their_clients() -> None:
    group = {"shipway.dev/group": "shop"}
    both = [*pods("one", "1", **group), *pods("two", "2", **group)]
    assert not moved(verify([*both, route("r", {"one": 1})], [*both, route("r", {"two": 1})]))


@pytest.mark.parametrize(("team", "severity"), [("b", "warning"), ("a", "error")])
def test_only_contracts_between_which_clients_can_choose_count(team: str, severity: str) -> None:
    """Another application's contracts have the same numbers; pods that share a label are one application's."""

    def pods_of(name: str, contract: str, team: str) -> list[Object]:
        return [service(name), deployment(name, labels={"shipway.dev/contract": contract, "team": team})]

    def hosted(name: str, host: str, *backends: str) -> Object:
        made = route(name, {"one": 1})
        made["spec"]["hostnames"] = [host]
        made["spec"]["rules"] = [
            {"matches": [{"path": {"value": f"/v{at}"}}], "backendRefs": [{"name": each, "port": 80}]}
            for at, each in enumerate(backends, 1)
        ]
        return made

    own = [*pods_of("one", "1", "a"), *pods_of("two", "2", "a")]
    others = [*pods_of("three", "1", team), *pods_of("four", "2", team), hosted("s", "b.example.com", "three", "four")]
    before, after = (hosted("r", "a.example.com", first, "two") for first in ("one", "two"))
    assert set(moved(verify([*own, *others, before], [*own, *others, after]))) == {severity}
