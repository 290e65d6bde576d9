"""Files that a command makes anew: all of them, or none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path


def write_new_files(folder: Path, contents: Mapping[str, bytes], appended: Mapping[str, bytes] | None = None) -> None:
    """Writes all of the files, and what is appended to others, or nothing: what was written is removed again, so that
    the next run finds nothing there. Raises OSError, also for a file that is there already.
    """
    with ExitStack() as undo:
        for name, content in contents.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as stream:
                undo.callback(path.unlink)
                stream.write(content)
        for name, content in (appended or {}).items():
            path = folder / name
            undo.callback(os.truncate, path, path.stat().st_size)
            with path.open("ab") as stream:
                stream.write(content)
        undo.pop_all()
