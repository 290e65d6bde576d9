"""Moving a live release to another strategy, and an environment to another provider."""

from __future__ import annotations

import itertools

import pytest

from compiler.model.unit import units_of
from compiler.plan.migrations import migration_advice, strategy_migration_advice
from compiler.transition import SyncOptions, verify
from compiler.tree.render import sync_application
from tests.course.matrix import PROVIDER_SPECS, compiled, documents, objects_of, release

STRATEGIES = {
    "rolling": 'rolling: {version: "1.0.0"}',
    "blueGreen": 'blueGreen: {active: blue, blue: {version: "1.0.0"}}',
    "canary-weight": 'canary: {by: weight, stable: {version: "1.0.0"}}',
    "canary-pods": 'canary: {by: pods, stable: {version: "1.0.0"}}',
    "versioned": 'versioned: {v1: {version: "1.0.0", path: /api}}',
}
STEPS = {
    "blueGreen": ('blueGreen: {active: blue, blue: {version: "1.0.0"}, preview: off}',),
    "rolling": ('rolling: {version: "1.0.0", gated: true}',),
}
PAIRS = [
    (provider, old, new)
    for provider in ("service", "ingressNginx", "gatewayApi")
    for old, new in itertools.permutations(STRATEGIES, 2)
    if not (provider == "service" and "canary-weight" in (old, new))
]


def state(provider: str, strategy: str) -> tuple:  # type: ignore[type-arg]
    built = compiled(documents(provider, release("api", strategy)))
    return built, objects_of(built), SyncOptions.from_application(sync_application(built, units_of(built)[0]))


@pytest.mark.parametrize(("provider", "old", "new"), PAIRS)
def test_a_release_moves_to_another_strategy_without_losing_a_request(provider: str, old: str, new: str) -> None:
    leaving = STEPS["blueGreen"] if old == "blueGreen" else ()
    arriving = STEPS["rolling"] if new == "rolling" else ()
    specs = [STRATEGIES[old], *leaving, *arriving, STRATEGIES[new]]
    for before, after in itertools.pairwise(specs):
        _, start, _ = state(provider, before)
        _, end, options = state(provider, after)
        verdict = verify(start, end, options)
        assert verdict.verdict == "safe", (before, after, [finding.message for finding in verdict.errors])


@pytest.mark.parametrize(("provider", "old", "new"), PAIRS)
def test_the_plan_names_the_steps_where_one_commit_is_unsafe(provider: str, old: str, new: str) -> None:
    _, before, _ = state(provider, STRATEGIES[old])
    after, objects, options = state(provider, STRATEGIES[new])
    if verify(before, objects, options).verdict == "safe":
        return
    advice = strategy_migration_advice(after.release("api"), before)
    assert advice is not None
    assert advice.code == "strategy-move"
    assert ("`preview: off`" in advice.help) == (old == "blueGreen" and provider != "service")
    assert ("`gated: true`" in advice.help) == (new == "rolling")


BOTH = {
    "both": f"{PROVIDER_SPECS['ingressNginx']}, {PROVIDER_SPECS['gatewayApi']}",
    "with-gateway": f"{PROVIDER_SPECS['service']}, {PROVIDER_SPECS['gatewayApi']}",
    "with-nginx": f"{PROVIDER_SPECS['service']}, {PROVIDER_SPECS['ingressNginx']}",
}
WAYS = [
    ("ingressNginx", "both", "gatewayApi"),
    ("gatewayApi", "both", "ingressNginx"),
    ("service", "with-gateway", "gatewayApi"),
    ("service", "with-nginx", "ingressNginx"),
]


@pytest.mark.parametrize(("old", "new"), [("ingressNginx", "gatewayApi"), ("gatewayApi", "ingressNginx")])
def test_the_plan_names_the_steps_to_another_provider(monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    monkeypatch.setitem(PROVIDER_SPECS, "both", BOTH["both"])
    after, next_objects, _ = state(new, STRATEGIES["blueGreen"])
    both, between, _ = state("both", STRATEGIES["blueGreen"])
    _, before, _ = state(old, STRATEGIES["blueGreen"])
    (advice,) = migration_advice(after, after.release("api"), before)
    assert (advice.code, advice.severity) == ("provider-move", "warning")
    assert advice.loc is not None and advice.loc.file.endswith("environment.yaml")
    assert f"1. `traffic` with both, {old} and {new}; 2. {new} alone" in advice.help
    assert not [
        *migration_advice(both, both.release("api"), before),
        *migration_advice(after, after.release("api"), between),
    ]
    assert not list(migration_advice(after, after.release("api"), next_objects))


@pytest.mark.parametrize("strategy", sorted(STRATEGIES))
@pytest.mark.parametrize("way", WAYS, ids=["-".join(way) for way in WAYS])
def test_an_environment_moves_to_another_provider_over_both(
    monkeypatch: pytest.MonkeyPatch, strategy: str, way: tuple[str, ...]
) -> None:
    if strategy == "canary-weight" and "service" in way:
        pytest.skip("a Service cannot divide by weight")
    for name, spec in BOTH.items():
        monkeypatch.setitem(PROVIDER_SPECS, name, spec)
    for before, after in itertools.pairwise(way):
        _, start, _ = state(before, STRATEGIES[strategy])
        _, end, options = state(after, STRATEGIES[strategy])
        verdict = verify(start, end, options)
        assert verdict.verdict == "safe", (before, after, [finding.message for finding in verdict.errors])
