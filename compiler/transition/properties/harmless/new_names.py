"""What gives a route or a Service more names, which nothing of the folder has had.

Source: ingress-nginx, internal/ingress/controller/controller.go `createServers` (an alias is a further name of a
server); ExternalDNS, docs/annotations/annotations.md (`hostname`: names separated by commas, each with a record).
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from compiler.model.objects import Key, annotations_of, list_or_empty, mapping_items, nested_value
from compiler.model.request import host_matches
from compiler.transition.classification import UnjudgedDifference
from compiler.transition.properties.available.unread_hosts import routed_hosts
from compiler.transition.sync.change import Change

NAMING_ANNOTATIONS = (
    "external-dns.alpha.kubernetes.io/hostname", "external-dns.alpha.kubernetes.io/internal-hostname",
    "nginx.ingress.kubernetes.io/server-alias",
)  # fmt: skip
TLS_ROUTE = ("gateway.networking.k8s.io", "TLSRoute")
PREFIX = "metadata.annotations."
DNS_ENDPOINT = ("externaldns.k8s.io", "DNSEndpoint")
"""Names with what they lead to (ExternalDNS, docs/sources/crd.md)."""


def gives_new_names(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether an annotation keeps all names that it gave, and those that it adds were nobody's."""
    if difference.field.removeprefix(PREFIX) not in NAMING_ANNOTATIONS or key not in change.live.objects:
        return False
    before, after = (_given_names(side) for side in (difference.before, difference.after))
    taken = {*routed_hosts(change.live), *_names_in_annotations(change), *_names_of_endpoints(change)}
    return before <= after and not _are_taken(after - before, taken)


def _are_taken(names: Set[str], taken: Set[str]) -> bool:
    """Whether somebody has one of the names, or a pattern that holds it, or one under it."""
    return any(host_matches(host, name) or host_matches(name, host) for host in taken for name in names)


def gives_new_server_names(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether a TLSRoute keeps the server names that it had, and those that it adds were nobody's.

    Source: Gateway API, apis/v1/tlsroute_types.go `Hostnames`.
    """
    if key[:2] != TLS_ROUTE or difference.field != "spec.hostnames":
        return False
    before, after = (
        {str(name).lower() for name in list_or_empty(nested_value(side.objects.get(key), "spec", "hostnames"))}
        for side in (change.live, change.target)
    )
    return bool(before) and before <= after and not _are_taken(after - before, set(routed_hosts(change.live)))


def _given_names(annotation: Any) -> frozenset[str]:
    names = (each.strip().rstrip(".").lower() for each in str(annotation or "").split(","))
    return frozenset(name for name in names if name)


def _names_in_annotations(change: Change) -> Iterator[str]:
    for obj in change.live.objects.values():
        notes = annotations_of(obj)
        yield from (name for annotation in NAMING_ANNOTATIONS for name in _given_names(notes.get(annotation)))


def _names_of_endpoints(change: Change) -> Iterator[str]:
    for key, obj in change.live.objects.items():
        if key[:2] == DNS_ENDPOINT:
            for endpoint in mapping_items(nested_value(obj, "spec", "endpoints")):
                yield from _given_names(endpoint.get("dnsName"))
