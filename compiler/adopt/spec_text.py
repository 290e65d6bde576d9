"""A release's spec as the text of its file."""

from __future__ import annotations

from typing import Any, Final

from compiler.adopt.release_spec import UnsayableError
from compiler.diagnostics.model import Rejected
from compiler.source.document import Document
from compiler.source.parse import parse
from compiler.tree.yaml import UnwritableError, emit

SCHEMA_LINE: Final = "# yaml-language-server: $schema=../../schemas/release.json\n"


def spec_file_text(data: dict[str, Any]) -> str:
    """The file's text, in block style. Raises UnsayableError for what no spec can hold."""
    try:
        return SCHEMA_LINE + emit(data).decode()
    except UnwritableError as error:
        raise UnsayableError(str(error)) from None


def adopted_document(text: str, file: str) -> Document:
    """The document that a reader will find in the file. Raises UnsayableError for what a spec may not hold."""
    try:
        return parse(text, file)
    except Rejected as rejected:
        raise UnsayableError(rejected.diagnostics[0].message) from None
