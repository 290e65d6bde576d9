"""The figures of a unit's checks, asked of Prometheus for the new track and for the one beside it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final

from compiler.analysis.figures import CheckFigures, Figure
from compiler.analysis.presets import METRICS_PRESETS, MetricsPreset
from compiler.analysis.target import MetricsTarget, filled_query
from compiler.observe.http import Server, UnobservedError, UnreachableError
from compiler.observe.prometheus import QueryRefusedError, read_figure
from compiler.pilot.decision import CLOCK_SKEW
from compiler.spec.analysis import Analysis, AnalysisCheck
from compiler.spec.base import seconds_of

MOST_SAMPLES: Final = 30
QUESTIONS_AT_ONCE: Final = 8
MEASURE_SECONDS: Final = 30.0
"""For all questions of a tick: what is not asked by then waits for the next, for an abort waits for no slow server."""


@dataclass(frozen=True, slots=True)
class Question:
    """One check of one release: its track, the one to compare with, and when the present step began."""

    check: AnalysisCheck
    analysis: Analysis
    target: MetricsTarget
    baseline: MetricsTarget | None
    preset: MetricsPreset | None
    since: int

    def empty_figures(self, fault: str = "") -> CheckFigures:
        """Figures without a value, and why there are none."""
        return CheckFigures(self.target.release, self.check.name, self.target.track, fault=fault)


@dataclass(frozen=True, slots=True)
class Measured:
    """A check's figures; `refused`: why its query has no single number, which a person must fix."""

    figures: CheckFigures
    refused: str = ""


def measure_checks(server: Server, questions: Sequence[Question], now: int) -> list[Measured]:
    """The answers in the order of the questions, several asked at once. A server that is away is a fault in each."""
    session = AskedServer(server, now, time.monotonic() + MEASURE_SECONDS)
    with ThreadPoolExecutor(QUESTIONS_AT_ONCE) as threads:
        return list(threads.map(partial(measured_check, session), questions))


@dataclass(slots=True)
class AskedServer:
    """The questions of one tick to one server; `fault`: why it is not asked any more."""

    server: Server
    now: int
    ends: float
    fault: str = ""

    def reason_to_stop(self) -> str:
        """Why no other question is asked; empty where one may be."""
        late = time.monotonic() > self.ends
        return self.fault or (
            f"{self.server.name} did not answer all queries within {MEASURE_SECONDS:g} s" if late else ""
        )


def measured_check(session: AskedServer, question: Question) -> Measured:
    if session.now <= question.since:
        return Measured(question.empty_figures())
    stopped = session.reason_to_stop()
    if stopped:
        return Measured(question.empty_figures(stopped))
    try:
        return Measured(read_check(session.server, session.now, question))
    except QueryRefusedError as error:
        return Measured(question.empty_figures(error.reason), error.reason)
    except UnreachableError as error:
        session.fault = error.reason
        return Measured(question.empty_figures(error.reason))
    except UnobservedError as error:
        return Measured(question.empty_figures(error.reason), error.reason if error.lasting else "")


def read_check(server: Server, now: int, question: Question) -> CheckFigures:
    """The last `failures` figures, none over a time before the present step, and values for the test of ranks."""
    check, every = question.check, seconds_of(question.analysis.every)
    times = [now - index * every for index in range(check.failures)]
    spans = [
        (at, min(seconds_of(question.analysis.window), at - question.since)) for at in times if at > question.since
    ]
    figures = tuple(track_figure(server, question, question.target, at, window) for at, window in spans)
    if check.against is None:
        return CheckFigures(question.target.release, check.name, question.target.track, figures)
    if question.baseline is None:
        return question.empty_figures("no other track has requests any more")
    baseline = tuple(track_figure(server, question, question.baseline, at, window) for at, window in spans)
    by_ranks = check.preset != "errorRate" and bool(spans)
    return CheckFigures(
        question.target.release,
        check.name,
        question.target.track,
        figures,
        baseline,
        track_series(server, question, question.target, *spans[0]) if by_ranks else (),
        track_series(server, question, question.baseline, *spans[0]) if by_ranks else (),
    )


def track_figure(server: Server, question: Question, target: MetricsTarget, at: int, window: int) -> Figure:
    requests = asked(server, request_query(question, target, window), at)
    if question.check.preset == "errorRate" and question.preset is not None:
        errors = asked(server, question.preset.error_count(target, window), at)
        share = errors / requests if errors is not None and requests else None
        return Figure(at, window, share, requests, errors)
    return Figure(at, window, asked(server, value_query(question, target, window), at), requests)


def track_series(server: Server, question: Question, target: MetricsTarget, at: int, window: int) -> tuple[float, ...]:
    """The check's value over windows of `every` that do not overlap: values that share no request."""
    every = seconds_of(question.analysis.every)
    times: Iterable[int] = (at - index * every for index in range(min(MOST_SAMPLES, window // every)))
    values = [asked(server, value_query(question, target, every), each) for each in times]
    return tuple(value for value in values if value is not None)


def value_query(question: Question, target: MetricsTarget, window: int) -> str | None:
    check = question.check
    if check.query is not None:
        return filled_query(check.query, target, window)
    return None if question.preset is None else question.preset.latency(target, window, check.percentile)


def request_query(question: Question, target: MetricsTarget, window: int) -> str | None:
    """How many requests a figure rests on: as the preset counts them, or as the check says; None: nobody says it."""
    if question.check.requests is not None:
        return filled_query(question.check.requests, target, window)
    return None if question.preset is None else question.preset.request_count(target, window)


def asked(server: Server, query: str | None, at: int) -> float | None:
    """The number that the query has. Raises UnobservedError where the server's clock is not ours."""
    if query is None:
        return None
    reading = read_figure(server, query, at)
    if reading.clock is not None and abs(reading.clock - time.time()) > CLOCK_SKEW:
        ahead = round(reading.clock - time.time())
        raise UnobservedError(
            f"the clock of {server.name} differs from ours by {ahead} s: the time of its figures is unknown"
        )
    return reading.value


def preset_of_source(name: str | None) -> MetricsPreset | None:
    return None if name is None else METRICS_PRESETS[name]
