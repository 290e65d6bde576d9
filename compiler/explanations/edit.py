"""Every code that an edit of a spec can emit, in words."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

_DESIGN = "Shipway's design: edits keep comments and layout"

CODES: dict[str, Explanation] = {
    "edit-missing": Explanation(
        "There is nothing at the place to edit",
        "The edit speaks of a key or item that this file does not hold; it may stand in a base that the file extends.",
        "Write the value into this file, or edit the base.",
        _DESIGN,
    ),
    "edit-exists": Explanation(
        "What would be inserted is there already",
        "An insertion never replaces a value.",
        "Change the value instead, or remove it first.",
        _DESIGN,
    ),
    "edit-by-hand": Explanation(
        "The file's layout does not allow a safe edit",
        "The edited text would not read back as exactly what was meant, or would lose a comment.",
        "Make the change by hand; the message says which.",
        _DESIGN,
    ),
    "edit-value": Explanation(
        "The value cannot stand in a spec",
        "Specs hold text, 64-bit integers, finite floats, booleans, null, lists and maps with text as keys.",
        "Give one of those.",
        _DESIGN,
    ),
}
