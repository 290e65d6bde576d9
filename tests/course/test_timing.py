"""Freezes, soak times and dates, at their very ends."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from compiler.course.timing import remaining_soak, short_duration
from compiler.plan.freezes import active_freeze, freeze_finding
from compiler.rules.exceptions import exception_for, expired_exceptions
from compiler.source import parse
from compiler.spec.documents import EnvironmentDocument
from compiler.spec.environment import Environment
from compiler.spec.read import read_model


def environment(more: str) -> EnvironmentDocument:
    text = (
        "apiVersion: shipway.dev/v1\nkind: Environment\nmetadata: {name: prod}\n"
        f'spec:\n  namespace: prod\n  kubernetes: "1.34"\n  traffic: {{service: {{}}}}\n{more}'
    )
    document = parse(text, "environments/prod/environment.yaml")
    model, problems = read_model(Environment, document.data)
    assert model is not None, problems
    return EnvironmentDocument(document, model, ())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


FREEZES = environment(
    "  freezes:\n"
    "    - {from: 2026-12-24, to: 2026-12-26, reason: holidays}\n"
    '    - {from: "2026-12-26T12:00:00+02:00", to: "2026-12-28T00:00:00Z", reason: migration}\n'
)


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        ("2026-12-23T23:59:59+00:00", None),
        ("2026-12-24T00:00:00+00:00", "holidays"),
        ("2026-12-24T01:00:00+02:00", None),
        ("2026-12-26T09:59:59+00:00", "holidays"),
        ("2026-12-26T10:00:00+00:00", "migration"),
        ("2026-12-26T23:59:59+00:00", "migration"),
        ("2026-12-27T23:59:59+00:00", "migration"),
        ("2026-12-28T00:00:00+00:00", None),
    ],
)
def test_a_freeze_holds_from_its_first_to_its_last_second(now: str, reason: str | None) -> None:
    result = active_freeze(FREEZES, at(now))
    assert (result.reason if result is not None else None) == reason


def test_a_freeze_is_shown_where_the_environment_says_it() -> None:
    result = freeze_finding(FREEZES, at("2026-12-25T00:00:00+00:00"))
    assert result is not None and result.loc is not None
    assert (result.code, result.loc.line) == ("frozen", 9)
    assert "holidays" in result.message
    assert freeze_finding(FREEZES, at("2027-01-01T00:00:00+00:00")) is None


def test_an_exception_holds_through_its_last_day() -> None:
    rule = "{rule: no-limits, release: web, reason: legacy, owner: ada, expires: 2026-06-30}"
    known = environment(f"  policy: {{exceptions: [{rule}]}}\n")
    last, after = date(2026, 6, 30), date(2026, 7, 1)
    assert expired_exceptions(known, last) == []
    assert [each.code for each in expired_exceptions(known, after)] == ["exception-expired"]
    assert exception_for(known, "no-limits", "web", last) is not None
    assert exception_for(known, "no-limits", "web", after) is None
    assert exception_for(known, "no-limits", "api", last) is None
    assert exception_for(known, "other", "web", last) is None


def test_soak_counts_from_the_publish() -> None:
    now = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
    published = int(now.timestamp()) - 600
    assert remaining_soak(1800, published, now) == 1200
    assert remaining_soak(600, published, now) == 0
    assert remaining_soak(0, published, now) == 0
    assert remaining_soak(600, published + 3600, now) == 600, "where a clock runs ahead, all of the soak time is left"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0s"), (59, "59s"), (60, "1m"), (1799, "29m 59s"), (5400, "1h 30m"), (90_061, "1d 1h")]
)
def test_durations_in_words(seconds: int, text: str) -> None:
    assert short_duration(seconds) == text
