"""shipway init: a new repository of specs that works at once."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from compiler.cli.exit_status import EXIT_OK
from compiler.cli.new_files import write_new_files
from compiler.cli.output import print_done, print_notice
from compiler.cli.workflow_files import ACTION_PLACEHOLDER, workflow_files
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.spec.schema import schemas
from compiler.strategies import strategy_models
from compiler.traffic.providers import provider_models

DESTINATION_PATHS: Final = {"gitignore": ".gitignore", "pre-commit-config.yaml": ".pre-commit-config.yaml"}
"""Files that would act on this repository, or on its tools, under their own names."""


def run(args: argparse.Namespace) -> int:
    folder = Path(args.root) / args.folder
    contents = new_files(args.action)
    refuse_existing_files(folder, list(contents))
    try:
        write_new_files(folder, contents)
    except OSError as error:
        message = f"{error.filename or folder}: {(error.strerror or str(error)).lower()}"
        raise Rejected([Diagnostic("output-unwritable", message, None, "name a folder that you may write")]) from None
    print_done(args, "".join(f"{folder / name}\n" for name in contents))
    if ACTION_PLACEHOLDER.encode() in contents[".github/workflows/plan.yml"]:
        print_notice(
            args, f"note: in .github/workflows, put your copy of the Shipway action in place of {ACTION_PLACEHOLDER}"
        )
    there = "" if str(folder) == "." else f"cd {shlex.quote(str(folder))} && "
    print_notice(args, f"next: {there}shipway build")
    return EXIT_OK


def new_files(action: str | None) -> dict[str, bytes]:
    """The contents of a new repository by path; `action` as in `workflow_files`."""
    templates = files("compiler.templates")
    contents = {DESTINATION_PATHS.get(name, name): content for name, content in package_files_below(templates / "init")}
    contents |= {name: text.encode() for name, text in workflow_files(action).items()}
    contents |= {f"schemas/{name}": content for name, content in schemas(strategy_models(), provider_models()).items()}
    return dict(sorted(contents.items()))


def package_files_below(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    """Every file of package data below a folder: its path, its bytes."""
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from package_files_below(entry, f"{prefix}{entry.name}/")
        elif not entry.name.endswith((".py", ".pyc")):
            yield f"{prefix}{entry.name}", entry.read_bytes()


def refuse_existing_files(folder: Path, names: list[str]) -> None:
    """Raises Rejected for every file that is there already: nothing is written then."""
    taken = [name for name in names if (folder / name).exists() or (folder / name).is_symlink()]
    if taken:
        advice = "choose an empty folder: shipway init DIR"
        raise Rejected([Diagnostic("file-exists", f"{folder / name} is there already", None, advice) for name in taken])
