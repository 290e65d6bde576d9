"""Earlier states of a branch that the cluster may still hold: nobody has confirmed that a later one was synced."""

from __future__ import annotations

from collections.abc import Sequence

from compiler.git.clone import BASE, Clone
from compiler.git.history import printable_line
from compiler.tree.index import INDEX
from compiler.tree.paths import join_path, parent_folder
from compiler.tree.unconfirmed import UnconfirmedHistory, UnconfirmedState

MAX_UNCONFIRMED_COMMITS = 64


def unconfirmed_history(clone: Clone, folders: Sequence[str], confirmed: str | None) -> UnconfirmedHistory:
    """What the folders held at each commit back to the confirmed one (itself included), equal neighbors once.

    Without a confirmed commit: the last 64 commits. May raise `GitError`.
    """
    commits, complete = _unconfirmed_commits(clone, confirmed)
    collected: list[tuple[str, str, dict[str, str]]] = []
    before = folder_blobs(clone, commits[0][0], folders) if commits else {}
    for commit, subject in commits[1:]:
        listing = folder_blobs(clone, commit, folders)
        if listing != before:
            collected.append((commit, subject, listing))
        before = listing
    held = clone.blobs([oid for _, _, listing in collected for oid in listing.values()])
    states = [
        UnconfirmedState(commit, printable_line(subject), {path: held[oid] for path, oid in listing.items()})
        for commit, subject, listing in collected
    ]
    return UnconfirmedHistory(tuple(states), complete, frozenset(folders))


def unconfirmed_folders(clone: Clone, confirmed: str | None) -> list[str]:
    """The folders below the published path in the newest commit or in one that nobody has confirmed.

    May raise `GitError`.
    """
    root = f"{clone.target.path}/" if clone.target.path else ""
    words = ("ls-tree", "-d", "-z", "--name-only", "--full-tree")
    commits, _ = _unconfirmed_commits(clone, confirmed)
    listings = [clone.git.text(*words, commit, "--", *([root] if root else [])) for commit, _ in commits]
    return sorted({name.removeprefix(root) for listing in listings for name in listing.split("\0") if name})


def _unconfirmed_commits(clone: Clone, confirmed: str | None) -> tuple[list[tuple[str, str]], bool]:
    """The commits back to the confirmed one (itself included), the newest first, and whether none is missing."""
    clone.deepen(MAX_UNCONFIRMED_COMMITS)
    commits = _newest_commits(clone)
    names = [commit for commit, _ in commits]
    if confirmed is not None and confirmed in names:
        return commits[: names.index(confirmed) + 1], True
    return commits, len(commits) < MAX_UNCONFIRMED_COMMITS


def _newest_commits(clone: Clone) -> list[tuple[str, str]]:
    """Ids and subjects; a NUL ends each, for a subject may hold all else that ends a line."""
    listing = clone.git.text(
        "log", "-z", "--first-parent", f"--max-count={MAX_UNCONFIRMED_COMMITS}", "--format=%H %s", BASE, "--"
    )
    return [(record.partition(" ")[0], record.partition(" ")[2]) for record in listing.split("\0") if record]


def folder_blobs(clone: Clone, commit: str, folders: Sequence[str]) -> dict[str, str]:
    """Ids of the regular files of the folders, by path below the published path."""
    root = clone.target.path
    paths = [join_path(root, folder) for folder in folders]
    wanted = set(folders)
    listing = clone.git.run("ls-tree", "-r", "-z", "--full-tree", commit, "--", *paths).decode(
        "utf-8", "surrogateescape"
    )
    collected = {}
    for line in listing.split("\0"):
        head, _, name = line.partition("\t")
        path = name.removeprefix(f"{root}/") if root else name
        if line and head.startswith("100644") and not path.endswith(f"/{INDEX}") and parent_folder(path) in wanted:
            collected[path] = head.split(" ")[2]
    return collected
