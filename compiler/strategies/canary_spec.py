"""canary's part of the spec: its versions, how the share grows, and what is wrong with them."""

from collections.abc import Sequence
from typing import Final, Literal

from pydantic import Field

from compiler.diagnostics.model import Path, Problem
from compiler.model.course import STRATEGY, Subject
from compiler.model.topology import Match
from compiler.spec.analysis import Watched
from compiler.spec.base import Duration, HeaderName, HeaderValue, Items, Model, Percent
from compiler.spec.container import Version
from compiler.strategies.base import major_change_problem, next_contract

NAME = "canary"
CANARY_PATH: Final[Path] = (*STRATEGY, NAME)


class CanaryStep(Model):
    """A share in percent, and how long it must soak before the next."""

    at: Percent
    pause: Duration = "0s"


class CanaryHeader(Model):
    name: HeaderName = "X-Canary"
    value: HeaderValue = "always"


class Canary(Watched):
    stable: Version
    canary: Version | None = None
    by: Literal["pods", "weight", "header"] = "weight"
    steps: Items[Percent | CanaryStep] = Field((5, 25, 50, 100), min_length=1)
    at: Percent = 0
    header: CanaryHeader | None = None
    cookie: HeaderName | None = None


def canary_steps(spec: Canary) -> list[CanaryStep]:
    return [CanaryStep(at=step) if isinstance(step, int) else step for step in spec.steps]


def check(subject: Subject[Canary]) -> Sequence[Problem]:
    spec = subject.spec
    problems = []
    if spec.canary is not None and spec.by != "header" and contracts_differ(spec):
        problems.append(major_change_problem(f"canary by {spec.by}", (*CANARY_PATH, "canary")))
    if spec.by == "pods" and subject.release.spec.autoscale is not None:
        problems.append(
            Problem(
                "pods-ratio-autoscaled",
                "a canary by pods divides requests by the number of pods, which an autoscaler changes",
                (*CANARY_PATH, "by"),
                "use `by: weight`, or `replicas` instead of `autoscale`",
            )
        )
    if spec.by == "pods" and pinned_matches(spec):
        problems.append(
            Problem(
                "pins-need-router",
                "a canary by pods has one Service for all requests, so no header or cookie can choose a pod",
                (*CANARY_PATH, "header" if spec.header is not None else "cookie"),
                "remove it, or use `by: weight`",
                on_key=True,
            )
        )
    shares = [step.at for step in canary_steps(spec)]
    if shares != sorted(set(shares)):
        problems.append(
            Problem(
                "steps-not-growing",
                "each step must be greater than the one before it",
                (*CANARY_PATH, "steps"),
                f"write {sorted(set(shares))}",
            )
        )
    return [*problems, *rounded_share_warnings(subject)]


def contracts_differ(spec: Canary) -> bool:
    """Whether the canary has another contract than stable, called a major change or not."""
    if spec.canary is None or spec.canary.aborted:
        return False
    return next_contract(spec.canary, spec.stable) != (spec.stable.contract or 1)


def rounded_share_warnings(subject: Subject[Canary]) -> list[Problem]:
    """Whole pods make whole shares: says what the asked share becomes when it is off by more than a point."""
    spec = subject.spec
    if spec.by != "pods" or spec.canary is None or spec.canary.aborted or spec.at in (0, 100):
        return []
    stable, canary = pods_by_ratio(subject.replicas(), spec.at)
    real = 100 * canary / (stable + canary)
    if abs(real - spec.at) <= 1:
        return []
    return [
        Problem(
            "share-quantised",
            f"{spec.at} % is rounded to {canary} of {stable + canary} pods, {real:.0f} % of the requests",
            (*CANARY_PATH, "at"),
            "use more replicas for finer shares, or `by: weight`, which divides exactly",
            severity="warning",
        )
    ]


def pods_by_ratio(replicas: int, at: int) -> tuple[int, int]:
    """(stable, canary) pods for a share of `at` percent: stable stays full up to one half, then shrinks."""
    if at <= 50:
        return replicas, -(-replicas * at // (100 - at))
    return replicas * (100 - at) // at, replicas


def pinned_matches(spec: Canary) -> tuple[tuple[Match, str], ...]:
    header = spec.header or (CanaryHeader() if spec.by == "header" else None)
    pins = []
    if header is not None:
        pins.append((Match(header=(header.name, header.value)), "canary"))
    if spec.cookie is not None:
        pins.append((Match(cookie=spec.cookie), "canary"))
    return tuple(pins)
