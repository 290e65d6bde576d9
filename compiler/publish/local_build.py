"""An environment's tree as it would be published, and as the files of a folder."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

from compiler.diagnostics.model import Rejected
from compiler.git.destination import publish_destination
from compiler.pipeline import build_environment, render_environment
from compiler.publish.kept_releases import keep_releases, kept_releases
from compiler.publish.output_folder import WriteResult, folder_changes, write_folder
from compiler.source.workspace import Sources
from compiler.tree.render import BuiltEnvironment


def built_environment(root: Path, sources: Sources) -> BuiltEnvironment:
    """The environment as it would be published; only releases that changed are made anew. Raises Rejected."""
    kept = kept_releases(root, sources.name)
    rendered = render_environment(sources, kept)
    if not rendered.compiled.warnings:  # a release that is kept has no finding
        keep_releases(root, sources.name, kept, rendered.releases)
    return build_environment(rendered, publish_destination(root, rendered.environment))


def built_anew(root: Path, sources: Sources) -> BuiltEnvironment:
    """The environment as it would be published, with nothing kept from before or for later. Raises Rejected."""
    rendered = render_environment(sources)
    return build_environment(rendered, publish_destination(root, rendered.environment))


def write_releases(built: BuiltEnvironment, wanted: Set[str], folder: Path) -> WriteResult:
    """Writes the folders of the releases `wanted` (none: all there is) and leaves the others as they are."""
    return write_folder(folder, *_files_to_write(built, wanted))


def stands_written(built: BuiltEnvironment, wanted: Set[str], folder: Path) -> bool:
    """Whether the same would write nothing now. Raises OSError for what cannot be read."""
    try:
        return not folder_changes(folder, *_files_to_write(built, wanted))
    except Rejected:
        return False


def _files_to_write(built: BuiltEnvironment, wanted: Set[str]) -> tuple[dict[str, bytes], frozenset[str]]:
    """The files, and the folders of ours that stay as they are."""
    files = {path: data for path, data in built.files.items() if not wanted or top_folder(path) in wanted}
    others = {top_folder(path) for path in built.files} - {top_folder(path) for path in files}
    return files, frozenset(others)


def top_folder(path: str) -> str:
    return path.partition("/")[0] if "/" in path else ""
