"""shipway status: environments × releases: versions, step, traffic, published commit, confirmed, hand edits."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from compiler.cli.environment_status import DepartureStatus, environment_status
from compiler.cli.output import next_command, print_diagnostics
from compiler.cli.release_selection import chosen_environments
from compiler.cli.terminal import terminal_columns
from compiler.course.timing import short_duration
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.diagnostics.render.cells import sanitized_line, width_of
from compiler.model.plan import TrackView
from compiler.model.unit_status import MemberStatus, UnitStatus
from compiler.report.json.preview import preview_data
from compiler.source.workspace import unknown_name_diagnostic

STATUS_COLUMNS = ("RELEASE", "STRATEGY", "STEP", "TRACKS", "PUBLISHED", "NOTES")


def run(args: argparse.Namespace) -> int:
    root, now = Path(args.root), datetime.now(UTC)
    if args.wait:
        from compiler.cli.settling import wait_until_settled  # noqa: PLC0415 - the pilot's packages, an extra

        return wait_until_settled(root, args)
    diagnostics: list[Diagnostic] = []
    rows: list[UnitStatus] = []
    departed: list[DepartureStatus] = []
    for name in chosen_environments(root, sorted({each.partition("/")[0] for each in args.names})):
        try:
            here = environment_status(root, name, now)
        except Rejected as rejected:
            diagnostics += rejected.diagnostics
            continue
        diagnostics += here.warnings
        wanted = {each.partition("/")[2] for each in args.names if each.partition("/")[0] == name}
        known = {each.name for each in here.units} | {member.name for each in here.units for member in each.members}
        known |= {each.name for each in here.departed}
        unknown = sorted(wanted - known - {""})
        if unknown:
            raise Rejected([unknown_name_diagnostic("release", each, sorted(known)) for each in unknown])
        everything = not wanted - {""}
        rows += [each for each in here.units if everything or wanted & {each.name, *(m.name for m in each.members)}]
        departed += [each for each in here.departed if everything or each.name in wanted]
    if args.format == "json":
        data = {
            "format": 1,
            "releases": [status_row_data(row) for row in rows],
            "departed": list(map(asdict, departed)),
        }
        sys.stdout.write(json.dumps(data, indent=2) + "\n")
    else:
        cells = [cells for row in rows for cells in status_row_cells(row)]
        sys.stdout.write(status_output([*cells, *map(departure_cells, departed)]))
        sys.stdout.writelines(f"{line}\n" for row in rows for line in unit_preview_lines(row))
    status = print_diagnostics(diagnostics, argparse.Namespace(root=args.root, format="text"))
    next_command(args, next_status_command(rows))
    return status


def departure_cells(row: DepartureStatus) -> tuple[str, ...]:
    """The line of a release that has left, until nothing is left of it as far as Git can tell."""
    state = " confirmed" if row.confirmed else ""
    left = "its objects stay in the cluster, because `argocd.cascade` was not set" if row.stays else ""
    note = left or f"once Argo CD has synced this: shipway confirm {row.environment}"
    return (f"{row.environment}/{row.name}", "", "removed", "", f"{row.commit[:8]}{state}", note)


def next_status_command(rows: list[UnitStatus]) -> str:
    """The step that may be taken now; else the publish that is due; else the history."""
    open_now = next((row for row in rows if row.may_go_on), None)
    if open_now is not None:
        return open_now.next_command
    due = next((row for row in rows if not row.published), None)
    if due is not None:
        return f"shipway plan {due.environment}"
    return f"shipway history {rows[0].environment}" if rows else "shipway check"


def status_row_data(row: UnitStatus) -> dict[str, object]:
    """A row as JSON's types; what stays while `format` is 1: these names."""
    return {
        "environment": row.environment,
        "name": row.name,
        "step": row.position,
        "next": row.next_command or None,
        "members": [
            {
                "name": each.name,
                "strategy": each.strategy,
                "tracks": [track_data(track) for track in each.tracks],
                "published": [track_data(track) for track in each.published],
            }
            for each in row.members
        ],
        "commit": row.commit,
        "time": row.time,
        "published": row.published,
        "confirmed": row.confirmed,
        "handEdits": list(row.by_hand),
        "decision": row.decision or None,
        "soakSecondsLeft": row.soak_left,
        "notBefore": row.not_before,
        "previews": [preview_data(each) for each in row.previews],
    }


def unit_preview_lines(row: UnitStatus) -> Iterator[str]:
    """How each new version is reached: a command to copy, which no column could hold."""
    for each in row.previews:
        place = f"{row.environment}/{each.release} {each.track} {each.version}"
        when = "" if row.published else ", once it is published"
        yield f"preview of {place}{f' {each.place}' if each.place else ''}{when}: {sanitized_line(each.command)}"


def track_data(track: TrackView) -> dict[str, object]:
    return {name: value for name, value in asdict(track).items() if value != ""}


def status_row_cells(row: UnitStatus) -> list[tuple[str, ...]]:
    """A line for a release; for a group one with its step, and one for each member."""
    first, *rest = row.members
    shown = f"{row.environment}/{row.name}"
    if not rest and first.name == row.name:
        return [
            (
                shown,
                first.strategy,
                row.position,
                tracks_text(first.tracks),
                published_text(row),
                notes_text(row, unpublished_tracks_text(first)),
            )
        ]
    head = (shown, "group", row.position, "", published_text(row), notes_text(row))
    return [
        head,
        *(
            (f"  {each.name}", each.strategy, "", tracks_text(each.tracks), "", unpublished_tracks_text(each))
            for each in row.members
        ),
    ]


def tracks_text(views: tuple[TrackView, ...]) -> str:
    return ", ".join(track_text(replace(each, requests="") if each.share is not None else each) for each in views)


def track_text(view: TrackView) -> str:
    share = f" {view.share:g} %" if view.share is not None else ""
    return f"{view.track} {view.version}{share}{f' ({view.requests})' if view.requests else ''}"


def published_text(row: UnitStatus) -> str:
    if row.commit is None:
        return "not yet"
    state = "" if row.published else ", specs differ"
    return f"{row.commit[:8]}{' confirmed' if row.confirmed else ''}{state}"


def unpublished_tracks_text(member: MemberStatus) -> str:
    """What is published of a release whose specs say something else of its tracks."""
    return f"published: {tracks_text(member.published)}" if member.published not in ((), member.tracks) else ""


def notes_text(row: UnitStatus, first: str = "") -> str:
    notes = [first] if first else []
    notes += [f"soaks {short_duration(row.soak_left)} more"] if row.soak_left else []
    if row.next_step:
        notes.append(f"next: {row.next_step}{f' from {row.not_before}' if row.not_before else ''}")
    if row.decision:
        notes.append(f"pilot: {row.decision}")
    if row.by_hand:
        notes.append(f"{len(row.by_hand)} edited by hand")
    return ", ".join(notes)


def status_output(rows: list[tuple[str, ...]]) -> str:
    """The rows as a table or, on a terminal that is too narrow for it, each as lines of its own."""
    text, room = status_table(rows), terminal_columns(sys.stdout)
    fits = room is None or all(width_of(line) <= room for line in text.splitlines())
    return text if fits else "".join(row_block(row) for row in rows)


def row_block(row: tuple[str, ...]) -> str:
    indent = " " * (len(row[0]) - len(row[0].lstrip()) + 2)
    name, strategy, step, *rest = (sanitized_line(cell) for cell in row)
    head = f"{name}  {', '.join(filter(None, (strategy, step)))}\n"
    return head + "".join(f"{indent}{cell}\n" for cell in rest if cell)


def status_table(rows: list[tuple[str, ...]]) -> str:
    lines = [STATUS_COLUMNS, *([sanitized_line(cell) for cell in row] for row in rows)]
    widths = [max(width_of(line[column]) for line in lines) for column in range(len(STATUS_COLUMNS))]
    text = ""
    for line in lines:
        cells = (cell + " " * (width - width_of(cell)) for cell, width in zip(line, widths, strict=True))
        text += "  ".join(cells).rstrip() + "\n"
    return text
