"""Texts in XML. The standard library's `xml.sax.saxutils` does the same and loads HTTP and TLS first, for 30 ms."""

from __future__ import annotations

from html import escape
from typing import Final

SPACES: Final = str.maketrans({"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
"""As references: a reader of XML makes plain spaces of these in an attribute."""


def element_text(text: str) -> str:
    """The text as it stands between tags."""
    return escape(text, quote=False)


def attribute_text(text: str) -> str:
    """The text as an attribute's value with its quotes: those that it does not hold itself, where it holds one kind."""
    value = escape(text, quote=False).translate(SPACES)
    if '"' not in value:
        return f'"{value}"'
    return f"'{value}'" if "'" not in value else f'"{value.replace(chr(34), "&quot;")}"'
