"""Colors and columns of a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from compiler.diagnostics.render.cells import sanitized_line, width_of
from compiler.model.verdict import Safety

WIDTH: Final = 80


@dataclass(frozen=True, slots=True)
class Paint:
    """Escape sequences; all empty where no color is wanted."""

    strong: str = ""
    quiet: str = ""
    red: str = ""
    green: str = ""
    yellow: str = ""
    blue: str = ""
    magenta: str = ""
    cyan: str = ""
    end: str = ""

    def safety(self, verdict: Safety) -> str:
        return {"safe": self.green, "unsafe": self.red, "unknown": self.yellow}[verdict]

    def track(self, index: int) -> str:
        """A color for the n-th track, wherever it is drawn."""
        return (self.blue, self.yellow, self.magenta, self.cyan)[index % 4]


PLAIN: Final = Paint()
COLORED: Final = Paint(
    strong="\x1b[1m",
    quiet="\x1b[2m",
    red="\x1b[1;31m",
    green="\x1b[1;32m",
    yellow="\x1b[33m",
    blue="\x1b[34m",
    magenta="\x1b[35m",
    cyan="\x1b[36m",
    end="\x1b[0m",
)


def fit_to_width(text: str, width: int) -> str:
    """`text` made harmless and filled or cut to `width` cells."""
    shown = cropped(text, width)
    return shown + " " * (width - width_of(shown))


def cropped(text: str, width: int) -> str:
    """`text` made harmless, at most `width` cells of it."""
    shown = sanitized_line(text)
    if width_of(shown) <= width:
        return shown
    kept, used = [], 0
    for character in shown:
        used += width_of(character)
        if used > width - 1:
            break
        kept.append(character)
    return "".join(kept) + "…"


_PIECE: Final = re.compile(r"(?:[-+~±] )?(?:\S*\d (?:%|pods?|cores?|[KMGT]iB)(?![^\W_])\S*|\S+)")
"""What no line break goes through: a figure with its unit, a sign with what it says it of."""


def wrapped(text: str, indent: str, width: int = WIDTH) -> Iterator[str]:
    """`text` made harmless, in lines of at most `width` cells that all begin with `indent`."""
    line = ""
    room = width - width_of(indent)
    for word in _PIECE.findall(sanitized_line(" ".join(text.split()))):
        longer = f"{line} {word}" if line else word
        if line and width_of(longer) > room:
            yield indent + line
            line = cropped(word, room)
        else:
            line = cropped(longer, room)
    if line:
        yield indent + line
