"""Which findings of the verifier count, and the one verdict on a publish that they make with the exceptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from compiler.model.verdict import Finding, Proven, Refuted, Unproven, Verdict
from compiler.plan.allowances import AllowedFinding
from compiler.plan.reviewed import ReviewedFinding


def publish_verdict(forward: Verdict, reviewed: Sequence[tuple[ReviewedFinding, AllowedFinding | None]]) -> Verdict:
    """The one verdict on publishing a unit: what refutes it comes first, then what is not proven.

    What loses requests or is unproven stays so, but may be published, where an exception names every reason. A rule of
    the plan that is excepted proves nothing and refutes nothing.
    """
    facts = (forward.states, forward.premises, forward.findings, forward.longest_wait)
    refuting = [(each, permit) for each, permit in reviewed if each.refutes]
    reasons = [(each.reason, permit) for each, permit in reviewed if each.reason is not None]
    permitted = all(permit is not None for _, permit in (*refuting, *reasons))
    if any(permit is None or each.finding is not None for each, permit in refuting):
        return Refuted(*facts, permitted, compared=forward.compared)
    if reasons:
        return Unproven(*facts, tuple(reason for reason, _ in reasons), permitted, compared=forward.compared)
    return Proven(*facts, compared=forward.compared)


def findings_that_count(
    ways: Iterable[tuple[str, Verdict, str]],
) -> Iterator[tuple[str, Finding, Finding | None]]:
    """Each finding once, with the way that it was found on, and itself where it is why something is not proven.

    The first way is the one from the head. Of the others errors count, and what is not proven; not their warnings.
    """
    seen: set[tuple[str, str]] = set()
    for way, verdict, remedy in ways:
        reasons = verdict.reasons if isinstance(verdict, Unproven) else ()
        for finding in (*verdict.errors, *reasons) if way else verdict.findings:
            if (finding.code, finding.message) not in seen:
                seen.add((finding.code, finding.message))
                either = f"{remedy}; otherwise {finding.help}" if remedy else finding.help
                unproven = finding in reasons
                shown = replace(finding, severity="error" if unproven else finding.severity, help=either)
                yield way, shown, finding if unproven else None
