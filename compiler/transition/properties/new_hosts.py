"""Routes that nobody reads, and that come for hosts which nothing of the folder has served.

Source: Contour, internal/dag/httpproxy_processor.go (a virtual host is of one `fqdn`; two roots of the same one are
both invalid; an HTTPProxy without one is nothing until a root includes it), and site/content/docs (`fqdn` may begin
with `*.`); OpenShift, router pkg/router/controller/unique_host.go (of two Routes for a host and path the older one
keeps them; without a host the API server makes one of the Route's name and namespace).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.classification import Unjudged
from compiler.model.manifest import Object
from compiler.model.objects import Key, list_or_empty, nested_value
from compiler.model.request import host_matches
from compiler.transition.classification import UnjudgedDifference, classified_kind
from compiler.transition.classification.custom_kinds import ROUTED
from compiler.transition.sync.change import Change

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
    taken = set(hosts_before(change))
    return "*" not in taken and not any(host_matches(host, other) or host_matches(other, host) for other in taken)


def _host_of(key: Key, obj: Object) -> str | None:
    host = nested_value(obj, "spec", *(("virtualhost", "fqdn") if key[:2] == HTTP_PROXY else ("host",)))
    return str(host).lower() if host else None


def _takes_part_of_a_host(obj: Object) -> bool:
    """Whether a Route of OpenShift is for one path of its host, or for a whole domain."""
    wildcard = nested_value(obj, "spec", "wildcardPolicy")
    return bool(nested_value(obj, "spec", "path")) or wildcard not in (None, "None")


def hosts_before(change: Change) -> Iterator[str]:
    """The hosts of every route of FROM, `*` where some route may take any."""
    for route in change.live.routes.values():
        yield from (match.host.lower() or "*" for match in route.matches)
    for key, obj in change.live.objects.items():
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
