"""Releases as they were rendered before, kept for the next build, plan or publish of their environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from compiler.cache.digests import compiler_digest
from compiler.cache.entry import write_entry
from compiler.model.claims import ReleaseClaims
from compiler.model.compiled import CompiledRelease
from compiler.publish.kept_entry import KeptEntry
from compiler.rules.claims import release_claims
from compiler.source.kept_specs import kept_spec
from compiler.source.workspace import named_paths
from compiler.tree.applications import SyncedContent
from compiler.tree.render import RenderedApplications, RenderedEnvironment, RenderedRelease

MIN_UNCHANGED: Final = 4
"""Where no more than one release in so many changed, those alone are written."""


def kept_releases(entry: KeptEntry) -> dict[str, RenderedRelease]:
    """The releases of the entry by their names."""
    releases = (release_of_record(record) for _, record in entry.records.values())
    return {each.name: each for each in releases}


def kept_applications(entry: KeptEntry) -> RenderedApplications | None:
    return None if entry.applications is None else RenderedApplications(*entry.applications)


def keep_releases(
    entry: KeptEntry, kept: Mapping[str, RenderedRelease], rendered: RenderedEnvironment, applied: RenderedApplications
) -> None:
    """Keeps the rendered releases and Applications in place of those that are kept, unless they are the same."""
    releases = [each for each in rendered.releases if each.files]
    applications = (applied.source, dict(applied.files))
    same = {each.source for each in releases} == {each.source for each in kept.values()}
    if same and entry.applications == applications:
        return
    records = {}
    for each in releases:
        release = rendered.compiled.by_name[each.name]
        file = release.document.file
        records[file] = entry.records[file] if kept.get(each.name) is each else record_of(release, each)
    new = KeptEntry(entry.name, rendered.sources.environment_digest, records, applications)
    if entry.base is None or not write_changes(entry.base, new):
        write_entry(new.name, (compiler_digest(), *new[1:4]))
        write_entry(new.changes_name, None)


def write_changes(base: KeptEntry, new: KeptEntry) -> bool:
    """Writes what is new beside what was written whole; False, and nothing, where that is much or a release left."""
    changed = {file: record for file, record in new.records.items() if base.records.get(file) is not record}
    few = len(changed) * MIN_UNCHANGED <= len(new.records) and base.records.keys() <= new.records.keys()
    if base.environment != new.environment or not few:
        return False
    applications = None if new.applications == base.applications else new.applications
    write_entry(base.changes_name, (compiler_digest(), new.environment, changed, applications))
    return True


def record_of(release: CompiledRelease, written: RenderedRelease) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """How the release's spec was read, and what was rendered of it, as plain data."""
    document, files = release.document, release.files
    spec = kept_spec(release.name, document, named_paths(document, files), files)
    content = written.content
    synced = (content.kinds, content.deployments, content.scaled)
    return (
        (spec.release, spec.texts, spec.named, spec.absent, spec.digest),
        (written.name, dict(written.files), synced, written.objects, written.source, release_claims(release).record),
    )


def release_of_record(record: tuple[Any, ...]) -> RenderedRelease:
    name, files, synced, objects, source, claims = record
    return RenderedRelease(name, files, SyncedContent(*synced), objects, source, ReleaseClaims.of_record(claims))
