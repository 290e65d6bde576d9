"""Replacing a spec on disk: the whole file at once, and only while it still holds what was read."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from compiler.diagnostics.model import Diagnostic, Loc, Rejected


def replace_file(root: Path, file: str, before: str, after: str) -> None:
    """Replaces the file at once, if it still holds `before`. Raises Rejected if somebody else was faster."""
    path = (root / file).resolve()
    descriptor, name = tempfile.mkstemp(prefix=".shipway-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(after.encode("utf-8"))
        Path(name).chmod(path.stat().st_mode & 0o7777)
        if path.read_bytes() != before.encode("utf-8"):
            raise file_changed_rejection(file)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def file_changed_rejection(file: str) -> Rejected:
    message = f"{file} was changed by another program in the meantime; Shipway kept that version"
    return Rejected([Diagnostic("course-file-changed", message, Loc(file, 1, 1), "run the command again")])
