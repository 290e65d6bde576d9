"""A release that takes the routes of one that leaves: a rename, as a rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from compiler.diagnostics.model import Diagnostic, Problem
from compiler.model.compiled import CompiledEnvironment, CompiledRelease
from compiler.model.request import RouteMatch, shown_host
from compiler.model.unit import Unit
from compiler.plan.other_units import RoutedUnit, removed_units
from compiler.plan.route_overlap import route_matches
from compiler.plan.states import PublishedFiles, parsed_objects, readable_objects, unit_files
from compiler.tree.departure import Departure


def routes_of_removed_releases(
    compiled: CompiledEnvironment, unit: Unit, manifests: Mapping[str, PublishedFiles], removed: Iterable[str]
) -> Iterator[Diagnostic]:
    """The routes of releases that leave, which a release takes in the same commit."""
    for old in removed_units(compiled, manifests, removed):
        for member, match in _new_routes_among(compiled, unit, manifests, route_matches(old.published)):
            yield member.document.diagnose(_route_taken(compiled, member.name, old, match))


def routes_left_behind(
    compiled: CompiledEnvironment, unit: Unit, manifests: Mapping[str, PublishedFiles], departed: Iterable[Departure]
) -> Iterator[Diagnostic]:
    """Routes of releases that left earlier, which are new here: without `cascade` the old ones are still there."""
    for old in departed:
        before = frozenset() if old.cascade else route_matches(readable_objects(old.files))
        for member, match in _new_routes_among(compiled, unit, manifests, before):
            yield member.document.diagnose(_left_behind(compiled, member.name, old, match))


def _new_routes_among(
    compiled: CompiledEnvironment, unit: Unit, manifests: Mapping[str, PublishedFiles], before: frozenset[RouteMatch]
) -> Iterator[tuple[CompiledRelease, RouteMatch]]:
    """Each member of the unit that takes some of the matches anew, with the first of them."""
    for name in unit.folders:
        member = compiled.release(name)
        own = route_matches(manifest.object for manifest in member.manifests)
        published = route_matches(parsed_objects(unit_files(manifests, [name])))
        taken = min(own & before - published, default=None)
        if taken is not None:
            yield member, taken


def _left_behind(compiled: CompiledEnvironment, name: str, old: Departure, match: RouteMatch) -> Problem:
    kinds = ",".join(sorted({str(obj["kind"]).lower() for obj in readable_objects(old.files)}))
    namespace = compiled.documents.environment.model.spec.namespace
    return Problem(
        "release-left-behind",
        f"{name} takes {shown_match(match)}, which {old.name} answered until it left in {old.commit[:12]}, without "
        "`argocd.cascade`: its objects may still be in the cluster, and both would route it",
        ("metadata", "name"),
        f"delete what `kubectl -n {namespace} get {kinds} -l app={old.name}` lists, its routes first; then publish "
        "with `--allow release-left-behind --reason …`",
        on_key=True,
    )


def shown_match(match: RouteMatch) -> str:
    """The host and path as messages name them."""
    return match.path if match.host == "*" else f"{shown_host(match.host)}{match.path}"


def _route_taken(compiled: CompiledEnvironment, name: str, old: RoutedUnit, match: RouteMatch) -> Problem:
    effect = (
        f"the objects of {old.name} stay in the cluster, and both would route it: which one answers depends "
        "on the gateway"
        if old.states[0]
        else f"{old.name} may be gone before {name} answers"
    )
    return Problem(
        "release-renamed",
        f"{name} takes {shown_match(match)} from {old.name}, which leaves {compiled.name} in this commit: nothing "
        f"orders the two Applications; {effect}",
        ("metadata", "name"),
        f"keep the name {old.name}; or publish {name} on a host or a path of its own beside {old.name}, let clients "
        f"move, then remove {old.name}",
        on_key=True,
    )
