"""Digests of what a run depends on: the compiler, the files it reads by content, the files it left by their state.

Loaded before all else, as `entry` is.
"""

from __future__ import annotations

import marshal
import os
import sys
import time
from hashlib import sha256
from stat import S_ISDIR

TYPE_CHECKING = False  # typing takes 3 ms
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, Final

    _FileState = tuple[str, int, int, int, int]
    """name, mode, inode, size, time of change in ns; of a folder name and mode"""

_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
_BLOCK: Final = 64 * 1024
_WITHOUT_REFERENCES: Final = 2
"""The version of marshal whose bytes do not depend on how many hold a value beside it."""
CLOCK_TICK_NS: Final = 20_000_000
"""A file's time of change is that of the kernel's last tick, 1 to 10 ms ago: two changes in one tick look like one."""
_CLOCK_REALTIME_COARSE: Final = 5
"""Linux, `include/uapi/linux/time.h`: the clock that files are stamped with; Python gives it no name."""
_TRIES: Final = 5
_PAUSES: Final = 10
"""In a tick: the next one mostly comes long before the longest time is over."""
_MIN_FILES: Final = 2000
_MIN_FOLDERS: Final = 200
"""From which on a fork, of 2 ms, pays: 1,000 files take 9 ms on one core, as many folders of 12 files 45."""
_SECOND_NS: Final = 1_000_000_000
_at_start: list[bytes] = []


def compiler_digest() -> bytes:
    """Of this compiler with its schemas, of the libraries and the interpreter that run it: 2 ms, for 600 files.

    As it was when this process asked first, which is before it loads the rest: an upgrade that comes meanwhile is not
    what ran.
    """
    if not _at_start:
        _at_start.append(_digest_of_compiler())
    return _at_start[0]


def _digest_of_compiler() -> bytes:
    package = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))  # noqa: PTH120 - pathlib takes 4 ms
    libraries = [
        (path, sorted(entry.name for entry in os.scandir(path) if entry.name.endswith(".dist-info")))
        for path in sys.path
        if path.endswith("-packages") and os.path.isdir(path)  # noqa: PTH112 - pathlib takes 4 ms
    ]
    return sha256(
        marshal.dumps((sys.version, libraries), _WITHOUT_REFERENCES) + folder_state(package, frozenset({"__pycache__"}))
    ).digest()


def file_digest(path: str) -> bytes | None:
    """The digest of a regular file's content; None for whatever else is there, and where nothing is."""
    try:
        descriptor = os.open(path, _READ)
    except OSError:
        return None
    try:
        content = block = os.read(descriptor, _BLOCK)
        while len(block) == _BLOCK:
            content += (block := os.read(descriptor, _BLOCK))
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return sha256(content).digest()


def same_files(digests: Mapping[str, bytes]) -> bool:
    """Whether each of the files still has that content."""
    return _halved(
        lambda part: all(file_digest(path) == digest for path, digest in part), list(digests.items()), _MIN_FILES
    )


def same_states(folder: str, states: Mapping[str, bytes]) -> bool:
    """Whether the folder, which no link leads to, and those in it have the states that `folder_states` gave.

    Raises OSError where there is no such folder any more.
    """
    if os.path.realpath(folder) != folder:
        return False
    own, folders = _states_in(folder, frozenset())
    below = [(path, states.get(path.rpartition("/")[2])) for path in folders]
    if len(below) + 1 != len(states) or _digest_of_states([own]) != states.get(""):
        return False
    return _halved(lambda part: all(_folder_digest(path) == state for path, state in part), below, _MIN_FOLDERS)


def _halved(check: Callable[[Sequence[Any]], bool], items: Sequence[Any], least: int) -> bool:
    """Whether the check holds of all items: of so many at least, a process like this one looks at each second."""
    if len(items) < least or not hasattr(os, "fork"):
        return check(items)
    other = os.fork()
    if other == 0:
        different = True
        try:
            different = not check(items[1::2])
        finally:
            os._exit(different)
    try:
        same = check(items[::2])
    finally:
        _, status = os.waitpid(other, 0)
    return same and status == 0


def same_listings(listings: Mapping[str, list[str]]) -> bool:
    """Whether each folder, which no link leads to, still holds these names."""
    try:
        return all(real_listing(folder) == names for folder, names in listings.items())
    except OSError:
        return False


def real_listing(folder: str) -> list[str]:
    """The names in the folder, sorted, those of folders with a `/`: a folder in a file's place may hold an environment.

    Raises OSError where there is none, or a link leads to it.
    """
    if os.path.realpath(folder) != folder:
        raise OSError(f"a link leads to {folder}")
    return sorted(f"{entry.name}/" if entry.is_dir() else entry.name for entry in os.scandir(folder))


def folder_state(folder: str, without: frozenset[str] = frozenset()) -> bytes:
    """The names, inodes, sizes and times of change of all below the folder, as Git's index trusts them.

    Whoever writes, renames or replaces a file gives it another time of change, which nobody can set (stat(2)).
    Raises OSError where there is no such folder.
    """
    return _digest_of_states(_states_below(folder, without))


def folder_states(folder: str, without: frozenset[str] = frozenset()) -> dict[str, bytes]:
    """The state of each folder in this one by its name, but for those `without`; what else it holds by "".

    Raises OSError where there is no such folder, or a link leads to it.
    """
    return {name: _digest_of_states(states) for name, states in _states_by_folder(folder, without).items()}


def settled_folder_states(folder: str, without: frozenset[str] = frozenset()) -> dict[str, bytes]:
    """The states in a folder that was just written, once a later change could not have the same time.

    Raises OSError, beside what `folder_states` does, for a folder that others keep on writing, and for a file system
    whose times are whole seconds (FAT, NFS before 3): two changes in one second would look like one.
    """
    for _ in range(_TRIES):
        _wait_for_next_tick()
        now = _time_of_changes()
        states = _states_by_folder(folder, without)
        every = [each for levels in states.values() for level in levels for each in level]
        times = [time for _, mode, _, _, time in every if not S_ISDIR(mode)]
        if any(each % _SECOND_NS == 0 for each in times):
            break
        if all(each < now for each in times):
            return {name: _digest_of_states(levels) for name, levels in states.items()}
    raise OSError(f"the times of change in {folder} tell no changes apart")


def _states_by_folder(folder: str, without: frozenset[str]) -> dict[str, list[list[_FileState]]]:
    if os.path.realpath(folder) != folder:
        raise OSError(f"a link leads to {folder}")
    own, folders = _states_in(folder, frozenset())
    below = {path.rpartition("/")[2]: path for path in folders}
    states = {name: _states_below(path, frozenset()) for name, path in below.items() if name not in without}
    return {"": [own], **states}


def _folder_digest(folder: str) -> bytes:
    return _digest_of_states(_states_below(folder, frozenset()))


def _digest_of_states(levels: list[list[_FileState]]) -> bytes:
    return sha256(marshal.dumps(levels, _WITHOUT_REFERENCES)).digest()


def _states_below(folder: str, without: frozenset[str]) -> list[list[_FileState]]:
    """The states of what each folder holds, this one first."""
    states, folders = _states_in(folder, without)
    levels = [states]
    for each in folders:
        levels += _states_below(each, without)
    return levels


def _states_in(folder: str, without: frozenset[str]) -> tuple[list[_FileState], list[str]]:
    """The states of what the folder itself holds, and the paths of the folders in it."""
    states, folders = [], []
    for entry in os.scandir(folder):
        name = entry.name
        if name in without:
            continue
        facts = entry.stat(follow_symlinks=False)
        mode = facts.st_mode
        if S_ISDIR(mode):
            folders.append(entry.path)
            states.append((name, mode, 0, 0, 0))  # what is in it has states of its own
        else:
            states.append((name, mode, facts.st_ino, facts.st_size, facts.st_ctime_ns))
    return states, folders


def _wait_for_next_tick() -> None:
    """Until a file changed now would have a later time than any had before; for the longest time of a tick at most."""
    before = time.time_ns()
    for _ in range(_PAUSES):
        if _time_of_changes() > before:
            return
        time.sleep(CLOCK_TICK_NS / _PAUSES / 1e9)


def _time_of_changes() -> int:
    """The time that a file changed now would have at least, in ns: on Linux that of the kernel's last tick."""
    if sys.platform == "linux":
        return time.clock_gettime_ns(_CLOCK_REALTIME_COARSE)
    return time.time_ns() - CLOCK_TICK_NS
