"""A verdict as text: what holds or not, and each trace state by state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from compiler.model.verdict import Compared, Finding, PodCounts, TraceState, Verdict
from compiler.report.json.verdict import max_wait_text
from compiler.transition.baseline import BaselineComparison
from compiler.transition.verdict.trace import UNANSWERED

MAX_LINES: Final = 40
"""lines of a screen: what is beyond them is counted, and shown with -v"""


def verdict_text(verdict: Verdict) -> str:
    """The verdict in a line, the findings with their numbered states, the premises. Ends with a newline."""
    lines = [_verdict_headline(verdict), ""]
    for finding in verdict.findings:
        lines += [*_finding_lines(finding), ""]
    lines += [f"note: {note}" for note in verdict.notes]
    lines += [f"premises: {'; '.join(verdict.premises)}", max_wait_text(verdict)]
    return "\n".join(lines) + "\n"


def short_verdict_text(verdict: Verdict) -> str:
    """As `verdict_text`, on a screen: the first findings whole, of the others a line each, then how many are left."""
    whole = verdict_text(verdict)
    if whole.count("\n") <= MAX_LINES:
        return whole
    lines = [_verdict_headline(verdict), ""]
    room = MAX_LINES - 6
    for number, finding in enumerate(verdict.findings):
        own = [*_finding_lines(finding), ""]
        lines += own if len(lines) + len(own) <= room or number == 0 else [_finding_heading(finding)]
        if len(lines) >= room and number + 1 < len(verdict.findings):
            lines.append(f"… and {_plural_count(len(verdict.findings) - number - 1, 'more finding')}")
            break
    notes = [f"note: {_plural_count(len(verdict.notes), 'note')} on how the folders were read"] if verdict.notes else []
    shown = _plural_count(len(verdict.premises), "premise")
    return "\n".join([*lines, *notes, f"{shown}, every finding and every state: -v", max_wait_text(verdict)]) + "\n"


def baseline_text(baseline: BaselineComparison) -> str:
    """What the change adds to what a plain change of every image loses today."""
    if not baseline.added and not baseline.known:
        return f"{baseline.standing} than a plain change of the images today: nothing is lost"
    lines = [f"{baseline.standing} than a plain change of the images today"]
    lines += [f"  adds: {_finding_heading(finding)}" for finding in baseline.added]
    if baseline.known:
        codes = ", ".join(dict.fromkeys(finding.code for finding in baseline.known))
        lines.append(f"  each release loses this today: {codes} ({_plural_count(len(baseline.known), 'finding')})")
    return "\n".join(lines)


def _verdict_headline(verdict: Verdict) -> str:
    errors = len(verdict.errors)
    warnings = len(verdict.findings) - errors
    counts = [_plural_count(count, word) for count, word in ((errors, "error"), (warnings, "warning")) if count]
    if verdict.verdict == "safe" and verdict.states == 1 and not verdict.compared.changed:
        compared = _plural_count(verdict.compared.objects, "object")
        return f"safe: {', '.join(['no object differs', *counts])}; {compared} compared"
    if verdict.verdict == "safe" and not verdict.states:
        return f"safe: {', '.join(['nothing that serves changes', *counts])}; {_compared_text(verdict.compared)}"
    return f"{verdict.verdict}: {', '.join([*counts, _plural_count(verdict.states, 'state')])} explored"


def _compared_text(compared: Compared) -> str:
    """What was compared: `12 objects compared, 2 differ, in 5 fields`."""
    objects, fields = _plural_count(compared.objects, "object"), _plural_count(compared.fields or 0, "field")
    verb = "differs" if compared.changed == 1 else "differ"
    return f"{objects} compared, {compared.changed} {verb}, in {fields}"


def _plural_count(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _finding_lines(finding: Finding) -> Iterator[str]:
    yield _finding_heading(finding)
    if finding.location is not None:
        yield f"  --> {finding.location}"
    shown: dict[str, object] = {}
    for number, state in enumerate(finding.trace):
        yield f"  {number:>3}  {state.event}"
        yield from (f"       {line}" for line in _state_change_lines(state, shown))
    yield f"  help: {finding.help}"


def _finding_heading(finding: Finding) -> str:
    return f"{finding.severity}[{finding.code}]: {finding.message}"


def _state_change_lines(state: TraceState, shown: dict[str, object]) -> Iterator[str]:
    """What differs from the state before."""
    for request, shares in state.serving.items():
        if shown.get(request) != shares:
            shown[request] = shares
            yield f"{request} is answered by {_shares_text(shares)}"
    moved = {name: pods for name, pods in state.pods.items() if shown.get(f"pods {name}") != pods}
    shown.update({f"pods {name}": pods for name, pods in moved.items()})
    if moved:
        yield "pods: " + ", ".join(f"{name} {_pod_counts_text(pods)}" for name, pods in moved.items())


def _shares_text(shares: Mapping[str, float]) -> str:
    named = (("nobody" if name == UNANSWERED else name, share) for name, share in shares.items())
    return ", ".join(f"{name} ({share:g} %)" for name, share in named) or "nobody"


def _pod_counts_text(pods: PodCounts) -> str:
    if not pods.ready:
        return "none ready"
    return f"{pods.old} old + {pods.new} new ready" if pods.old and pods.new else f"{pods.ready} ready"
