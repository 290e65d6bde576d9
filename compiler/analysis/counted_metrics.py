"""Metrics of the usual form: a counter of answers with their status, and a histogram of their times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from compiler.analysis.target import MetricsTarget

Labels = tuple[str, ...]
"""Selectors of series that are added up: no series has the labels of two of them."""


@dataclass(frozen=True, slots=True)
class CountedMetrics:
    """How a system counts the answers of one track.

    `answers` and `times` are the names of the counter and of the histogram's buckets; `status` is the label of the HTTP
    status. `labels` gives the ways in which a track's requests may be counted; the first that has series is used.
    `per_second` is how many of the histogram's units are a second.
    """

    answers: str
    times: str
    status: str
    labels: Callable[[MetricsTarget], tuple[Labels, ...]]
    per_second: int = 1

    def request_count(self, target: MetricsTarget, window: int) -> str:
        """The growth of the counter over `window` seconds, as PromQL."""
        return " or ".join(f"sum({growth(self.answers, each, window)})" for each in self.labels(target))

    def error_count(self, target: MetricsTarget, window: int) -> str:
        """Statuses of 500 and more; 0 where only other answers have series, for errors have none before the first."""
        return " or ".join(
            f"(sum({growth(self.answers, self._failed(each), window)})"
            f" or 0 * sum({growth(self.answers, each, window)}))"
            for each in self.labels(target)
        )

    def latency(self, target: MetricsTarget, window: int, percentile: float) -> str:
        """The percentile in seconds, as PromQL."""
        scale = "" if self.per_second == 1 else f" / {self.per_second}"
        return " or ".join(
            f"histogram_quantile({percentile / 100:g}, sum by (le) ({growth(self.times, each, window)})){scale}"
            for each in self.labels(target)
        )

    def _failed(self, labels: Labels) -> Labels:
        return tuple(f'{each},{self.status}=~"5.."' for each in labels)


def growth(metric: str, labels: Labels, window: int) -> str:
    """The growth of each series that one of the selectors names."""
    return " or ".join(f"increase({metric}{{{each}}}[{window}s])" for each in labels)
