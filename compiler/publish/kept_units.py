"""What a plan said of each unit, kept for the next plan or publish of the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from compiler.cache.digests import compiler_digest
from compiler.cache.entry import read_entry, write_entry
from compiler.model.unit import CompiledUnit
from compiler.model.unit_facts import UnitFacts
from compiler.plan.unit_facts import with_unit_facts
from compiler.source.kept_specs import source_digest
from compiler.source.workspace import Sources
from compiler.tree.render import BuiltEnvironment

Records = Mapping[str, tuple[bytes, tuple[Any, ...]]]
"""By the name of each unit the digest of all that its members are made from, and its facts."""


def with_kept_facts(root: Path, sources: Sources, built: BuiltEnvironment) -> BuiltEnvironment:
    """The environment with the facts of units whose members are made from the same texts as they were then."""
    return with_known_facts(built, kept_records(root, built, unit_digests(sources, built)))


def with_all_facts(root: Path, sources: Sources, built: BuiltEnvironment) -> BuiltEnvironment:
    """The environment with the facts of all its units, which are kept."""
    digests = unit_digests(sources, built)
    records = kept_records(root, built, digests)
    whole = with_unit_facts(with_known_facts(built, records))
    new = {name: facts for name, facts in whole.unit_facts.items() if name not in records}
    if new:
        made = {name: (digests[name], facts.record) for name, facts in new.items()}
        write_entry(facts_entry_name(root, built), (compiler_digest(), {**records, **made}))
    return whole


def kept_records(root: Path, built: BuiltEnvironment, digests: Mapping[str, bytes]) -> Records:
    """The records of units that still have these digests."""
    entry = read_entry(facts_entry_name(root, built))
    if entry is None or entry[0] != compiler_digest():
        return {}
    return {name: record for name, record in entry[1].items() if digests.get(name) == record[0]}


def with_known_facts(built: BuiltEnvironment, records: Records) -> BuiltEnvironment:
    return replace(built, unit_facts={name: UnitFacts.of_record(facts) for name, (_, facts) in records.items()})


def unit_digests(sources: Sources, built: BuiltEnvironment) -> Mapping[str, bytes]:
    """By the name of each unit one digest of all that its members are made from."""
    return {unit.name: digest_of_unit(sources, unit) for unit in built.units}


def digest_of_unit(sources: Sources, unit: CompiledUnit) -> bytes:
    members = ((each.document, sources.data[each.document.file], each.membership) for each in unit.members)
    return sha256(b"".join(source_digest(sources.environment_digest, *each) for each in members)).digest()


def facts_entry_name(root: Path, built: BuiltEnvironment) -> str:
    return sha256(f"units {os.path.realpath(root)} {built.compiled.name} {built.shard}".encode()).hexdigest()
