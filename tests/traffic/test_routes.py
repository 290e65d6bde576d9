"""Routes as the controllers read them: paths, rewrites, sizes, headers and what no router can do."""

from __future__ import annotations

import pytest

from tests.pipeline.specs import codes, environment, findings, objects, release

ROLLING = 'rolling: {version: "1"}'
NGINX, GATEWAY, SERVICE = environment("ingressNginx"), environment("gatewayApi"), environment("service")


def exposed(text: str, strategy: str = ROLLING, name: str = "api") -> str:
    return release(strategy, name=name, more=f"expose: {{{text}}}")


@pytest.mark.parametrize("env", [NGINX, GATEWAY])
@pytest.mark.parametrize("path", ["/a%zz", "/a%", "/a%2"])
def test_a_percent_sign_begins_an_encoded_byte(env: str, path: str) -> None:
    assert codes(env, exposed(f'path: "{path}"')) == ["spec-wrong-value"]


@pytest.mark.parametrize("path", ["/v1:x", "/a+b", "/a%20b", "/(a)"])
def test_ingress_nginx_takes_plain_paths_alone(path: str) -> None:
    """ingress-nginx, `strict-validate-path-type`: true by default since 1.12."""
    assert codes(NGINX, exposed(f'path: "{path}"')) == ["provider-lacks"]
    assert codes(GATEWAY, exposed(f'path: "{path}"')) == []


def test_what_is_stripped_stands_for_itself_in_the_expression() -> None:
    manifests = objects(NGINX, exposed("host: a.example.com, path: /v1.0, stripPrefix: true"))
    assert manifests["Ingress/api"]["spec"]["rules"][0]["http"]["paths"][0]["path"] == r"/v1\.0(/|$)(.*)"


@pytest.mark.parametrize("provider", ["ingressNginx", "gatewayApi"])
def test_nothing_is_stripped_of_the_root(provider: str) -> None:
    plain, stripped = (
        objects(environment(provider), exposed(f"host: a.example.com, stripPrefix: {each}"))
        for each in ("false", "true")
    )
    assert plain == stripped


@pytest.mark.parametrize("env", [NGINX, GATEWAY])
def test_an_exact_path_is_no_prefix_to_strip(env: str) -> None:
    assert codes(env, exposed("path: /v1, pathType: Exact, stripPrefix: true")) == ["strip-exact"]


@pytest.mark.parametrize(
    ("size", "written"), [("64Mi", "64m"), ("1Gi", "1g"), ("512Ki", "512k"), ("10M", "10m"), ("4096", "4096")]
)
def test_sizes_that_nginx_can_write(size: str, written: str) -> None:
    manifests = objects(NGINX, exposed(f'bodySize: "{size}"'))
    assert manifests["Ingress/api"]["metadata"]["annotations"]["nginx.ingress.kubernetes.io/proxy-body-size"] == written


@pytest.mark.parametrize("size", ["500m", "1.5Gi", "1Ti"])
def test_sizes_that_nginx_cannot_read(size: str) -> None:
    assert codes(NGINX, exposed(f"bodySize: {size}")) == ["spec-wrong-value"]


BY_HEADER = 'versioned: {v1: {version: "1"%s}, v2: {version: "2", header: {name: X-Version, value: "2"}}}'


def test_a_canary_ingress_needs_a_main_one() -> None:
    """ingress-nginx merges a canary into the server of its host and path; without one it serves nobody."""
    assert codes(NGINX, exposed("host: a.example.com", BY_HEADER % "")) == ["nginx-canary-alone"]
    assert codes(NGINX, exposed("host: a.example.com", BY_HEADER % ", path: /")) == []
    assert codes(GATEWAY, exposed("host: a.example.com", BY_HEADER % "")) == []


@pytest.mark.parametrize("env", [NGINX, GATEWAY])
def test_a_slash_at_the_end_makes_no_other_path(env: str) -> None:
    tracks = 'versioned: {v1: {version: "1", path: /v1}, v2: {version: "2", path: /v1/}}'
    assert codes(env, release(tracks)) == ["tracks-tie"]
    one, two = exposed("path: /x", name="one"), exposed("path: /x/", name="two")
    assert codes(env, one, two) == ["routes-tie"]


@pytest.mark.parametrize("provider", ["service", "ingressNginx"])
def test_a_deprecation_that_no_answer_announces_is_reported(provider: str) -> None:
    text = release('versioned: {v1: {version: "1", deprecated: 2026-09-01}, v2: {version: "2"}}')
    (finding,) = findings(environment(provider), text)
    assert (finding.code, finding.severity) == ("retirement-not-announced", "warning")


@pytest.mark.parametrize("kind", ["NodePort", "LoadBalancer"])
def test_what_is_internal_has_no_door_to_the_outside(kind: str) -> None:
    assert codes(GATEWAY, exposed(f"internal: true, service: {{type: {kind}}}")) == ["internal-exposed"]


def test_a_rewrite_without_a_host_meets_all_others_without_one() -> None:
    one, two = exposed("path: /a, stripPrefix: true", name="one"), exposed("path: /b", name="two")
    assert codes(NGINX, one, two) == ["regex-host"]


@pytest.mark.parametrize("key_text", ["header: {}", "cookie: canary"])
def test_a_ratio_of_pods_pins_no_request(key_text: str) -> None:
    text = release(f'canary: {{by: pods, at: 50, {key_text}, stable: {{version: "1"}}, canary: {{version: "2"}}}}')
    (finding,) = findings(GATEWAY, text)
    assert (finding.code, finding.severity) == ("pins-need-router", "error")


@pytest.mark.parametrize("env", [NGINX, GATEWAY])
def test_an_address_is_no_host_name(env: str) -> None:
    assert codes(env, exposed("host: 10.0.0.1")) == ["spec-wrong-value"]
    assert codes(env, exposed("host: 10.example.com")) == []


def test_requests_that_the_router_lets_last_are_waited_for() -> None:
    result = objects(GATEWAY, exposed("timeoutSeconds: 600"))["Deployment/api"]["spec"]["template"]
    assert result["spec"]["terminationGracePeriodSeconds"] >= 615
    assert result["metadata"]["annotations"]["shipway.dev/longest-request-seconds"] == "600"
    text = release(ROLLING, container="longestRequestSeconds: 20", more="expose: {timeoutSeconds: 600}")
    template = objects(GATEWAY, text)["Deployment/api"]["spec"]["template"]
    assert template["metadata"]["annotations"]["shipway.dev/longest-request-seconds"] == "20"


@pytest.mark.parametrize(
    ("key_text", "timeout"), [("longestRequestSeconds: 300", "300"), ("longestRequestSeconds: 40", None)]
)
def test_nginx_waits_as_long_as_a_request_may_last(key_text: str, timeout: str | None) -> None:
    """ingress-nginx, proxy-read-timeout: 60 s by default, and then 504."""
    result = objects(NGINX, release(ROLLING, container=key_text))["Ingress/api"]["metadata"].get("annotations", {})
    assert result.get("nginx.ingress.kubernetes.io/proxy-read-timeout") == timeout
    text = release(ROLLING, container=key_text, more="expose: {timeoutSeconds: 20}")
    notes = objects(NGINX, text)["Ingress/api"]["metadata"]["annotations"]
    assert notes["nginx.ingress.kubernetes.io/proxy-read-timeout"] == "20", "what the spec says counts"
