"""Metrics of the usual form: a counter of answers with their status, and a histogram of their times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from compiler.analysis.target import MetricsTarget


@dataclass(frozen=True, slots=True)
class CountedMetrics:
    """How a system counts the answers of one track.

    `answers` and `times` are the names of the counter and of the histogram's buckets; `status` is the label of the HTTP
    status; `labels` gives the forms that the labels of a track have, of which a server has one; `per_second` is how
    many of the histogram's units are a second.
    """

    answers: str
    times: str
    status: str
    labels: Callable[[MetricsTarget], tuple[str, ...]]
    per_second: int = 1

    def request_count(self, target: MetricsTarget, window: int) -> str:
        """The growth of the counter over `window` seconds, as PromQL."""
        return " or ".join(growth(f"{self.answers}{{{labels}}}", window) for labels in self.labels(target))

    def error_count(self, target: MetricsTarget, window: int) -> str:
        """Statuses of 500 and more; 0 where only other answers have series, for errors have none before the first."""
        return " or ".join(
            f'({growth(f"""{self.answers}{{{labels},{self.status}=~"5.."}}""", window)}'
            f" or 0 * {growth(f'{self.answers}{{{labels}}}', window)})"
            for labels in self.labels(target)
        )

    def latency(self, target: MetricsTarget, window: int, percentile: float) -> str:
        """The percentile in seconds, as PromQL."""
        scale = "" if self.per_second == 1 else f" / {self.per_second}"
        buckets = (f"sum by (le) (increase({self.times}{{{labels}}}[{window}s]))" for labels in self.labels(target))
        return " or ".join(f"histogram_quantile({percentile / 100:g}, {each}){scale}" for each in buckets)


def growth(series: str, window: int) -> str:
    return f"sum(increase({series}[{window}s]))"
