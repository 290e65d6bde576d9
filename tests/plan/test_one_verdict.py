"""One verdict: what verify says of a transition is what plan shows and what publish does."""

from __future__ import annotations

import pytest

from compiler.diagnostics.model import Diagnostic
from compiler.model.verdict import Finding, Proven, Refuted, Unproven, Verdict
from compiler.plan.allowances import AllowedFinding
from compiler.plan.publish_verdict import findings_that_count, publish_verdict
from compiler.plan.reviewed import ReviewedFinding, repeated_findings
from compiler.transition import StepVerdicts, verify, verify_newest
from tests.transition.test_cases import CASES, NAMES, load, objects, sync_options

UNKNOWN = Finding("unknown-kind", "available", "warning", "nobody knows", ("Service ns/a",), "judge it by hand")
LOST = Finding("route-lost", "available", "error", "requests are lost", ("Service ns/a",), "keep the route")
SLOW = Finding("gate-unbounded", "unblocked", "warning", "it may wait", ("Service ns/a",), "bound it")
PERMIT = AllowedFinding("unknown-kind", "judged by hand")


def reviewed(step: StepVerdicts, *, back: bool = True) -> list[ReviewedFinding]:
    """What a plan reviews of a step, without the places in specs."""
    ways = [("", step.forward, ""), *((f" from {name}", verdict, "") for name, verdict in step.skips)]
    ways += [(" on the way back", step.reverse, "")] if back else []
    return [
        ReviewedFinding(Diagnostic(finding.code, finding.message + way, None, "", finding.severity), reason)
        for way, finding, reason in findings_that_count(ways)
    ]


def decided(step: StepVerdicts, permit: AllowedFinding | None = None, *, back: bool = True) -> Verdict:
    """The verdict on publishing a step; `permit` permits each finding of its code."""
    result = reviewed(step, back=back)
    permits = [permit if permit is not None and each.diagnostic.code == permit.code else None for each in result]
    return publish_verdict(step.forward, list(zip(result, permits, strict=True)))


def of_forward(*findings: Finding, reasons: tuple[Finding, ...] = ()) -> StepVerdicts:
    kind = Refuted if any(finding.severity == "error" for finding in findings) else Proven
    forward: Verdict = Unproven(0, (), findings, 0.0, reasons) if reasons else kind(4, (), findings)
    return StepVerdicts(forward, (), Proven(4))


@pytest.mark.parametrize("name", NAMES)
def test_verify_plan_and_publish_agree_on_every_case(name: str) -> None:
    (case,) = load(CASES / name / "case.yaml")
    before, after = objects(CASES / name / "from"), objects(CASES / name / "to")
    verified = verify(before, after, sync_options(case))
    step = verify_newest([before, after], sync_options(case))
    there = decided(step, back=False)
    assert there.verdict == verified.verdict
    assert there.publishable == (verified.verdict == "safe")
    whole = decided(step)
    if whole.verdict != there.verdict:
        assert not isinstance(step.reverse, Proven)
        assert not whole.publishable


def test_a_warning_beside_what_is_unproven_does_not_make_it_safe() -> None:
    step = of_forward(SLOW, UNKNOWN, reasons=(UNKNOWN,))
    verdict = decided(step)
    assert (verdict.verdict, verdict.publishable) == ("unknown", False)
    assert isinstance(verdict, Unproven)
    assert verdict.reasons == (UNKNOWN,)
    assert [each.diagnostic.severity for each in reviewed(step)] == ["warning", "error"]


def test_what_is_unproven_is_published_where_an_exception_names_every_reason() -> None:
    other = Finding("path-unread", "available", "warning", "no request was found", (), "")
    assert decided(of_forward(UNKNOWN, reasons=(UNKNOWN,)), PERMIT).publishable
    assert decided(of_forward(UNKNOWN, reasons=(UNKNOWN,)), PERMIT).verdict == "unknown"
    assert not decided(of_forward(UNKNOWN, other, reasons=(UNKNOWN, other)), PERMIT).publishable


def test_an_error_refutes_whatever_is_unknown_beside_it() -> None:
    assert decided(of_forward(UNKNOWN, LOST), PERMIT).verdict == "unsafe"


@pytest.mark.parametrize(("reverse", "expected"), [(Refuted(3, (), (LOST,)), "unsafe"), (Proven(3), "safe")])
def test_the_way_back_counts(reverse: Verdict, expected: str) -> None:
    assert decided(StepVerdicts(Proven(4), (), reverse)).verdict == expected


def test_what_is_not_proven_from_an_earlier_state_is_not_proven() -> None:
    skip = ("commit 0", Unproven(0, (), (UNKNOWN,), 0.0, (UNKNOWN,)))
    step = StepVerdicts(Proven(4), (skip,), Proven(4))
    assert decided(step).verdict == "unknown"
    assert [each.diagnostic.message for each in reviewed(step)] == ["nobody knows from commit 0"]


WEB = "apps/Deployment ns/web"
EMPTY = Finding("backend-empty", "available", "error", "no pod is ready", ("Service ns/web", WEB), "keep one")
DRAINED = Finding("drain-too-short", "drained", "error", "they end too fast", (WEB,), "add a pause")


def of_verifier(finding: Finding, way: str = "") -> ReviewedFinding:
    return ReviewedFinding(Diagnostic(finding.code, finding.message, None, "", "error"), None, finding, way)


def test_one_cause_is_shown_once_on_each_way() -> None:
    there, back = of_verifier(DRAINED), of_verifier(DRAINED, " on the way back")
    assert repeated_findings([(of_verifier(EMPTY), None), (there, None), (back, None)]) == [there]


def test_what_an_exception_permits_hides_nothing_that_none_permits() -> None:
    permit = AllowedFinding("backend-empty", "a quiet hour")
    assert repeated_findings([(of_verifier(EMPTY), permit), (of_verifier(DRAINED), None)]) == []
    both = [(of_verifier(EMPTY), permit), (of_verifier(DRAINED), AllowedFinding("drain-too-short", "so too"))]
    assert repeated_findings(both) == [of_verifier(DRAINED)]
