"""What a commit closes in whatever order it is written: entries from outside, mirrors, Services that catch Jobs."""

from __future__ import annotations

from typing import Any

from tests.transition.reference.manifests import Job, Place, Route, Service
from tests.transition.reference.metadata import Key
from tests.transition.reference.model import World
from tests.transition.reference.routing import Request, covers, hangs, takes
from tests.transition.reference.traffic import around, selected

RANKS = ["ClusterIP", "NodePort"]


def closes(world: World) -> bool:
    return closes_entry(world) or mirrors_nowhere(world) or catches_job(world) or unhangs(world)


def closes_entry(world: World) -> bool:
    """Whether clients from outside lose an entry of a Service that stays: its type, its port, or nodes without pods."""
    both = ((form, world.forms[world.last].get(key)) for key, form in world.forms[0].items() if key[0] == "Service")
    return any(isinstance(new, Service) and narrows(old, new, everywhere(world, new)) for old, new in both)


def everywhere(world: World, service: Service) -> bool:
    """Whether each node has a pod behind the Service: all of them are those of DaemonSets."""
    kinds = {
        key[0]
        for key, templates in zip(world.deployments, world.templates, strict=True)
        for template in templates
        if template and set(service.selector) <= set(template.labels)
    }
    return kinds == {"DaemonSet"}


def narrows(old: Service, new: Service, everywhere: bool) -> bool:
    """A node port that is no longer said stays as it is (`pkg/registry/core/service/storage`).

    Where each node has a pod, none loses by asking its own pods alone.
    """
    (kind, port, outside, inside), (other, moved, came_outside, came_inside) = old.entry, new.entry
    if RANKS.index(other) < RANKS.index(kind):
        return True
    moves = port is not None and moved is not None and port != moved
    local = came_outside == "Local" != outside and not everywhere
    return (other == "NodePort" and (moves or local)) or (came_inside == "Local" != inside and not everywhere)


def mirrors_nowhere(world: World) -> bool:
    """Whether a route that stays names a mirror that goes, or comes to name one that is nowhere: also for new paths."""
    first, last, kept = world.forms[0], world.forms[world.last], world.live_at(world.last)
    for key, form in last.items():
        named = {rule.mirror for rule in form.rules if rule.mirror} if key[0] == "HTTPRoute" and key in first else set()
        missing = {name for name in named if not world.exists(kept, ("Service", name))}
        if any(("Service", name) in first or name not in mirrors(first) for name in missing):
            return True
    return False


def mirrors(forms: dict[Key, Any]) -> set[str]:
    return {rule.mirror for key, form in forms.items() if key[0] == "HTTPRoute" for rule in form.rules}


def catches_job(world: World) -> bool:
    """Whether a Service that was there, and leads to pods that serve, comes to lead to those of a Job as well."""
    last = world.forms[world.last]
    jobs = [form for key, form in last.items() if key[0] == "Job" and key not in world.forms[0]]
    stays = [form for key, form in last.items() if key[0] == "Service" and key in world.forms[0]]
    return any(leads_to(service, job) and serves(world, service) for service in stays for job in jobs)


def leads_to(service: Service, job: Job) -> bool:
    return set(service.selector) <= set(job.labels) and any(target in job.ports for _, target in service.ports)


def serves(world: World, service: Service) -> bool:
    templates = (template for every in world.templates for template in every if template)
    return any(selected(template, service.selector, [target for _, target in service.ports]) for template in templates)


def unhangs(world: World) -> bool:
    """Whether a route that stays is no longer taken at a place of a Gateway where clients have found it.

    One that gives up all that it took has retired its clients on purpose, but for those whose place is closed.
    """
    last = world.forms[world.last]
    both = ((form, last.get(key)) for key, form in world.forms[0].items() if key[0] == "HTTPRoute")
    stays = ((old, new) for old, new in both if isinstance(new, Route))
    lost = ((places(world.forms[0], old) - places(last, new), asks_alike(old, new)) for old, new in stays)
    listening = {each.place for key, form in last.items() if key[0] == "Gateway" for each in form if covers(each.host)}
    return any(closed and (alike or closed - listening - {None}) for closed, alike in lost)


def asks_alike(old: Route, new: Route) -> bool:
    """Whether some request is for a rule of both."""
    pairs = [(mine, other) for mine in old.rules for other in new.rules]
    requests = (
        (mine, other, Request(path, header))
        for mine, other in pairs
        for path in (*around(mine.path), *around(other.path))
        for header in ("", mine.header, other.header)
    )
    return any(takes(mine, request) and takes(other, request) for mine, other, request in requests)


def places(forms: dict[Key, Any], route: Route) -> set[Place | None]:
    """Where requests for the route arrive; None is the Gateway outside of the folder."""
    own = {
        listener.place
        for parent in route.parents
        for listener in forms.get(("Gateway", parent.gateway), ())
        if hangs(parent, listener)
    }
    return own | ({None} if route.outside else set())
