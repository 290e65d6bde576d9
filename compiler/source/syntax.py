"""libyaml's complaints as diagnostics that say what to do."""

from __future__ import annotations

import re

from yaml.error import MarkedYAMLError, YAMLError

from compiler.diagnostics.model import Diagnostic, Loc, Related
from compiler.source.characters import character_name

_HELP = "look at the indentation and at quotes and brackets that are not closed"
_FIXES = {
    "mapping values are not allowed in this context": (
        "a ': ' is in a place where no key can begin",
        "quote the value if the colon belongs to it, or fix the indentation of this line",
    ),
    "did not find expected key": (
        "expected a key here",
        "align this line with the keys beside it, or fix the line above",
    ),
    "did not find expected '-' indicator": (
        "expected another '- ' item of the list here",
        "indent this line to belong to an item, or outdent it to end the list",
    ),
    "could not find expected ':'": (
        "a key without ': '",
        "write 'key: value', or indent the line to belong to the text above",
    ),
    "found unexpected end of stream": ("a quoted value is never closed", "close the quote"),
    "found unknown escape character": (
        "unknown escape in a double-quoted value",
        "write \\\\ for a backslash, or use single quotes",
    ),
    "did not find expected ',' or ']'": ("a list in [ ] is not closed", "write ',' between items and ']' at the end"),
    "did not find expected ',' or '}'": ("a map in { } is not closed", "write ',' between entries and '}' at the end"),
    "did not find expected <document start>": (
        "the document has already ended above",
        "begin all top-level keys in the same column, and remove a '...' line above this one",
    ),
    "did not find expected node content": (
        "expected a value here",
        "write the value, or remove an extra ',', ']' or '}'",
    ),
    "did not find expected comment or line break": (
        "text follows '|' or '>' on the same line",
        "move the text to the lines below, indented, or quote the value",
    ),
    **dict.fromkeys(
        ("found invalid Unicode character escape code", "did not find expected hexdecimal number"),
        ("an escape sequence that is not a character", "write \\\\ for a backslash, or use single quotes"),
    ),
    "block sequence entries are not allowed in this context": (
        "a '- ' is in a place where no list can begin",
        "put the list on separate lines below its key",
    ),
}

_CONTEXTS = {
    "while parsing a block mapping": "the map begins here",
    "while parsing a block collection": "the list begins here",
    "while parsing a flow mapping": "the { is here",
    "while parsing a flow sequence": "the [ is here",
    "while scanning a simple key": "the key begins here",
    "while scanning a block scalar": "the text begins here",
    "while scanning a quoted scalar": "the quote begins here",
}
# of these the parser complains only behind their end
_SHOWN_AT_THEIR_BEGINNING = ("while scanning a simple key", "while scanning a quoted scalar")
_INDICATORS = ("while scanning an alias", "while scanning an anchor", "while scanning a tag")

_BLANKS = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_MISTAKEN = re.compile(rf"^ *([{_BLANKS}])|:([{_BLANKS}])|(\uff1a)")
"""What an office program or a web page makes of a blank and a colon."""


def syntax_diagnostic(error: YAMLError, text: str, file: str) -> Diagnostic:
    """The diagnostic for an exception of libyaml about `text`; never raises."""
    if not isinstance(error, MarkedYAMLError):
        return _unmarked_error_diagnostic(error, text, file)
    first = error.context in (*_SHOWN_AT_THEIR_BEGINNING, *_INDICATORS) and error.context_mark is not None
    loc = _mark_location(error.context_mark if first else error.problem_mark, text, file)
    if _character_at(text, loc) == "\t":
        return Diagnostic("yaml-tab", "a tab is used where YAML needs spaces", loc, "indent with spaces")
    mistaken = _lookalike_character(text, loc)
    if mistaken is not None:
        return mistaken
    message, fix = _plain_message(error, text, loc)
    return Diagnostic("yaml-syntax", message, loc, fix, related=_context(error, text, file, loc))


def _lookalike_character(text: str, loc: Loc) -> Diagnostic | None:
    """The finding for a character that only looks like a blank or a colon, in the line of `loc` or the one above."""
    lines = text.split("\n")
    for number in (loc.line, loc.line - 1):
        match = _MISTAKEN.search(lines[number - 1]) if 1 <= number <= len(lines) else None
        if match is not None:
            at = match.start(match.lastindex or 0)
            wanted = "':'" if match.lastindex == 3 else "a plain space"
            message = f"{character_name(lines[number - 1][at])} is used where YAML needs {wanted}"
            return Diagnostic("yaml-syntax", message, Loc(loc.file, number, at + 1), "replace it")
    return None


def _plain_message(error: MarkedYAMLError, text: str, loc: Loc) -> tuple[str, str]:
    problem = str(error.problem)
    if problem == "found character that cannot start any token" or error.context in _INDICATORS:
        character = _character_at(text, loc)
        return f"a value cannot begin with {character!r} unless it is quoted", "quote the value"
    return _FIXES.get(problem, (problem, _HELP))


def _context(error: MarkedYAMLError, text: str, file: str, loc: Loc) -> tuple[Related, ...]:
    if error.context is None or error.context_mark is None:
        return ()
    opened = _mark_location(error.context_mark, text, file)
    context = str(error.context)
    return (Related(opened, _CONTEXTS.get(context, context)),) if opened.line != loc.line else ()


def _mark_location(mark: object, text: str, file: str) -> Loc:
    line, column = getattr(mark, "line", 0), getattr(mark, "column", 0)
    lines = text.split("\n")
    if line >= len(lines) or (line == len(lines) - 1 and not lines[line] and line > 0):
        last = len(lines) - 1 if lines[-1] or len(lines) == 1 else len(lines) - 2
        return Loc(file, last + 1, len(lines[last].rstrip("\r")) + 1)
    return Loc(file, line + 1, column + 1)


def _character_at(text: str, loc: Loc) -> str:
    lines = text.split("\n")
    line = lines[loc.line - 1] if loc.line <= len(lines) else ""
    return line[loc.column - 1 : loc.column]


def _unmarked_error_diagnostic(error: YAMLError, text: str, file: str) -> Diagnostic:
    position = getattr(error, "position", 0)
    reason = getattr(error, "reason", "cannot be read")
    prefix = text.encode("utf-8", "replace")[:position].decode("utf-8", "replace")
    loc = Loc(file, prefix.count("\n") + 1, len(prefix) - prefix.rfind("\n"))
    return Diagnostic("yaml-control-character", str(reason), loc, "remove the character")
