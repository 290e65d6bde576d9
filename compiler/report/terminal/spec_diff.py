"""The edit of a spec as a unified diff."""

from __future__ import annotations

import difflib
from typing import Final

from compiler.diagnostics.render.cells import sanitized_line

DIFF_COLORS: Final = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"}


def unified_diff(file: str, before: str, after: str) -> str:
    """A unified diff, free of control characters."""
    old, new = (text.removesuffix("\n").split("\n") for text in (before, after))
    lines = difflib.unified_diff(old, new, f"a/{file}", f"b/{file}", lineterm="")
    return "".join(f"{sanitized_line(line.removesuffix(chr(13)))}\n" for line in lines)


def colored_diff(diff: str) -> str:
    return "".join(
        f"{DIFF_COLORS[line[0]]}{line}\x1b[0m\n" if line[:1] in DIFF_COLORS else f"{line}\n"
        for line in diff.splitlines()
    )
