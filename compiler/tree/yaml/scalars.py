"""Scalars as YAML text that readers of YAML 1.1 (Go, PyYAML) and 1.2 (ruamel) take for the same value."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from json.encoder import encode_basestring_ascii

from compiler.tree.yaml.errors import UnwritableError

# Plain only what starts like a word or a path, as no number, date, `~`, `<<`, `=` or `.inf` does.
_PLAIN = re.compile(
    r"[A-Za-z/_](?:[A-Za-z0-9_./+=@%,;()~^$-]|:(?=\S)|[ ](?=[A-Za-z0-9_./+=@(-]))*"
    r"|[1-9][0-9]*(?:m|[KMGTP]i)"  # quantities: no reader knows a number with such an end
)
_WORDS_OF_OTHER_TYPES = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"))

_INVISIBLE = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f"
    r"\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
)
# Ranges, not str.isprintable: its table grows with each Python, and the bytes must not. Named one by one, for a class
# of all others takes 7 ms of every start to compile.
_UNREADABLE = rf"\x7f-\xa0\u2000-\u200f\ud800-\uf8ff\ufffe\uffff\U000e0000-\U0010ffff{_INVISIBLE}"
_ESCAPED = re.compile(rf'["\\\x00-\x1f{_UNREADABLE}]')
_SURROGATE = re.compile("[\ud800-\udfff]")
_SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}

# What a block literal would lose, or would only keep with an indentation indicator or in some of the readers.
_UNLITERAL = re.compile(rf"\A\s|[ \t](?=\n|\Z)|\n\n\Z|[\x00-\x08\x0b-\x1f{_UNREADABLE}]")

_INT64 = 2**63


def double_quoted(text: str) -> str:
    """`text` as a double-quoted scalar on one line.

    Raises UnwritableError for a lone surrogate, which no UTF-8 file can hold.
    """
    if text.isascii():
        return encode_basestring_ascii(text)
    if _SURROGATE.search(text):
        raise UnwritableError("the text holds half of a surrogate pair, which is no character")
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    return _SHORT_ESCAPES.get(character) or (f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")


@lru_cache(maxsize=1 << 16)
def string(text: str) -> str:
    """`text` on one line: plain where every reader takes it for this string, else double-quoted.

    Quoted in any case: what YAML 1.1 takes for booleans or null (PyYAML resolver.py, go-yaml v2 resolve.go).
    """
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_OTHER_TYPES:
        return text
    return double_quoted(text)


def literal(text: str, indent: str) -> str | None:
    """`text` as a block literal at `indent`, its header first; None where that is not exact in every reader.

    Not exact, or not legible: no line break, a first line that is blank or indented, blanks at the end of a
    line, several line breaks at the end, characters that need an escape.
    """
    if "\n" not in text or _UNLITERAL.search(text):
        return None
    header = "|" if text.endswith("\n") else "|-"
    lines = text.removesuffix("\n").split("\n")
    return "\n".join([header, *(f"{indent}{line}" if line else "" for line in lines)])


def integer(number: int) -> str:
    """`number` in decimal. Raises UnwritableError beyond 64 bits, where readers differ."""
    if -_INT64 <= number < _INT64:
        return str(number)
    raise UnwritableError("the integer does not fit into 64 bits")


def floating_point(number: float) -> str:
    """`number` with a point, without which YAML 1.1 reads `1e+16` as text.

    Raises UnwritableError for NaN and infinities.
    """
    if not math.isfinite(number):
        raise UnwritableError("the number is not finite, and JSON has no such value")
    text = repr(number)
    if "e" in text and "." not in text:
        return text.replace("e", ".0e")
    return text
