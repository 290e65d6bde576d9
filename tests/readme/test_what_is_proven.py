"""The page of what is proven is what the classification says today."""

from __future__ import annotations

from pathlib import Path

from compiler.report.markdown.what_is_proven import what_is_proven_page

PAGE = Path(__file__).parents[2] / "docs" / "what-is-proven.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text() == what_is_proven_page(), "write it anew: shipway explain --fields > docs/what-is-proven.md"


def test_every_row_says_why() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    assert len(rows) > 300
    assert all(len([cell for cell in row.split(" | ") if cell.strip(" |")]) == 3 for row in rows)
