"""An analysis that could not work is refused at its line, before anything is published."""

from __future__ import annotations

import pytest

from tests.pipeline.specs import environment, findings, release

OBSERVE = "  observe: {prometheus: {url: 'https://prometheus.example.com'}, metrics: istio}\n"
STRATEGIES = {
    "canary": 'canary: {stable: {version: "1.0"}, canary: {version: "1.1"}, at: 5, analysis: %s}',
    "blueGreen": 'blueGreen: {active: blue, blue: {version: "1.0"}, green: {version: "1.1"}, analysis: %s}',
    "rolling": 'rolling: {version: "1.1", previous: {version: "1.0"}, analysis: %s}',
}


def problems_of(analysis: str, strategy: str = "canary", more: str = OBSERVE) -> list[tuple[str, str]]:
    answer = findings(environment(more=more), release(STRATEGIES[strategy] % analysis))
    return [(each.code, each.message) for each in answer]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_an_analysis_that_can_work_is_taken(strategy: str) -> None:
    checks = """[{name: errors, preset: errorRate, max: 0.01}, {name: p99, preset: latency, percentile: 99, max: 0.5},
      {name: queue, query: 'max(max_over_time(queue{pod=~"{{pod}}"}[{{window}}]))', max: 100}]"""
    assert problems_of(f"{{checks: {checks}}}", strategy) == []


@pytest.mark.parametrize(
    ("check", "text"),
    [
        ("{name: a, max: 1}", "a check needs either a `preset` or a `query`"),
        ("{name: a, preset: errorRate, query: up, max: 1}", "a check needs either a `preset` or a `query`"),
        ("{name: a, preset: errorRate}", "the check `a` has no limit, so it could never fail"),
        ("{name: a, preset: errorRate, max: 1, factor: 2}", "`factor` compares with the baseline"),
        ("{name: a, preset: errorRate, max: 1, percentile: 50}", "`percentile` belongs to `preset: latency`"),
        ("{name: a, preset: errorRate, against: baseline, factor: 0.5}", "a factor below 1"),
        ("{name: a, preset: errorRate, max: 1, requests: up}", "`requests` belongs to a `query`"),
        (
            "{name: a, query: 'sum(rate(x{t=\"{{trak}}\"}[{{window}}]))', max: 1}",
            "`{{trak}}` is not a known placeholder",
        ),
        ("{name: a, query: 'sum(rate(x[{{window}}])', max: 1}", "this is not valid PromQL"),
        ("{name: a, query: 'x[{{window}}]', max: 1}", "the query gives a range of values, not one value"),
        ("{name: a, query: '\"text\"', max: 1}", "the query gives a text, not a number"),
        ("{name: a, query: 'max(queue)', max: 1}", "the query reads a series without a range"),
        ("{name: a, query: 'sum(rate(x[{{window}}])) / sum(y)', max: 1}", "the query reads a series without a range"),
        ("{name: a, query: 'sum(rate(x[5m]))', max: 1}", "the query does not look back exactly over the window"),
        ("{name: a, query: 'sum(rate(x[{{window}}] offset 1h))', max: 1}", "does not look back exactly"),
        ("{name: a, query: 'max_over_time(sum(rate(x[{{window}}]))[1h:1m])', max: 1}", "does not look back exactly"),
    ],
)
def test_a_check_that_cannot_work_is_refused(check: str, text: str) -> None:
    answer = problems_of(f"{{checks: [{check}]}}")
    assert text in answer[0][1]


def test_two_checks_of_one_name_are_refused() -> None:
    check = "{name: a, preset: errorRate, max: 1}"
    assert problems_of(f"{{checks: [{check}, {check}]}}") == [("analysis-check", "two checks have the name `a`")]


def test_a_window_is_longer_than_the_time_between_figures() -> None:
    check = "{name: a, preset: errorRate, max: 1}"
    assert problems_of(f"{{every: 10m, window: 5m, checks: [{check}]}}")[0][0] == "analysis-times"


def test_a_rolling_release_has_no_baseline() -> None:
    answer = problems_of("{checks: [{name: a, preset: errorRate, against: baseline}]}", "rolling")
    assert "there is no baseline to compare with" in answer[0][1]


def test_a_gateway_does_not_say_whose_metrics_there_are() -> None:
    more = OBSERVE.replace(", metrics: istio", "")
    answer = problems_of("{checks: [{name: a, preset: errorRate, max: 1}]}", more=more)
    assert "does not say which one it has" in answer[0][1]


def test_envoy_gateway_has_no_latency_of_a_track() -> None:
    more = OBSERVE.replace("istio", "envoyGateway")
    answer = problems_of("{checks: [{name: a, preset: latency, max: 1}]}", more=more)
    assert answer == [("analysis-check", "envoyGateway does not measure the latency of one track")]


def test_an_analysis_without_a_prometheus_is_a_warning() -> None:
    answer = problems_of("{checks: [{name: a, query: 'sum(rate(x[{{window}}]))', max: 1}]}", more="")
    assert [code for code, _ in answer] == ["analysis-unobserved"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("  observe: {prometheus: {url: 'prometheus:9090'}}\n", "spec-wrong-value"),
        ("  observe: {prometheus: {url: 'http://p:9090', tokenFile: /run/t}}\n", "observe-insecure"),
        ("  observe: {argocd: {url: 'https://a', tokenFile: t}, kubernetes: {}}\n", "observe-source"),
        ("  policy: {pilot: full}\n", "observe-source"),
        ("  policy: {pilot: always}\n", "spec-wrong-value"),
    ],
)
def test_where_the_pilot_reads_is_checked(more: str, code: str) -> None:
    answer = findings(environment(more=more), release('rolling: {version: "1.1"}'))
    assert code in [each.code for each in answer]


def test_traefik_does_not_tell_the_tracks_of_an_ingress_apart() -> None:
    more = OBSERVE.replace("istio", "traefik")
    text = environment("ingressNginx", more=more)
    answer = findings(text, release(STRATEGIES["canary"] % "{checks: [{name: a, preset: errorRate, max: 1}]}"))
    assert [(each.code, each.message) for each in answer] == [
        ("analysis-check", "Traefik does not name the Service of a canary Ingress in its metrics")
    ]
