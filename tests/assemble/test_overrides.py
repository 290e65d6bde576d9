"""`overrides`: what they may touch, what they may not, and where their mistakes are shown."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.source import parse
from compiler.source.overlay import overlay
from tests.pipeline.specs import codes, environment, findings, objects, release

ROLLING = 'rolling: {version: "1"}'
BLUE = 'blueGreen: {active: blue, blue: {version: "1"}}'


def with_overrides(text: str, strategy: str = ROLLING) -> str:
    return release(strategy, more=f"overrides: {{{text}}}")


@pytest.mark.parametrize(
    ("override", "field"),
    [
        ("metadata: {name: x}", "metadata.name"),
        ("metadata: {namespace: x}", "metadata.namespace"),
        ("metadata: null", "metadata"),
        ("metadata: 5", "metadata"),
        ("metadata: {annotations: null}", "metadata.annotations"),
        ('metadata: {annotations: {argocd.argoproj.io/sync-wave: "9"}}', "sync-wave"),
        ("kind: StatefulSet", "kind"),
        ("spec: [1]", "spec"),
        ("spec: {selector: {matchLabels: {a: b}}}", "spec.selector"),
        ("spec: {template: null}", "spec.template"),
        ("spec: {template: {metadata: {labels: {app: x}}}}", "spec.template.metadata.labels"),
    ],
)
def test_names_selectors_and_waves_stay_and_so_does_what_holds_them(override: str, field: str) -> None:
    problems = findings(environment(), with_overrides(f"Deployment/api: {{{override}}}"))
    assert [finding.code for finding in problems] == ["override-kept-field"]
    assert f"{field}` cannot be overridden" in problems[0].message


def test_what_stands_beside_them_may_change() -> None:
    text = with_overrides("Deployment/api: {metadata: {annotations: {a: b}, labels: {team: x}}, spec: {paused: true}}")
    deployment = objects(environment(), text)["Deployment/api"]
    assert deployment["metadata"]["annotations"] == {"a": "b"}
    assert deployment["metadata"]["labels"]["team"] == "x"
    assert deployment["spec"]["paused"] is True


@pytest.mark.parametrize(
    ("override", "at", "code"),
    [
        ("Deployment/api: {status: {replicas: 1}}", "status:", "field-unknown"),
        ("HTTPRoute/api: {spec: {rules: [{backendRefs: [{name: no, port: 1}]}]}}", "no,", "backend-missing"),
        ("Deployment/api: {spec: {template: {spec: {foo: {bar: 1}}}}}", "foo:", "field-unknown"),
    ],
)
def test_a_mistake_is_shown_in_the_override(override: str, at: str, code: str) -> None:
    text = with_overrides(override)
    finding = next(each for each in findings(environment(), text) if each.code == code)
    assert finding.loc is not None
    line = text.splitlines()[finding.loc.line - 1]
    assert line[finding.loc.column - 1 :].startswith(at)


def test_an_override_of_a_track_without_a_version_waits_for_one() -> None:
    assert codes(environment(), with_overrides("Deployment/api-green: {spec: {paused: true}}", BLUE)) == []
    assert codes(environment(), with_overrides("Deployment/api-gren: {spec: {paused: true}}", BLUE)) == [
        "override-unknown-object"
    ]


def pod_override(text: str) -> str:
    return with_overrides(f"Deployment/api: {{spec: {{template: {{spec: {{{text}}}}}}}}}")


def pods(text: str) -> dict[str, Any]:
    result: dict[str, Any] = objects(environment(), text)["Deployment/api"]["spec"]["template"]["spec"]
    return result


def test_one_field_of_a_container_changes_and_all_else_stays() -> None:
    plain, changed = pods(release(ROLLING)), pods(pod_override("containers: [{name: api, tty: true}]"))
    assert changed["containers"] == [{**plain["containers"][0], "tty": True}]


def test_lists_merge_by_the_keys_that_kubernetes_names() -> None:
    container = "{name: api, env: [{name: A, value: '1'}], ports: [{name: more, containerPort: 9}]}"
    beside = "{name: proxy, image: envoy:1}"
    spec = pods(pod_override(f"containers: [{container}, {beside}], tolerations: [{{operator: Exists}}]"))
    own, proxy = spec["containers"]
    assert [each["name"] for each in own["ports"]] == ["http", "more"]
    assert own["env"][-1] == {"name": "A", "value": "1"}
    assert proxy == {"name": "proxy", "image": "envoy:1"}
    assert spec["tolerations"] == [{"operator": "Exists"}]


def test_a_port_of_a_service_is_changed_by_its_number_and_protocol() -> None:
    text = with_overrides(
        "Service/api: {spec: {ports: [{port: 443, nodePort: 30443}, {name: m, port: 9, targetPort: 9}]}}"
    )
    text = text.replace("expose: {path: /}", "expose: {path: /, service: {type: NodePort}}")
    ports = objects(environment("service"), text)["Service/api"]["spec"]["ports"]
    assert [(each["name"], each["port"], each.get("nodePort")) for each in ports] == [
        ("http", 443, 30443),
        ("m", 9, None),
    ]
    assert ports[0]["targetPort"] == "http"


def test_an_item_is_taken_away_or_the_list_replaced() -> None:
    text = pod_override("containers: [{name: api, ports: [{$patch: replace}, {name: http, containerPort: 7}]}]")
    assert [each["containerPort"] for each in pods(text)["containers"][0]["ports"]] == [7]
    more = "pods: {volumes: [{name: a, emptyDir: {}}, {name: b, emptyDir: {}}]}, "
    gone = release(ROLLING, more=more.rstrip(", ")).replace(
        "  strategy",
        "  overrides: {Deployment/api: {spec: {template: {spec: {volumes: [{name: a, $patch: delete}]}}}}}\n  strategy",
    )
    assert pods(gone)["volumes"] == [{"name": "b", "emptyDir": {}}]


def test_null_leaves_an_object_out() -> None:
    assert "PodDisruptionBudget/api" not in objects(environment(), with_overrides("PodDisruptionBudget/api: null"))
    assert codes(environment(), with_overrides("Deployment/api: null")) == ["override-kept-object"]
    assert codes(environment(), with_overrides("ServiceAccount/api: null")) == ["reference-missing"]


def test_an_override_that_adds_the_image_under_another_name_is_refused() -> None:
    pinned = pod_override('containers: [{name: main, image: "ghcr.io/acme/api:0.9"}]')
    (finding,) = findings(environment(), pinned)
    assert finding.code == "override-pins-image"
    assert codes(environment(), pod_override('containers: [{name: main, image: "ghcr.io/acme/api:1"}]')) == []


def test_null_in_an_override_is_kept_where_a_base_is_laid_under_it() -> None:
    lower = parse(with_overrides("ServiceAccount/api: {metadata: {labels: {a: b}}}"), "base.yaml")
    upper = parse(with_overrides("PodDisruptionBudget/api: null, Deployment/api: {spec: {paused: null}}"), "upper.yaml")
    merged = overlay(lower, upper).data["spec"]["overrides"]
    assert merged["PodDisruptionBudget/api"] is None
    assert merged["Deployment/api"] == {"spec": {"paused": None}}
    assert "ServiceAccount/api" in merged
