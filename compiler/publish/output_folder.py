"""`build --out`: the published tree as files, under the same rules of ownership as in Git.

A run that is ended at any point leaves a folder that the next run accepts: a new folder is written beside its place
and renamed once; where one stands, the index says which digests are to go and which to come before files change, and
each file is replaced by a rename.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from compiler.diagnostics.refusals import rejection
from compiler.tree.index import INDEX, Index, encode_index, parse_index
from compiler.tree.ownership import DesiredFiles, ExistingFiles, FileChanges, file_changes
from compiler.tree.paths import join_path, parent_folder
from compiler.tree.published_tree import owned_folders

_TEMPORARY = ".shipway-new-"
_BLOCK = 64 * 1024
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_ENTER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What a build changed below its folder: paths written and removed, sorted, and how many stayed as they were."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int


def write_folder(
    out: Path, files: Mapping[str, bytes], keep: Set[str] = frozenset(), unread: Set[str] = frozenset()
) -> WriteResult:
    """Makes `out` hold `files`; only what differs is written, only what an index of ours names is removed.

    `keep` are folders of ours that stay though `files` has none of theirs; of those that are `unread` as well only the
    names are looked at. Links are never followed below `out`.
    Raises `Rejected` as `ownership.changes` does, and where the folder cannot be read or written.
    """
    try:
        result = folder_changes(out, files, keep, unread)
        if result and not os.path.lexists(out):
            _write_new_folder(out, result.written)
        elif result:
            for folder, part in _by_folder(result).items():
                _rewrite(out, folder, part, files)
    except OSError as error:
        message = f"{error.filename or out}: {(error.strerror or str(error)).lower()}"
        raise rejection("folder-unwritable", message, "name a folder that you can write to: `--out DIR`") from None
    unchanged = len(files.keys() - result.written.keys())
    return WriteResult(tuple(sorted(result.written)), result.removed, unchanged)


def folder_changes(
    out: Path, files: Mapping[str, bytes], keep: Set[str] = frozenset(), unread: Set[str] = frozenset()
) -> FileChanges:
    """What `write_folder` would change now. Raises `Rejected` as it does, and OSError for what cannot be read."""
    return file_changes(read_folder(out, owned_folders(files), unread), DesiredFiles(files, keep))


def folders_in(out: Path) -> frozenset[str]:
    """The names of the folders in `out`, and "" for itself."""
    try:
        return frozenset({"", *(entry.name for entry in os.scandir(out) if entry.is_dir(follow_symlinks=False))})
    except OSError:
        return frozenset()


def read_folder(out: Path, wanted: Set[str], unread: Set[str] = frozenset()) -> ExistingFiles:
    """What is in `out`: contents of folders with an index, names of the rest of those and of the folders `wanted`; but
    of the folders `unread` only that they are there.
    """
    files: dict[str, bytes] = {}
    others: dict[str, str] = {}
    if out.is_symlink():
        raise rejection("path-blocked", f"{out} is a symbolic link", "name the folder itself: `--out DIR`")
    if not out.exists():
        return ExistingFiles(files, others)
    folders = {entry.name for entry in os.scandir(out) if entry.is_dir(follow_symlinks=False)} - unread
    indexed = {name for name in ("", *folders) if _has_index(out / name)}
    for path, kind in _paths_below(out, "", (folders - indexed - wanted) | unread):
        folder = path.partition("/")[0] if "/" in path else ""
        if kind is None and folder in indexed:
            files[path] = _read_regular_file(f"{out}/{path}")
        else:
            others[path] = kind or "a file"
    return ExistingFiles(files, others)


def _has_index(folder: Path) -> bool:
    try:
        return stat.S_ISREG((folder / INDEX).lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def _paths_below(out: Path, folder: str, closed: Set[str]) -> Iterator[tuple[str, str | None]]:
    """Paths below `out`, and what each is unless a regular file; folders in `closed` are leaves."""
    for entry in os.scandir(f"{out}/{folder}"):  # a Path for each of 11,000 files takes half of the time
        path = join_path(folder, entry.name)
        if entry.is_symlink():
            yield path, "a symbolic link"
        elif entry.is_dir(follow_symlinks=False):
            if path in closed:
                yield path, "a folder"
            else:
                yield from _paths_below(out, path, closed)
        elif not entry.name.startswith(_TEMPORARY):
            yield path, None if entry.is_file(follow_symlinks=False) else "a special file"


def _read_regular_file(path: str) -> bytes:
    """The content: of 1,000 files in 3.5 ms, with file objects, which ask for the size twice, in 6.2."""
    descriptor = os.open(path, _READ)
    try:
        return b"".join(iter(partial(os.read, descriptor, _BLOCK), b""))
    finally:
        os.close(descriptor)


def _write_new_folder(out: Path, files: Mapping[str, bytes]) -> None:
    """A folder that is not there yet, written beside its place and renamed: two system calls a file less, and the
    12,000 files of 1,000 services take 0.25 s instead of 0.6.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = out.with_name(f"{_TEMPORARY}{secrets.token_hex(8)}")
    try:
        temporary.mkdir()
        for folder in sorted({parent_folder(path) for path in files} - {""}):
            os.makedirs(f"{temporary}/{folder}", exist_ok=True)  # noqa: PTH103 - much faster than pathlib
        for path, data in files.items():
            _write_all(os.open(f"{temporary}/{path}", _WRITE, 0o644), data)
        temporary.rename(out)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _write_all(fd: int, data: bytes) -> None:
    """The whole file by as few calls as it takes, which is one: no buffer, no look at what the file is."""
    try:
        while data:
            data = data[os.write(fd, data) :]
    finally:
        os.close(fd)


def _by_folder(names: FileChanges) -> dict[str, FileChanges]:
    """The changes of each folder, in the order of their names."""
    written: dict[str, dict[str, bytes]] = {folder: {} for folder in names.folders}
    removed: dict[str, list[str]] = {folder: [] for folder in written}
    for path, data in names.written.items():
        written[parent_folder(path)][path] = data
    for path in names.removed:
        removed[parent_folder(path)].append(path)
    return {folder: FileChanges(written[folder], tuple(removed[folder])) for folder in written}


def _rewrite(out: Path, folder: str, part: FileChanges, files: Mapping[str, bytes]) -> None:
    """One folder's part of the changes, the index first in its form of transition, and last as it shall be."""
    here = out / folder
    here.mkdir(exist_ok=True)
    index = join_path(folder, INDEX)
    with _open_folder(here) as fd:
        _remove_temporary_files(fd)
        _write_file_at(fd, INDEX, encode_index(_transitional_index(here, index, files.get(index))))
        for path, data in part.written.items():
            if path != index:
                _write_file_at(fd, path.rpartition("/")[2], data)
        for path in part.removed:
            if path != index:
                os.unlink(path.rpartition("/")[2], dir_fd=fd)
        if index in files:
            _write_file_at(fd, INDEX, files[index])
        else:
            os.unlink(INDEX, dir_fd=fd)
    if index not in files and folder:
        with suppress(OSError):  # a foreign file that came meanwhile keeps the folder
            here.rmdir()


def _transitional_index(here: Path, index: str, new: bytes | None) -> Index:
    old = parse_index(_read_regular_file(f"{here}/{INDEX}"), index) if _has_index(here) else None
    coming = parse_index(new, index) if new is not None else None
    known = coming or old
    if known is None:
        raise ValueError("a folder changes without an index")
    files = coming.files if coming else {}
    before = {**old.replacing, **old.files} if old else {}
    return replace(known, files=files, replacing={**files, **before})


@contextmanager
def _open_folder(folder: Path) -> Iterator[int]:
    fd = os.open(folder, _ENTER)
    try:
        yield fd
    finally:
        os.close(fd)


def _write_file_at(fd: int, name: str, data: bytes) -> None:
    temporary = f"{_TEMPORARY}{secrets.token_hex(8)}"
    try:
        _write_all(os.open(temporary, _WRITE, 0o644, dir_fd=fd), data)
        os.replace(temporary, name, src_dir_fd=fd, dst_dir_fd=fd)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary, dir_fd=fd)
        raise


def _remove_temporary_files(fd: int) -> None:
    """Removes what an interrupted run left."""
    for name in os.listdir(fd):
        if name.startswith(_TEMPORARY):
            os.unlink(name, dir_fd=fd)
