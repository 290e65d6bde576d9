"""Reading trees: names through `ls-tree`, contents through one `cat-file --batch`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha1, sha256
from pathlib import Path

from compiler.diagnostics.refusals import rejection
from compiler.git.git import Git, GitError, user_repository
from compiler.git.refusals import git_errors_rejected, git_failure_rejection
from compiler.model.address import without_credentials
from compiler.tree.paths import parent_folder
from compiler.tree.published_tree import PublishedTree, TreeEntry, owned_folders

BlobReader = Callable[[Git, Sequence[str]], dict[str, bytes]]

MAX_FILES = 200_000
MAX_BYTES = 512 * 1024 * 1024

_TREE = "040000"


def read_tree(repository: Path | str, rev: str, path: str) -> dict[str, bytes]:
    """The regular files below `path` ("" for all) at `rev` of a repository on this machine, by relative path.

    Symbolic links and submodules are left out. `path` may also be one file: its name is then the only key.
    Raises `Rejected` when the revision or the path does not exist, or the files are too many.
    """
    git = user_repository(Path(repository))
    with git_errors_rejected(without_credentials(str(repository))):
        names, entry = _tree_entry_at(git, commit_at(git, rev, str(repository)), path)
        if entry is None or names != path:
            raise rejection(
                "path-missing",
                f"{rev} has no file or folder {path!r}",
                "check the path: it starts at the top of the repository",
            )
        if entry.mode != _TREE:
            return {path.rpartition("/")[2]: blob_contents(git, [entry.oid])[entry.oid]} if entry.regular else {}
        entries = {p: e for p, e in tree_leaves(git, entry.oid).items() if e.regular}
        contents = blob_contents(git, [e.oid for e in entries.values()])
        return {p: contents[e.oid] for p, e in entries.items()}


def commit_at(git: Git, rev: str, place: str) -> str:
    """The id of the commit that `rev`, a user's word, means; raises `Rejected` where it means none."""
    if not rev or rev.startswith("-") or re.search(r"[\x00-\x20\x7f]", rev):
        raise rejection("revision-unknown", f"{rev!r} is not a revision", _REV_HELP)
    with git_errors_rejected(without_credentials(place)):
        git.run("rev-parse", "--git-dir")
    try:
        return git.text("rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
    except GitError as failure:
        if failure.status is None or failure.status < 0:
            raise git_failure_rejection(failure, without_credentials(place)) from None
        message = f"{without_credentials(place)} has no revision {rev!r}"
        raise rejection("revision-unknown", message, _REV_HELP) from None


def published_tree(
    git: Git, commit: str, path: str, contents: BlobReader, expected: Mapping[str, bytes]
) -> PublishedTree:
    """The published state at `commit` below `path`; raises `GitError`, and `Rejected` if `path` is no folder.

    `contents` gives the contents of blobs by their ids: `blobs`, or a function that fetches the missing first. It is
    not asked for files that hold what is `expected` at their path: of 1,000 releases that takes 0.06 s instead of 0.3.
    """
    result, entry = _tree_entry_at(git, commit, path)
    if entry is None:
        return PublishedTree(commit, {}, {})
    if entry.mode != _TREE:
        message = f"`{result}` is {entry.description} in the repository, not a folder"
        raise rejection("path-blocked", message, "remove it there, or publish to another path")
    entries = tree_leaves(git, entry.oid)
    owned = owned_folders(entries)
    wanted = {p: e for p, e in entries.items() if e.regular and _is_owned(p, owned)}
    known = {p: expected[p] for p, e in wanted.items() if p in expected and blob_id(expected[p], e.oid) == e.oid}
    read = contents(git, [e.oid for p, e in wanted.items() if p not in known])
    files = {p: known[p] if p in known else read[e.oid] for p, e in wanted.items()}
    return PublishedTree(commit, entries, files)


def blob_id(data: bytes, other: str) -> str:
    """The id that Git gives to a blob; `other`, any id of the same repository, tells the kind of hash."""
    algorithm = sha256 if len(other) == 64 else sha1
    return algorithm(b"blob %d\0%b" % (len(data), data), usedforsecurity=False).hexdigest()


def _is_owned(path: str, owned: frozenset[str]) -> bool:
    top, slash, _ = path.partition("/")
    return top in owned if slash else "" in owned


def tree_leaves(git: Git, tree: str) -> dict[str, TreeEntry]:
    """All leaves below a tree's id, by path; raises `Rejected` beyond 200,000."""
    names = dict(_listed_entries(git.run("ls-tree", "-r", "-z", "--full-tree", tree)))
    if len(names) > MAX_FILES:
        message = f"the folder holds {len(names)} files, more than {MAX_FILES}"
        raise rejection("tree-too-large", message, "publish to a separate path")
    return names


def blob_contents(git: Git, oids: Sequence[str]) -> dict[str, bytes]:
    """The contents of blobs by id; raises `Rejected` beyond 512 MiB together."""
    wanted = sorted(set(oids))
    if not wanted:
        return {}
    asked = "".join(f"{oid}\n" for oid in wanted).encode()
    sizes = git.run("cat-file", "--batch-check=%(objectsize)", stdin=asked)
    total = sum(int(line) for line in sizes.split() if line.isdigit())
    if total > MAX_BYTES:
        message = f"the files to read hold {total} bytes, more than {MAX_BYTES}"
        raise rejection("tree-too-large", message, "publish to a separate path")
    return _batch_blobs(git.run("cat-file", "--batch", stdin=asked))


def _batch_blobs(stream: bytes) -> dict[str, bytes]:
    names = {}
    at = 0
    while at < len(stream):
        end = stream.index(b"\n", at)
        oid, _, size = stream[at:end].decode().partition(" blob ")
        if not size:
            raise GitError("cat-file", None, f"an object of Git is damaged or missing: {oid}")
        names[oid] = stream[end + 1 : end + 1 + int(size)]
        at = end + 1 + int(size) + 1
    return names


def _tree_entry_at(git: Git, commit: str, path: str) -> tuple[str, TreeEntry | None]:
    """What stands at `path`, or the first thing on the way that is no folder, and the path of that."""
    if not path:
        return "", TreeEntry(_TREE, git.text("rev-parse", "--verify", f"{commit}^{{tree}}"))
    above = parent_folder(path)
    names, tree = _tree_entry_at(git, commit, above)
    if tree is None or tree.mode != _TREE:
        return names, tree
    listing = dict(_listed_entries(git.run("ls-tree", "-z", "--full-tree", tree.oid)))
    return path, listing.get(path.rpartition("/")[2])


def _listed_entries(listing: bytes) -> Iterable[tuple[str, TreeEntry]]:
    for line in listing.split(b"\0"):
        if line:
            head, _, name = line.partition(b"\t")
            mode, _, oid = head.decode().split(" ")
            yield name.decode("utf-8", "surrogateescape"), TreeEntry(mode, oid)


_REV_HELP = "name a branch, a tag or a commit; in a shallow clone, fetch it first"
