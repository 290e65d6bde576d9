"""What each strategy yields with each provider, as the table of the issue says it."""

from __future__ import annotations

import pytest

from tests.pipeline.specs import codes, container, environment, findings, objects, release, wave

BLUE_GREEN = 'blueGreen: {active: blue, blue: {version: "1.0.0"}, green: {version: "1.1.0", change: minor}}'
SWITCHED = BLUE_GREEN.replace("active: blue", "active: green")
CANARY = 'canary: {{by: {by}, at: 25, stable: {{version: "1.0.0"}}, canary: {{version: "1.1.0", change: minor}}}}'
VERSIONED = 'versioned: {v1: {version: "1.0.0", deprecated: 2026-09-01, sunset: 2027-03-01}, v2: {version: "2.0.0"}}'


def weights(route: dict) -> list[dict[str, int]]:  # type: ignore[type-arg]
    return [{ref["name"]: ref["weight"] for ref in rule["backendRefs"]} for rule in route["spec"]["rules"]]


@pytest.mark.parametrize("provider", ["service", "ingressNginx", "gatewayApi"])
def test_rolling_is_one_track_and_one_wave(provider: str) -> None:
    manifests = objects(environment(provider), release('rolling: {version: "1.0.0"}'))
    assert all(wave(obj) is None for obj in manifests.values())
    deployment = manifests["Deployment/api"]
    assert deployment["spec"]["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
    assert deployment["spec"]["minReadySeconds"] == 10
    assert deployment["spec"]["progressDeadlineSeconds"] == 300 + 10 + 60
    assert manifests["Service/api"]["spec"]["selector"] == {"app": "api", "track": "main"}
    routes = {"service": [], "ingressNginx": ["Ingress/api"], "gatewayApi": ["HTTPRoute/api"]}
    assert [key for key in manifests if key.startswith(("Ingress", "HTTPRoute"))] == routes[provider]


@pytest.mark.parametrize("provider", ["service", "ingressNginx"])
def test_blue_green_switches_by_the_selector_of_one_service(provider: str) -> None:
    before, after = (objects(environment(provider), release(text)) for text in (BLUE_GREEN, SWITCHED))
    assert before["Service/api"]["spec"]["selector"] == {"app": "api", "color": "blue"}
    assert before["Service/api-preview"]["spec"]["selector"] == {"app": "api", "color": "green"}
    assert after["Service/api"]["spec"]["selector"] == {"app": "api", "color": "green"}
    assert [key for key in before if key.startswith("Ingress") and before[key]["spec"] != after[key]["spec"]] == []


def test_blue_green_switches_by_weights_of_two_fixed_services() -> None:
    before, after = (objects(environment("gatewayApi"), release(text)) for text in (BLUE_GREEN, SWITCHED))
    assert weights(before["HTTPRoute/api"]) == [{"api-blue": 100, "api-green": 0}]
    assert weights(after["HTTPRoute/api"]) == [{"api-blue": 0, "api-green": 100}]
    for color in ("blue", "green"):
        assert before[f"Service/api-{color}"]["spec"] == after[f"Service/api-{color}"]["spec"]
    assert weights(before["HTTPRoute/api-preview"]) == [{"api-blue": 0, "api-green": 100}]


def test_the_waves_follow_the_roles() -> None:
    manifests = objects(environment("gatewayApi"), release(BLUE_GREEN))
    waves = {key: wave(obj) for key, obj in manifests.items()}
    assert waves["Deployment/api-blue"] == waves["Service/api-green"] == "0"
    assert waves["HTTPRoute/api"] == "2"
    assert waves["Deployment/api-green"] == waves["PodDisruptionBudget/api-blue"] == "3"
    assert waves["HTTPRoute/api-preview"] == "4"


def test_an_aborted_release_is_one_wave_and_nothing_waits() -> None:
    aborted = BLUE_GREEN.replace("change: minor", "change: minor, aborted: true")
    manifests = objects(environment("gatewayApi"), release(aborted))
    assert all(wave(obj) is None for obj in manifests.values())
    assert weights(manifests["HTTPRoute/api"]) == [{"api-blue": 100, "api-green": 0}]


def test_a_fixed_service_is_there_for_a_color_without_a_version() -> None:
    manifests = objects(environment("gatewayApi"), release('blueGreen: {active: blue, blue: {version: "1.0.0"}}'))
    assert manifests["Service/api-green"]["spec"]["selector"] == {"app": "api", "color": "green"}
    assert "Deployment/api-green" not in manifests


def test_canary_by_weight_divides_at_the_router() -> None:
    text = release(CANARY.format(by="weight"))
    gateway = objects(environment("gatewayApi"), text)
    assert weights(gateway["HTTPRoute/api"]) == [{"api-canary": 25, "api-stable": 75}]
    assert gateway["Deployment/api-canary"]["spec"]["replicas"] == 1
    assert gateway["Deployment/api-stable"]["spec"]["replicas"] == 4
    nginx = objects(environment("ingressNginx"), text)
    annotations = nginx["Ingress/api-canary"]["metadata"]["annotations"]
    assert annotations["nginx.ingress.kubernetes.io/canary-weight"] == "25"


def test_the_canary_ingress_stays_at_weight_zero_without_a_canary() -> None:
    manifests = objects(environment("ingressNginx"), release('canary: {stable: {version: "1.0.0"}}'))
    annotations = manifests["Ingress/api-canary"]["metadata"]["annotations"]
    assert annotations["nginx.ingress.kubernetes.io/canary-weight"] == "0"


def test_canary_by_header_gives_the_canary_only_requests_with_it() -> None:
    text = release(CANARY.format(by="header"))
    rules = objects(environment("gatewayApi"), text)["HTTPRoute/api"]["spec"]["rules"]
    assert rules[0]["matches"][0]["headers"] == [{"type": "Exact", "name": "X-Canary", "value": "always"}]
    assert [{ref["name"]: ref["weight"] for ref in rule["backendRefs"]} for rule in rules] == [
        {"api-canary": 100, "api-stable": 0},
        {"api-canary": 0, "api-stable": 100},
    ]


@pytest.mark.parametrize(("at", "stable", "canary"), [(0, 4, 0), (20, 4, 1), (50, 4, 4), (75, 1, 4), (100, 0, 4)])
def test_canary_by_pods_is_a_ratio(at: int, stable: int, canary: int) -> None:
    text = release(CANARY.format(by="pods").replace("at: 25", f"at: {at}"))
    manifests = objects(environment("service"), text)
    assert manifests["Deployment/api-stable"]["spec"]["replicas"] == stable
    assert manifests["Deployment/api-canary"]["spec"]["replicas"] == canary
    assert manifests["Service/api"]["spec"]["selector"] == {"app": "api"}


def test_a_share_that_pods_cannot_make_says_what_it_becomes() -> None:
    text = release(CANARY.format(by="pods").replace("at: 25", "at: 5"))
    (warning,) = findings(environment("service"), text)
    assert (warning.code, warning.severity) == ("share-quantised", "warning")
    assert warning.message == "5 % is rounded to 1 of 5 pods, 20 % of the requests"


def test_versioned_has_a_service_and_a_path_each_in_one_route() -> None:
    gateway = objects(environment("gatewayApi"), release(VERSIONED))["HTTPRoute/api"]["spec"]["rules"]
    assert [rule["matches"][0]["path"]["value"] for rule in gateway] == ["/v1", "/v2"]
    headers = {each["name"]: each["value"] for each in gateway[0]["filters"][0]["responseHeaderModifier"]["set"]}
    assert headers == {"Deprecation": "@1788220800", "Sunset": "Mon, 01 Mar 2027 00:00:00 GMT"}
    nginx = objects(environment("ingressNginx"), release(VERSIONED))["Ingress/api"]["spec"]["rules"][0]["http"]["paths"]
    assert [(path["path"], path["backend"]["service"]["name"]) for path in nginx] == [
        ("/v1", "api-v1"),
        ("/v2", "api-v2"),
    ]


def test_each_major_version_is_a_contract_of_its_own() -> None:
    manifests = objects(environment(), release(VERSIONED))
    labels = [manifests[f"Deployment/api-{track}"]["spec"]["template"]["metadata"]["labels"] for track in ("v1", "v2")]
    assert [each["shipway.dev/contract"] for each in labels] == ["1", "2"]


@pytest.mark.parametrize(
    ("strategy", "code"),
    [
        ('rolling: {version: "2", change: major}', "major-needs-versions"),
        (CANARY.format(by="weight").replace("minor", "major"), "major-needs-versions"),
        (CANARY.format(by="pods").replace("minor", "major"), "major-needs-versions"),
        (BLUE_GREEN.replace("minor", "major"), "major-needs-group"),
        ('rolling: {version: "2", maxSurge: 0}', "rollout-cannot-move"),
        ('blueGreen: {active: green, blue: {version: "1"}}', "active-track-empty"),
        ('blueGreen: {blue: {version: "1"}}', "active-missing"),
        ('canary: {stable: {version: "1"}, steps: [50, 25]}', "steps-not-growing"),
        ('canary: {stable: {version: "1"}, steps: []}', "spec-wrong-value"),
        ('versioned: {v1: {version: "1", path: /a}, v2: {version: "2", path: /a}}', "tracks-tie"),
        ('rolling: {version: "1"}, canary: {stable: {version: "1"}}', "strategy-one-of"),
        ('rollling: {version: "1"}', "strategy-unknown"),
    ],
)
def test_rules_of_change(strategy: str, code: str) -> None:
    problems = findings(environment(), release(strategy))
    assert code in [each.code for each in problems]
    assert all(each.loc is not None and each.help for each in problems)


def test_a_major_change_names_the_two_strategies_that_suit() -> None:
    (finding,) = findings(environment(), release('rolling: {version: "2", change: major}'))
    assert "`versioned`" in finding.help
    assert "`blueGreen`" in finding.help


def test_canary_by_header_carries_a_major_change() -> None:
    manifests = objects(environment(), release(CANARY.format(by="header").replace("minor", "major")))
    labels = manifests["Deployment/api-canary"]["spec"]["template"]["metadata"]["labels"]
    assert labels["shipway.dev/contract"] == "2"


def test_a_canary_by_pods_cannot_be_autoscaled() -> None:
    text = release(CANARY.format(by="pods"), more="autoscale: {min: 2, max: 4}")
    assert "pods-ratio-autoscaled" in codes(environment("service"), text)


def test_the_service_provider_has_no_weights() -> None:
    assert codes(environment("service"), release(CANARY.format(by="weight"))) == ["provider-lacks"]


def test_an_open_course_holds_both_tracks_at_the_switch_capacity() -> None:
    text = release(BLUE_GREEN, more="autoscale: {min: 2, max: 9, cpu: 60}")
    manifests = objects(environment(), text)
    for color in ("blue", "green"):
        assert manifests[f"HorizontalPodAutoscaler/api-{color}"]["spec"]["minReplicas"] == 9
        assert manifests[f"Deployment/api-{color}"]["spec"]["replicas"] == 9
    rest = objects(
        environment(), release('blueGreen: {active: blue, blue: {version: "1"}}', more="autoscale: {min: 2, max: 9}")
    )
    assert rest["HorizontalPodAutoscaler/api-blue"]["spec"]["minReplicas"] == 2


def test_the_classic_form_stands_as_it_is() -> None:
    text = release(
        'blueGreen: {active: blue, blue: {version: "0.7"}}',
        name="classic",
        container='args: ["bentoml", "serve-gunicorn", "--workers", "4", "./"], port: 5000',
        more="replicas: 3\n  expose: {host: c.example.com, path: /v1, tls: {secretName: c-tls}, "
        "service: {type: NodePort, port: 443, nodePort: 30443}}",
    )
    manifests = objects(environment("ingressNginx"), text)
    deployment = manifests["Deployment/classic-blue"]
    assert container(deployment)["args"] == ["bentoml", "serve-gunicorn", "--workers", "4", "./"]
    assert container(deployment)["name"] == "classic"
    assert container(deployment)["ports"][0]["containerPort"] == 5000
    assert deployment["spec"]["selector"]["matchLabels"] == {"app": "classic", "color": "blue"}
    assert container(deployment)["readinessProbe"]["tcpSocket"] == {"port": "http"}
    service = manifests["Service/classic"]["spec"]
    assert (service["type"], service["ports"][0]["port"], service["ports"][0]["nodePort"]) == ("NodePort", 443, 30443)
    ingress = manifests["Ingress/classic"]["spec"]
    assert ingress["tls"] == [{"hosts": ["c.example.com"], "secretName": "c-tls"}]
    assert ingress["rules"][0]["http"]["paths"][0]["path"] == "/v1"
