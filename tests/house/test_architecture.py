"""ARCHITECTURE.md names every folder of the compiler, and none that is not there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "ARCHITECTURE.md").read_text()


def folders(path: Path) -> set[str]:
    return {each.name for each in path.iterdir() if (each / "__init__.py").exists()}


def rows(section: str) -> set[str]:
    """The folders named in the first column of the section's table."""
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return set(re.findall(r"^\| `(\w+)/` \|", text, re.MULTILINE))


def test_every_folder_of_the_compiler_has_a_row() -> None:
    assert rows("The folders") == folders(ROOT / "compiler")


def test_every_folder_of_the_verifier_has_a_row() -> None:
    assert rows("The verifier") == folders(ROOT / "compiler" / "transition")


def test_the_formats_of_a_report_are_its_folders() -> None:
    row = next(line for line in PAGE.splitlines() if line.startswith("| `report/`"))
    assert set(re.findall(r"`(\w+)/`", row)) - {"report"} == folders(ROOT / "compiler" / "report")


def test_the_folders_stand_in_the_order_of_the_imports() -> None:
    """A folder stands above those it may import, as `.importlinter` has them."""
    layers = (ROOT / ".importlinter").read_text().partition("layers =\n")[2].partition("exhaustive")[0]
    rank = {name: index for index, line in enumerate(layers.split("\n")) for name in re.findall(r"\w+", line)}
    order = re.findall(r"^\| `(\w+)/` \|", PAGE.partition("\n## The folders\n")[2].partition("\n## ")[0], re.MULTILINE)
    known = [rank[name] for name in order if name in rank]
    assert known == sorted(known)
