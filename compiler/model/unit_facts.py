"""What a plan says of a unit as its specs have it: a plan keeps it for the next one that finds them as they were."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any, NamedTuple

from compiler.model.cost import Cost
from compiler.model.plan import PreviewRequest, TrackView
from compiler.model.request import MatchCondition, RouteMatch


class UnitFacts(NamedTuple):
    """`ahead`: how many steps of its course are still to come, of which `next_verb` makes the first; `matches`: what
    its routes match.
    """

    strategy: str
    position: str
    ahead: int
    next_verb: str
    tracks: tuple[TrackView, ...]
    cost: Cost
    previews: tuple[PreviewRequest, ...]
    matches: frozenset[RouteMatch]

    @property
    def record(self) -> tuple[Any, ...]:
        """All of it as plain data, which the cache takes."""
        tracks, previews = (tuple(map(astuple, each)) for each in (self.tracks, self.previews))
        matches = sorted((*each[:3], tuple(each.condition)) for each in self.matches)
        return (*self[:4], tracks, self.cost.record, previews, tuple(matches))

    @staticmethod
    def of_record(record: tuple[Any, ...]) -> UnitFacts:
        strategy, position, ahead, next_verb, tracks, cost, previews, matches = record
        return UnitFacts(
            strategy,
            position,
            ahead,
            next_verb,
            tuple(TrackView(*each) for each in tracks),
            Cost.of_record(cost),
            tuple(PreviewRequest(*each) for each in previews),
            frozenset(RouteMatch(host, kind, path, MatchCondition(*asked)) for host, kind, path, asked in matches),
        )
