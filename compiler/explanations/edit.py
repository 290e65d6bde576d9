"""Every code that an edit of a spec can emit, in words."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

_DESIGN = "Shipway's design: edits keep comments and layout"

CODES: dict[str, Explanation] = {
    "edit-missing": Explanation(
        "The value to edit does not exist",
        "The edit names a key or item that is not in this file. It may be in a base that the file extends.",
        "Write the value into this file, or edit the base.",
        _DESIGN,
    ),
    "edit-exists": Explanation(
        "The value to insert exists already",
        "An insertion never replaces a value.",
        "Change the value instead, or remove it first.",
        _DESIGN,
    ),
    "edit-by-hand": Explanation(
        "The file's layout does not allow a safe edit",
        "The edited file would not contain exactly the intended change, or would lose a comment.",
        "Make the change that the message names by hand.",
        _DESIGN,
    ),
    "edit-value": Explanation(
        "A spec cannot contain this value",
        "Specs contain text, 64-bit integers, finite floats, booleans, null, lists, and maps with text as keys.",
        "Use one of these types.",
        _DESIGN,
    ),
}
