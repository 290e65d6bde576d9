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

ReleaseRecords = dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]]
"""By a spec's file, its `KeptSpec` and its release as plain data; each has digests of the texts that it was made of, so
an old one is never taken for another."""


class KeptEntry(NamedTuple):
    """`environment`: the digest of the environment's own texts. `records`: by the file of each release's spec, how it
    was read and what was rendered of it. `applications`: the digest of Argo CD's objects, and their files.

    `base` is what was last written whole. Later changes stand in an entry of their own: to write the 11 MB of 1,000
    releases takes 30 ms.
    """

    name: str
    environment: bytes = b""
    records: ReleaseRecords = {}
    applications: tuple[bytes, dict[str, bytes]] | None = None
    base: KeptEntry | None = None

    @property
    def specs(self) -> KeptSpecs:
        return KeptSpecs(self.environment, {file: KeptSpec(*spec) for file, (spec, _) in self.records.items()})

    @property
    def changes_name(self) -> str:
        """The name of the entry of what changed since `base` was written."""
        return f"{self.name}-changes"


NO_ENTRY = KeptEntry("")


def kept_entry(root: Path, environment: str, shard: Shard) -> KeptEntry:
    """What this compiler rendered without any finding, for a shard of an environment."""
    name = sha256(f"releases {os.path.realpath(root)} {environment} {shard}".encode()).hexdigest()
    here, whole = compiler_digest(), read_entry(name)
    if whole is None or whole[0] != here:
        return KeptEntry(name)
    base = KeptEntry(name, *whole[1:])
    changes = read_entry(base.changes_name)
    if changes is None or changes[:2] != (here, base.environment):
        return base._replace(base=base)
    _, _, records, applications = changes
    return KeptEntry(name, base.environment, {**base.records, **records}, applications or base.applications, base)
