"""An environment's tree as it would be published, and as the files of a folder."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from compiler.diagnostics.model import Rejected
from compiler.git.destination import publish_destination
from compiler.pipeline import build_environment, render_environment
from compiler.publish.kept_entry import KeptEntry, kept_entry
from compiler.publish.kept_releases import keep_releases, kept_applications, kept_releases
from compiler.publish.output_folder import WriteResult, folder_changes, folders_in, write_folder
from compiler.publish.written_folders import FolderStates, keep_states, settled_states, untouched_folders
from compiler.source.workspace import Sources, read_sources
from compiler.support.parallel import WHOLE, Shard
from compiler.tree.paths import top_folder
from compiler.tree.render import BuiltEnvironment


def read_and_built(root: Path, name: str, shard: Shard = WHOLE) -> tuple[Sources, BuiltEnvironment]:
    """The specs of an environment, and the environment as it would be published. Raises Rejected."""
    entry = kept_entry(root, name, shard)
    sources = read_sources(root, name, entry.specs)
    return sources, build_changed(root, sources, shard, entry)


def built_environment(root: Path, sources: Sources, shard: Shard = WHOLE) -> BuiltEnvironment:
    """The environment of specs that were read, as it would be published. Raises Rejected."""
    return build_changed(root, sources, shard, kept_entry(root, sources.name, shard))


def build_changed(root: Path, sources: Sources, shard: Shard, entry: KeptEntry) -> BuiltEnvironment:
    """The environment as it would be published; only releases that are other than those of the entry are made anew."""
    kept = kept_releases(entry)
    rendered = render_environment(sources, kept, shard)
    built = build_environment(rendered, publish_destination(root, rendered.environment), kept_applications(entry))
    if not built.warnings:  # a release that is kept has no finding
        keep_releases(entry, kept, rendered, built.rendered_applications)
    return built


def build_anew(root: Path, sources: Sources, shard: Shard, _: KeptEntry) -> BuiltEnvironment:
    """The environment as it would be published, with nothing kept from before or for later."""
    rendered = render_environment(sources, shard=shard)
    return build_environment(rendered, publish_destination(root, rendered.environment))


@dataclass(frozen=True, slots=True)
class WrittenBuild:
    """What a build wrote into a folder, and the states in which the folder holds all of it; None where they would not
    tell a later change.
    """

    result: WriteResult
    states: FolderStates | None = None


def write_anew(built: BuiltEnvironment, wanted: Set[str], folder: Path) -> WrittenBuild:
    """Writes the folders of the releases `wanted` (none: all there is) and leaves the others as they are."""
    return WrittenBuild(write_folder(folder, *_files_to_write(built, wanted, folder)))


def write_changed(built: BuiltEnvironment, wanted: Set[str], folder: Path) -> WrittenBuild:
    """As `write_anew`, but of folders that stand as a build left them nothing is read."""
    files, others = _files_to_write(built, wanted, folder)
    whole = not wanted and built.shard == WHOLE
    untouched = untouched_folders(folder, files) if whole else {}
    changed = {path: data for path, data in files.items() if path.partition("/")[0] not in untouched}
    kept = others | untouched.keys()
    result = write_folder(folder, changed, kept, untouched.keys())
    states = settled_states(folder, untouched, partial(_stands, folder, changed, kept, untouched.keys()))
    if whole and states is not None:
        keep_states(folder, files, states)
    return WrittenBuild(replace(result, unchanged=result.unchanged + len(files) - len(changed)), states)


def _stands(folder: Path, files: Mapping[str, bytes], keep: Set[str], unread: Set[str]) -> bool:
    """Whether a build would write nothing now. Raises OSError for what cannot be read."""
    try:
        return not folder_changes(folder, files, keep, unread)
    except Rejected:
        return False


def _files_to_write(
    built: BuiltEnvironment, wanted: Set[str], folder: Path
) -> tuple[Mapping[str, bytes], frozenset[str]]:
    """The files, and the folders of ours that stay as they are."""
    if built.shard != WHOLE:
        return built.files, built.folders_of_others(folders_in(folder))
    if not wanted:
        return built.files, frozenset()
    files = {path: data for path, data in built.files.items() if top_folder(path) in wanted}
    others = {top_folder(path) for path in built.files} - {top_folder(path) for path in files}
    return files, frozenset(others)
