"""Times of one publish to a bare repository on this machine, against `git add` and against GitPython's index.

    python benchmarks/publish.py [FILES] [ROUNDS]

Each time includes the push, and is the median of the rounds, each into fresh folders.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from statistics import median

from git import Actor, Repo

from compiler.git.commit import Author
from compiler.git.target import checked_target
from compiler.publish.publish import NextState, PublishRequest, publish
from compiler.tree.index import with_index

WHO = {"NAME": "Bench", "EMAIL": "bench@example.com"}
AUTHOR = Author({f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in WHO.items()})
LINES = b"".join(b"    field%d: value\n" % number for number in range(40))


def files_of(count: int, changed: int = 0) -> dict[str, bytes]:
    """`count` files in folders of ten; the first `changed` folders differ from those of `changed=0`."""
    found: dict[str, bytes] = {}
    for number in range(count // 10):
        word = b"new" if number < changed else b"old"
        manifests = {
            f"deployment-r{number}-{i}.yaml": b"kind: Deployment\nv: " + word + b"\n" + LINES for i in range(9)
        }
        found |= {f"r{number}/{n}": data for n, data in with_index(manifests, "0.1.0", "sha256:0").items()}
    return found


def run(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


def with_shipway(folder: Path, states: list[Mapping[str, bytes]]) -> list[float]:
    place = checked_target("prod", str(folder / "deploy.git"), "main", "prod", folder)
    request = PublishRequest("0.1.0", folder, author=AUTHOR)

    def publish_files(files: Mapping[str, bytes]) -> None:
        publish(place, lambda _base, _clone: NextState(files, "Publish"), request)

    return [timed(partial(publish_files, files)) for files in states]


def with_git_add(folder: Path, states: list[Mapping[str, bytes]]) -> list[float]:
    work = work_tree(folder)

    def publish_files(files: Mapping[str, bytes]) -> None:
        write(work, files)
        run(work, "add", "-A", ".")
        run(work, "-c", "user.name=Bench", "-c", "user.email=b@example.com", "commit", "-q", "--allow-empty", "-m", "x")
        run(work, "push", "-q", "origin", "HEAD:main")

    return [timed(partial(publish_files, files)) for files in states]


def with_gitpython(folder: Path, states: list[Mapping[str, bytes]]) -> list[float]:
    work = work_tree(folder)

    def publish_files(files: Mapping[str, bytes]) -> None:
        with Repo(work) as repo:
            repo.index.add(write(work, files))
            repo.index.commit("x", author=Actor("Bench", "b@example.com"), committer=Actor("Bench", "b@example.com"))
            repo.remotes.origin.push("HEAD:refs/heads/main").raise_if_error()

    return [timed(partial(publish_files, files)) for files in states]


def work_tree(folder: Path) -> Path:
    run(folder, "clone", "-q", str(folder / "deploy.git"), "work")
    return folder / "work"


def write(work: Path, files: Mapping[str, bytes]) -> list[str]:
    """Writes what differs, as a careful tool would, and gives those paths."""
    written = []
    for name, data in files.items():
        path = work / "prod" / name
        if not path.exists() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            written.append(str(path))
    return written


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(count: int, rounds: int) -> None:
    states: list[Mapping[str, bytes]] = [files_of(count), files_of(count, changed=1), files_of(count, changed=1)]
    print(f"{count} files, {rounds} rounds; seconds: first publish, one folder of ten changed, nothing changed")
    for method in (with_shipway, with_git_add, with_gitpython):
        rows = []
        for _ in range(rounds):
            with tempfile.TemporaryDirectory() as folder:
                run(Path(folder), "init", "-q", "--bare", "deploy.git")
                rows.append(method(Path(folder), states))
        columns = [median(column) for column in zip(*rows, strict=True)]
        print(f"{method.__name__:16}" + "".join(f"{seconds:9.2f}" for seconds in columns))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000, int(sys.argv[2]) if len(sys.argv) > 2 else 3)
