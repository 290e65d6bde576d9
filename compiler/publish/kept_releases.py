"""Releases as they were rendered before, kept for the next build, plan or publish of their environment."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from compiler.cache.digests import compiler_digest
from compiler.cache.entry import read_entry, write_entry
from compiler.support.parallel import Shard
from compiler.tree.applications import SyncedContent
from compiler.tree.render import RenderedRelease

KeptReleases = Mapping[bytes, RenderedRelease]
"""By the digest of all that each was made from."""


def kept_releases(name: str) -> KeptReleases:
    """What this compiler rendered without any finding, from the entry of this name."""
    entry = read_entry(name)
    if entry is None or entry[0] != compiler_digest():
        return {}
    return {record[-1]: release_of_record(record) for record in entry[1]}


def keep_releases(name: str, kept: KeptReleases, releases: Sequence[RenderedRelease]) -> None:
    """Keeps these releases in the entry in place of those that are kept, unless they are the same."""
    if {each.source for each in releases} != kept.keys():
        records = [record_of_release(each) for each in releases]
        write_entry(name, (compiler_digest(), records))


def kept_entry_name(root: Path, environment: str, shard: Shard) -> str:
    """The name of the entry for a shard of an environment."""
    return sha256(f"releases {os.path.realpath(root)} {environment} {shard}".encode()).hexdigest()


def record_of_release(release: RenderedRelease) -> tuple[Any, ...]:
    """The release as plain data, its digest last."""
    content = release.content
    synced = (content.kinds, content.deployments, content.scaled)
    return release.name, dict(release.files), synced, release.objects, release.source


def release_of_record(record: tuple[Any, ...]) -> RenderedRelease:
    name, files, synced, objects, source = record
    return RenderedRelease(name, files, SyncedContent(*synced), objects, source)
