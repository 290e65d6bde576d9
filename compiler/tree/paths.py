"""Paths inside a published tree: which are safe to write, and which two a file system may take for one."""

from __future__ import annotations

from collections.abc import Iterable


def printable_path(path: str) -> str:
    """The path as a message may show it: control characters and bytes that are no UTF-8 escaped."""
    return path if path.isprintable() else ascii(path)[1:-1]


def join_path(*parts: str) -> str:
    """The parts that are not empty, joined by `/`."""
    return "/".join(part for part in parts if part)


def path_below(path: str, folder: str) -> str | None:
    """`path` relative to `folder` ("" is the root), or None if it is not below it."""
    if not folder:
        return path
    return path[len(folder) + 1 :] if path.startswith(f"{folder}/") else None


def parent_folder(path: str) -> str:
    """The folder that `path` is in, "" for the root."""
    return path.rpartition("/")[0]


def top_folder(path: str) -> str:
    """The first folder of `path`, "" for a file of the root."""
    return path.partition("/")[0] if "/" in path else ""


def case_clashes(ours: Iterable[str], others: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of one of `ours` and another path of either (files or their folders) that differ in case only.

    Source: macOS and Windows check out such a pair as one file; Git then shows it as changed for ever.
    """
    spelt: dict[str, str] = {}
    pairs = []
    names = _with_folders(ours)
    for path in sorted(names):
        first = spelt.setdefault(path.casefold(), path)
        if first != path:
            pairs.append((path, first))
    # of 12,000 paths that are ours and published, only those are left that clash
    foreign = set(others) if pairs else set(others) - names
    for path in sorted(_with_folders(foreign)):
        first = spelt.get(path.casefold(), path)
        if first != path:
            pairs.append((first, path))
    return pairs


def _with_folders(paths: Iterable[str]) -> set[str]:
    names = set(paths)
    for path in list(names):
        while (path := parent_folder(path)) and path not in names:
            names.add(path)
    return names
