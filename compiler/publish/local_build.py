"""An environment's tree as it would be published, and as the files of a folder."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

from compiler.git.destination import publish_destination
from compiler.pipeline import build_environment, render_environment
from compiler.publish.kept_releases import keep_releases, kept_releases
from compiler.publish.output_folder import WriteResult, write_folder
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
    files = {path: data for path, data in built.files.items() if not wanted or top_folder(path) in wanted}
    others = {top_folder(path) for path in built.files} - {top_folder(path) for path in files}
    return write_folder(folder, files, keep=frozenset(others))


def top_folder(path: str) -> str:
    return path.partition("/")[0] if "/" in path else ""
