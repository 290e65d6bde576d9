"""The published tree as a value: what a commit holds below the published path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from compiler.tree.index import INDEX
from compiler.tree.paths import parent_folder

REGULAR_MODE: Final = "100644"
_DESCRIPTIONS = {"100755": "an executable file", "120000": "a symbolic link", "160000": "a submodule"}


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A leaf of a tree: its mode ("100644", "120000", "160000", …) and its object's id."""

    mode: str
    oid: str

    @property
    def regular(self) -> bool:
        return self.mode == REGULAR_MODE

    @property
    def description(self) -> str:
        return _DESCRIPTIONS.get(self.mode, "a file")


@dataclass(frozen=True)
class PublishedTree:
    """What a commit (None: no branch yet) holds below the published path; all paths are relative to it.

    `entries` is every leaf; `files` the contents of the regular files in those folders that have an index.
    """

    commit: str | None
    entries: Mapping[str, TreeEntry]
    files: Mapping[str, bytes]

    @cached_property
    def folders(self) -> frozenset[str]:
        """The folders with an index: "" and names."""
        return owned_folders(self.entries)

    @cached_property
    def manifests(self) -> Mapping[str, Mapping[str, bytes]]:
        return manifests_by_folder(self.files)

    def folder(self, name: str) -> dict[str, bytes]:
        """The files of one folder by their names, without the index."""
        names = {p.rpartition("/")[2]: data for p, data in self.files.items() if parent_folder(p) == name}
        names.pop(INDEX, None)
        return names


def manifests_by_folder(files: Mapping[str, bytes]) -> dict[str, dict[str, bytes]]:
    """The manifests among the files, by their folder and then by their path: an environment is looked at unit by unit.

    Indexes are left out: they name the compiler, whose next version may write the same objects.
    """
    names: dict[str, dict[str, bytes]] = {}
    for path, data in files.items():
        if path.endswith(".yaml"):
            names.setdefault(parent_folder(path), {})[path] = data
    return names


def owned_folders(paths: Iterable[str]) -> frozenset[str]:
    """The folders with an index: "" or one level below; an index further down is a file like any other."""
    names = {parent_folder(path) for path in paths if path == INDEX or path.endswith(f"/{INDEX}")}
    return frozenset(folder for folder in names if "/" not in folder)
