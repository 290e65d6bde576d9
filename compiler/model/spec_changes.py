"""What changed in the specs since they were published."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SpecChanges:
    """Files, relative to the specs' root, that differ from the published source; those it has not, and those gone."""

    files: frozenset[str] = frozenset()
    added: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
