"""A receipt as Markdown, for the pull request that brings the specs in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from compiler.adopt.receipt import Receipt, ReceiptChange, ReceiptRow
from compiler.report.markdown.escape import escaped_prose, inline_code
from compiler.report.terminal.receipt import counts_sentence, shown_value


def receipt_markdown(receipt: Receipt) -> str:
    """The receipt with a table for each release, one for what stays beside, and the way in."""
    lines = [f"# Receipt: {escaped_prose(receipt.origin)} into {escaped_prose(receipt.environment)}", ""]
    lines += [f"{counts_sentence(receipt)}. Digest: {inline_code(receipt.digest)}", ""]
    for release in receipt.releases:
        lines += [f"## {escaped_prose(release)}", "", *_release_table(receipt, release), ""]
    beside = [row for row in receipt.rows if row.standing == "beside"]
    lines += _receipt_table(
        "Left beside", ("object", "where", "why"), [(row.object, row.place, row.reason) for row in beside]
    )
    needs = [(each.object, each.release, each.reason) for each in receipt.needs]
    lines += _receipt_table("Needs", ("object", "release", "why"), needs)
    way = [(each.release, each.title, f"{each.verdict}, {each.standing}", each.sentence) for each in receipt.way_in]
    lines += _receipt_table("The way in", ("release", "commit", "verdict", "what it means"), way)
    if receipt.hand_over:
        lines += ["## Hand-over", "", "```sh", *receipt.hand_over, "```", ""]
    if receipt.premises:
        lines += ["## Premises", "", *(f"- {escaped_prose(each)}" for each in receipt.premises), ""]
    return "\n".join(lines)


def _release_table(receipt: Receipt, release: str) -> Iterator[str]:
    yield "| object | field | from | to | why | the line that keeps it |"
    yield "|---|---|---|---|---|---|"
    for row in receipt.rows:
        if row.release == release and row.standing != "beside":
            yield f"| {inline_code(row.object)} | {_standing_words(row)} | | | | |"
            yield from (_change_row(change) for change in row.changes if change.path)


def _standing_words(row: ReceiptRow) -> str:
    return "added" if row.standing == "added" else f"{row.same} fields the same"


def _change_row(change: ReceiptChange) -> str:
    cells = [inline_code(change.path), *(inline_code(shown_value(each)) for each in (change.before, change.after))]
    return f"| | {' | '.join([*cells, escaped_prose(change.reason), inline_code(change.keep)])} |"


def _receipt_table(title: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    body = [f"| {' | '.join(escaped_prose(cell) for cell in row)} |" for row in rows]
    if not body:
        return []
    return [f"## {title}", "", f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}", *body, ""]
