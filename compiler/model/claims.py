"""What a release says that the rules between releases compare: it is kept where the release is."""

from __future__ import annotations

from typing import Any, NamedTuple

from compiler.diagnostics.model import Path
from compiler.model.cost import Cost

RouteClaim = tuple[str, str, str, tuple[str, str] | None]
"""Host ("" for every host), path, its type (of equal paths an exact one wins), header."""


class ReleaseClaims(NamedTuple):
    """What one release takes of what all share: requests, node ports with their places in the spec, a quota.

    `strips`: the path that a rewrite takes off, None without one. The costs are None where there is no quota.
    """

    routes: tuple[RouteClaim, ...]
    strips: str | None
    node_ports: tuple[tuple[Path, int], ...]
    at_rest: Cost | None
    at_peak: Cost | None

    @property
    def record(self) -> tuple[Any, ...]:
        """All of it as plain data, which the cache takes."""
        return (*self[:3], *(None if each is None else each.record for each in self[3:]))

    @staticmethod
    def of_record(record: tuple[Any, ...]) -> ReleaseClaims:
        return ReleaseClaims(*record[:3], *(None if each is None else Cost.of_record(each) for each in record[3:]))
