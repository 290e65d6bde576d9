"""A receipt as Markdown, for the pull request that brings the specs in."""

from __future__ import annotations

from compiler.adopt.receipt import Receipt
from compiler.report.markdown.render import rendered_markdown


def receipt_markdown(receipt: Receipt) -> str:
    """The receipt with a table for each release, one for what stays beside, and the way in."""
    return rendered_markdown(
        "receipt.md",
        receipt=receipt,
        beside=[(row.object, row.place, row.reason) for row in receipt.rows if row.standing == "beside"],
        needs=[(each.object, each.release, each.reason) for each in receipt.needs],
        way=[(each.release, each.title, f"{each.verdict}, {each.standing}", each.sentence) for each in receipt.way_in],
    )
