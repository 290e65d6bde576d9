"""From the figures of a check to its result. Pure: the same figures always have the same result."""

from __future__ import annotations

from statistics import median
from typing import Final

from compiler.analysis.figures import CheckFigures, CheckResult, Figure, Result
from compiler.analysis.statistics import (
    FEWEST_SAMPLES,
    SIGNIFICANCE,
    exceeds_factor,
    exceeds_share,
    ranks_above,
    ranks_below,
)
from compiler.spec.analysis import Analysis, AnalysisCheck
from compiler.spec.base import seconds_of

Judged = tuple[Result, str]
NO_FIGURES: Final[Judged] = ("no data", "no data")


def evaluate_check(analysis: Analysis, check: AnalysisCheck, read: CheckFigures) -> CheckResult:
    """The result of one check.

    It fails where the last `failures` figures all fail. It passes where the newest does, over a whole window: the
    figures of a shorter one may fail it, but do not pass it.
    """
    if read.fault:
        return CheckResult(check.name, "unread", f"{check.name}: {read.fault}")
    judged = [evaluate_once(analysis, check, read, index) for index in range(len(read.figures))]
    if not judged:
        return CheckResult(check.name, "no data", f"{check.name}: no data yet")
    result, text = judged[0]
    considered = judged[: check.failures]
    if result == "failed" and (len(considered) < check.failures or any(each != "failed" for each, _ in considered)):
        result = "undecided"
    if result == "passed" and read.figures[0].window < seconds_of(analysis.window):
        result = "undecided"
    return CheckResult(check.name, result, f"{check.name} {text}")


def evaluate_once(analysis: Analysis, check: AnalysisCheck, read: CheckFigures, index: int) -> Judged:
    """One figure against every limit of the check: the first that fails, else the first that decides nothing."""
    figure = read.figures[index]
    if figure.value is None or too_few(analysis, figure):
        return "no data", few_text(figure)
    judged = [each for each in (within_limits(check, figure), against_baseline(analysis, check, read, index)) if each]
    order: tuple[Result, ...] = ("failed", "no data", "undecided", "passed")
    return min(judged, key=lambda each: order.index(each[0]), default=NO_FIGURES)


def too_few(analysis: Analysis, figure: Figure) -> bool:
    return figure.requests is not None and figure.requests < max(1, analysis.min_requests)


def few_text(figure: Figure) -> str:
    if figure.requests is None or figure.value is None:
        return f"no data ({figure.window}s)"
    return f"{figure.value:.4g}, but only {figure.requests:.0f} requests ({figure.window}s)"


def basis_text(figure: Figure) -> str:
    """What the value rests on: `(412 requests, 300s)`."""
    counted = f"{figure.requests:.0f} requests, " if figure.requests is not None else ""
    return f"({counted}{figure.window}s)"


def within_limits(check: AnalysisCheck, figure: Figure) -> Judged | None:
    """The value against `max` and `min`; None where the check has neither.

    A share of failed requests fails where it is above `max` and chance does not explain it.
    """
    value, basis = figure.value, basis_text(figure)
    assert value is not None  # noqa: S101 - narrows the type; the caller has looked
    if check.max is not None and value > check.max:
        return exceeded_result(check.max, figure), f"{value:.4g} > {check.max:g} {basis}"
    if check.min is not None and value < check.min:
        return "failed", f"{value:.4g} < {check.min:g} {basis}"
    if check.max is None and check.min is None:
        return None
    limit = f"≤ {check.max:g}" if check.max is not None else f"≥ {check.min:g}"
    return "passed", f"{value:.4g} {limit} {basis}"


def exceeded_result(limit: float, figure: Figure) -> Result:
    if figure.errors is None or figure.requests is None:
        return "failed"
    chance = exceeds_share(round(figure.errors), max(round(figure.requests), round(figure.errors)), limit)
    return "failed" if chance < SIGNIFICANCE else "undecided"


def against_baseline(analysis: Analysis, check: AnalysisCheck, read: CheckFigures, index: int) -> Judged | None:
    """The track against the other one over the same window; None where the check compares with nothing."""
    if check.against is None:
        return None
    figure, baseline = read.figures[index], read.baseline[index] if index < len(read.baseline) else None
    if baseline is None or baseline.value is None or too_few(analysis, baseline):
        return "no data", f"{figure.value:.4g}, but no data of the baseline {basis_text(figure)}"
    if figure.errors is not None and baseline.errors is not None:
        return compared_shares(check, figure, baseline)
    return compared_series(check, read, figure)


def compared_shares(check: AnalysisCheck, figure: Figure, baseline: Figure) -> Judged:
    assert figure.value is not None and baseline.value is not None  # noqa: S101 - narrows the types; the caller has looked
    counts = [round(each or 0) for each in (figure.errors, figure.requests, baseline.errors, baseline.requests)]
    chance = exceeds_factor(counts[0], counts[1], counts[2], counts[3], check.factor)
    above = figure.value > check.factor * baseline.value
    text = f"{figure.value:.4g} {'>' if above else '≤'} {check.factor:g} × {baseline.value:.4g} {basis_text(figure)}"
    if not above:
        return "passed", text
    return "failed" if chance < SIGNIFICANCE else "undecided", text


def compared_series(check: AnalysisCheck, read: CheckFigures, figure: Figure) -> Judged:
    """By ranks, of values over windows that do not overlap. A factor below 1 is a floor: more is better."""
    ours, theirs = read.series, read.baseline_series
    if len(ours) < FEWEST_SAMPLES or len(theirs) < FEWEST_SAMPLES:
        return "no data", f"only {min(len(ours), len(theirs))} values to compare {basis_text(figure)}"
    floor = check.factor < 1
    limit = check.factor * median(theirs)
    beyond = median(ours) < limit if floor else median(ours) > limit
    sign = ("<" if beyond else "≥") if floor else (">" if beyond else "≤")
    text = f"{median(ours):.4g} {sign} {check.factor:g} × {median(theirs):.4g} {basis_text(figure)}"
    if not beyond:
        return "passed", text
    chance = (ranks_below if floor else ranks_above)(ours, theirs, check.factor)
    return "failed" if chance < SIGNIFICANCE else "undecided", text
