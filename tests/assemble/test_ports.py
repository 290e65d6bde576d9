"""Several ports and Services of one release, and releases that answer no requests at all."""

from __future__ import annotations

import pytest

from tests.pipeline.specs import codes, container, environment, findings, objects, release

ROLLING = 'rolling: {version: "1.0"}'
PORTS = "ports: {http: 8000, grpc: 8001, metrics: 8002}"
SERVICES = """expose:
    path: /
    service: {ports: {web: 80, grpc: {port: 9001, appProtocol: kubernetes.io/h2c}, raw: {port: 7, targetPort: 7000}}}
    services:
      api-metrics: {pods: all, ports: {metrics: 9090}}
      api-peers: {headless: true, pods: all, ports: {grpc: 8001}}
      api-public: {type: LoadBalancer, ports: {http: {port: 443, nodePort: 30443}}, labels: {team: search}}"""


def ports_of(service: dict) -> list[tuple[str, int, object]]:  # type: ignore[type-arg]
    return [(port["name"], port["port"], port["targetPort"]) for port in service["spec"]["ports"]]


@pytest.mark.parametrize("provider", ["service", "ingressNginx", "gatewayApi"])
def test_every_port_has_its_name_and_its_way(provider: str) -> None:
    manifests = objects(environment(provider), release(ROLLING, container=PORTS, more=SERVICES))
    declared = container(manifests["Deployment/api"])
    assert [(port["name"], port["containerPort"]) for port in declared["ports"]] == [
        ("http", 8000),
        ("grpc", 8001),
        ("metrics", 8002),
    ]
    assert declared["readinessProbe"]["tcpSocket"] == {"port": "http"}
    assert ports_of(manifests["Service/api"]) == [("web", 80, "http"), ("grpc", 9001, "grpc"), ("raw", 7, 7000)]
    assert [port.get("appProtocol") for port in manifests["Service/api"]["spec"]["ports"]] == [
        None,
        "kubernetes.io/h2c",
        None,
    ]
    assert ports_of(manifests["Service/api-metrics"]) == [("metrics", 9090, "metrics")]
    assert manifests["Service/api-peers"]["spec"]["clusterIP"] == "None"
    public = manifests["Service/api-public"]
    assert (public["spec"]["type"], public["spec"]["ports"][0]["nodePort"]) == ("LoadBalancer", 30443)
    assert public["metadata"]["labels"]["team"] == "search"
    if provider == "gatewayApi":
        assert manifests["HTTPRoute/api"]["spec"]["rules"][0]["backendRefs"][0]["port"] == 80
    if provider == "ingressNginx":
        backend = manifests["Ingress/api"]["spec"]["rules"][0]["http"]["paths"][0]["backend"]
        assert backend["service"]["port"] == {"number": 80}


def test_further_services_follow_the_track_that_serves_or_take_all() -> None:
    blue_green = 'blueGreen: {active: blue, blue: {version: "1.0"}, green: {version: "1.1", change: minor}}'
    for active in ("blue", "green"):
        text = release(blue_green.replace("active: blue", f"active: {active}"), container=PORTS, more=SERVICES)
        manifests = objects(environment("ingressNginx"), text)
        assert manifests["Service/api-public"]["spec"]["selector"] == {"app": "api", "color": active}
        assert manifests["Service/api-metrics"]["spec"]["selector"] == {"app": "api"}


@pytest.mark.parametrize(
    ("ports", "expected"),
    [
        ("port: 8000, ports: {grpc: 8001}", [("http", 8000), ("grpc", 8001)]),
        ("port: 8001, ports: {web: 8000, grpc: 8001}", [("web", 8000), ("grpc", 8001)]),
        ("ports: {dns: {port: 53, protocol: UDP}, web: 8080}", [("dns", 53), ("web", 8080)]),
        ("preset: http, ports: {web: 9000}", [("web", 9000)]),
    ],
)
def test_one_port_is_the_main_one(ports: str, expected: list[tuple[str, int]]) -> None:
    manifests = objects(environment("service"), release(ROLLING, container=ports))
    declared = container(manifests["Deployment/api"])["ports"]
    assert [(port["name"], port["containerPort"]) for port in declared] == expected
    main = {"grpc": "http", "dns": "web"}.get(expected[0][0], expected[0][0])
    main = "grpc" if "8001, ports" in ports else main
    assert manifests["Service/api"]["spec"]["ports"][0]["targetPort"] == main


@pytest.mark.parametrize(
    ("container_text", "more", "expected"),
    [
        ("ports: {http: 8000, Http: 8001}", "", ["spec-wrong-value"]),
        ("ports: {http: 8000, other: 8000}", "", ["port-twice"]),
        ("ports: {http: 8001}, port: 8000", "", ["port-twice"]),
        ("port: 8000", "expose: {path: /, service: {ports: {http: 80, admin: 81}}}", ["service-port-target"]),
        (
            "port: 8000",
            "expose: {path: /, service: {ports: {http: {port: 80, targetPort: htpt}}}}",
            ["service-port-target"],
        ),
        ("port: 8000", "expose: {path: /, service: {port: 80, ports: {http: 80}}}", ["spec-wrong-value"]),
        (
            "port: 8000",
            "expose: {path: /, service: {ports: {web: 80, raw: {port: 1, targetPort: 9}}}}",
            ["port-unresolved"],
        ),
        ("port: 8000", "expose: {path: /, services: {api: {ports: {http: 1}}}}", ["service-name-taken"]),
        ("port: 8000", "expose: {path: /, services: {api-main: {ports: {http: 1}}}}", ["service-name-taken"]),
        ("port: 8000, probes: {readiness: {path: /, port: admin}}", "", ["service-port-target"]),
        (
            "port: 8000",
            "expose: {path: /, services: {more: {headless: true, type: NodePort, ports: {http: 1}}}}",
            ["spec-wrong-value"],
        ),
    ],
)
def test_ports_that_contradict_each_other(container_text: str, more: str, expected: list[str]) -> None:
    text = release(ROLLING, container=container_text, more=more or "replicas: 1")
    assert codes(environment("service"), text) == expected


def test_a_number_needs_no_declaration() -> None:
    more = "overrides: {Service/api: {spec: {ports: [{name: m, port: 9, targetPort: 9090}]}}}"
    (finding,) = findings(environment("service"), release(ROLLING, container="port: 8080", more=more))
    assert (finding.code, finding.severity) == ("port-unresolved", "warning")


@pytest.mark.parametrize("provider", ["service", "ingressNginx", "gatewayApi"])
@pytest.mark.parametrize("deny", ["", "  defaultDeny: true\n"])
def test_a_worker_has_no_way_in(provider: str, deny: str) -> None:
    text = release(ROLLING, container="port: none, args: [consume]", more="expose: {internal: true}")
    for each in (text, text.replace("expose: {internal: true}", "replicas: 2").replace("  expose: {path: /}\n", "")):
        manifests = objects(environment(provider, deny), each)
        assert {key.split("/")[0] for key in manifests} == {"Deployment", "PodDisruptionBudget", "ServiceAccount"}
        assert not {"ports", "readinessProbe", "startupProbe", "livenessProbe", "lifecycle"} & set(
            container(manifests["Deployment/api"])
        )


def worker(container_text: str, strategy: str = ROLLING, more: str = "expose: {internal: true}") -> str:
    return release(strategy, container=f"port: none, {container_text}", more=more)


def test_a_worker_is_asked_by_commands_alone() -> None:
    text = worker("preset: http, probes: {liveness: {command: [alive]}}")
    result = container(objects(environment("service"), text)["Deployment/api"])
    assert result["livenessProbe"]["exec"] == {"command": ["alive"]}
    assert "readinessProbe" not in result


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (worker("probes: {readiness: {path: /up}}"), ["worker-exposed"]),
        (worker("ports: {http: 80}"), ["worker-exposed"]),
        (worker("args: [a]", 'blueGreen: {active: blue, blue: {version: "1"}}'), ["worker-strategy"]),
        (worker("args: [a]", more="expose: {host: a.example.org}"), ["worker-exposed"]),
        (worker("args: [a]", more="smokeTest: {image: t}").replace("  expose: {path: /}\n", ""), ["worker-exposed"]),
    ],
)
def test_a_worker_takes_nothing_that_requests_come_by(text: str, expected: list[str]) -> None:
    actual = [finding for finding in findings(environment("service"), text) if finding.severity == "error"]
    assert [finding.code for finding in actual] == expected


def test_a_readiness_probe_goes_with_a_reason() -> None:
    bare = release(ROLLING, container="port: 8080, probes: {readiness: off}")
    assert codes(environment("service"), bare) == ["readiness-off"]
    reasoned = release(ROLLING, container='port: 8080, probes: {readiness: {off: "asked by nobody"}}')
    assert "readinessProbe" not in container(objects(environment("service"), reasoned)["Deployment/api"])
    both = release(ROLLING, container='port: 8080, probes: {readiness: {off: "x", path: /}}')
    assert codes(environment("service"), both) == ["spec-wrong-value"]
