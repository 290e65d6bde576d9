"""Values that look right and are not: each is refused where it stands, and none reaches a manifest."""

from __future__ import annotations

import pytest

from tests.compile.specs import environment, findings, release

ROLLING = 'rolling: {version: "1"}'


def one(environment_text: str, *texts: str) -> tuple[str, str]:
    (found,) = findings(environment_text, *texts)
    return found.code, found.message


@pytest.mark.parametrize(
    ("more", "strategy", "snake", "camel"),
    [
        ("expose: {strip_prefix: true}", ROLLING, "strip_prefix", "stripPrefix"),
        ("smoke_test: {image: a}", ROLLING, "smoke_test", "smokeTest"),
        ("replicas: 1", 'rolling: {version: "1", max_surge: 2}', "max_surge", "maxSurge"),
    ],
)
def test_keys_are_written_in_one_way(more: str, strategy: str, snake: str, camel: str) -> None:
    (found,) = findings(environment(), release(strategy, more=more))
    assert (found.code, found.message) == ("spec-unknown-key", f"unknown key `{snake}`")
    assert found.help == f"did you mean `{camel}`?"


def test_a_key_of_the_environment_too() -> None:
    freeze = "  freezes: [{from_: 2026-12-01, to: 2026-12-02, reason: x}]\n"
    (found,) = findings(environment(more=freeze), release(ROLLING))
    assert found.help == "did you mean `from`?"


def test_amounts_are_not_negative() -> None:
    negative = release(ROLLING, container="preset: http, resources: {requests: {cpu: -1}}")
    assert one(environment(), negative) == ("spec-wrong-value", "`cpu`: must be at least 0, not `-1`")
    quota = environment(more="  quota: {cpu: -2}\n")
    assert one(quota, release(ROLLING)) == ("spec-wrong-value", "`cpu`: must be at least 0, not `-2`")


@pytest.mark.parametrize("day", ["2026-02-31", "2027-02-29", "0000-01-01"])
def test_dates_are_days_of_the_calendar(day: str) -> None:
    for key in ("sunset", "deprecated"):
        found = one(environment(), release(f'versioned: {{v1: {{version: "1", {key}: {day}}}}}'))
        assert found == ("spec-wrong-value", f"`{key}`: {day} is no day of the calendar")
    exception = f"  policy: {{exceptions: [{{rule: r, release: api, reason: x, owner: y, expires: {day}}}]}}\n"
    assert one(environment(more=exception), release(ROLLING))[1] == f"`expires`: {day} is no day of the calendar"


@pytest.mark.parametrize("moment", ["2026-02-31", "2026-13-01", "2026-12-01T25:00Z", "2026-12-01T10:00+99:00"])
def test_a_freeze_begins_at_a_moment_that_there_is(moment: str) -> None:
    freeze = f"  freezes: [{{from: {moment}, to: 2027-12-02, reason: x}}]\n"
    assert one(environment(more=freeze), release(ROLLING)) == (
        "spec-wrong-value",
        f"`from`: {moment} is no moment of the calendar",
    )


@pytest.mark.parametrize(
    ("begin", "end"), [("2026-12-31", "2026-12-01"), ("2026-12-01T12:00+02:00", "2026-12-01T09:59Z")]
)
def test_a_freeze_ends_after_it_begins(begin: str, end: str) -> None:
    freeze = f"  freezes: [{{from: {begin}, to: {end}, reason: x}}]\n"
    assert one(environment(more=freeze), release(ROLLING)) == (
        "spec-wrong-value",
        "`freezes[0]`: it ends before it begins",
    )


def test_a_freeze_of_one_day_is_one() -> None:
    freeze = "  freezes: [{from: 2026-12-01, to: 2026-12-01, reason: x}]\n"
    assert not findings(environment(more=freeze), release(ROLLING))
