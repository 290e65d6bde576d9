"""What nobody has proven: Services and Gateways that ask for one address at one port, of which only one can have it.

Source: MetalLB, internal/allocator/allocator.go `checkSharing` (the sharing key, and ports that differ); Cilium,
operator/pkg/lbipam/lbipam.go `serviceSharingGroup`; kube-vip, pkg/services (one address for different ports);
Kubernetes, pkg/proxy/iptables/proxier.go (of two Services with one external address and port, one is reached).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import (
    Key,
    annotations_of,
    integer_or_default,
    list_or_empty,
    mapping_items,
    mapping_or_empty,
)
from compiler.transition.properties.available.entries import ASKED_ADDRESSES
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "available"
NO_ADDRESS = frozenset({"", "0.0.0.0"})  # noqa: S104  kube-vip asks DHCP for one
SHARING_KEYS: Mapping[str, str] = {
    "io.cilium/lb-ipam-ips": "io.cilium/lb-ipam-sharing-key",
    "lbipam.cilium.io/ips": "lbipam.cilium.io/sharing-key",
    "metallb.io/loadBalancerIPs": "metallb.io/allow-shared-ip",
    "metallb.universe.tf/loadBalancerIPs": "metallb.universe.tf/allow-shared-ip",
}
"""By the annotation that asks for addresses, the one whose value Services must have in common to share one."""


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The pairs of Services that come to ask for one address and port, or may not share it."""
    change = judged.change
    rivals = list(_rivals(change.target))
    known = set(_rivals(change.live)) if rivals else set()
    for first, second, address in rivals:
        serves = first in change.live.objects or second in change.live.objects
        if serves and (first, second, address) not in known:
            yield PropertyBreach(
                "field-unproven",
                PROPERTY,
                f"{first} and {second} both ask for address {address}. Not judged: which of them gets it, and whose "
                "requests the other one takes",
                (first, second),
                "give each an address of its own, or let them share it (a sharing key, ports that differ)",
                "warning",
                change.moment(second, first),
            )


def _rivals(snapshot: Snapshot) -> Iterator[tuple[Key, Key, str]]:
    by_address: dict[str, list[Key]] = {}
    for key in (*snapshot.of_kind("Service"), *snapshot.of_kind("Gateway")):
        for address in _outside_addresses(snapshot.objects[key]):
            by_address.setdefault(address, []).append(key)
    for address, keys in by_address.items():
        for first, second in combinations(sorted(keys), 2):
            if not _may_share(snapshot.objects[first], snapshot.objects[second]):
                yield first, second, address


def _outside_addresses(obj: Object) -> frozenset[str]:
    """The addresses outside the cluster at which a Service, or a Gateway, asks to be reached."""
    spec = mapping_or_empty(obj.get("spec"))
    asked = [str(each) for each in list_or_empty(spec.get("externalIPs"))]
    asked += [str(each.get("value") or "") for each in mapping_items(spec.get("addresses"))]
    if spec.get("type") == "LoadBalancer":
        asked.append(str(spec.get("loadBalancerIP") or ""))
        notes = annotations_of(obj)
        asked += [each for name in ASKED_ADDRESSES for each in str(notes.get(name) or "").split(",")]
    return frozenset(each.strip() for each in asked) - NO_ADDRESS


def _may_share(first: Object, second: Object) -> bool:
    """Whether both may have the address: their ports differ, and what asks for it lets them share it."""
    if _own_ports(first) & _own_ports(second):
        return False
    one, other = annotations_of(first), annotations_of(second)
    needed = [key for asking, key in SHARING_KEYS.items() if asking in one or asking in other]
    return all(one.get(key) and one.get(key) == other.get(key) for key in needed)


def _own_ports(obj: Object) -> frozenset[tuple[int, str]]:
    spec = mapping_or_empty(obj.get("spec"))
    ports = (*mapping_items(spec.get("ports")), *mapping_items(spec.get("listeners")))
    return frozenset((integer_or_default(each.get("port"), 0), _transport(each)) for each in ports)


def _transport(port: Mapping[str, Any]) -> str:
    """TCP or UDP: what listeners speak but UDP is over TCP."""
    return "UDP" if port.get("protocol") == "UDP" else "TCP"
