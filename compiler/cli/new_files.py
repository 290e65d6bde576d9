"""Files that a command makes anew: all of them, or none."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path


def write_new_files(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Writes all of the files, or none: what was written is removed again, so that the next run finds nothing there."""
    with ExitStack() as undo:
        for name, content in contents.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as stream:
                undo.callback(path.unlink)
                stream.write(content)
        undo.pop_all()
