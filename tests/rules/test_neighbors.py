"""Releases beside each other: groups that move as one, and what two releases must not share."""

from __future__ import annotations

import pytest

from tests.pipeline.specs import codes, container, environment, findings, objects, release

ROLLING = 'rolling: {version: "1.0.0"}'
BLUE = 'blueGreen: {active: blue, blue: {version: "1.0.0"}}'
GROUP = """apiVersion: shipway.dev/v1
kind: Group
metadata: {name: shop}
spec: {entry: web, members: [web, api], active: blue}
"""
WEB = release(
    'blueGreen: {blue: {version: "1"}, green: {version: "2", change: major}}',
    name="web",
    more="expose: {host: s.example.com}",
)
API = release('blueGreen: {blue: {version: "1"}, green: {version: "2", change: major}}')


def test_a_group_is_one_world_a_color() -> None:
    manifests = objects(environment(), WEB, API, GROUP)
    for color in ("blue", "green"):
        env = {each["name"]: each["value"] for each in container(manifests[f"Deployment/web-{color}"])["env"]}
        assert env["API_URL"] == f"http://api-{color}:443"
        assert manifests[f"Service/api-{color}"]["spec"]["selector"]["color"] == color
    assert [key for key in manifests if key.startswith("HTTPRoute/")] == ["HTTPRoute/web", "HTTPRoute/web-preview"]
    assert manifests["Deployment/api-green"]["spec"]["template"]["metadata"]["labels"]["shipway.dev/contract"] == "2"


@pytest.mark.parametrize("provider", ["service", "ingressNginx", "gatewayApi"])
def test_every_address_that_members_are_given_exists(provider: str) -> None:
    manifests = objects(environment(provider), WEB, API, GROUP)
    for key, obj in manifests.items():
        if key.startswith("Deployment/"):
            for variable in container(obj)["env"]:
                service = variable["value"].removeprefix("http://").removesuffix(":443")
                assert f"Service/{service}" in manifests, (key, variable)


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ((WEB, API.replace("expose: {path: /}", "expose: {host: a.example.com}"), GROUP), "group-member-exposed"),
        (
            (WEB, API.replace("expose: {path: /}", "expose: {service: {type: NodePort}}"), GROUP),
            "group-member-exposed",
        ),
        ((WEB, GROUP), "group-member-unknown"),
        ((WEB, API, GROUP.replace("entry: web", "entry: app")), "group-entry"),
        ((WEB, release(ROLLING), GROUP), "group-needs-blue-green"),
        ((WEB, API.replace("{blue:", "{active: blue, blue:"), GROUP), "group-decides-active"),
        ((WEB, API, GROUP, GROUP.replace("shop}", "shop2}")), "group-member-taken"),
    ],
)
def test_what_keeps_a_group_from_switching_as_one(texts: tuple[str, ...], code: str) -> None:
    assert code in codes(environment(), *texts)


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("expose: {host: a.example.com, path: /x}", "expose: {host: a.example.com, path: /x}", "routes-tie"),
        (
            "expose: {host: a.example.com, path: /x, stripPrefix: true}",
            "expose: {host: a.example.com, path: /y}",
            "regex-host",
        ),
        (
            "expose: {path: /x, service: {type: NodePort, nodePort: 30001}}",
            "expose: {path: /y, service: {type: NodePort, nodePort: 30001}}",
            "node-port-twice",
        ),
    ],
)
def test_releases_of_one_environment_do_not_get_in_each_others_way(first: str, second: str, code: str) -> None:
    texts = (release(ROLLING, name="one", more=first), release(ROLLING, name="two", more=second))
    problems = findings(environment("ingressNginx"), *texts)
    assert code in [each.code for each in problems]
    assert all(each.related for each in problems if each.code == code)


def test_two_releases_that_write_one_object() -> None:
    texts = (release(BLUE), release(ROLLING, name="api-blue", more="expose: {path: /other}"))
    assert codes(environment(), *texts) == ["objects-clash"]


def test_equal_names_are_refused_with_both_places() -> None:
    assert codes(environment(), release(ROLLING), release(ROLLING)) == ["duplicate-name"]


@pytest.mark.parametrize("provider", ["ingressNginx", "gatewayApi"])
@pytest.mark.parametrize(
    ("strategy", "key"),
    [
        (BLUE.replace("active: blue,", "active: blue, preview: {host: a.example.com},"), "preview:"),
        ('versioned: {v1: {version: "1", path: /}, v2: {version: "2", host: a.example.com}}', "v2:"),
    ],
)
def test_two_parts_of_one_release_that_answer_the_same_requests(provider: str, strategy: str, key: str) -> None:
    text = release(strategy, more="expose: {host: a.example.com}")
    (finding,) = findings(environment(provider), text)
    assert finding.code == "routes-tie"
    assert finding.loc is not None
    assert text.splitlines()[finding.loc.line - 1][: finding.loc.column - 1].rstrip().endswith(key)


def test_names_of_headers_have_no_case() -> None:
    def versions(header: str) -> str:
        return f'versioned: {{v1: {{version: "1", header: {{name: {header}, value: a}}}}}}'

    texts = (release(versions("X-V"), name="one"), release(versions("x-v"), name="two"))
    assert codes(environment(), *texts) == ["routes-tie"]
