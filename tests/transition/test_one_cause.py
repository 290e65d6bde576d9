"""One cause, one finding: what only says again of an object what another finding says of it is folded under that."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from compiler.model.manifest import Object
from compiler.model.verdict import Finding, Proven, Refuted, TraceState
from compiler.report.terminal.verdict import MAX_COLUMNS, MAX_LINES, short_verdict_text
from compiler.transition import Verdict, verify
from compiler.transition.verdict.grouping import without_consequences
from tests.transition.manifests import config_map, deployment, metadata, route, service
from tests.transition.test_cases import CASES, load, objects, sync_options

GATEWAYS = {"selector": {"matchLabels": {"shop": "yes"}}, "from": "Selector"}


def codes(verdict: Verdict) -> list[str]:
    return [finding.code for finding in verdict.findings]


def web(*more: Object, **fields: Any) -> list[Object]:
    return [service("web"), deployment("web", **fields), route("r", {"web": 1}), *more]


def of_host(backend: str, host: str, name: str = "") -> Object:
    made = route(name or backend, {backend: 1})
    made["spec"]["hostnames"] = [host]
    return made


def policy(cidr: str) -> Object:
    peers = [{"from": [{"ipBlock": {"cidr": cidr}}]}]
    spec = {"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Ingress"], "ingress": peers}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata("p"), "spec": spec}


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("misspelt-field-server-side", "object-refused"),
        ("service-ports-emptied", "object-refused"),
        ("hook-of-an-unknown-delete-policy-beside-a-known-one", "field-immutable"),
        ("address-of-a-load-balancer-moves", "entry-closed"),
        ("httproute-rewrite-with-two-matches", "object-refused"),
        ("backend-without-port", "object-refused"),
        ("gateway-listener-protocol-changed", "route-lost"),
        ("presync-job-before-its-way-out-is-opened", "gate-needs-later-wave"),
        ("replicas-as-text-without-validation", "object-refused"),
        ("replica-set-beside-a-deployment-of-one-selector", "selectors-overlap"),
        ("statefulset-partition-of-other-contract", "contracts-mixed"),
        ("rollout-by-reference-moves-after-its-own-gate", "contracts-mixed"),
        ("old-version-pruned-in-a-negative-wave", "backend-empty"),
        ("route-moves-to-a-subset-that-is-not-there", "reference-unresolved"),
        ("callee-shut-to-pods-of-a-service-beside-the-route", "callee-gone"),
        ("node-ports-swapped-by-two-deployments", "rollout-stalled"),
    ],
)
def test_one_edit_is_one_finding(case: str, code: str) -> None:
    folder = CASES / case
    (given,) = load(folder / "case.yaml")
    assert codes(verify(objects(folder / "from"), objects(folder / "to"), sync_options(given))) == [code]


def test_addresses_that_go_with_their_slice_are_one_finding() -> None:
    def addresses(ready: bool) -> Object:
        ports, labels = [{"name": "http", "port": 3000}], {"kubernetes.io/service-name": "old"}
        endpoints = [{"addresses": ["10.0.0.1"], "conditions": {"ready": ready}}]
        about = {**metadata("old-1"), "labels": labels}
        fields = {"addressType": "IPv4", "endpoints": endpoints, "ports": ports}
        return {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": about, **fields}

    old = service("old", selector=None)
    assert codes(verify([old, addresses(True)], [old, addresses(False)])) == ["endpoints-gone"]


def test_a_class_that_goes_while_an_ingress_names_it_is_one_finding() -> None:
    about = {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": metadata("web")}
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    rules = [{"host": "a.example.com", "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}]
    ingress = {**about, "spec": {"ingressClassName": "edge", "rules": rules}}
    its_class = {**about, "kind": "IngressClass", "metadata": {"name": "edge"}}
    its_class["spec"] = {"controller": "k8s.io/ingress-nginx"}
    answer = verify([*web()[:2], ingress, its_class], [*web()[:2], ingress])
    assert codes(answer) == ["reference-unresolved"]


def test_a_callee_that_goes_is_one_finding() -> None:
    caller = deployment("front", env=[{"name": "URL", "value": "http://web"}])
    front = [service("front"), caller, of_host("front", "front.example.com")]
    assert codes(verify(web(*front), front)) == ["callee-gone"]


def test_a_config_map_that_goes_while_its_pods_roll_is_one_finding() -> None:
    names = [{"configMapRef": {"name": "c"}}]
    after = web(image="img:2", envFrom=names)
    assert codes(verify(web(config_map("c"), envFrom=names), after)) == ["reference-pruned"]


@pytest.mark.parametrize("before", ["0.0.0.0/0", "10.0.0.0/8"])
def test_a_policy_by_other_addresses_is_one_finding_however_many_it_concerns(before: str) -> None:
    callers = [deployment(name, env=[{"name": "URL", "value": "http://web"}]) for name in ("a", "b")]
    near = [each for name in ("a", "b") for each in (service(name), of_host(name, f"{name}.example.com"))]
    rest = web(*callers, *near, of_host("web", "c.example.com", "r2"))
    answer = verify([*rest, policy(before)], [*rest, policy("10.1.0.0/16")])
    assert answer.verdict == "unknown"
    assert len(answer.findings) == 1


def test_a_label_by_which_routes_attach_is_named_with_its_namespace() -> None:
    listener = {"name": "https", "port": 80, "protocol": "HTTP", "allowedRoutes": {"namespaces": GATEWAYS}}
    gateway: Object = {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "Gateway",
        "metadata": {"name": "public", "namespace": "gateways"},
        "spec": {"gatewayClassName": "envoy", "listeners": [listener]},
    }
    labeled: Object = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": metadata("x")["namespace"], "labels": {"shop": "yes"}},
    }
    bare = copy.deepcopy(labeled)
    bare["metadata"]["labels"] = {}
    answer = verify(web(gateway, labeled), web(gateway, bare))
    assert codes(answer) == ["route-lost"]
    assert "is attached to no listener" in answer.findings[0].message
    assert f"Namespace {bare['metadata']['name']} no longer lets it in" in answer.findings[0].message


def finding(code: str, *names: str, severity: str = "error", fields: tuple[str, ...] = ()) -> Finding:
    return Finding(code, "available", severity, f"{code} {names}", names, "help", fields=fields)  # type: ignore[arg-type]


def test_what_is_about_another_object_or_another_field_stays() -> None:
    lost = finding("route-lost", "HTTPRoute ns/r", "Gateway ns/g")
    kept = [
        lost,
        finding("field-unproven", "Gateway ns/h", severity="warning", fields=("spec.listeners",)),
        finding("field-unproven", "Gateway ns/g", severity="warning", fields=("spec.listeners", "spec.addresses")),
        finding("reference-pruned", "Deployment ns/w", "ConfigMap ns/a"),
        finding("reference-missing", "Deployment ns/w", "ConfigMap ns/b"),
    ]
    assert list(without_consequences(kept)) == kept
    again = finding("field-unproven", "Gateway ns/g", severity="warning", fields=("spec.listeners[].port",))
    assert list(without_consequences([lost, again])) == [lost]


@pytest.mark.parametrize("states", [1, 60, 3000])
@pytest.mark.parametrize("findings", [1, 3, 500])
def test_an_answer_fits_on_a_screen(states: int, findings: int) -> None:
    trace = tuple(TraceState(f"{number}: " + "x" * 90) for number in range(states))
    found = [Finding(f"c-{n}", "available", "error", "m" * 150, ("a",), "h" * 120, trace) for n in range(findings)]
    text = short_verdict_text(Refuted(4, ("p" * 300,), tuple(found)))
    assert sum(max(1, -(-len(line) // MAX_COLUMNS)) for line in text.splitlines()) <= MAX_LINES
    assert "h" * 120 in text
    assert short_verdict_text(Proven(4)).count("\n") < MAX_LINES


def test_what_many_config_maps_of_one_workload_do_is_one_finding_with_a_list() -> None:
    maps = [f"c{number}" for number in range(20)]
    reading = [{"configMapRef": {"name": name}} for name in maps]
    before = web(*(config_map(name) for name in maps), envFrom=reading)
    changed = verify(before, web(*(config_map(name, {"A": "2"}) for name in maps), envFrom=reading))
    assert codes(changed) == ["changed-in-place"]
    assert "20 objects" in changed.findings[0].message
    pruned = verify(before, web(envFrom=reading))
    assert codes(pruned) == ["reference-pruned"]
    assert pruned.findings[0].help.startswith("keep each of them in the folder")
    assert len(pruned.findings[0].objects) == 21
