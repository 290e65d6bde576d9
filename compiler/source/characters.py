"""Characters that a reader of a spec cannot see or that a terminal obeys, and the text that hides a file."""

from __future__ import annotations

import re
import unicodedata

from compiler.diagnostics.model import Diagnostic, Loc

SKIP_MARK = "+argocd:skip-file-rendering"
"""Anywhere in a file, it makes Argo CD skip it (reposerver/repository/repository.go, `skipFileRenderingMarker`)."""
_PLAIN = bytes([0x09, 0x0A, *range(0x20, 0x7F)])
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 and C1 controls, DEL; tab and line feed may stand in data
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # drawn as nothing by most fonts
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero-width, separators, bidirectional controls
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"  # byte order mark, annotations, non-characters, surrogates
    "\ufdd0-\ufdef\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # non-characters, formats of shorthand and of music
    "\U000e0000-\U000e0fff]"  # invisible tags, and variation selectors that can carry a message
)
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MAX_FINDINGS = 20


def is_clean(text: str) -> bool:
    """Whether `text` holds no character that `unseen` would report."""
    if text.isascii():
        return not text.encode("ascii").translate(None, _PLAIN)
    return _FORBIDDEN.search(text) is None


def hidden_characters(text: str, file: str) -> list[Diagnostic]:
    """One finding per forbidden character in a file's text (at most twenty), in order; CRLF line ends are allowed."""
    plain = text.replace("\r\n", " \n")
    if is_clean(plain):
        return []
    diagnostics: list[Diagnostic] = []
    for match in _FORBIDDEN.finditer(plain):
        diagnostics.append(_forbidden(match.group(), _character_location(plain, match.start(), file)))
        if len(diagnostics) == _MAX_FINDINGS:
            break
    return diagnostics


def hidden_character_in_value(text: str, loc: Loc) -> Diagnostic | None:
    """The finding for an escape such as `\\0` that puts a forbidden character into a quoted value at `loc`."""
    match = _FORBIDDEN.search(text)
    return _forbidden(match.group(), loc) if match is not None else None


def character_name(character: str) -> str:
    """`U+202E RIGHT-TO-LEFT OVERRIDE`: what stands for a character that cannot be shown."""
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X}{' ' if name else ''}{name}"


def _character_location(text: str, index: int, file: str) -> Loc:
    line = text.count("\n", 0, index) + 1
    return Loc(file, line, index - text.rfind("\n", 0, index))


def _forbidden(character: str, loc: Loc) -> Diagnostic:
    if character == "\ufeff":
        return Diagnostic(
            "yaml-byte-order-mark",
            "the file contains a byte order mark (U+FEFF)",
            loc,
            "save the file as UTF-8 without BOM",
        )
    if character in _BIDI:
        return Diagnostic(
            "yaml-bidi-control",
            f"{character_name(character)} makes the text look different from what it contains",
            loc,
            "remove the character; reviewers would see a different spec from the one that the compiler reads",
        )
    return Diagnostic(
        "yaml-control-character",
        f"{character_name(character)} is an invisible character",
        loc,
        "remove it" if character != "\r" else "end lines with LF or CRLF; a lone CR hides text from reviewers",
    )
