"""Rules of an analysis: each check has one source and a limit, and its query can be asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import promql_parser

from compiler.analysis.presets import METRICS_PRESETS
from compiler.analysis.target import SAMPLE, filled_query, template_values, unknown_placeholders
from compiler.diagnostics.model import Path, Problem
from compiler.rules.observe import metrics_source
from compiler.spec.analysis import Analysis, AnalysisCheck
from compiler.spec.base import seconds_of
from compiler.spec.environment import EnvironmentSpec
from compiler.strategies import STRATEGIES
from compiler.support.suggest import did_you_mean
from compiler.traffic.providers import providers

OWN_QUERY: Final = "write a `query` on the pods' own metrics"
SAMPLE_WINDOW: Final = 61
"""Seconds that nobody writes by chance, for the window of a query whose form is judged."""


def check_analysis(environment: EnvironmentSpec, strategy: str, analysis: Analysis, path: Path) -> Iterator[Problem]:
    """What is wrong with the analysis at `path` of a release's `strategy`."""
    yield from analysis_times(analysis, path)
    yield from repeated_names(analysis, path)
    if environment.observe.prometheus is None:
        yield Problem(
            "analysis-unobserved",
            "no metric can be read: the environment does not say where its Prometheus is",
            path,
            "add `observe: {prometheus: {url: https://…}}` to the environment",
            severity="warning",
            on_key=True,
        )
    for index, check in enumerate(analysis.checks):
        where = (*path, "checks", index)
        yield from check_source(environment, check, where)
        yield from check_limits(check, where, alone=STRATEGIES[strategy].ONE_TRACK)
        for key, query in (("query", check.query), ("requests", check.requests)):
            if query is not None:
                yield from query_problems(query, (*where, key))


def analysis_times(analysis: Analysis, path: Path) -> Iterator[Problem]:
    if seconds_of(analysis.every) < 1:
        yield Problem("analysis-times", "`every` is less than a second", (*path, "every"), "write `every: 30s`")
    elif seconds_of(analysis.window) < seconds_of(analysis.every):
        message = (
            f"`window` ({analysis.window}) is shorter than `every` ({analysis.every}), the time between two "
            "measurements"
        )
        yield Problem("analysis-times", message, (*path, "window"), "write a longer `window`, or a shorter `every`")


def repeated_names(analysis: Analysis, path: Path) -> Iterator[Problem]:
    names = [check.name for check in analysis.checks]
    for index, name in enumerate(names):
        if name in names[:index]:
            where = (*path, "checks", index, "name")
            yield Problem(
                "analysis-check", (f"two checks have the name `{name}`"), where, "give each check its own name"
            )


def check_source(environment: EnvironmentSpec, check: AnalysisCheck, path: Path) -> Iterator[Problem]:
    """A preset or a query, and for a preset metrics that measure it."""
    if (check.preset is None) == (check.query is None):
        message = "a check needs either a `preset` or a `query`"
        yield Problem("analysis-check", message, path, "write `preset: errorRate`, `preset: latency`, or `query: …`")
        return
    if check.preset is None:
        return
    if check.requests is not None:
        message = "`requests` belongs to a `query`: a preset counts its requests itself"
        yield Problem("analysis-check", message, (*path, "requests"), "remove `requests`", on_key=True)
    source = metrics_source(environment)
    if source is None:
        message = (
            f"`{check.preset}` can be measured by several systems, and the environment does not say which one it has"
        )
        help_text = f"add `observe: {{metrics: …}}` to the environment: {', '.join(METRICS_PRESETS)}"
        yield Problem("analysis-check", message, (*path, "preset"), help_text)
    elif check.preset == "latency" and METRICS_PRESETS[source].latency(SAMPLE, 60, check.percentile) is None:
        message = f"{source} does not measure the latency of one track"
        yield Problem("analysis-check", message, (*path, "preset"), OWN_QUERY)
    else:
        for provider in (providers()[name] for name in environment.traffic):
            if source in provider.UNMEASURED_BY:
                message = provider.UNMEASURED_BY[source]
                yield Problem("analysis-check", message, (*path, "preset"), OWN_QUERY)


def check_limits(check: AnalysisCheck, path: Path, *, alone: bool) -> Iterator[Problem]:
    """A check that cannot fail is none."""
    if check.max is None and check.min is None and check.against is None:
        message = f"the check `{check.name}` has no limit, so it could never fail"
        yield Problem("analysis-check", message, path, "add `max`, `min`, or `against: baseline`")
    if check.against is None and "factor" in check.model_fields_set:
        message = "`factor` compares with the baseline, but this check has no `against: baseline`"
        yield Problem("analysis-check", message, (*path, "factor"), "add `against: baseline`", on_key=True)
    if check.preset != "latency" and "percentile" in check.model_fields_set:
        message = "`percentile` belongs to `preset: latency`"
        yield Problem("analysis-check", message, (*path, "percentile"), "remove it", on_key=True)
    if check.preset is not None and check.factor < 1:
        message = "a factor below 1 demands fewer errors or shorter answers than the baseline has"
        yield Problem("analysis-check", message, (*path, "factor"), "write a factor of 1 or more")
    if check.against is not None and alone:
        message = "a rolling release has only one track, so there is no baseline to compare with"
        yield Problem("analysis-check", message, (*path, "against"), "use `max` or `min`, or the strategy `canary`")


def query_problems(query: str, path: Path) -> Iterator[Problem]:
    """Unknown placeholders, what is not PromQL, and what has no single value."""
    unknown = unknown_placeholders(query)
    known = sorted(template_values(SAMPLE, 60))
    for name in unknown:
        guess = did_you_mean(name, known)
        help_text = f"did you mean `{{{{{guess}}}}}`?" if guess else f"the known names are: {', '.join(known)}"
        yield Problem("analysis-query", f"`{{{{{name}}}}}` is not a known placeholder", path, help_text)
    if not unknown:
        yield from syntax_problems(filled_query(query, SAMPLE, SAMPLE_WINDOW), path)


def syntax_problems(query: str, path: Path) -> Iterator[Problem]:
    """What is wrong with a query whose placeholders are filled in, its window with `SAMPLE_WINDOW`."""
    try:
        expression = promql_parser.parse(query)
    except ValueError as error:
        yield Problem(
            "analysis-query", (f"this is not valid PromQL: {first_line(error)}"), path, "try it in Prometheus first"
        )
        return
    kind = type(expression).__name__
    if kind in ("MatrixSelector", "SubqueryExpr"):
        message = "the query gives a range of values, not one value"
        yield Problem("analysis-query", message, path, "wrap it: `sum(increase(…[{{window}}]))`")
    elif kind == "StringLiteral":
        yield Problem(
            "analysis-query", "the query gives a text, not a number", path, "write an expression over metrics"
        )
    else:
        yield from window_problems(expression, path)


def window_problems(expression: promql_parser.Expr, path: Path) -> Iterator[Problem]:
    """Every series is read over the window and nothing else.

    A selector without a range gives a value of up to five minutes ago (Prometheus, `querying/basics`, "Staleness"), and
    so a value from before the present step.
    """
    ranged, bare, other = 0, 0, False

    def visit(node: promql_parser.Expr) -> None:
        nonlocal ranged, bare, other
        if isinstance(node, promql_parser.MatrixSelector):
            ranged += 1
            other = other or node.range.total_seconds() != SAMPLE_WINDOW
        elif isinstance(node, promql_parser.SubqueryExpr):
            other = True
        elif isinstance(node, promql_parser.VectorSelector):
            bare += 1
            other = other or node.offset is not None or node.at is not None

    promql_parser.walk(expression, visit)
    if bare > ranged:
        message = "the query reads a series without a range, so its value may be older than the current step"
        yield Problem("analysis-query", message, path, "write `last_over_time(…[{{window}}])` or `avg_over_time(…)`")
    elif other:
        message = (
            "the query does not look back exactly over the window, so it may read values from before the current step"
        )
        yield Problem("analysis-query", message, path, "write `[{{window}}]`, without `offset`, `@` and subqueries")


def first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else "no reason is known"
