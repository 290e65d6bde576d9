"""The values that a verification takes and gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from compiler.diagnostics.model import Loc, Severity

Safety = Literal["safe", "unsafe", "unknown"]
Scope = Literal["states", "no-difference", "nothing-served-before", "nothing-that-serves"]
"""Of what a verdict speaks: of states that were explored, or why there were none to explore."""


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
    fields: tuple[str, ...] = ()
    """of what nobody has proven: in which fields the objects differ; one that is empty is the whole object"""


@dataclass(frozen=True, slots=True)
class Compared:
    """What stood side by side: objects of either folder, those of them that differ, the fields in which they do.

    `fields` is None where states were explored: what was found there says more than a count.
    """

    objects: int = 0
    changed: int = 0
    fields: int | None = None
    before: int = field(default=0, compare=False)
    """how many objects the cluster holds before the change"""


@dataclass(frozen=True, slots=True)
class Judgment:
    """What every verdict carries: how many states were explored, under which premises, and what was found.

    `longest_wait` is in seconds: how long a newer commit may have to wait; None where a gate has no bound.
    """

    states: int
    premises: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    longest_wait: float | None = 0.0
    compared: Compared = field(default=Compared(), kw_only=True)
    unserved: tuple[str, ...] = field(default=(), kw_only=True)
    """the classes of requests that nobody answers before the change"""
    notes: tuple[str, ...] = field(default=(), kw_only=True)
    """sentences about how the folders were read, and how the change stands to a plain change of an image"""

    @property
    def scope(self) -> Scope:
        """Of what the verdict speaks; every report takes it from here, so that none calls what was not looked at safe.

        Two equal sides are one state.
        """
        if self.states > 1 or (self.states and self.compared.changed):
            return "states"
        if not self.compared.changed:
            return "no-difference"
        return "nothing-that-serves" if self.compared.before else "nothing-served-before"

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that refute the transition."""
        return tuple(finding for finding in self.findings if finding.severity == "error")


@dataclass(frozen=True, slots=True)
class Proven(Judgment):
    """Every property holds in every state; what was found are warnings."""

    verdict: ClassVar[Safety] = "safe"
    publishable: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Refuted(Judgment):
    """A finding shows a state in which a property does not hold.

    `publishable`: every such finding is named by an exception, which says why it is accepted. It stays unsafe.
    """

    publishable: bool = False
    verdict: ClassVar[Safety] = "unsafe"


@dataclass(frozen=True, slots=True)
class Unproven(Judgment):
    """Nothing refutes the transition, and for `reasons` nothing proves it.

    `publishable`: every reason is named by an exception, which says why.
    """

    reasons: tuple[Finding, ...] = ()
    publishable: bool = False
    verdict: ClassVar[Safety] = "unknown"


Verdict = Proven | Refuted | Unproven


def verdict_on(judgment: Judgment, reasons: Sequence[Finding]) -> Verdict:
    """The verdict that findings make: errors refute, `reasons` (why something is not known) leave unproven."""
    facts = (judgment.states, judgment.premises, judgment.findings, judgment.longest_wait)
    if judgment.errors:
        return Refuted(*facts, compared=judgment.compared, unserved=judgment.unserved)
    if reasons:
        return Unproven(*facts, tuple(reasons), compared=judgment.compared, unserved=judgment.unserved)
    return Proven(*facts, compared=judgment.compared, unserved=judgment.unserved)
