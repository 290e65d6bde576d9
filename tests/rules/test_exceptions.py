"""The policy's exceptions: one release may break one rule, and everybody sees it."""

from __future__ import annotations

import pytest

from tests.pipeline.specs import environment, findings, release

ROLLING = 'rolling: {version: "1"}'


def policy(rule: str, name: str) -> str:
    expected = f"{{rule: {rule}, release: {name}, reason: old image, owner: ada, expires: 2099-01-01}}"
    return environment(more=f"  policy: {{requireDigest: true, exceptions: [{expected}]}}\n")


def test_the_excepted_release_is_warned_of() -> None:
    (finding,) = findings(policy("policy-digest", "api"), release(ROLLING))
    assert (finding.code, finding.severity, finding.help) == (
        "policy-digest",
        "warning",
        "excepted until 2099-01-01: old image",
    )


@pytest.mark.parametrize(("rule", "name"), [("policy-digest", "web"), ("policy-limits", "api")])
def test_other_releases_and_rules_are_not(rule: str, name: str) -> None:
    (finding,) = findings(policy(rule, name), release(ROLLING))
    assert (finding.code, finding.severity) == ("policy-digest", "error")
