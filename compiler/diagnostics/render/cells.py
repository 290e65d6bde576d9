"""Text as a terminal's cells: how wide each character is drawn, and what stands for those that must not be drawn."""

from __future__ import annotations

import unicodedata

_TAB = 4


def sanitized_line(text: str) -> str:
    """`text` on one line, with every control or invisible character replaced by its visible number.

    No escape sequence, bidirectional control or surrogate passes, so no file can command the terminal.
    """
    return text if text.isascii() and text.isprintable() else "".join(map(_visible_character, text))


def printed_cells(text: str) -> list[tuple[str, int]]:
    """For each character of a source line what is printed for it, and in how many cells."""
    cells: list[tuple[str, int]] = []
    column = 0
    for character in text:
        shown = " " * (_TAB - column % _TAB) if character == "\t" else _visible_character(character)
        width = width_of(shown)
        cells.append((shown, width))
        column += width
    return cells


def width_of(text: str) -> int:
    """The number of cells that `text` takes: two for wide East Asian characters, none for combining ones."""
    return sum(map(_width, text)) if not text.isascii() else len(text)


def _visible_character(character: str) -> str:
    # Not printable are also blanks other than the space: one of them in an indentation is worth showing.
    return character if character.isprintable() else f"<U+{ord(character):04X}>"


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
