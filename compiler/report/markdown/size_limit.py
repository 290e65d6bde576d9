"""A text of many parts within a number of bytes: what matters most is shown in full as long as there is room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

Rendition = Callable[[], str]
_MAX_ROUNDS: Final = 20


@dataclass(frozen=True, slots=True)
class SizedPart:
    """One part in several lengths, the shortest first; `urgent` parts get their full length before all others."""

    renditions: tuple[Rendition, ...]
    urgent: bool


def fit_parts(parts: Sequence[SizedPart], room: int) -> tuple[list[str], list[int]]:
    """The parts' texts within `room` bytes, and the length (1 the shortest, 0 none) that each was given.

    Each part gets its shortest rendition before any gets a longer one, and so on. A length is given up for all
    parts after twenty of them did not fit: rendering what will not be shown costs time.
    """
    texts, levels = [""] * len(parts), [0] * len(parts)
    longest = max((len(part.renditions) for part in parts), default=0)
    orders = [
        (level, [n for n, part in enumerate(parts) if part.urgent is urgent])
        for urgent in (True, False)
        for level in range(longest)
    ]
    used = 0
    for level, chosen in orders:
        misses = 0
        for n in chosen:
            if level >= len(parts[n].renditions) or levels[n] != level or misses > _MAX_ROUNDS:
                continue
            text = parts[n].renditions[level]()
            grown = used + byte_size(text) - byte_size(texts[n])
            if grown <= room:
                texts[n], levels[n], used = text, level + 1, grown
            else:
                misses += 1
    return texts, levels


def byte_size(text: str) -> int:
    """The text's bytes."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
