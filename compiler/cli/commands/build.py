"""shipway build: the published tree as files."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from compiler.cache.entry import cache_folder
from compiler.cli.answer_inputs import keep_notices
from compiler.cli.exit_status import EXIT_FAILURE, EXIT_OK
from compiler.cli.output import next_command, next_notice, print_detail, print_diagnostics, print_notice
from compiler.cli.release_selection import check_releases, selected_releases
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.model.address import is_local_path
from compiler.publish.kept_entry import NO_ENTRY, kept_entry
from compiler.source.workspace import ENVIRONMENTS, Sources, readable_environments, start_reading
from compiler.support.parallel import Shard

if TYPE_CHECKING:
    from compiler.publish.local_build import WrittenBuild
    from compiler.publish.written_folders import FolderStates
    from compiler.spec.environment import Environment
    from compiler.tree.render import BuiltEnvironment


class Build(NamedTuple):
    """One environment, and how its releases that are wanted are written into a folder."""

    name: str
    sources: Sources
    tree: BuiltEnvironment
    write: Callable[[Path], WrittenBuild]


def run(args: argparse.Namespace) -> int:
    root, out = Path(args.root), Path(args.out)
    refuse_specs(root, out)
    environments = readable_environments(root)
    builds, diagnostics = built_environments(
        args, root, selected_releases(root, args.names, environments, Shard(*args.shard))
    )
    if print_diagnostics(diagnostics, args) == EXIT_FAILURE:
        return EXIT_FAILURE
    written = {out / each.name: write_build(args, out / each.name, each) for each in builds}
    next_command(args, "shipway plan")
    if not diagnostics and all(names_repository(each.tree.environment) for each in builds):
        notices = [each for notes, _ in written.values() for each in notes] + [next_notice(args, "shipway plan")]
        states = {folder: left for folder, (_, left) in written.items()}
        keep_notices(args, environments, [each.sources for each in builds], notices, states)
    return EXIT_OK


def names_repository(environment: Environment) -> bool:
    """Whether the spec alone says where the tree will stand.

    Where it names no repository it is that of the specs, by Git's settings; links may lead to one of this machine.
    """
    repository = environment.spec.gitops.repository
    return repository is not None and not is_local_path(repository)


def built_environments(
    args: argparse.Namespace, root: Path, chosen: Mapping[str, set[str]]
) -> tuple[list[Build], list[Diagnostic]]:
    """The environments that are right, and all findings."""
    builds: list[Build] = []
    diagnostics: list[Diagnostic] = []
    shard, keeps = Shard(*args.shard), not args.no_cache and cache_folder() is not None
    entries = {name: kept_entry(root, name, shard) if keeps else NO_ENTRY for name in chosen}
    with ExitStack() as stack:
        specs = {name: stack.enter_context(start_reading(root, name, entries[name].specs)) for name in chosen}
        from compiler.publish.local_build import build_anew, build_changed, write_anew, write_changed  # noqa: PLC0415 - while others read

        for name, wanted in chosen.items():
            try:
                sources = specs[name]()
                build, write = (build_changed, write_changed) if keeps else (build_anew, write_anew)
                tree = build(root, sources, shard, entries[name])
            except Rejected as rejected:
                diagnostics += rejected.diagnostics
                continue
            check_releases(wanted, [release.name for release in tree.compiled.releases])
            diagnostics += tree.warnings
            builds.append(Build(name, sources, tree, partial(write, tree, wanted)))
    return builds, diagnostics


def write_build(args: argparse.Namespace, folder: Path, build: Build) -> tuple[list[str], FolderStates | None]:
    """Writes the wanted files and says which ones. Returns what it would say if nothing had to be written, and the
    states in which that is so.
    """
    written = build.write(folder)
    result = written.result
    if not args.quiet:
        sys.stdout.write("".join(f"{folder}/{path}\n" for path in result.written))
    for path in result.removed:
        print_detail(args, f"removed {folder}/{path}")
    notes = [f"note: {note}" for note in build.tree.notes]
    counts = result_notice(build.name, len(result.written), len(result.removed), result.unchanged)
    print_notice(args, "\n".join([counts, *notes]))
    return [result_notice(build.name, 0, 0, len(result.written) + result.unchanged), *notes], written.states


def result_notice(name: str, written: int, removed: int, unchanged: int) -> str:
    return f"{name}: {written} written, {removed} removed, {unchanged} unchanged"


def refuse_specs(root: Path, out: Path) -> None:
    """Raises Rejected for a folder among the specs: they and what is made of them would lie in each other."""
    specs = (root / ENVIRONMENTS).resolve()
    if specs in (out.resolve(), *out.resolve().parents):
        message = f"{out} is the folder of the specs: manifests and specs would be mixed"
        raise Rejected([Diagnostic("out-in-specs", message, None, "name another folder with --out")])
