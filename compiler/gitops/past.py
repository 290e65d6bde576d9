"""Earlier states of a branch that the cluster may still hold: nobody has confirmed that a later one was synced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from compiler.gitops.clone import BASE, Clone
from compiler.gitops.history import plain
from compiler.gitops.index import INDEX
from compiler.gitops.paths import folder_of, joined
from compiler.gitops.tree import manifests_by_folder

LONGEST = 64


@dataclass(frozen=True)
class PastState:
    """What some folders held at an earlier commit: contents by path below the published path."""

    commit: str
    subject: str
    files: Mapping[str, bytes]

    @cached_property
    def manifests(self) -> Mapping[str, Mapping[str, bytes]]:
        return manifests_by_folder(self.files)


@dataclass(frozen=True, slots=True)
class Past:
    """Earlier states, the newest first, the newest commit itself left out; `complete` False: the history is cut."""

    states: tuple[PastState, ...]
    complete: bool


def past(clone: Clone, folders: Sequence[str], confirmed: str | None) -> Past:
    """What the folders held at each commit back to the confirmed one (itself included), equal neighbours once.

    Without a confirmed commit: the last 64 commits. May raise `GitError`.
    """
    clone.deepen(LONGEST)
    commits = _newest(clone)
    names = [commit for commit, _ in commits]
    known = confirmed in names
    upto = names.index(confirmed) + 1 if confirmed is not None and known else len(commits)
    found: list[tuple[str, str, dict[str, str]]] = []
    before = _listing(clone, names[0], folders) if names else {}
    for commit, subject in commits[1:upto]:
        listing = _listing(clone, commit, folders)
        if listing != before:
            found.append((commit, subject, listing))
        before = listing
    held = clone.blobs([oid for _, _, listing in found for oid in listing.values()])
    states = [
        PastState(commit, plain(subject), {path: held[oid] for path, oid in listing.items()})
        for commit, subject, listing in found
    ]
    return Past(tuple(states), known or len(commits) < LONGEST)


def _newest(clone: Clone) -> list[tuple[str, str]]:
    """Ids and subjects; a NUL ends each, for a subject may hold all else that ends a line."""
    listing = clone.git.text("log", "-z", "--first-parent", f"--max-count={LONGEST}", "--format=%H %s", BASE, "--")
    return [(record.partition(" ")[0], record.partition(" ")[2]) for record in listing.split("\0") if record]


def _listing(clone: Clone, commit: str, folders: Sequence[str]) -> dict[str, str]:
    """Ids of the regular files of the folders, by path below the published path."""
    root = clone.target.path
    paths = [joined(root, folder) for folder in folders]
    wanted = set(folders)
    listing = clone.git.run("ls-tree", "-r", "-z", "--full-tree", commit, "--", *paths).decode(
        "utf-8", "surrogateescape"
    )
    found = {}
    for line in listing.split("\0"):
        head, _, name = line.partition("\t")
        path = name.removeprefix(f"{root}/") if root else name
        if line and head.startswith("100644") and not path.endswith(f"/{INDEX}") and folder_of(path) in wanted:
            found[path] = head.split(" ")[2]
    return found
