"""What a command said, kept to be said again by the next run that finds all as it was: compiler, specs and output.

Loaded before all else: `check` of one service takes 40 ms so instead of 300, for it loads neither argparse (8 ms) nor
dataclasses (10), pathlib (4) or any stage.
"""

from __future__ import annotations

import os
import time
from hashlib import sha256

from compiler.cache.digests import (
    compiler_digest,
    real_listing,
    same_files,
    same_listings,
    same_states,
)
from compiler.cache.entry import read_entry, write_entry

TYPE_CHECKING = False  # typing takes 3 ms
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Final

OPTION: Final = "--no-cache"


def kept_answer(words: Sequence[str]) -> str | None:
    """What the same command said here, if it would say and do the same again; None where it has to run."""
    if OPTION in words:
        return None
    here = compiler_digest()
    entry = read_entry(entry_name(words))
    if entry is None:
        return None
    compiler, files, listings, absent, outputs, text = entry
    same = (
        compiler == here
        and same_listings(listings)
        and not any(map(os.path.lexists, absent))
        and same_files(files)
        and same_outputs(outputs)
    )
    return text if same else None


def keep_answer(
    words: Sequence[str],
    files: Mapping[str, str],
    listings: Mapping[str, list[str]],
    absent: Iterable[str],
    outputs: Mapping[str, Mapping[str, bytes]],
    text: str,
) -> None:
    """Keeps what a command said that found nothing wrong.

    `files`: the texts that it read, by their absolute paths without links; `listings`: the names that it found in the
    folders it looked through; `absent`: paths where it found nothing; `outputs`: the folders that it wrote, with the
    states in which each holds what it is to hold.
    """
    paths = sorted(absent)
    try:
        others = {*map(os.path.dirname, files)} - listings.keys()
        listings = {**listings, **{folder: real_listing(folder) for folder in others}}
        if any(map(os.path.lexists, paths)):
            return
    except OSError:
        return
    digests = {path: sha256(content.encode()).digest() for path, content in files.items()}
    write_entry(entry_name(words), (compiler_digest(), digests, listings, paths, dict(outputs), text))


def same_outputs(outputs: Mapping[str, Mapping[str, bytes]]) -> bool:
    try:
        return all(same_states(folder, states) for folder, states in outputs.items())
    except OSError:
        return False


def current_day() -> int:
    """The number of the day in UTC."""
    return int(time.time()) // 86_400


def entry_name(words: Sequence[str]) -> str:
    """Of the command in this folder on this day: exceptions end by the day, and Git's variables name repositories."""
    variables = sorted(item for item in os.environ.items() if item[0].startswith("GIT_") or item[0] == "HOME")
    return sha256(repr((list(words), os.path.realpath("."), variables, current_day())).encode()).hexdigest()
