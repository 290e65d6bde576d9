"""Entries of the cache: plain data in files of this user's, whole or not there.

Loaded before all else, so it needs no module that the interpreter would not load anyway but hashlib.
"""

from __future__ import annotations

import marshal
import os
from contextlib import suppress
from hashlib import sha256

TYPE_CHECKING = False  # typing takes 3 ms
if TYPE_CHECKING:
    from typing import Any, Final

VARIABLE: Final = "SHIPWAY_CACHE"
"""Names another folder than the user's own; empty: nothing is kept."""
MAX_ENTRIES: Final = 64
_FORMAT: Final = b"shipway cache 1\n"
_DIGEST_BYTES: Final = 32
_OTHERS_WRITE: Final = 0o022


def cache_folder() -> str | None:
    """The folder of the entries (XDG Base Directory Specification), or None where nothing is to be kept."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return named or None
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111 - pathlib takes 4 ms
    return f"{home}/shipway" if home.startswith("/") else None


def read_entry(name: str) -> Any:
    """The entry, or None: there is none, it is torn, or somebody else could have written it."""
    folder = cache_folder()
    if folder is None:
        return None
    try:
        with open(f"{folder}/{name}", "rb", opener=_without_links) as file:
            facts = os.fstat(file.fileno())
            if facts.st_uid != os.geteuid() or facts.st_mode & _OTHERS_WRITE:
                return None
            content = file.read()
    except OSError:
        return None
    start = len(_FORMAT) + _DIGEST_BYTES
    if content[: len(_FORMAT)] != _FORMAT or sha256(content[start:]).digest() != content[len(_FORMAT) : start]:
        return None
    # a digest of ours over it, in a file that only this user writes; json takes four times as long for 10,000 specs
    return marshal.loads(content[start:])  # noqa: S302


def write_entry(name: str, value: Any) -> None:
    """Keeps the entry, whose parts are plain data; where that is not possible, nothing is kept."""
    folder = cache_folder()
    if folder is None:
        return
    content = marshal.dumps(value)
    temporary = f"{folder}/{name}.{os.getpid()}"
    with suppress(OSError):
        os.makedirs(folder, 0o700, exist_ok=True)  # noqa: PTH103 - pathlib takes 4 ms
        try:
            with open(temporary, "xb", opener=_for_this_user) as file:
                file.write(_FORMAT + sha256(content).digest() + content)
            os.replace(temporary, f"{folder}/{name}")  # noqa: PTH105 - pathlib takes 4 ms
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)  # noqa: PTH108 - pathlib takes 4 ms
            raise
        _forget_oldest(folder)


def _forget_oldest(folder: str) -> None:
    entries = sorted(os.scandir(folder), key=lambda entry: entry.stat(follow_symlinks=False).st_mtime_ns)
    for entry in entries[:-MAX_ENTRIES]:
        os.unlink(entry.path)  # noqa: PTH108 - pathlib takes 4 ms


def _without_links(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)


def _for_this_user(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
