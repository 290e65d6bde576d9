"""A release that takes the routes of one that leaves: a rename, as a rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from compiler.diagnostics.model import Diagnostic, Problem
from compiler.model.compiled import CompiledEnvironment
from compiler.model.request import RouteMatch
from compiler.model.unit import Unit
from compiler.plan.other_units import RoutedUnit, removed_units
from compiler.plan.route_overlap import route_matches
from compiler.plan.states import PublishedFiles, parsed_objects, unit_files


def routes_of_removed_releases(
    compiled: CompiledEnvironment, unit: Unit, manifests: Mapping[str, PublishedFiles], removed: Iterable[str]
) -> Iterator[Diagnostic]:
    """The routes of releases that leave, which a release takes in the same commit."""
    for old in removed_units(compiled, manifests, removed):
        before = route_matches(old.published)
        for name in unit.folders:
            member = compiled.release(name)
            own = route_matches(manifest.object for manifest in member.manifests)
            published = route_matches(parsed_objects(unit_files(manifests, [name])))
            taken = min(own & before - published, default=None)
            if taken is not None:
                yield member.document.diagnose(_route_taken(compiled, name, old, taken))


def _route_taken(compiled: CompiledEnvironment, name: str, old: RoutedUnit, match: RouteMatch) -> Problem:
    effect = (
        f"the objects of {old.name} stay in the cluster, and both would route it: gateways differ in whom they take"
        if old.states[0]
        else f"{old.name} may be gone before {name} answers"
    )
    where = match.path if match.host == "*" else f"{match.host}{match.path}"
    return Problem(
        "release-renamed",
        f"{name} takes {where} from {old.name}, which leaves {compiled.name} in this commit: nothing orders "
        f"the two Applications; {effect}",
        ("metadata", "name"),
        f"keep the name {old.name}; or publish {name} on a host or a path of its own beside {old.name}, let clients "
        f"move, then remove {old.name}",
        on_key=True,
    )
