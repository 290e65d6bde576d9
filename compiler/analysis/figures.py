"""The figures of a check, as they were read, and what became of them. Values that can be written down and read back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Result = Literal["passed", "failed", "undecided", "no data", "unread"]
"""`no data`: the server answered, and had none; `unread`: it did not answer."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What a track showed at `time` (seconds since 1970) over the last `window` seconds; None: there were no data.

    `requests` and `errors` are counts where the check has them.
    """

    time: int
    window: int
    value: float | None
    requests: float | None = None
    errors: float | None = None


@dataclass(frozen=True, slots=True)
class CheckFigures:
    """What was read for one check of one release: figures newest first.

    `series` and `baseline_series` are values over short windows that do not overlap, for the test of ranks. `fault`:
    why it could not be read.
    """

    release: str
    name: str
    track: str
    figures: tuple[Figure, ...] = ()
    baseline: tuple[Figure, ...] = ()
    series: tuple[float, ...] = ()
    baseline_series: tuple[float, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check's result, and the sentence that a commit carries: `errors 0.031 > 0.010 (412 requests, 5m)`."""

    name: str
    result: Result
    text: str
