"""What the figures of a check decide: a limit is broken by more than chance, over a whole window, and often enough."""

from __future__ import annotations

import pytest

from compiler.analysis.evaluation import evaluate_check
from compiler.analysis.figures import CheckFigures, Figure
from compiler.spec.analysis import Analysis

WINDOW = 300


def figure(value: float | None, requests: float | None = 1000, window: int = WINDOW) -> Figure:
    """A share of failed requests over a window."""
    errors = None if value is None or requests is None else value * requests
    return Figure(1_700_000_000, window, value, requests, errors)


def result(
    *figures: Figure,
    baseline: tuple[Figure, ...] = (),
    series: tuple[tuple[float, ...], tuple[float, ...]] = ((), ()),
    fault: str = "",
    **check: object,
) -> str:
    analysis = Analysis.model_validate({"checks": [{"name": "errors", "preset": "errorRate", **check}]})
    read = CheckFigures("web", "errors", "canary", figures, baseline, *series, fault)
    return evaluate_check(analysis, analysis.checks[0], read).result


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ([figure(0.001)], "passed"),
        ([figure(0.05)], "failed"),
        ([figure(0.012)], "undecided"),  # 12 of 1,000 at a limit of 10: chance does that
        ([figure(0.001, window=60)], "undecided"),  # too short a window passes nothing
        ([figure(0.05, window=60)], "failed"),  # and may fail
        ([figure(0.0, requests=3)], "no data"),
        ([figure(None)], "no data"),
        ([], "no data"),
    ],
)
def test_a_limit_decides(figures: list[Figure], expected: str) -> None:
    assert result(*figures, max=0.01) == expected


def test_as_many_figures_fail_as_the_check_says() -> None:
    bad, good = figure(0.2), figure(0.0)
    assert result(bad, good, max=0.01, failures=2) == "undecided"
    assert result(bad, max=0.01, failures=2) == "undecided"
    assert result(bad, bad, max=0.01, failures=2) == "failed"


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"), [(0.05, 0.01, "failed"), (0.01, 0.01, "passed"), (0.017, 0.011, "undecided")]
)
def test_a_share_is_compared_with_the_baseline(ours: float, theirs: float, expected: str) -> None:
    assert result(figure(ours), baseline=(figure(theirs),), against="baseline") == expected


def test_without_a_baseline_nothing_is_compared() -> None:
    assert result(figure(0.2), against="baseline") == "no data"


@pytest.mark.parametrize(
    ("ours", "theirs", "factor", "expected"),
    [
        ((9, 9, 9, 9, 9, 9), (1, 1, 1, 1, 1, 1), 1.5, "failed"),
        ((1, 1, 1, 1, 1, 1), (1, 1, 1, 1, 1, 1), 1.5, "passed"),
        ((2, 2, 2, 2, 2, 2), (9, 9, 9, 9, 9, 9), 0.5, "failed"),  # a factor below 1 is a floor
        ((9, 9), (1, 1), 1.5, "no data"),
    ],
)
def test_values_are_compared_by_rank(ours: tuple[float], theirs: tuple[float], factor: float, expected: str) -> None:
    latency = Figure(1_700_000_000, WINDOW, ours[0])
    against = (Figure(1_700_000_000, WINDOW, theirs[0]),)
    assert result(latency, baseline=against, series=(ours, theirs), against="baseline", factor=factor) == expected


def test_what_could_not_be_read_is_not_taken_for_silence() -> None:
    assert result(figure(0.2), fault="Prometheus is away", max=0.01) == "unread"
