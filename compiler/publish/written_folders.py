"""What builds left in a folder: where it stands as it was left, it is not read again.

To read and compare the 12,000 files of 1,000 releases takes 0.6 s, to look at them 0.05 s.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path

from compiler.cache.digests import compiler_digest, folder_states, settled_folder_states
from compiler.cache.entry import read_entry, write_entry
from compiler.tree.index import INDEX
from compiler.tree.paths import join_path
from compiler.tree.published_tree import owned_folders

FolderStates = Mapping[str, bytes]
"""By a folder's name, the names, inodes, sizes and times of change in it; by "" those beside the folders."""


def untouched_folders(out: Path, files: Mapping[str, bytes]) -> FolderStates:
    """The folders in `out` that hold their part of `files`: in the states in which a build left them with the same
    indexes, which name each file with its digest. None where anything came or went beside them.
    """
    entry = read_entry(_entry_name(out))
    if entry is None or entry[0] != compiler_digest():
        return {}
    known, now = entry[1], _states_or_none(out)
    if now is None or known[""][0] != now.pop(""):
        return {}
    own = owned_folders(files)
    return {n: state for n, state in now.items() if n in own and known.get(n) == (state, _index_digest(files, n))}


def settled_states(out: Path, untouched: FolderStates, stands: Callable[[], bool]) -> FolderStates | None:
    """The states in `out` after a build; None where it does not hold what was built, or its times tell nothing.

    It is read once more, but for what is untouched, after its states were taken: an edit between the writing and the
    states is found, and one after them changes them.
    """
    try:
        # a Path would follow no `..` that is there on purpose
        states = settled_folder_states(os.path.abspath(out), frozenset(untouched))  # noqa: PTH100
        return {**states, **untouched} if stands() else None
    except OSError:
        return None


def keep_states(out: Path, files: Mapping[str, bytes], states: FolderStates) -> None:
    """Keeps the states of a folder that holds `files`, and nothing else of ours."""
    records = {name: (state, _index_digest(files, name)) for name, state in states.items()}
    write_entry(_entry_name(out), (compiler_digest(), records))


def _states_or_none(out: Path) -> dict[str, bytes] | None:
    try:
        return folder_states(os.path.abspath(out))  # noqa: PTH100 - resolve() would follow links
    except OSError:
        return None


def _index_digest(files: Mapping[str, bytes], folder: str) -> bytes:
    """Of what a folder is to hold: its index names each file with its digest."""
    return sha256(files.get(join_path(folder, INDEX), b"")).digest()


def _entry_name(out: Path) -> str:
    return sha256(f"folders {os.path.abspath(out)}".encode()).hexdigest()  # noqa: PTH100 - resolve() would follow links
