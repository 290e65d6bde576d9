"""Writing a commit on top of another without a work tree, an index or filters, and proving that it is the plan.

`git add` would obey the target's `.gitignore` and `.gitattributes`; `fast-import` takes bytes as they are.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from compiler.diagnostics.refusals import rejection
from compiler.git.git import Git
from compiler.git.settings import read_settings
from compiler.git.tree import blob_id
from compiler.tree.paths import join_path

_NEXT = "refs/shipway/next"
_REGULAR = "100644"
_SIGNING = ("user.signingkey", "gpg.format")
_PROGRAMS = (
    "gpg.program",
    *(f"gpg.{form}.program" for form in ("openpgp", "ssh", "x509")),
    "gpg.ssh.defaultkeycommand",
)
"""The programs that sign and verify (git-config(1)). What the repository's own configuration names is not run."""
_FALLBACK = {"NAME": "Shipway", "EMAIL": "shipway@localhost"}


@dataclass(frozen=True, slots=True)
class Author:
    """Who commits: Git's variables, whether commits are signed, and Git's settings for signing and verifying."""

    environment: Mapping[str, str]
    signs: bool = False
    signing_settings: tuple[str, ...] = ()
    signature_format: str = ""

    def who_signs(self, key: str) -> Author:
        """The author, who signs: with `key`, unless the settings name one, since a later setting holds."""
        return replace(self, signs=True, signing_settings=(f"user.signingkey={key}", *self.signing_settings))


def author_of(folder: Path) -> Author:
    """The identity and the signing key that Git would use in `folder`; without any, `Shipway`. Raises `GitError`."""
    settings = read_settings(Git(folder))
    values = {}
    for role in ("AUTHOR", "COMMITTER"):
        for key, setting in (("NAME", "user.name"), ("EMAIL", "user.email")):
            text = os.environ.get(f"GIT_{role}_{key}") or settings.last(setting) or _FALLBACK[key]
            values[f"GIT_{role}_{key}"] = re.sub(r"[\x00-\x1f<>]", "", text).strip() or _FALLBACK[key]
    keys = [f"{name}={value}" for name in _SIGNING if (value := settings.last(name))]
    programs = [f"{name}={value}" for name in _PROGRAMS if (value := settings.last_foreign(name))]
    return Author(values, settings.flag("commit.gpgsign"), (*keys, *programs), settings.last("gpg.format"))


def write_commit(
    git: Git, base: str | None, written: Mapping[str, bytes], removed: Iterable[str], message: str, author: Author
) -> str:
    """The id of a new commit on `base` (None: a first one) with these changes; paths count from the top.

    Raises `Rejected` when the tree that Git wrote is not exactly the planned one.
    """
    removed = sorted(removed)
    git.run("fast-import", "--quiet", "--done", "--force", stdin=_stream(base, written, removed))
    tree = git.text("rev-parse", "--verify", f"{_NEXT}^{{tree}}")
    _verify_commit(git, base, tree, written, removed)
    return commit_tree(git, tree, base, message, author)


def commit_tree(git: Git, tree: str, base: str | None, message: str, author: Author) -> str:
    """The id of a new commit of the tree on `base` (None: a first one), signed where the author signs."""
    parents = ("-p", base) if base else ()
    arguments = (*(("-S",) if author.signs else ()), *parents, "-F", "-", tree)
    text = message.encode("utf-8", "replace")
    settings = author.signing_settings
    out = git.run("commit-tree", *arguments, stdin=text, environment=author.environment, settings=settings)
    return out.decode().strip()


def prefixed_changes(path: str, changes: Mapping[str, bytes]) -> dict[str, bytes]:
    """The changes with their paths below `path`."""
    return {join_path(path, name): data for name, data in changes.items()}


def _stream(base: str | None, written: Mapping[str, bytes], removed: list[str]) -> bytes:
    """The input of `git fast-import`; every path was checked before, so none needs quoting."""
    parts = [f"commit {_NEXT}\ncommitter Shipway <> 0 +0000\ndata 0\n".encode()]
    if base:
        parts.append(f"from {base}\n".encode())
    parts += [f"D {path}\n".encode() for path in removed]
    for path, data in sorted(written.items()):
        parts += [f"M {_REGULAR} inline {path}\ndata {len(data)}\n".encode(), data, b"\n"]
    return b"".join([*parts, b"done\n"])


def _verify_commit(git: Git, base: str | None, tree: str, written: Mapping[str, bytes], removed: list[str]) -> None:
    """Compares what differs between the base and the new tree with the plan: paths, modes and contents."""
    before = base or git.run("mktree").decode().strip()
    listing = git.run("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", before, tree).decode()
    fields = listing.split("\0")[:-1]
    actual = {path: tuple(raw.split(" ")[i] for i in (1, 3)) for raw, path in zip(*[iter(fields)] * 2, strict=True)}
    gone = ("000000", "0" * len(tree))
    planned = dict.fromkeys(removed, gone)
    planned |= {path: (_REGULAR, blob_id(data, tree)) for path, data in written.items()}
    if actual != planned:
        odd = sorted(path for path in actual.keys() | planned.keys() if actual.get(path) != planned.get(path))
        message = f"Git wrote another tree than planned, first at {odd[0]!r}; nothing was pushed"
        raise rejection("tree-not-as-planned", message, "report this with the file's name: it should not happen")
