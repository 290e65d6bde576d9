"""A verdict as text: what holds or not, and each trace state by state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from compiler.diagnostics.render.cells import sanitized_line
from compiler.model.verdict import Finding, PodCounts, TraceState, Verdict
from compiler.report.json.verdict import max_wait_text
from compiler.report.phrases import counted, scope_text, verdict_words
from compiler.transition.baseline import BaselineComparison
from compiler.transition.verdict.trace import UNANSWERED

MAX_LINES: Final = 40
"""lines of a screen: what is beyond them is counted, and shown with -v"""
MAX_COLUMNS: Final = 100
"""where a terminal breaks a line"""
MIN_SHOWN: Final = 8
"""lines of the first finding that stay: what is lost, how it begins, how it ends, and what to do"""


def verdict_text(verdict: Verdict) -> str:
    """The verdict in a line, the findings with their numbered states, the premises. Ends with a newline."""
    lines = [_verdict_headline(verdict), ""]
    for finding in verdict.findings:
        lines += [*_finding_lines(finding), ""]
    lines += [f"note: {note}" for note in verdict.notes]
    lines += [f"premises: {'; '.join(verdict.premises)}", max_wait_text(verdict)]
    return _printed_lines(lines)


def short_verdict_text(verdict: Verdict) -> str:
    """As `verdict_text`, on a screen: the first findings whole, of the others a line each, then how many are left."""
    whole = verdict_text(verdict)
    if _terminal_rows(whole.splitlines()) <= MAX_LINES:
        return whole
    lines = [_verdict_headline(verdict), ""]
    room = MAX_LINES - 6
    for number, finding in enumerate(verdict.findings):
        own = [*_finding_lines(finding), ""]
        if number == 0:
            own = _fitted_finding(own, room - _terminal_rows(lines))
        lines += own if _terminal_rows([*lines, *own]) <= room or number == 0 else [_finding_heading(finding)]
        if _terminal_rows(lines) >= room and number + 1 < len(verdict.findings):
            lines.append(f"… and {counted(len(verdict.findings) - number - 1, 'more finding')}")
            break
    notes = [f"note: {counted(len(verdict.notes), 'note')} on how the folders were read"] if verdict.notes else []
    shown = counted(len(verdict.premises), "premise")
    return _printed_lines([*lines, *notes, f"{shown}, every finding and every state: -v", max_wait_text(verdict)])


def _terminal_rows(lines: Iterable[str]) -> int:
    """How many lines a terminal makes of these."""
    return sum(max(1, -(-len(line) // MAX_COLUMNS)) for line in lines)


def _fitted_finding(lines: list[str], room: int) -> list[str]:
    """The lines of a finding, without those in the middle of its trace where they are too many."""
    left = min(len(lines), room)
    while (
        _terminal_rows(lines[: left // 2]) + _terminal_rows(lines[len(lines) - (left - left // 2) :]) + 1 > room
        and left > MIN_SHOWN
    ):
        left -= 1
    if left == len(lines):
        return lines
    return [*lines[: left // 2], "       …", *lines[len(lines) - (left - left // 2) :]]


def _printed_lines(lines: Iterable[str]) -> str:
    """The lines as a terminal may have them: what manifests hold commands nothing."""
    return "".join(f"{sanitized_line(line)}\n" for line in lines)


def baseline_text(baseline: BaselineComparison) -> str:
    """What the change adds to what a plain change of every image loses today."""
    if not baseline.added and not baseline.known:
        return f"{baseline.standing} than a plain change of the images today: nothing is lost"
    lines = [f"{baseline.standing} than a plain change of the images today"]
    lines += [f"  adds: {_finding_heading(finding)}" for finding in baseline.added]
    if baseline.known:
        codes = ", ".join(dict.fromkeys(finding.code for finding in baseline.known))
        lines.append(f"  each release loses this today: {codes} ({counted(len(baseline.known), 'finding')})")
    return _printed_lines(lines).removesuffix("\n")


def _verdict_headline(verdict: Verdict) -> str:
    errors = len(verdict.errors)
    warnings = len(verdict.findings) - errors
    counts = [counted(count, word) for count, word in ((errors, "error"), (warnings, "warning")) if count]
    explored = " explored" if verdict.scope == "states" else ""
    return f"{verdict_words(verdict)}: {', '.join([*counts, scope_text(verdict)])}{explored}"


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
