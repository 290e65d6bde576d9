"""The route of an adopted Service: `expose` writes it in place where it can say all of it, else it stands beside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from compiler.cli.main import main
from compiler.git.demo_repositories import commit_all, new_repositories
from tests.adopt.conftest import ENVIRONMENT, Adopting
from tests.adopt.test_in_place import WEB, changes_of

NGINX = "{ingressNginx: {className: nginx}}"
GATEWAY = "{gatewayApi: {gateway: public, namespace: infra}}"
SERVED = WEB.replace("        args: [serve]\n", "        lifecycle: {preStop: {sleep: {seconds: 15}}}\n")
REWRITE = "nginx.ingress.kubernetes.io/rewrite-target"
TO_WEB = "pathType: Prefix, backend: {service: {name: web-svc, port: {name: http}}}"
INGRESS = f"""\
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: edge, annotations: {{cert-manager.io/cluster-issuer: le}}}}
spec:
  ingressClassName: public
  tls: [{{hosts: [a.example.com], secretName: a-tls}}, {{hosts: [b.example.com], secretName: b-tls}}]
  rules:
  - host: a.example.com
    http: {{paths: [{{path: /api, {TO_WEB}}}, {{path: /x, {TO_WEB.replace("Prefix", "Exact")}}}]}}
  - host: b.example.com
    http: {{paths: [{{path: /api, {TO_WEB}}}, {{path: /x, {TO_WEB.replace("Prefix", "Exact")}}}]}}
"""
HTTP_ROUTE = """\
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: edge}
spec:
  parentRefs: [{name: public, namespace: infra}]
  hostnames: [a.example.com]
  rules:
  - matches: [{path: {type: PathPrefix, value: /api}}, {path: {type: Exact, value: /x}}]
    backendRefs: [{name: web-svc, port: 80}]
"""
FURTHER = """\
---
apiVersion: v1
kind: Service
metadata: {name: web-watched, labels: {monitored: "yes"}, annotations: {prometheus.io/scrape: "true"}}
spec: {selector: {app: w}, ports: [{name: metrics, port: 9090, targetPort: http}]}
---
apiVersion: v1
kind: Service
metadata: {name: web-peers}
spec:
  clusterIP: None
  publishNotReadyAddresses: true
  selector: {app: w}
  ports: [{name: http, port: 80, targetPort: http}]
"""


def routed(adopting: Adopting, traffic: str, route: str) -> dict[str, Any]:
    """The receipt of the Service with this route, adopted into an environment with this traffic."""
    file = adopting.root / "environments/live/environment.yaml"
    file.write_text(ENVIRONMENT.replace("{service: {}}", traffic))
    return adopting.receipt(adopting.source(SERVED + route))


def test_an_ingress_becomes_expose_and_leads_the_same_requests(adopting: Adopting) -> None:
    receipt = routed(adopting, NGINX, INGRESS)
    expose = adopting.spec("web")["spec"]["expose"]
    assert expose["tls"] == {"secrets": {"a-tls": ["a.example.com"], "b-tls": ["b.example.com"]}}
    assert (expose["hosts"], expose["ingressClass"]) == (["a.example.com", "b.example.com"], "public")
    written = adopting.built()["Ingress/edge"]
    assert written["metadata"]["annotations"]["cert-manager.io/cluster-issuer"] == "le"
    paths = [rule["http"]["paths"] for rule in written["spec"]["rules"]]
    assert [[(each["path"], each["pathType"]) for each in own] for own in paths] == [
        [("/api", "Prefix"), ("/x", "Exact")]
    ] * 2
    assert {each["backend"]["service"]["name"] for own in paths for each in own} == {"web-svc"}
    assert changes_of(receipt, "Ingress").keys() == {"spec.rules", "metadata.labels"}
    assert not any(row["standing"] == "beside" for row in receipt["rows"])
    assert [row["verdict"] for row in receipt["wayIn"]] == ["safe", "safe", "safe"]


def test_a_route_of_the_gateway_api_becomes_expose(adopting: Adopting) -> None:
    receipt = routed(adopting, GATEWAY, HTTP_ROUTE)
    spec = adopting.built()["HTTPRoute/edge"]["spec"]
    assert spec["hostnames"] == ["a.example.com"]
    assert [rule["matches"][0]["path"] for rule in spec["rules"]] == [
        {"type": "PathPrefix", "value": "/api"},
        {"type": "Exact", "value": "/x"},
    ]
    assert [rule["backendRefs"][0]["name"] for rule in spec["rules"]] == ["web-svc", "web-svc"]
    assert changes_of(receipt, "HTTPRoute").keys() == {"spec.rules", "metadata.labels"}
    assert [row["verdict"] for row in receipt["wayIn"]] == ["safe", "safe", "safe"]


def test_a_route_with_all_defaults_written_out_is_the_same(adopting: Adopting) -> None:
    live = HTTP_ROUTE.replace(
        "{name: web-svc, port: 80}", "{group: '', kind: Service, name: web-svc, port: 80, weight: 1}"
    )
    live = live.replace(", {path: {type: Exact, value: /x}}", "").replace(
        "{name: public", "{kind: Gateway, name: public"
    )
    assert changes_of(routed(adopting, GATEWAY, live), "HTTPRoute").keys() == {"metadata.labels"}


def test_further_services_become_expose_and_keep_their_fields(adopting: Adopting) -> None:
    receipt = routed(adopting, NGINX, FURTHER)
    services = adopting.spec("web")["spec"]["expose"]["services"]
    assert (services["web-watched"]["ports"]["metrics"]["port"], services["web-peers"]["pods"]) == (9090, "all")
    objects = adopting.built()
    metrics, peers = objects["Service/web-watched"], objects["Service/web-peers"]
    assert metrics["metadata"]["labels"]["monitored"] == "yes"
    assert metrics["metadata"]["annotations"]["prometheus.io/scrape"] == "true"
    assert (peers["spec"]["clusterIP"], peers["spec"]["publishNotReadyAddresses"]) == ("None", True)
    assert [row["standing"] for row in receipt["rows"] if "Service" in row["object"]] == ["changed"] * 3
    assert [row["verdict"] for row in receipt["wayIn"]] == ["safe", "safe", "safe"]


def test_a_further_service_that_expose_cannot_say_stands_beside(adopting: Adopting) -> None:
    portless = FURTHER.replace("  ports: [{name: http, port: 80, targetPort: http}]\n", "")
    receipt = routed(adopting, NGINX, portless)
    beside = {row["object"]: row for row in receipt["rows"] if row["standing"] == "beside"}
    assert beside.keys() == {"Service app/web-peers"}
    assert "a further Service of Deployment/web" in beside["Service app/web-peers"]["why"]


@pytest.mark.parametrize(
    ("traffic", "route", "reason"),
    [
        ("{service: {}}", INGRESS, "the environment's traffic is service"),
        (GATEWAY, INGRESS, "the environment's traffic is gatewayApi"),
        (NGINX, INGRESS.replace("host: b.example.com\n    http", "http"), "one of its rules is for every host"),
        (NGINX, INGRESS.replace("annotations: {", f"annotations: {{{REWRITE}: /new, "),
         "cannot express a rewrite to /new"),
        (NGINX, INGRESS.replace("{name: http}", "{name: web}"), "Service/web-svc has no port web"),
        (NGINX, INGRESS.replace("spec:\n", "spec:\n  defaultBackend: {service: {name: web-svc, port: {number: 80}}}\n"),
         "cannot express a default backend"),
        (GATEWAY, HTTP_ROUTE.replace("[{path: {type: PathPrefix, value: /api}}", "[{headers: [{name: x, value: y}]}"),
         "cannot express a match by `headers`"),
        (GATEWAY, HTTP_ROUTE.replace("type: Exact", "type: RegularExpression"), "no path of type RegularExpression"),
        (GATEWAY, HTTP_ROUTE.replace("    backendRefs", "    timeouts: {request: 500ms}\n    backendRefs"),
         "cannot express its timeouts"),
    ],
)  # fmt: skip
def test_what_expose_cannot_say_stands_beside_with_the_reason(
    adopting: Adopting, traffic: str, route: str, reason: str
) -> None:
    receipt = routed(adopting, traffic, route)
    row = next(row for row in receipt["rows"] if row["standing"] == "beside")
    assert reason in row["why"]


def test_hosts_with_paths_of_their_own_stay_in_expose(adopting: Adopting) -> None:
    receipt = routed(adopting, NGINX, INGRESS.replace("path: /x", "path: /y", 1).replace("path: /api", "path: /", 1))
    assert adopting.spec("web")["spec"]["expose"]["paths"][0] == {
        "path": "/",
        "pathType": "Prefix",
        "hosts": ["a.example.com"],
    }
    rules = {rule["host"]: rule["http"]["paths"] for rule in adopting.built()["Ingress/edge"]["spec"]["rules"]}
    assert {host: [each["path"] for each in paths] for host, paths in rules.items()} == {
        "a.example.com": ["/", "/y"],
        "b.example.com": ["/api", "/x"],
    }
    assert changes_of(receipt, "Ingress").keys() == {"spec.rules", "metadata.labels"}
    assert [row["verdict"] for row in receipt["wayIn"]] == ["safe", "safe", "safe"]


@pytest.mark.parametrize("regex", ["", 'nginx.ingress.kubernetes.io/use-regex: "true", '])
def test_a_rewrite_that_takes_the_prefix_off_is_strip_prefix(adopting: Adopting, regex: str) -> None:
    to_port = TO_WEB.replace("Prefix", "ImplementationSpecific").replace("{name: http}", "{number: 80}")
    route = f"""\
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: edge, annotations: {{{regex}{REWRITE}: /$2}}}}
spec:
  ingressClassName: nginx
  rules:
  - host: a.example.com
    http:
      paths: [{{path: "/api(/|$)(.*)", {to_port}}}]
"""
    receipt = routed(adopting, NGINX, route)
    expose = adopting.spec("web")["spec"]["expose"]
    assert (expose["path"], expose["stripPrefix"]) == ("/api", True)
    written = adopting.built()["Ingress/edge"]
    assert written["metadata"]["annotations"][REWRITE] == "/$2"
    assert bool(regex) == ("nginx.ingress.kubernetes.io/use-regex" in written["metadata"]["annotations"])
    assert changes_of(receipt, "Ingress").keys() == {"metadata.labels"}


def test_a_second_route_to_the_service_names_the_first(adopting: Adopting) -> None:
    receipt = routed(adopting, NGINX, INGRESS + INGRESS.replace("name: edge", "name: inside").replace("/api", "/in"))
    why = next(row["why"] for row in receipt["rows"] if row["standing"] == "beside")
    assert "its release writes one route, and that is Ingress/edge" in why


def test_the_first_blue_green_course_after_the_way_in_switches_the_kept_route(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "specs"
    new_repositories(root, tmp_path / "deploy.git")
    (root / "environments/live").mkdir(parents=True)
    (root / "environments/live/environment.yaml").write_text(ENVIRONMENT.replace("{service: {}}", NGINX))
    (root / "running.yaml").write_text(SERVED + INGRESS + FURTHER)
    monkeypatch.chdir(root)
    spec = root / "environments/live/web.yaml"

    def run(*words: str) -> str:
        status = main(list(words))
        captured = capsys.readouterr()
        assert status == 0, (words, captured)
        commit_all(root, words[0])
        return captured.out

    run("adopt", "running.yaml", "--into", "live")
    assert "no object with these names runs yet" not in run("plan", "live", "--from", "running.yaml")
    run("publish", "live", "--from", "running.yaml")
    spec.write_text(spec.read_text().replace('rolling:\n      version: "1.0"', BLUE_GREEN))
    commit_all(root, "blue and green")
    assert "safe" in run("plan", "live")
    run("publish", "live")
    run("start", "live/web", "--version", "2.0")
    run("publish", "live")
    run("advance", "live/web")
    assert "safe" in run("plan", "live")
    run("publish", "live")


BLUE_GREEN = """blueGreen:
      active: blue
      preview: "off"
      blue: {version: "1.0"}"""


GRPC_ROUTE = """\
---
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: calls}
spec:
  parentRefs: [{name: public, namespace: infra}]
  hostnames: [grpc.example.com]
  rules:
  - matches: [{method: {service: acme.Search}}, {method: {service: acme.Rank, method: Order}}]
    backendRefs: [{name: web-svc, port: 9001}]
"""
CALLED = SERVED.replace(
    "ports: [{name: http, port: 80, targetPort: http}]",
    "ports: [{name: http, port: 80, targetPort: http}, {name: grpc, port: 9001, targetPort: http}]",
)


def called(adopting: Adopting, traffic: str, routes: str) -> dict[str, Any]:
    file = adopting.root / "environments/live/environment.yaml"
    file.write_text(ENVIRONMENT.replace("{service: {}}", traffic))
    return adopting.receipt(adopting.source(CALLED + routes))


@pytest.mark.parametrize("beside", ["", HTTP_ROUTE])
def test_a_route_of_calls_stays_in_expose_with_and_without_one_of_requests(adopting: Adopting, beside: str) -> None:
    receipt = called(adopting, GATEWAY, beside + GRPC_ROUTE)
    grpc = adopting.spec("web")["spec"]["expose"]["grpc"]
    assert (grpc["host"], grpc["methods"]) == ("grpc.example.com", ["acme.Search", "acme.Rank/Order"])
    objects = adopting.built()
    (rule,) = objects["GRPCRoute/calls"]["spec"]["rules"]
    assert [(ref["name"], ref["port"]) for ref in rule["backendRefs"]] == [("web-svc", 9001)]
    assert [match["method"]["service"] for match in rule["matches"]] == ["acme.Search", "acme.Rank"]
    assert changes_of(receipt, "GRPCRoute").keys() == {"metadata.labels"}
    assert ("HTTPRoute/edge" in objects) == bool(beside)
    assert not any(row["standing"] == "beside" for row in receipt["rows"])
    assert [row["verdict"] for row in receipt["wayIn"]] == ["safe", "safe", "safe"]


@pytest.mark.parametrize(
    ("traffic", "routes", "reason"),
    [
        ("{service: {}}", GRPC_ROUTE, "the environment's traffic is service"),
        (GATEWAY, GRPC_ROUTE.replace("{service: acme.Search}", "{type: RegularExpression, service: a.*}"),
         "cannot express patterns"),
        (GATEWAY, GRPC_ROUTE.replace("{method: {service: acme.Search}}", "{headers: [{name: x, value: a}]}"),
         "cannot express a match by `headers`"),
        (GATEWAY, HTTP_ROUTE + GRPC_ROUTE.replace("grpc.example.com", "a.example.com"), "grpc-host-shared"),
    ],
)  # fmt: skip
def test_a_route_of_calls_that_expose_cannot_say_stands_beside(
    adopting: Adopting, traffic: str, routes: str, reason: str
) -> None:
    receipt = called(adopting, traffic, routes)
    (row,) = (row for row in receipt["rows"] if row["standing"] == "beside")
    assert row["object"].startswith("gateway.networking.k8s.io/GRPCRoute")
    assert reason in row["why"]
    assert row["where"].startswith("extras: ")
    assert "GRPCRoute/calls" in adopting.built()
