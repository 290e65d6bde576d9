"""What a plan says of each unit whether it changes or not: made for all units at once, or kept from the plan before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from compiler.model.request import RouteMatch
from compiler.model.unit import CompiledUnit
from compiler.model.unit_facts import UnitFacts
from compiler.plan.peak import cost_of_objects
from compiler.plan.preview import unit_previews
from compiler.plan.route_overlap import route_matches
from compiler.plan.unit_tracks import unit_track_views
from compiler.plan.upcoming_states import upcoming_states
from compiler.support.parallel import parallel_map
from compiler.tree.render import BuiltEnvironment


def with_unit_facts(built: BuiltEnvironment) -> BuiltEnvironment:
    """The environment with the facts of all units of the shard: those that it has, and those of the others."""
    units = [unit for unit in built.units if built.shard.holds(unit.shown)]
    new = [unit for unit in units if unit.name not in built.unit_facts]
    made = zip(new, parallel_map(partial(unit_facts, built), new, "courses read"), strict=True)
    return replace(built, unit_facts={**built.unit_facts, **{unit.name: facts for unit, facts in made}})


def unit_facts(built: BuiltEnvironment, unit: CompiledUnit) -> UnitFacts:
    """The facts of one unit as its specs have it."""
    first, objects = unit.members[0], unit.objects
    ahead = upcoming_states(built.compiled, unit.folders, built.data)
    return UnitFacts(
        first.strategy.NAME,
        first.strategy.position(first.subject),
        len(ahead),
        ahead[0].step.verb if ahead else "",
        unit_track_views(objects, unit),
        cost_of_objects(objects, unit.folders),
        unit_previews(unit.members),
        route_matches(objects),
    )


def matches_of_unit(facts: Mapping[str, UnitFacts], unit: CompiledUnit) -> frozenset[RouteMatch]:
    """What the routes of the unit match."""
    known = facts.get(unit.name)
    return route_matches(unit.objects) if known is None else known.matches
