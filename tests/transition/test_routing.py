"""Who answers which request: matches, precedence, canaries, listeners, grants, policies."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.model.expression import pattern_matches
from compiler.model.manifest import Object
from compiler.model.objects import Key, label_selector_accepts, object_key
from compiler.model.request import Request
from compiler.traffic.gateway_api import gateways as gateway
from compiler.traffic.gateway_api import routes as http_route
from compiler.traffic.ingress_nginx import routes as ingress
from compiler.transition.facts.pods import PodPort, read_template
from compiler.transition.routing import network_policy
from compiler.transition.routing.request import representative_requests, sample_text
from tests.transition.manifests import metadata, route, template

NGINX = "nginx.ingress.kubernetes.io/"


def request(path: str = "/", host: str = "api.example.com", **fields: Any) -> Request:
    return Request("gateway gateways/public#https", host, path, **fields)


def backend_of(
    rules: list[dict[str, Any]], asked: Request, hosts: tuple[str, ...] = ("api.example.com",)
) -> str | None:
    """The first backend of the rule that wins."""
    obj = route("r", {"x": 1})
    obj["spec"].update(rules=rules, hostnames=list(hosts))
    result = http_route.route_candidate(http_route.read_http_route(obj, object_key(obj)), asked, aged=True)
    return result.answer.backends[0].service.name if result else None


def rule(backend: str, *terms: dict[str, Any]) -> dict[str, Any]:
    return {"matches": list(terms), "backendRefs": [{"name": backend, "port": 80}]}


def path(value: str, kind: str = "PathPrefix", **more: Any) -> dict[str, Any]:
    return {"path": {"type": kind, "value": value}, **more}


HEADER: dict[str, Any] = {"headers": [{"name": "X-A", "value": "1"}]}
QUERY: dict[str, Any] = {"queryParams": [{"name": "q", "value": "1"}]}


@pytest.mark.parametrize(
    ("rules", "asked", "winner"),
    [
        ([rule("a", path("/v1"))], request("/v1/x"), "a"),
        ([rule("a", path("/v1"))], request("/v10"), None),
        ([rule("a", path("/v1/"))], request("/v1"), "a"),
        ([rule("a", path("/")), rule("b", path("/v1"))], request("/v1"), "b"),
        ([rule("a", path("/v1", "Exact")), rule("b", path("/v1"))], request("/v1"), "a"),
        ([rule("a", path("/v1")), rule("b", path("/v1", method="GET"))], request("/v1"), "b"),
        (
            [rule("a", path("/v1", **HEADER)), rule("b", path("/v1", method="GET"))],
            request("/v1", headers=(("x-a", "1"),)),
            "b",
        ),
        (
            [rule("a", path("/v1", **QUERY)), rule("b", path("/v1", **HEADER))],
            request("/v1", headers=(("X-A", "1"),), query=(("q", "1"),)),
            "b",
        ),
        ([rule("a", path("/v1")), rule("b", path("/v1"))], request("/v1"), "a"),
        ([rule("a", path("/v[0-9]+", "RegularExpression"))], request("/v12"), "a"),
        ([rule("a")], request("/anything"), "a"),
    ],
)
def test_the_gateway_api_s_precedence(rules: list[dict[str, Any]], asked: Request, winner: str | None) -> None:
    assert backend_of(rules, asked) == winner


@pytest.mark.parametrize(
    ("host", "taken"), [("a.example.com", True), ("a.b.example.com", True), ("example.com", False), ("x.org", False)]
)
def test_a_wildcard_host_takes_subdomains(host: str, taken: bool) -> None:
    assert (backend_of([rule("a", path("/"))], request(host=host), ("*.example.com",)) == "a") is taken


@pytest.mark.parametrize("pattern", ["/v[0-9]+", "/a(b|c)?d*", "^/x.y$", "/(?:foo|bar)/z{2,3}", r"/\d\w"])
def test_a_sample_matches_its_pattern(pattern: str) -> None:
    assert pattern_matches(pattern, sample_text(pattern))


def test_a_pattern_without_a_sample_stands_for_itself() -> None:
    assert sample_text("/(?=x)y(?<!z)[") == "/(?=x)y(?<!z)["


def test_very_many_conditions_do_not_multiply() -> None:
    terms = [path(f"/p{n}", headers=[{"name": f"X-{n}", "value": "1"}]) for n in range(60)]
    obj = route("r", {"x": 1})
    obj["spec"]["rules"] = [rule("x", term) for term in terms]
    actual = [match for each in http_route.read_http_route(obj, object_key(obj)).rules for match in each.matches]
    assert len(representative_requests("gateway g/g#s", actual)) == 240


def ingress_of(name: str, backend: str, kind: str = "Prefix", at: str = "/", **notes: str) -> ingress.IngressFacts:
    service = {"service": {"name": backend, "port": {"number": 80}}}
    rules = [{"host": "api.example.com", "http": {"paths": [{"path": at, "pathType": kind, "backend": service}]}}]
    annotated = {
        **metadata(name),
        "annotations": {NGINX + key.replace("_", "-"): value for key, value in notes.items()},
    }
    obj: Object = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": annotated,
        "spec": {"rules": rules},
    }
    return ingress.read_ingress(obj, object_key(obj))


def shares(*facts: ingress.IngressFacts, asked: Request | None = None) -> dict[str, int]:
    answer = ingress.ingress_action(facts, asked or request())
    return {backend.service.name: backend.weight for backend in answer.backends} if answer else {}


MAIN = ingress_of("main", "a")


@pytest.mark.parametrize(
    ("notes", "asked", "expected"),
    [
        ({"canary_weight": "30"}, request(), {"a": 70, "b": 30}),
        ({"canary_weight": "1", "canary_weight_total": "1000"}, request(), {"a": 999, "b": 1}),
        ({"canary_by_header": "X-C"}, request(headers=(("X-C", "always"),)), {"a": 0, "b": 100}),
        ({"canary_by_header": "X-C", "canary_weight": "50"}, request(headers=(("X-C", "never"),)), {"a": 100, "b": 0}),
        (
            {"canary_by_header": "X-C", "canary_by_header_value": "2"},
            request(headers=(("X-C", "2"),)),
            {"a": 0, "b": 100},
        ),
        (
            {"canary_by_header": "X-C", "canary_by_header_value": "2"},
            request(headers=(("X-C", "1"),)),
            {"a": 100, "b": 0},
        ),
        (
            {"canary_by_header": "X-C", "canary_by_header_pattern": "v.*"},
            request(headers=(("X-C", "v9"),)),
            {"a": 0, "b": 100},
        ),
        ({"canary_by_cookie": "c"}, request(headers=(("Cookie", "c=always"),)), {"a": 0, "b": 100}),
        (
            {"canary_by_cookie": "c", "canary_weight": "9"},
            request(headers=(("Cookie", "c=never"),)),
            {"a": 100, "b": 0},
        ),
    ],
)
def test_the_canary_of_ingress_nginx(notes: dict[str, str], asked: Request, expected: dict[str, int]) -> None:
    assert shares(MAIN, ingress_of("canary", "b", canary="true", **notes), asked=asked) == expected


def test_a_canary_without_a_main_is_ignored_and_a_redirect_answers_itself() -> None:
    assert shares(ingress_of("canary", "b", canary="true", canary_weight="50")) == {}
    answer = ingress.ingress_action([ingress_of("r", "a", permanent_redirect="https://x")], request())
    assert answer is not None
    assert answer.itself == "redirect"


def test_paths_of_ingress_nginx() -> None:
    versions = ingress_of("v1", "a", at="/v1"), ingress_of("v10", "b", at="/v1", kind="ImplementationSpecific")
    assert shares(versions[0], asked=request("/v10")) == {}
    assert shares(versions[1], asked=request("/v10")) == {"b": 1}
    exact = ingress_of("x", "c", at="/v1", kind="Exact")
    assert shares(*versions, exact, asked=request("/v1")) == {"c": 1}
    infected = ingress_of("other", "d", at="/other", use_regex="true")
    assert shares(versions[0], infected, asked=request("/V10")) == {"a": 1}


def listener(**fields: Any) -> Object:
    spec = {"listeners": [{"name": "https", "port": 443, **fields}]}
    return {"kind": "Gateway", "metadata": {"name": "public", "namespace": "gateways"}, "spec": spec}


@pytest.mark.parametrize(
    ("fields", "open_"),
    [
        ({}, False),
        ({"allowedRoutes": {"namespaces": {"from": "All"}}}, True),
        ({"allowedRoutes": {"namespaces": {"from": "None"}}}, False),
        ({"allowedRoutes": {"namespaces": {"from": "All"}}, "hostname": "*.example.com"}, True),
        ({"allowedRoutes": {"namespaces": {"from": "All"}}, "hostname": "x.org"}, False),
        ({"allowedRoutes": {"namespaces": {"from": "Selector", "selector": {"matchLabels": {"team": "a"}}}}}, True),
        ({"allowedRoutes": {"namespaces": {"from": "Selector", "selector": {"matchLabels": {"team": "b"}}}}}, False),
    ],
)
def test_which_routes_a_listener_admits(fields: dict[str, Any], open_: bool) -> None:
    obj = route("r", {"x": 1})
    names = {"metadata": {"labels": {"team": "a"}}}
    held = listener(**fields)
    result = gateway.listener_admits(
        held,
        gateway.listeners_by_name(held)["https"],
        object_key(obj),
        "api.example.com",
        names,
    )
    assert result is open_


@pytest.mark.parametrize(
    ("source", "name", "granted"), [("shop", "x", True), ("shop", "y", False), ("other", "x", False)]
)
def test_reference_grants(source: str, name: str, granted: bool) -> None:
    spec = {"from": [{"kind": "HTTPRoute", "namespace": source}], "to": [{"kind": "Service", "name": name}]}
    key = Key("gateway.networking.k8s.io", "ReferenceGrant", "back", "g")
    asked = Key(http_route.GROUP, "HTTPRoute", "shop", "r"), Key("", "Service", "back", "x")
    assert bool(gateway.granting([(key, {"spec": spec})], *asked)) is granted


@pytest.mark.parametrize(
    ("rules", "closed"),
    [
        ([], True),
        ([{}], False),
        ([{"from": [{"podSelector": {}}]}], True),
        ([{"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}], False),
        ([{"from": [{"namespaceSelector": {}}]}], False),
        ([{"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "gateways"}}}]}], False),
        ([{"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "other"}}}]}], True),
        ([{"ports": [{"port": "http"}]}], False),
        ([{"ports": [{"port": 3000}]}], False),
        ([{"ports": [{"port": 2000, "endPort": 4000}]}], False),
        ([{"ports": [{"protocol": "TCP"}]}], False),
        ([{"ports": [{"port": 9000}]}], True),
    ],
)
def test_network_policies(rules: list[dict[str, Any]], closed: bool) -> None:
    key = Key("networking.k8s.io", "NetworkPolicy", "shop", "p")
    policy: Object = {"spec": {"podSelector": {}, "ingress": rules}}
    pods = read_template(template({"app": "web"}))
    assert (
        network_policy.blocks_ingress(
            [(key, policy)], "shop", pods, PodPort(3000), network_policy.PolicyPeer("gateways")
        )
        is closed
    )


@pytest.mark.parametrize(
    ("operator", "values", "taken"),
    [
        ("In", ["a"], True),
        ("In", ["b"], False),
        ("NotIn", ["b"], True),
        ("Exists", [], True),
        ("DoesNotExist", [], False),
        ("?", [], False),
    ],
)
def test_selector_expressions(operator: str, values: list[str], taken: bool) -> None:
    selector = {"matchExpressions": [{"key": "app", "operator": operator, "values": values}]}
    assert label_selector_accepts(selector, {"app": "a"}) is taken
