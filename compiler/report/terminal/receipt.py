"""A receipt as text: a block for each object, the way in, and what is left to do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from compiler.adopt.receipt import CommitStanding, Receipt, ReceiptChange, ReceiptRow
from compiler.diagnostics.render.cells import sanitized_line

LONGEST_VALUE = 60


def receipt_text(receipt: Receipt) -> str:
    """The receipt, line by line. Ends with a newline."""
    lines = [f"receipt {receipt.digest}", f"of {receipt.origin}, into {receipt.environment}", ""]
    for release in receipt.releases:
        lines += [f"release {release}", *_release_lines(receipt, release), ""]
    lines += _receipt_section("left beside", [_beside_line(row) for row in receipt.rows if row.standing == "beside"])
    lines += _receipt_section("needs", [f"{each.object} (of {each.release}): {each.reason}" for each in receipt.needs])
    lines += _receipt_section("way in", [line for each in receipt.way_in for line in _commit_lines(each)])
    lines += _receipt_section("hand-over", list(receipt.hand_over))
    lines += _receipt_section("premises", list(receipt.premises))
    return "\n".join([*lines, counts_sentence(receipt)]) + "\n"


def counts_sentence(receipt: Receipt) -> str:
    """How many objects are the same, change, come along and stay beside."""
    counts = receipt.counts
    parts = [f"{counts[name]} {word}" for name, word in COUNT_WORDS.items() if counts[name]]
    return f"objects: {', '.join(parts) or 'none'}"


COUNT_WORDS = {"same": "the same", "changed": "changed", "added": "added", "beside": "left beside"}


def _receipt_section(title: str, lines: list[str]) -> list[str]:
    return [title, *(f"  {sanitized_line(line)}" for line in lines), ""] if lines else []


def _release_lines(receipt: Receipt, release: str) -> Iterator[str]:
    for row in receipt.rows:
        if row.release == release and row.standing != "beside":
            yield f"  {sanitized_line(_row_heading(row))}"
            yield from (f"    {sanitized_line(line)}" for change in row.changes for line in _change_lines(change))


def _row_heading(row: ReceiptRow) -> str:
    if row.standing == "added":
        return f"added: {row.object}"
    fields = f"{row.same} field{'' if row.same == 1 else 's'} the same"
    return f"{row.standing}: {row.object} ({fields}{f', {len(row.changes)} changed' if row.changes else ''})"


def _change_lines(change: ReceiptChange) -> Iterator[str]:
    if change.path:
        yield f"{change.path}: {shown_value(change.before)} → {shown_value(change.after)}: {change.reason}"
    else:
        yield change.reason
    if change.keep:
        yield f"  to {'keep it' if change.path else 'leave it out'}: {change.keep}"


def shown_value(value: Any) -> str:
    """A value on one line, long ones cut."""
    if value is None:
        return "(nothing)"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


def _beside_line(row: ReceiptRow) -> str:
    return f"{row.object} ({row.place}): {row.reason}"


def _commit_lines(commit: CommitStanding) -> Iterator[str]:
    yield f"{commit.release}: {commit.title}: {commit.verdict}, {commit.standing}: {commit.sentence}"
