"""Releases that leave an environment: whether requests go with them, and what stays.

Source: Argo CD, controller/appcontroller.go `finalizeApplicationDeletion`: with the finalizer all objects of an
Application are deleted at once, routes and pods alike; without it they stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from compiler.diagnostics.model import Diagnostic, Problem
from compiler.plan.facts import PublishFacts
from compiler.plan.other_units import removed_folders
from compiler.plan.route_overlap import route_matches
from compiler.plan.states import PublishedFiles, readable_objects, unit_files
from compiler.tree.render import BuiltEnvironment

CASCADE = ("spec", "argocd", "cascade")


def removals_while_serving(built: BuiltEnvironment, facts: PublishFacts) -> Iterator[Diagnostic]:
    """The releases that would be deleted whole while a route still leads to them, or may still do in the cluster."""
    if not built.compiled.documents.environment.model.spec.argocd.cascade:
        return
    for name in removed_folders(built, facts.base):
        if name.startswith("_") or not name:
            continue
        if route_matches(readable_objects(unit_files(facts.base.manifests, [name]))):
            yield built.compiled.document.diagnose(_still_serves(name))
        elif any(_routed(state.manifests, name) for state in facts.history.states):
            yield built.compiled.document.diagnose(_may_still_serve(name, built.compiled.name))


def _routed(manifests: Mapping[str, PublishedFiles], name: str) -> bool:
    return bool(route_matches(readable_objects(unit_files(manifests, [name]))))


def _still_serves(name: str) -> Problem:
    return Problem(
        "release-still-serves",
        f"{name} is removed while a route still leads to it: with `cascade: true` Argo CD deletes routes and "
        "pods at once, and the requests in progress are lost",
        CASCADE,
        f"bring the file of {name} back with `expose: {{internal: true}}` and publish that; once it is confirmed, "
        "remove the file",
    )


def _may_still_serve(name: str, environment: str) -> Problem:
    return Problem(
        "release-still-serves",
        f"{name} is removed, but it is not confirmed that its routes are gone from the cluster",
        CASCADE,
        f"once Argo CD has synced what is published and reports Healthy, run `shipway confirm {environment}`",
    )
