"""The forms that presets share: counts and percentiles of one track over a window."""

from __future__ import annotations


def growth(selector: str, window: int) -> str:
    """The growth of a counter over the window, summed over all series; 0 where its series are there and stand still."""
    return f"sum(increase({selector}[{window}s]))"


def growth_or_zero(part: str, whole: str, window: int) -> str:
    """The growth of `part`, and 0 where only `whole` has series: a counter of errors begins with the first error."""
    return f"({growth(part, window)} or 0 * {growth(whole, window)})"


def histogram_percentile(buckets: str, window: int, percentile: float) -> str:
    return f"histogram_quantile({percentile / 100:g}, sum by (le) (increase({buckets}[{window}s])))"
