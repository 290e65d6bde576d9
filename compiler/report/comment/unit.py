"""One release or group in Markdown, in three lengths."""

from __future__ import annotations

from compiler.plan.model import Danger, TrackView, UnitPlan
from compiler.report.comment.changes import field_lines, files, names
from compiler.report.comment.course import course, picture, undo
from compiler.report.comment.escape import code, fence, folded, prose, table
from compiler.report.findings import Told, told
from compiler.report.phrases import MARK, counted, track_words, wait
from compiler.report.sharing import Sharing
from compiler.report.story import story


def listed(environment: str, unit: UnitPlan) -> str:
    """The unit in a line, with the names of its objects."""
    mark = MARK[unit.verdict.verdict]
    danger = f" ⚠ {len(unit.dangers)}" if unit.dangers else ""
    name = prose(f"{environment}/{unit.name}")
    return f"- {mark} **{name}**{danger} {prose(unit.headline, 200)} — {names(unit.changes)}\n"


def concise(environment: str, unit: UnitPlan) -> str:
    """What changes for users, why it is not safe, dangers, the fields that differ."""
    lines = [*_head(environment, unit), *_findings(unit, 3), *dangers(unit.dangers, 8)]
    return "\n".join([*lines, *folded("fields", fence(field_lines(unit.changes, 24), "diff"), ())]) + "\n"


def full(environment: str, unit: UnitPlan, shared: Sharing) -> str:
    """All of it, the differences as lines of the files."""
    lines = [*_head(environment, unit), *_findings(unit, 10), *_tracks(unit), *dangers(unit.dangers, 20)]
    if unit.steps:
        lines += [*course(unit), *picture(unit)]
    return "\n".join([*lines, *undo(unit), *files(unit.changes, shared, unit.name)]) + "\n"


def _head(environment: str, unit: UnitPlan) -> list[str]:
    verdict = unit.verdict
    name = prose(f"{environment}/{unit.name}")
    said = [
        f"**{verdict.verdict}** over {counted(verdict.states, 'state')}",
        wait(verdict),
        unit.strategy,
        unit.position,
    ]
    facts = " · ".join(part if number == 0 else prose(part) for number, part in enumerate(said) if part)
    headline = [f"**{prose(unit.headline)}**", ""] if unit.headline else []
    return [f"### {MARK[verdict.verdict]} {name}", "", *headline, facts, ""]


def _findings(unit: UnitPlan, most: int) -> list[str]:
    found = told(unit)
    lines = [line for each in found[:most] for line in _finding(each)]
    return [*lines, f"… {counted(len(found) - most, 'more finding')}", ""] if len(found) > most else lines


def _finding(each: Told) -> list[str]:
    diagnostic = each.diagnostic
    kind = "CAUTION" if diagnostic.severity == "error" else "WARNING"
    place = f" ({code(str(diagnostic.loc))})" if diagnostic.loc is not None else ""
    lines = [f"> [!{kind}]", f"> {code(diagnostic.code)} {prose(diagnostic.message, 600)}{place}"]
    if diagnostic.help:
        lines += [">", f"> Help: {prose(diagnostic.help, 600)}"]
    return [*lines, "", *_trace(each)]


def _trace(each: Told) -> list[str]:
    if not each.trace:
        return []
    lines = []
    for moment in story(each.trace):
        lines.append(f"{moment.number:>2}  {moment.event}")
        lines += [f"      {name} → {says}" for name, says in moment.serving]
        lines += [f"      {name}: {says}" for name, says in moment.pods]
    return folded(f"how it happens, in {counted(len(each.trace), 'state')}", fence(lines[:80], "text"), ())


def _tracks(unit: UnitPlan) -> list[str]:
    before = {track.track: track for track in unit.before}
    after = {track.track: track for track in unit.after}
    rows = [
        (prose(name, 60), _track(before.get(name)), _track(after.get(name)))
        for name in dict.fromkeys([*before, *after])
    ]
    return table(("track", "now", "next"), rows)


def _track(track: TrackView | None) -> str:
    return "–" if track is None else prose(track_words(track), 120)


def dangers(found: tuple[Danger, ...], most: int) -> list[str]:
    """Always open: what a reviewer must not miss."""
    if not found:
        return []
    lines = [f"- ⚠ **{prose(each.kind)}** {prose(each.object)}: {prose(each.says)}" for each in found[:most]]
    more = [f"- … {counted(len(found) - most, 'more danger')}"] if len(found) > most else []
    return ["**Dangers**", "", *lines, *more, ""]
