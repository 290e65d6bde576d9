"""Where users read which strategies there are, each one stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from compiler.strategies import STRATEGIES

ROOT = Path(__file__).parents[2]
LISTS = ("README.md", "docs/concepts.md", "docs/index.md", "compiler/spec/descriptions/release.toml")


@pytest.mark.parametrize("page", LISTS)
def test_a_list_of_the_strategies_is_complete(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    lists = [line for line in text.splitlines() if all(name in line for name in ("rolling", "blueGreen", "versioned"))]
    assert any(all(name in line for name in STRATEGIES) for line in lists)


@pytest.mark.parametrize("name", STRATEGIES)
def test_a_strategy_has_a_row_that_leads_to_its_page(name: str) -> None:
    rows = (ROOT / "docs/strategies.md").read_text("utf-8").splitlines()
    pages = [found[1] for row in rows if (found := re.match(rf"\| \[`{name}`.*?\]\((strategies/[\w-]+\.md)\)", row))]
    assert pages
    assert all((ROOT / "docs" / page).is_file() for page in pages)
