"""The tests that tell a regression from chance. Each gives the probability of figures at least as bad by chance.

A move is judged again at every tick, so one judgment must be wrong rarely: `SIGNIFICANCE`. SciPy loads
`scipy.special` and `scipy.stats` when they are first asked for: a tick over healthy versions does without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import scipy

SIGNIFICANCE: Final = 0.01
"""A check fails where chance explains the figures in less than one of a hundred cases."""
FEWEST_SAMPLES: Final = 5
"""Of each track: with four or fewer on both sides the test of ranks can hardly fall below `SIGNIFICANCE`."""


def exceeds_share(errors: int, requests: int, limit: float) -> float:
    """How probable so many errors or more are, if each request fails with probability `limit`: the exact binomial test.

    Right for any number of requests, also for few, where the normal approximation is not.
    """
    return binomial_tail(errors, requests, min(1.0, max(0.0, limit)))


def exceeds_factor(errors: int, requests: int, base_errors: int, base_requests: int, factor: float) -> float:
    """How probable so many of all errors are the new track's, if its rate is `factor` times the baseline's.

    The exact conditional test of two rates (Przyborowski and Wilenski, "Homogeneity of results in testing samples from
    Poisson series", 1940): of all errors each is the new track's with a probability that the numbers of requests give.
    It has a factor, which Fisher's exact test has not, and is cautious where errors are frequent.
    """
    if errors + base_errors == 0:
        return 1.0
    weight = factor * requests
    share = weight / (weight + base_requests)
    return binomial_tail(errors, errors + base_errors, share)


def binomial_tail(successes: int, trials: int, probability: float) -> float:
    """The probability of so many successes or more: the exact one-sided binomial test."""
    return float(scipy.special.bdtrc(successes - 1, trials, probability)) if successes > 0 else 1.0


def ranks_above(samples: Sequence[float], baseline: Sequence[float], factor: float) -> float:
    """How probable it is that `samples` rank so far above `factor` times `baseline` by chance: Mann-Whitney's U test.

    It asks nothing of the distribution, which for latencies is never normal.
    """
    return rank_test(samples, baseline, factor, "greater")


def ranks_below(samples: Sequence[float], baseline: Sequence[float], factor: float) -> float:
    """As `ranks_above`, for figures of which more is better."""
    return rank_test(samples, baseline, factor, "less")


def rank_test(samples: Sequence[float], baseline: Sequence[float], factor: float, alternative: str) -> float:
    """Mann-Whitney's U test of `samples` against `factor` times `baseline`."""
    return float(
        scipy.stats.mannwhitneyu(list(samples), [factor * each for each in baseline], alternative=alternative).pvalue
    )
