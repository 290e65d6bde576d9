"""What `init` adds to a folder: the files of a repository of specs that are not there yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final, Literal

from compiler.cli.workflow_files import GITLAB_INCLUDED, GITLAB_PIPELINE, gitlab_files, workflow_files
from compiler.spec.schema import schemas
from compiler.strategies import strategy_models
from compiler.traffic.providers import provider_models

Ci = Literal["github", "gitlab", "none"]

TEMPLATE_NAMES: Final = {"gitignore": ".gitignore", "pre-commit-config.yaml": ".pre-commit-config.yaml"}
"""Files that would act on this repository, or on its tools, under their own names."""
IGNORED: Final = ".gitignore"
EXAMPLES: Final = "environments/"
EXAMPLE_IN_PROD: Final = "environments/prod/hello.yaml"


@dataclass(frozen=True, slots=True)
class Additions:
    """What a folder lacks: `new` files by path, what is appended to its `.gitignore`, and the files of other content
    that stay as they are.
    """

    new: dict[str, bytes]
    ignored: bytes
    kept: tuple[str, ...]


def missing_files(folder: Path, action: str | None, ci: Ci | None, strategy: str) -> Additions:
    """Compares the folder with what a new repository holds; reads it, and writes nothing.

    A folder with an environment of its own gets no example. Raises OSError for what cannot be read.
    """
    chosen = ci or fitting_ci(folder)
    wanted = repository_files(action, chosen, strategy, pipeline_taken=is_taken(folder / GITLAB_PIPELINE))
    if any(folder.glob(f"{EXAMPLES}*/environment.yaml")):
        wanted = {name: content for name, content in wanted.items() if not name.startswith(EXAMPLES)}
    taken = {name for name in wanted if is_taken(folder / name)}
    ignored = b""
    if IGNORED in taken and (folder / IGNORED).is_file() and not (folder / IGNORED).is_symlink():
        ignored = lines_to_append((folder / IGNORED).read_bytes(), wanted.pop(IGNORED))
    other = (name for name in sorted(taken & wanted.keys()) if not has_content(folder / name, wanted[name]))
    return Additions({name: wanted[name] for name in wanted if name not in taken}, ignored, tuple(other))


def repository_files(action: str | None, ci: Ci, strategy: str, *, pipeline_taken: bool) -> dict[str, bytes]:
    """The files of a new repository by path; `action` as in `workflow_files`, `strategy` of the example in prod."""
    templates = files("compiler.templates")
    contents = {TEMPLATE_NAMES.get(name, name): content for name, content in package_files_below(templates / "init")}
    contents[EXAMPLE_IN_PROD] += (templates / "strategies" / f"{strategy}.yaml").read_bytes()
    if ci == "github":
        contents |= {name: text.encode() for name, text in workflow_files(action).items()}
    elif ci == "gitlab":
        place = GITLAB_INCLUDED if pipeline_taken else GITLAB_PIPELINE
        contents |= {name: text.encode() for name, text in gitlab_files(place, action).items()}
    contents |= {f"schemas/{name}": content for name, content in schemas(strategy_models(), provider_models()).items()}
    return dict(sorted(contents.items()))


def fitting_ci(folder: Path) -> Ci:
    """GitLab where the folder has a pipeline of GitLab's and no workflow of GitHub's; else GitHub."""
    gitlab = is_taken(folder / GITLAB_PIPELINE) or (folder / ".gitlab").is_dir()
    return "gitlab" if gitlab and not (folder / ".github" / "workflows").is_dir() else "github"


def package_files_below(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    """Every file of package data below a folder: its path, its bytes."""
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from package_files_below(entry, f"{prefix}{entry.name}/")
        elif not entry.name.endswith((".py", ".pyc")):
            yield f"{prefix}{entry.name}", entry.read_bytes()


def is_taken(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def has_content(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def lines_to_append(before: bytes, wanted: bytes) -> bytes:
    """The lines of `wanted` that a `.gitignore` lacks, with its line ends, to stand behind its last one.

    `out`, `out/`, `/out` and `/out/` are taken for the same; an order and comments are left alone.
    """
    end = b"\r\n" if b"\r\n" in before else b"\n"
    known = {line.strip().strip(b"/") for line in before.splitlines()}
    lacking = [line for line in wanted.splitlines() if line.strip(b"/") not in known]
    gap = end if before and not before.endswith(b"\n") and lacking else b""
    return gap + b"".join(line + end for line in lacking)
