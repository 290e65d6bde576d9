"""Reading files that a spec or a user names: below one folder, regular, of bounded size, never blocking."""

from __future__ import annotations

import errno
import os
import posixpath
import stat
from functools import lru_cache
from pathlib import Path

from compiler.diagnostics.model import Diagnostic, Loc, Rejected
from compiler.source.dialects import MAX_DATA_FILE_BYTES
from compiler.source.parse import file_too_large

_BLOCK = 64 * 1024
GIT_CRYPT_HEADER = b"\0GITCRYPT\0"
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISLNK, "a symbolic link in a circle"),
)


def read_text(root: Path, file: str, limit: int, loc: Loc) -> str:
    """The text of a file below `root`, at most `limit` bytes of UTF-8; `loc` is where a missing file is reported.

    Raises Rejected: no such file, not regular, unreadable, outside `root` (symbolic links followed), too large, or
    bytes that are no UTF-8, with the place of the first of them.
    """
    content = read_bytes(root, file, limit, loc)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Rejected([not_utf8_error(content, error, file)]) from error


def read_data(root: Path, file: str, loc: Loc) -> bytes:
    """The bytes of a file that the spec names at `loc`, at most 1 MiB, `file` being relative to that spec's folder.

    Raises Rejected, located at `loc`, for whatever `read_text` refuses but the encoding.
    """
    return read_bytes(root, sibling_path(loc.file, file, loc), MAX_DATA_FILE_BYTES, loc)


def read_bytes(root: Path, file: str, limit: int, loc: Loc) -> bytes:
    """The bytes of a regular file below `root`; never waits for a pipe, never opens a device. Raises Rejected."""
    try:
        target = _path_inside_root(root, file, loc)
        mode = os.lstat(target).st_mode
        if not stat.S_ISREG(mode):
            raise Rejected([_not_regular_error(mode, file, loc)])
        # Between lstat and open the path may change: O_NONBLOCK keeps a pipe from blocking, fstat looks again.
        descriptor = os.open(target, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NOCTTY)
        try:
            mode = os.fstat(descriptor).st_mode
            if not stat.S_ISREG(mode):
                raise Rejected([_not_regular_error(mode, file, loc)])
            content = _read_descriptor(descriptor, limit)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        raise Rejected([_unreadable_file(error, file, loc)]) from error
    if len(content) > limit:
        raise Rejected([file_too_large(f"{file!r}", limit, loc)])
    return content


def _read_descriptor(descriptor: int, limit: int) -> bytes:
    """The content, and of what is longer than `limit` bytes a little more than that.

    A block at a time: one buffer of the limit's size costs five times what reading a spec does.
    """
    content = bytearray()
    while len(content) <= limit and (block := os.read(descriptor, _BLOCK)):
        content += block
    return bytes(content)


def sibling_path(naming: str, named: str, loc: Loc) -> str:
    """The path below the root of a file that the file `naming` names relative to itself. Raises Rejected."""
    if not named or "\0" in named or posixpath.isabs(named):
        raise Rejected([_outside_root_error(named, loc)])
    path = posixpath.normpath(posixpath.join(posixpath.dirname(naming), named))
    if path == ".." or path.startswith("../"):
        raise Rejected([_outside_root_error(named, loc)])
    return path


def _path_inside_root(root: Path, file: str, loc: Loc) -> str:
    fence = _real_folder(str(root))
    folder, _, name = f"{fence}/{file}".rpartition("/")
    target = f"{_real_folder(folder)}/{name}"
    if name in ("", ".", "..") or os.path.islink(target):  # noqa: PTH114  a Path takes twice as long, here and below
        target = os.path.realpath(target)
    inside = f"{target}/".removeprefix(f"{fence.rstrip('/')}/")
    if inside == f"{target}/":
        raise Rejected([_outside_root_error(file, loc)])
    if ".git" in inside.casefold().split("/"):
        raise Rejected([_git_file_error(file, loc)])
    return target


def _real_folder(folder: str) -> str:
    """`os.path.realpath` of a folder, which takes 20 µs, once for all files in it.

    By its absolute path: `.` is another folder elsewhere, and a new folder may have the inode of one that went.
    """
    result = os.stat(folder)  # noqa: PTH116
    absolute = folder if folder.startswith("/") else os.path.abspath(folder)  # noqa: PTH100
    return _real_path(absolute, result.st_dev, result.st_ino)


@lru_cache(maxsize=64)  # a path that leads to another folder since, by a link, is another key
def _real_path(folder: str, device: int, inode: int) -> str:  # noqa: ARG001  what the path leads to
    return os.path.realpath(folder)


def _git_file_error(file: str, loc: Loc) -> Diagnostic:
    """What stands there is no source, and may hold a token, which would be published."""
    return Diagnostic("file-of-git", f"{file!r} is in Git's own folder", loc, "name a file of the repository")


def _outside_root_error(file: str, loc: Loc) -> Diagnostic:
    return Diagnostic(
        "file-outside",
        f"{file!r} is not below the folder of the specs" if file else "the path is empty",
        loc,
        "name a file below that folder, relative to this file, or run shipway with -C and a folder above both",
    )


def _not_regular_error(mode: int, file: str, loc: Loc) -> Diagnostic:
    kind = next((name for matches, name in _KINDS if matches(mode)), "something else")
    return Diagnostic("file-not-regular", f"{file!r} is {kind}, not a file", loc, "name a regular file")


def _unreadable_file(error: OSError | ValueError, file: str, loc: Loc) -> Diagnostic:
    number = error.errno if isinstance(error, OSError) else None
    if number in (errno.ENOENT, errno.ENOTDIR):
        fix = "write `/` between folders" if "\\" in file else "create the file, or correct the path"
        return Diagnostic("file-missing", f"the file {file!r} does not exist", loc, fix)
    reason = os.strerror(number).lower() if number else "its name contains a NUL character"
    return Diagnostic("file-unreadable", f"{file!r} cannot be read: {reason}", loc, "fix what the reason says")


def not_utf8_error(content: bytes, error: UnicodeDecodeError, file: str) -> Diagnostic:
    """What the file is instead of UTF-8, at the first place where that shows."""
    if content.startswith(GIT_CRYPT_HEADER):
        message = "the file is encrypted with git-crypt"
        return Diagnostic("yaml-encoding", message, Loc(file, 1, 1), "run git-crypt unlock, or leave the file out")
    before = content[: error.start].decode("utf-8")
    loc = Loc(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Diagnostic("yaml-encoding", "the file is UTF-16 or UTF-32, not UTF-8", loc, "save it as UTF-8")
    return Diagnostic("yaml-encoding", f"byte 0x{content[error.start]:02x} is not UTF-8", loc, "save the file as UTF-8")
