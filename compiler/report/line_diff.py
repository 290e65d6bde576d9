"""Two versions of a file, line beside line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

Tag = Literal["equal", "change", "delete", "insert", "gap"]

CONTEXT: Final = 3
_MAX_COMPARISONS: Final = (
    4_000_000  # pairs of lines that are compared at most; beyond, the whole middle counts as changed
)
_LONGEST: Final = 600


@dataclass(frozen=True, slots=True)
class DiffRow:
    """A line of the old file beside one of the new one, numbered from 1; None: nothing stands there.

    A `gap` stands for lines that are equal and not shown, as many as `skipped`.
    """

    tag: Tag
    old: int | None
    before: str | None
    new: int | None
    after: str | None
    skipped: int = 0


def diff_rows(before: bytes | None, after: bytes | None, limit: int = 400) -> tuple[DiffRow, ...]:
    """The lines that differ, with three equal ones around them; a gap stands for the rest.

    Past `limit` rows a last gap counts what is left out. Lines are cut at 600 characters, and say so.
    """
    old, new = _decoded_lines(before), _decoded_lines(after)
    if not old or not new:
        rows = [DiffRow("delete", n, shortened(line), None, None) for n, line in enumerate(old, 1)]
        rows += [DiffRow("insert", None, None, n, shortened(line)) for n, line in enumerate(new, 1)]
    else:
        rows = list(_compared_rows(old, new))
    if len(rows) <= limit:
        return tuple(rows)
    return (*rows[:limit], DiffRow("gap", None, None, None, None, len(rows) - limit))


def unified_lines(rows: Sequence[DiffRow]) -> Iterator[str]:
    """The rows as a unified difference: removed lines before those that take their place."""
    waiting: list[str] = []
    for row in rows:
        if row.tag not in ("change", "insert") or (row.tag == "insert" and not waiting):
            yield from waiting
            waiting = []
        if row.tag == "gap":
            yield f"@@ {row.skipped:,} lines @@"
        elif row.tag == "equal":
            yield f" {row.before}"
        elif row.tag == "delete":
            yield f"-{row.before}"
        elif row.tag == "insert":
            waiting.append(f"+{row.after}")
        else:
            yield f"-{row.before}"
            waiting.append(f"+{row.after}")
    yield from waiting


def shortened(line: str, longest: int = _LONGEST) -> str:
    """The line, shortened where nobody would read on."""
    return line if len(line) <= longest else f"{line[:longest]}… ({len(line) - longest:,} more characters)"


def _decoded_lines(content: bytes | None) -> list[str]:
    return [] if content is None else content.decode("utf-8", "replace").splitlines()


def _compared_rows(old: list[str], new: list[str]) -> Iterator[DiffRow]:
    head = _common_prefix_length(old, new)
    tail = _common_prefix_length(old[head:][::-1], new[head:][::-1])
    old_end, new_end = len(old) - tail, len(new) - tail
    blocks = [("equal", 0, head, 0, head)]
    for tag, i, i_end, j, j_end in _opcodes(old[head:old_end], new[head:new_end]):
        blocks.append((tag, i + head, i_end + head, j + head, j_end + head))
    blocks.append(("equal", old_end, len(old), new_end, len(new)))
    for number, (tag, i, i_end, j, j_end) in enumerate(blocks):
        if tag == "equal":
            first, last = number == 0, number == len(blocks) - 1
            yield from _equal_rows(old, range(i, i_end), j - i, 0 if first else CONTEXT, 0 if last else CONTEXT)
        else:
            yield from _side_by_side_rows(old[i:i_end], new[j:j_end], i, j)


def _common_prefix_length(one: Sequence[str], other: Sequence[str]) -> int:
    length = min(len(one), len(other))
    return next((n for n in range(length) if one[n] != other[n]), length)


def _opcodes(old: list[str], new: list[str]) -> list[tuple[str, int, int, int, int]]:
    if len(old) * len(new) > _MAX_COMPARISONS:
        return [("replace", 0, len(old), 0, len(new))]
    return list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())


def _equal_rows(old: list[str], lines: range, shift: int, after: int, before: int) -> Iterator[DiffRow]:
    """`after` lines that follow a difference, a gap, `before` lines that lead to the next one."""
    shown = [*lines[:after], *lines[max(after, len(lines) - before) :]] if before else list(lines[:after])
    hidden = len(lines) - len(shown)
    for place, n in enumerate(shown):
        if hidden > 0 and place == min(after, len(lines)):
            yield DiffRow("gap", None, None, None, None, hidden)
        yield DiffRow("equal", n + 1, shortened(old[n]), n + 1 + shift, shortened(old[n]))
    if hidden > 0 and len(shown) <= after:
        yield DiffRow("gap", None, None, None, None, hidden)


def _side_by_side_rows(old: list[str], new: list[str], i: int, j: int) -> Iterator[DiffRow]:
    for n in range(max(len(old), len(new))):
        was = shortened(old[n]) if n < len(old) else None
        now = shortened(new[n]) if n < len(new) else None
        tag: Tag = "insert" if was is None else "delete" if now is None else "change"
        yield DiffRow(tag, i + n + 1 if was is not None else None, was, j + n + 1 if now is not None else None, now)
