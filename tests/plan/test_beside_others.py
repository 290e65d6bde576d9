"""What a verdict beside other releases still says: only what others have by themselves is left to them."""

from __future__ import annotations

import pytest

from compiler.model.verdict import Finding, Judgement, verdict_on
from compiler.plan.proof_beside import verdict_beside

OWN = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "extra", "namespace": "ml"}}
OTHERS = ("apps/Deployment ml/shop",)


def finding(property: str, objects: tuple[str, ...], severity: str = "error") -> Finding:
    return Finding("some-code", property, severity, "a message", objects, "a help")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("property", "objects", "verdict"),
    [
        ("undisputed", OTHERS, "safe"),
        ("config", OTHERS, "safe"),
        ("undisputed", (*OTHERS, "apps/Deployment ml/extra"), "unsafe"),
        ("undisputed", (), "unsafe"),
        ("available", OTHERS, "unsafe"),
        ("contract", OTHERS, "unsafe"),
    ],
)
def test_requests_of_others_count_and_their_own_fields_do_not(
    property: str, objects: tuple[str, ...], verdict: str
) -> None:
    judged = verdict_on(Judgement(1, findings=(finding(property, objects),)), [])
    assert verdict_beside(judged, [OWN]).verdict == verdict


def test_what_could_not_be_explored_stays_unproven() -> None:
    reason = finding("available", (), "warning")
    judged = verdict_on(Judgement(1, findings=(reason,)), [reason])
    assert verdict_beside(judged, [OWN]).verdict == "unknown"
