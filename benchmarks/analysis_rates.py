"""How often the pilot's tests are wrong: 1,000 releases with regressions of known size, judged tick by tick.

    python -m benchmarks.analysis_rates --releases 1000 --seed 7

A release is watched for ten minutes, every 30 seconds, as a canary at 10 % of the requests. `false`: a release as good
as its baseline is aborted. `missed`: a release with the regression is not. Both are shares of the releases.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass

from compiler.analysis.evaluation import evaluate_check
from compiler.analysis.figures import CheckFigures, Figure
from compiler.spec.analysis import Analysis

EVERY = 30
WATCHED = 600
BASELINE = 0.005
SHARE = 0.1


@dataclass(frozen=True)
class Case:
    """A stream of requests, and how it is judged; `window` in seconds, `rate` in requests a second for all tracks."""

    rate: float
    window: int
    least: int
    against: bool


def analysis_of_case(case: Case) -> Analysis:
    limit = {"against": "baseline", "factor": 1.5} if case.against else {"max": 0.01}
    check = {"name": "errors", "preset": "errorRate", **limit}
    data = {"every": f"{EVERY}s", "window": f"{case.window}s", "minRequests": case.least, "checks": [check]}
    return Analysis.model_validate(data)


def binomial(source: random.Random, count: int, share: float) -> int:
    return (
        sum(source.random() < share for _ in range(count))
        if count < 2000
        else round(source.gauss(count * share, (count * share * (1 - share)) ** 0.5))
    )


def intervals(source: random.Random, rate: float, errors: float) -> list[tuple[int, int]]:
    """(requests, errors) of each `EVERY` seconds."""
    result = []
    for _ in range(WATCHED // EVERY):
        mean = rate * EVERY
        count = max(0, round(source.gauss(mean, mean**0.5)))
        result.append((count, max(0, binomial(source, count, errors))))
    return result


def figure_at(counts: Sequence[tuple[int, int]], index: int, window: int) -> Figure:
    inside = counts[max(0, index + 1 - window // EVERY) : index + 1]
    requests, errors = (sum(each[place] for each in inside) for place in (0, 1))
    value = errors / requests if requests else None
    return Figure(EVERY * (index + 1), min(window, EVERY * len(inside)), value, requests, errors)


def aborted(source: random.Random, case: Case, errors: float) -> bool:
    """Whether any of the ticks aborts a release with this rate of errors."""
    analysis = analysis_of_case(case)
    (check,) = analysis.checks
    ours = intervals(source, case.rate * SHARE, errors)
    theirs = intervals(source, case.rate * (1 - SHARE), BASELINE)
    for index in range(len(ours)):
        figures = CheckFigures(
            "api",
            "errors",
            "canary",
            (figure_at(ours, index, case.window),),
            (figure_at(theirs, index, case.window),) if case.against else (),
        )
        if evaluate_check(analysis, check, figures).result == "failed":
            return True
    return False


def share_aborted(case: Case, errors: float, releases: int, seed: int) -> float:
    return sum(aborted(random.Random(f"{seed}/{case}/{errors}/{n}"), case, errors) for n in range(releases)) / releases  # noqa: S311


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--releases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    print("| requests/s | window | minRequests | limit | false aborts | missed, 1.5 % errors | missed, 3 % errors |")
    print("|---|---|---|---|---|---|---|")
    for rate in (2.0, 20.0, 200.0):
        for window, least in ((60, 20), (300, 20), (300, 50), (300, 200), (600, 50)):
            for against in (False, True):
                case = Case(rate, window, least, against)
                good, small, large = (
                    share_aborted(case, errors, args.releases, args.seed) for errors in (BASELINE, 0.015, 0.03)
                )
                limit = "1.5 × baseline" if against else "max 1 %"
                cells = (
                    f"{rate:g}",
                    f"{window} s",
                    str(least),
                    limit,
                    f"{good:.1%}",
                    f"{1 - small:.0%}",
                    f"{1 - large:.0%}",
                )
                print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
