"""Dates are days of the calendar: what reads like one and is none is refused where it stands."""

from __future__ import annotations

import pytest

from tests.pipeline.specs import environment, findings, release

EXCEPTION = "  policy: {exceptions: [{rule: policy-digest, release: api, reason: r, owner: o, expires: DAY}]}\n"


@pytest.mark.parametrize("day", ["2027-02-30", "2026-02-29", "0000-01-01", "2027-04-31"])
def test_a_sunset_that_no_calendar_has(day: str) -> None:
    (finding,) = findings(environment(), release(f'versioned: {{v1: {{version: "1", sunset: {day}}}}}'))
    assert (finding.code, finding.loc is not None) == ("spec-wrong-value", True)
    assert "not a valid date" in finding.message


def test_an_exception_that_would_never_expire() -> None:
    assert [each.code for each in findings(environment(more=EXCEPTION.replace("DAY", "2027-02-30")))] == [
        "spec-wrong-value"
    ]
    assert findings(environment(more=EXCEPTION.replace("DAY", "2028-02-29"))) == ()


@pytest.mark.parametrize("time", ["2027-02-30", "2027-02-28T25:00Z", "2027-02-28T12:00:00+25:00"])
def test_a_freeze_that_begins_at_no_time(time: str) -> None:
    freeze = f'  freezes: [{{from: "{time}", to: 2027-04-01, reason: r}}]\n'
    assert [each.code for each in findings(environment(more=freeze))] == ["spec-wrong-value"]
