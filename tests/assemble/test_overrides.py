"""`overrides`: what they may touch, what they may not, and where their mistakes are shown."""

from __future__ import annotations

import pytest

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
    found = findings(environment(), with_overrides(f"Deployment/api: {{{override}}}"))
    assert [finding.code for finding in found] == ["override-kept-field"]
    assert f"{field}` cannot be overridden" in found[0].message


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
