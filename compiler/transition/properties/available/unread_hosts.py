"""available, for the hosts of routes that nobody reads: those that come with a route, and those that go with it.

Source: Contour, internal/dag/httpproxy_processor.go (a virtual host is of one `fqdn`; two roots of the same one are
both invalid; an HTTPProxy without one is nothing until a root includes it), and site/content/docs (`fqdn` may begin
with `*.`); OpenShift, router pkg/router/controller/unique_host.go (of two Routes for a host and path the older one
keeps them; without a host the API server makes one of the Route's name and namespace).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.classification import Unjudged
from compiler.model.manifest import Object
from compiler.model.objects import Key, is_service, list_or_empty, mapping_items, mapping_or_empty, nested_value
from compiler.model.request import host_matches
from compiler.transition.classification import UnjudgedDifference, classified_kind
from compiler.transition.classification.custom_kinds import ROUTED
from compiler.transition.facts.named_objects import named_objects
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "available"
HTTP_PROXY = ("projectcontour.io", "HTTPProxy")
OPENSHIFT_ROUTE = ("route.openshift.io", "Route")
HOST_LISTS = ("hostnames", "hosts")


def comes_for_new_hosts(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether an unread route comes for which no wave waits, and which takes no request of a host that a route has."""
    if difference.field or key in change.live.objects or key[:2] not in (HTTP_PROXY, OPENSHIFT_ROUTE):
        return False
    if change.stages[change.ops[key][0][0]].waits:
        return False
    obj = change.target.objects[key]
    host = _host_of(key, obj)
    if host is None:
        return key[:2] == HTTP_PROXY or not _takes_part_of_a_host(obj)
    return not _belongs_to_a_route(host, change.live)


def gives_up_its_hosts(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether an unread route goes, and no route takes its host or leads to its Services: it is retired."""
    return not difference.field and _is_retired(change, key)


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The hosts that go with the only route that had them."""
    change = judged.change
    for key in change.ops:
        if key[:2] in (HTTP_PROXY, OPENSHIFT_ROUTE) and _is_retired(change, key):
            host = _host_of(key, change.live.objects[key]) or "the host of its name"
            yield PropertyBreach(
                "no-longer-served",
                PROPERTY,
                f"no longer served: {host}/, which {key} had",
                (key, *sorted(_services_of(key, change.live.objects[key]))),
                "if no client sends these requests any more, there is nothing to do; otherwise keep a route for them",
                "warning",
                change.moment(key),
            )


def _is_retired(change: Change, key: Key) -> bool:
    if key[:2] not in (HTTP_PROXY, OPENSHIFT_ROUTE) or key not in change.live.objects or key in change.target.objects:
        return False
    obj = change.live.objects[key]
    host, services = _host_of(key, obj), _services_of(key, obj)
    if host is None and key[:2] == HTTP_PROXY:
        return False
    return not _belongs_to_a_route(host or "", change.target) and services.isdisjoint(
        _services_of_routes(change.target)
    )


def _services_of(key: Key, obj: Object) -> frozenset[Key]:
    if key[:2] == HTTP_PROXY:
        return frozenset(each.key for each in named_objects(obj, key) if is_service(each.key))
    spec = mapping_or_empty(obj.get("spec"))
    backends = (mapping_or_empty(spec.get("to")), *mapping_items(spec.get("alternateBackends")))
    return frozenset(Key("", "Service", key.namespace, str(each.get("name"))) for each in backends)


def _services_of_routes(snapshot: Snapshot) -> Iterator[Key]:
    for route in snapshot.routes.values():
        yield from route.services
    for key, obj in snapshot.objects.items():
        if key[:2] in (HTTP_PROXY, OPENSHIFT_ROUTE):
            yield from _services_of(key, obj)


def _belongs_to_a_route(host: str, snapshot: Snapshot) -> bool:
    """Whether some route may have the host, or one that falls under it."""
    taken = set(routed_hosts(snapshot))
    return "*" in taken or any(host_matches(host, other) or host_matches(other, host) for other in taken)


def _host_of(key: Key, obj: Object) -> str | None:
    host = nested_value(obj, "spec", *(("virtualhost", "fqdn") if key[:2] == HTTP_PROXY else ("host",)))
    return str(host).lower() if host else None


def _takes_part_of_a_host(obj: Object) -> bool:
    """Whether a Route of OpenShift is for one path of its host, or for a whole domain."""
    wildcard = nested_value(obj, "spec", "wildcardPolicy")
    return bool(nested_value(obj, "spec", "path")) or wildcard not in (None, "None")


def routed_hosts(snapshot: Snapshot) -> Iterator[str]:
    """The hosts of every route, `*` where some route may take any."""
    for route in snapshot.routes.values():
        yield from (match.host.lower() or "*" for match in route.matches)
    for key, obj in snapshot.objects.items():
        if key[:2] in (HTTP_PROXY, OPENSHIFT_ROUTE):
            host = _host_of(key, obj)
            if host is not None:
                yield f"*.{host.partition('.')[2]}" if _takes_part_of_a_host(obj) else host
        elif _is_unread_route(key):
            yield "*"
        else:
            named = (name for field in HOST_LISTS for name in list_or_empty(nested_value(obj, "spec", field)))
            yield from (str(name).lower() for name in named)


def _is_unread_route(key: Key) -> bool:
    kind = classified_kind(key.group, key.kind)
    return isinstance(kind, Unjudged) and kind.influence == ROUTED and key.group != HTTP_PROXY[0]
