"""Middlewares and transports of Traefik that come before any route finds them, or go with all that named them."""

from __future__ import annotations

from compiler.model.objects import Key
from compiler.transition.classification import UnjudgedDifference
from compiler.transition.facts.named_objects import TRAEFIK_GROUPS
from compiler.transition.sync.change import Change
from compiler.transition.sync.snapshot import Snapshot

TRAEFIK_FILTERS = frozenset({"Middleware", "MiddlewareTCP", "ServersTransport", "ServersTransportTCP"})


def is_first_filter_of_its_name(change: Change, key: Key, _difference: UnjudgedDifference) -> bool:
    """Whether a filter of Traefik comes that routes have not found in its other group either.

    Source: Traefik, pkg/server/router/router.go `buildEntryPointHandler` (a router whose Middleware or transport does
    not exist is left out) and pkg/provider/kubernetes/crd/client_containous.go (one of traefik.io hides its namesake).
    """
    if key.group not in TRAEFIK_GROUPS or key.kind not in TRAEFIK_FILTERS:
        return False
    return not any(key._replace(group=group) in change.live.objects for group in TRAEFIK_GROUPS)


def is_filter_of_nobody(change: Change, key: Key, _difference: UnjudgedDifference) -> bool:
    """Whether a filter of Traefik goes with all that named it here: what is named nowhere, other folders may name."""
    if key.group not in TRAEFIK_GROUPS or key.kind not in TRAEFIK_FILTERS or key in change.target.objects:
        return False
    before, after = (_names_it(side, key) for side in (change.live, change.target))
    return before and not after


def _names_it(snapshot: Snapshot, filter_key: Key) -> bool:
    return any(
        named.key.kind == filter_key.kind and named.key[2:] == filter_key[2:]
        for key, names in snapshot.named.items()
        if key != filter_key
        for named in names
    )
