"""What was kept of an environment's releases, as it stands in the cache: read before the stages are loaded."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from compiler.cache.digests import compiler_digest
from compiler.cache.entry import read_entry
from compiler.source.kept_specs import KeptSpec, KeptSpecs
from compiler.support.parallel import Shard


class KeptEntry(NamedTuple):
    """`environment`: the digest of the environment's own texts. `records`: by the file of each release's spec, how it
    was read and what was rendered of it. `applications`: the digest of Argo CD's objects, and their files.
    """

    name: str
    environment: bytes = b""
    records: dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]] = {}
    applications: tuple[bytes, dict[str, bytes]] | None = None

    @property
    def specs(self) -> KeptSpecs:
        return KeptSpecs(self.environment, {file: KeptSpec(*spec) for file, (spec, _) in self.records.items()})


NO_ENTRY = KeptEntry("")


def kept_entry(root: Path, environment: str, shard: Shard) -> KeptEntry:
    """What this compiler rendered without any finding, for a shard of an environment."""
    name = sha256(f"releases {os.path.realpath(root)} {environment} {shard}".encode()).hexdigest()
    entry = read_entry(name)
    if entry is None or entry[0] != compiler_digest():
        return KeptEntry(name)
    return KeptEntry(name, *entry[1:])
