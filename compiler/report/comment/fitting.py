"""A text of many parts within a number of bytes: what matters most is said in full for as long as there is room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

Rendition = Callable[[], str]
_PATIENCE: Final = 20


@dataclass(frozen=True, slots=True)
class Part:
    """One part in several lengths, the shortest first; `urgent` parts get their full length before all others."""

    renditions: tuple[Rendition, ...]
    urgent: bool


def fitted(parts: Sequence[Part], room: int) -> tuple[list[str], list[int]]:
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
            if level >= len(parts[n].renditions) or levels[n] != level or misses > _PATIENCE:
                continue
            text = parts[n].renditions[level]()
            grown = used + size(text) - size(texts[n])
            if grown <= room:
                texts[n], levels[n], used = text, level + 1, grown
            else:
                misses += 1
    return texts, levels


def size(text: str) -> int:
    """The text's bytes."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
