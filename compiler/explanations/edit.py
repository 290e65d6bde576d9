"""Every code that an edit of a spec can emit, in words."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

_DESIGN = "Shipway's design: edits keep comments and layout"

CODES: dict[str, Explanation] = {
    "edit-missing": Explanation(
        "The value to edit does not exist",
        "A command such as `shipway advance` edits a key or an item that is not in this file. It may be in a base that "
        "the file extends.",
        "Write the value into this file, or edit the base.",
        _DESIGN,
    ),
    "edit-exists": Explanation(
        "The value to insert exists already",
        "A command adds a key or an item, such as a new track, and the file contains it already. An addition "
        "never replaces a value.",
        "Look at the existing value: change it by hand, or remove it and run the command again.",
        _DESIGN,
    ),
    "edit-by-hand": Explanation(
        "The file's layout does not allow a safe edit",
        "A command such as `shipway start` edits only the lines that it changes. In this file such an edit would "
        "change something else too, or would lose a comment. Shipway wrote nothing.",
        "Make the change that the message names by hand.",
        _DESIGN,
    ),
    "edit-value": Explanation(
        "A spec cannot contain this value",
        "A command was about to write a value of another type into a spec. Specs contain text, 64-bit integers, finite "
        "floats, booleans, null, lists, and maps with text as keys.",
        "Give the command a value of one of these types.",
        _DESIGN,
    ),
}
