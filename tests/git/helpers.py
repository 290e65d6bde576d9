"""What the tests of this folder share: a forge on this machine, and the files of a release."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from compiler.git.commit import Author
from compiler.git.target import Target
from compiler.publish.publish import NextState, NothingToDo, PublishedCommit, PublishRequest, publish
from compiler.tree.index import with_index

AUTHOR = Author(
    {
        "GIT_AUTHOR_NAME": "Ada",
        "GIT_AUTHOR_EMAIL": "ada@example.com",
        "GIT_COMMITTER_NAME": "Ada",
        "GIT_COMMITTER_EMAIL": "ada@example.com",
    }
)


QUICK = Path(__file__).parents[1] / "gitconfig"
"""Ada's identity, and what makes Git quicker"""


def use_own_configuration(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git as Ada has it, and nothing of the machine's: no variable, no configuration."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    config = home / "gitconfig"
    config.write_text(f"{QUICK.read_text()}[init]\n\tdefaultBranch = main\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def git(folder: Path, *arguments: str, stdin: str | None = None) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False, input=stdin
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def release(name: str, replicas: int = 3, objects: int = 2) -> dict[str, bytes]:
    """The files of a release, with their index, by path below the published path."""
    files = {
        f"deployment-{name}-{number}.yaml": f"kind: Deployment\nname: {name}\nreplicas: {replicas}\n".encode()
        for number in range(objects)
    }
    return {f"{name}/{file}": data for file, data in with_index(files, "0.1.0", "sha256:0").items()}


@dataclass(frozen=True)
class Forge:
    """A bare repository, and a target on its branch `main` below `prod`."""

    folder: Path
    bare: Path
    target: Target

    def publish(self, files: Mapping[str, bytes], **options: object) -> PublishedCommit | NothingToDo:
        return publish(self.target, lambda base, clone: NextState(files, "Publish prod", **options), self.request())  # type: ignore[arg-type]  # options of Next, whatever a test gives

    def request(self) -> PublishRequest:
        return PublishRequest("0.1.0", self.folder, author=AUTHOR)

    def paths(self, branch: str = "main") -> list[str]:
        return git(self.bare, "ls-tree", "-r", "--name-only", branch).splitlines()

    def worktree(self) -> Path:
        """A clone of it for changes by hand."""
        folder = self.folder / "by-hand"
        if not folder.exists():
            git(self.folder, "clone", "-q", str(self.bare), str(folder))
        git(folder, "pull", "-q", "--ff-only")
        return folder

    def by_hand(self, path: str, content: str | None) -> None:
        """Writes or removes one file, commits and pushes as a person would."""
        work = self.worktree()
        if content is None:
            (work / path).unlink()
        else:
            (work / path).parent.mkdir(parents=True, exist_ok=True)
            (work / path).write_text(content)
        git(work, "add", "-A", "-f")
        git(work, "commit", "-q", "-m", f"edit {path}")
        git(work, "push", "-q", "origin", "HEAD:main")
