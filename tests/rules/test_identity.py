"""Identities that contradict themselves or their release, and those that nothing keeps any more."""

from __future__ import annotations

import pytest

from tests.pipeline.specs import codes, environment, findings, release

ROLLING = 'rolling: {version: "1.0"}'
BLUE = 'blueGreen: {active: blue, blue: {version: "1.0"}}'
GREEN = 'blueGreen: {active: green, green: {version: "1.0"}}'


def with_identity(identity: str, strategy: str = ROLLING) -> str:
    return release(strategy, more=f"identity: {{{identity}}}")


@pytest.mark.parametrize(
    ("identity", "strategy", "expected"),
    [
        ("selector: {app: old}", ROLLING, []),
        ("track: main, selector: {app: old}", ROLLING, []),
        ("track: blue, selector: {app: old}", ROLLING, ["identity-track-unknown"]),
        ("track: green, selector: {app: old}", GREEN, []),
        ("track: canary, selector: {app: old}", 'canary: {stable: {version: "1.0"}}', ["identity-track-unknown"]),
        ("track: v1, selector: {app: old}", 'versioned: {v1: {version: "1.0"}}', []),
        ("selector: {app: old}, labels: {app: new}", ROLLING, ["identity-labels-differ"]),
        ("selector: {app: old}, labels: {app: old}", ROLLING, []),
        ("selector: {app: old}, labels: {shipway.dev/track: x}", ROLLING, ["reserved-key"]),
        ("selector: {app: old}", GREEN, ["identity-unused"]),
        ("service: old", GREEN, []),
        ("selector: {app: old}, service: api-blue", BLUE, ["identity-service-taken"]),
        ("deployment: old", ROLLING, ["spec-wrong-value"]),
        ("service: Old", ROLLING, ["spec-wrong-value"]),
        (f"service: {'s' * 63}, deployment: {'d' * 80}, selector: {{a: b}}", ROLLING, []),
        (f"service: {'s' * 64}", ROLLING, ["spec-wrong-value"]),
    ],
)
def test_identity(identity: str, strategy: str, expected: list[str]) -> None:
    assert codes(environment("ingressNginx"), with_identity(identity, strategy)) == expected


def test_what_nothing_keeps_is_reported_with_its_place() -> None:
    (finding,) = findings(environment("service"), with_identity("deployment: old, selector: {app: old}", GREEN))
    assert finding.severity == "warning"
    assert "Deployment old" in finding.message
    assert finding.loc is not None
    assert finding.loc.line == 6
