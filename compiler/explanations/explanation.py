"""What stands behind a diagnostic's code: the text of `shipway explain CODE` and of a SARIF rule."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Explanation:
    """One code in words: `title` in a line, what it means, how to fix it, and where the rule comes from."""

    title: str
    meaning: str
    fix: str
    source: str
