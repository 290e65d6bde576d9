"""Ingress paths that are regular expressions: requests are found that they take, or nothing is claimed."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest

from compiler.model.expression import compiled_location
from compiler.model.manifest import Object
from compiler.model.request import RouteMatch
from compiler.transition.routing.expression_automaton import Expression
from compiler.transition.routing.path_language import (
    PATH_CHARACTERS,
    is_readable,
    path_pattern,
    path_regions,
    separating_paths,
)
from compiler.transition.verify import verify
from tests.transition.manifests import deployment, metadata, route

REWRITE = {"nginx.ingress.kubernetes.io/rewrite-target": "/$2"}


def service(selects: str = "web") -> Object:
    ports = [{"name": "http", "port": 80, "targetPort": "http"}]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata("web"),
        "spec": {"selector": {"app": selects}, "ports": ports},
    }


def ingress(path: str) -> Object:
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    paths = [{"path": path, "pathType": "ImplementationSpecific", "backend": backend}]
    spec: dict[str, Any] = {"ingressClassName": "nginx", "rules": [{"host": "a.example.com", "http": {"paths": paths}}]}
    meta = {**metadata("web"), "annotations": REWRITE}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": meta, "spec": spec}


@pytest.mark.parametrize("path", ["/v1(/|$)(.*)", "/(.*)", "/api/v[0-9]+/(.+)", "/v1/?(.*)", "/v1"])
def test_requests_are_found_and_their_loss_is_seen(path: str) -> None:
    pods = deployment("web", labels={"app": "web"})
    before = [pods, service(), ingress(path)]
    lost = verify(before, [pods, service("gone"), ingress(path)])
    assert lost.verdict == "unsafe"
    assert not any("(/|" in finding.message for finding in lost.findings), "a real request is named, not the pattern"
    assert verify(before, [service(), ingress(path)]).verdict == "unsafe"


@pytest.mark.parametrize("character", [chr(code) for code in range(33, 127)])
def test_every_character_may_stand_in_a_path(character: str) -> None:
    pods = deployment("web", labels={"app": "web"})
    path = f"/my{re.escape(character)}[{re.escape(character)}x]/(.*)"
    before = [pods, service(), ingress("/my-api/(.*)")]
    assert verify(before, [pods, service(), ingress(path)]).verdict in ("safe", "unsafe", "unknown")


UNREAD = ("/(?=v1)v1/(.*)", r"/\p{L}+/(.*)", "/v{,1}1/(.*)", "/[[:^alpha:]]1/(.*)")
"""A look-ahead, of which no plain text is found, and three that Python does not read as proxies do."""


@pytest.mark.parametrize("path", UNREAD)
def test_while_matches_stay_a_path_that_is_not_read_stands_for_itself(path: str) -> None:
    pods, newer = (deployment("web", image, labels={"app": "web"}) for image in ("img:1", "img:2"))
    before = [pods, service(), ingress(path)]
    assert verify(before, [newer, service(), ingress(path)]).verdict == "safe"
    assert [finding.code for finding in verify(before, [pods, service("gone"), ingress(path)]).findings] == [
        "backend-empty"
    ]
    moved = ingress(path)
    moved["metadata"]["annotations"] = {**REWRITE, "nginx.ingress.kubernetes.io/proxy-read-timeout": "30"}
    assert not {"path-unread"} & {finding.code for finding in verify(before, [pods, service(), moved]).findings}


@pytest.mark.parametrize("path", UNREAD)
def test_where_matches_change_beside_a_path_that_is_not_read_nothing_is_claimed(path: str) -> None:
    pods = deployment("web", labels={"app": "web"})
    before = [pods, service(), ingress("/v1/(.*)")]
    assert "path-unread" in {finding.code for finding in verify(before, [pods, service(), ingress(path)]).findings}
    assert "path-unread" in {finding.code for finding in verify([pods, service(), ingress(path)], before).findings}


@pytest.mark.parametrize(("path", "unread"), [(UNREAD[1], True), ("/v1/(.*)", False)])
def test_a_new_route_beside_a_path_that_is_not_read(path: str, unread: bool) -> None:
    pods, other = deployment("web", labels={"app": "web"}), ingress("/v1/own")
    other["metadata"] = metadata("other")
    before = [pods, service(), ingress(path)]
    codes = {finding.code for finding in verify(before, [*before, other]).findings}
    assert ("path-unread" in codes) is unread


def test_an_unread_path_that_is_not_concerned_is_no_matter() -> None:
    pods = deployment("web", labels={"app": "web"})
    other = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata("other"), "data": {"a": "1"}}
    before = [pods, service(), ingress("/(?=v1)v1/(.*)")]
    assert verify(before, [*before, other]).verdict == "safe"


@pytest.mark.parametrize("path", ["/[[a]v1", "/(a{60000}){60000}", "/(", "/a{99999999999}", "/[[:alpha:]]+"])
@pytest.mark.filterwarnings("error")
def test_an_odd_expression_is_read_without_a_word_or_not_at_all(path: str) -> None:
    pods = deployment("web", labels={"app": "web"})
    before = [pods, service(), ingress(path)]
    assert verify(before, [pods, service("gone"), ingress(path)]).verdict in ("unsafe", "unknown")


@pytest.mark.parametrize("character", PATH_CHARACTERS)
def test_every_character_of_a_path_may_stand_in_a_pattern(character: str) -> None:
    for text in (f"/a{re.escape(character)}", f"/a[{re.escape(character)}]"):
        assert separating_paths([Expression(text)], [Expression("/b")]) == [f"/a{character}", "/b"]


@pytest.mark.parametrize("character", ["\t", "\n", " ", "é", "€", "?"])
def test_other_characters_do_no_harm(character: str) -> None:
    assert separating_paths([Expression(f"/a{re.escape(character)}")], [Expression("/b")]) == ["/b"]


def test_a_dash_is_read_as_it_stands() -> None:
    assert separating_paths([Expression("/api-v2/.")], [Expression("/apiv2/.")]) == ["/api-v2/!", "/apiv2/!"]


@pytest.mark.parametrize("text", ["/.*a[a-z]{20}", "/([a-z]{1,64}/){1,64}", "/(a(b|c)){3000}", "/(?=a).*", r"/(a)\1"])
def test_what_has_no_automaton_or_a_large_one_is_not_read(text: str) -> None:
    assert not is_readable(Expression(text))


@pytest.mark.parametrize(
    ("old", "new", "verdict"), [("/.*/items", "/[^/]+/items", "unsafe"), ("/.+/a/b/c/d", "/.*/a/b/c/d", "safe")]
)
def test_what_stands_behind_any_text_is_found_without_trying_every_text(old: str, new: str, verdict: str) -> None:
    """A list of all beginnings, however short the paths are, fills any memory."""
    pods = deployment("web", labels={"app": "web"})
    answer = verify([pods, service(), ingress(old)], [pods, service(), ingress(new)])
    assert answer.verdict == verdict


def test_values_that_are_too_many_to_compare_are_named() -> None:
    """Each of the expressions is small; all of one header together are not."""

    def by_header(version: int) -> Object:
        values = [f".*{chr(97 + number)}[a-z]{{{version}}}" for number in range(7)]
        matches = [{"headers": [{"name": "x", "type": "RegularExpression", "value": value}]} for value in values]
        return {**route("r", {"web": 1}), "spec": {**route("r", {"web": 1})["spec"], "rules": rules(matches)}}

    def rules(matches: list[Object]) -> list[Object]:
        return [{"matches": [match], "backendRefs": [{"name": "web", "port": 80}]} for match in matches]

    pods = deployment("web", labels={"app": "web"})
    answer = verify([pods, service(), by_header(4)], [pods, service(), by_header(5)])
    assert "path-unread" in {finding.code for finding in answer.findings}


PIECES = ("a", "b", "/", "|", "(a|b)", ".", "$", "^", "[ab]", "a*", "(/a|b)")


@pytest.mark.parametrize("seed", range(8))
def test_a_location_takes_what_nginx_finds(seed: int) -> None:
    """Each path that tells the expression and a few others apart, by automaton and by Python's search behind a `^`."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    for _ in range(60):
        text = "".join(chance.choices(PIECES, k=chance.randint(1, 6)))
        location = compiled_location(text)
        beside = (Expression("/a.*"), Expression("/b.*"), Expression(".*b"))
        for region in path_regions((path_pattern(RouteMatch("h", "Location", text)), *beside)) or ():
            assert (0 in region.takers) == (location is not None and location.search(region.text) is not None), text
