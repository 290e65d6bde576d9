"""The values that a verification takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from compiler.diagnostics.model import Loc, Severity

Safety = Literal["safe", "unsafe", "unknown"]


@dataclass(frozen=True, slots=True)
class PodCounts:
    """Pods of one workload in one state: ready ones of its former templates, of its new one, and all ready ones."""

    old: int
    new: int
    ready: int


@dataclass(frozen=True, slots=True)
class TraceState:
    """One numbered state of a trace: what just happened, the pods, and who serves which class (percent)."""

    event: str
    pods: Mapping[str, PodCounts] = field(default_factory=dict)
    serving: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One way in which the transition breaks a property, with the shortest trace that leads there."""

    code: str
    property: str
    severity: Severity
    message: str
    objects: tuple[str, ...]
    help: str
    trace: tuple[TraceState, ...] = ()
    location: Loc | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer: what holds, over how many states, under which premises, and what was found.

    `longest_wait` is in seconds: how long a newer commit may have to wait; None where a gate has no bound.
    """

    verdict: Safety
    states: int
    premises: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    longest_wait: float | None = 0.0

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that make the transition unsafe."""
        return tuple(finding for finding in self.findings if finding.severity == "error")
