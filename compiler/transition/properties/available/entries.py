"""available, for clients from outside: the addresses, ports and nodes at which a Service or a pod lets them in.

Source: Kubernetes, docs/concepts/services-networking/service.md and virtual-ips.md (`externalTrafficPolicy`,
`internalTrafficPolicy`: Local answers on nodes with a ready pod only); pkg/registry/core/service/storage (a node port
that is left out is kept); the documents of cloud providers on internal load balancers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import ip_network
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
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change

PROPERTY = "available"
RANKS = {"ClusterIP": 0, "NodePort": 1, "LoadBalancer": 2}
INTERNAL: Mapping[str, frozenset[str]] = {
    "networking.gke.io/load-balancer-type": frozenset({"Internal"}),
    "cloud.google.com/load-balancer-type": frozenset({"Internal"}),
    "service.beta.kubernetes.io/aws-load-balancer-internal": frozenset({"true", "0.0.0.0/0"}),
    "service.beta.kubernetes.io/aws-load-balancer-scheme": frozenset({"internal"}),
    "service.beta.kubernetes.io/azure-load-balancer-internal": frozenset({"true"}),
    "service.beta.kubernetes.io/openstack-internal-load-balancer": frozenset({"true"}),
    "service.beta.kubernetes.io/oci-load-balancer-internal": frozenset({"true"}),
    "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type": frozenset({"intranet"}),
    "service.beta.kubernetes.io/do-loadbalancer-network": frozenset({"INTERNAL"}),
}
"""Annotations by which clouds make a load balancer internal, with the values that do."""
ASKED_ADDRESSES = (
    "io.cilium/lb-ipam-ips", "kube-vip.io/loadbalancerIPs", "lbipam.cilium.io/ips", "metallb.io/loadBalancerIPs",
    "metallb.universe.tf/loadBalancerIPs",
)  # fmt: skip
"""Annotations with the addresses that a Service asks for.

Source: Cilium, operator/pkg/lbipam/lbipam.go; MetalLB, controller/service.go; kube-vip, pkg/kubevip/annotations.go.
"""
Spec = Mapping[str, Any]
DEFAULT_RANGES = ["0.0.0.0/0"]
"""Whom a load balancer admits where nobody says it (k8s.io/cloud-provider, `service/helpers/helper.go`)."""
EVERYBODY = [*DEFAULT_RANGES, "::/0"]


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The entries that this commit closes, moves or narrows."""
    change = judged.change
    for key in change.ops:
        if key in change.live.services and key in change.target.services:
            old, new = change.live.objects[key], change.target.objects[key]
            for text in _closed_entries(old, new, everywhere=_on_every_node(judged, key)):
                yield _entry_breach(change, key, text)
            yield from _pinned_node_ports(change, key)
        elif key in change.live.workloads and key in change.target.workloads:
            before, after = (side.workloads[key].template for side in (change.live, change.target))
            kept = {port[:2] for port in after.node_ports}
            gone = sorted(port for port in before.host_ports if port[:2] not in kept)
            if gone:
                yield _entry_breach(change, key, f"node port {gone[0].number} no longer leads to its pods")


def _on_every_node(judged: JudgedChange, key: Key) -> bool:
    """Whether each node has a pod behind the Service: all of them are a DaemonSet's."""
    pods = judged.router.selected(judged.change.target.services[key])
    return bool(pods) and all(each.kind == "DaemonSet" for each in pods)


def _closed_entries(before: Object, after: Object, *, everywhere: bool) -> Iterator[str]:
    """What clients from outside lose, in words."""
    old, new = mapping_or_empty(before.get("spec")), mapping_or_empty(after.get("spec"))
    first, second = (RANKS.get(str(spec.get("type") or "ClusterIP"), -1) for spec in (old, new))
    if 0 <= second < first:
        yield f"its type is no longer {old.get('type')}: its address and ports outside the cluster are closed"
        return
    yield from _moved_node_ports(old, new) if second else ()
    if (
        lets_clients_in(old)
        and lets_clients_in(new)
        and not everywhere
        and _becomes_local(old, new, "externalTrafficPolicy")
    ):
        yield "with externalTrafficPolicy Local, nodes without one of its pods drop requests from outside"
    if not everywhere and _becomes_local(old, new, "internalTrafficPolicy"):
        yield "with internalTrafficPolicy Local, clients on nodes without one of its pods get no answer"
    yield from _moved_addresses(before, after)
    if first == second == RANKS["LoadBalancer"] and not _within(
        _ranges(old) or DEFAULT_RANGES, _ranges(new) or EVERYBODY
    ):
        yield "loadBalancerSourceRanges no longer admits some addresses that it admitted before"


def lets_clients_in(spec: Spec) -> bool:
    """Whether clients from outside are let in (Kubernetes, pkg/api/service/util.go `ExternallyAccessible`)."""
    kind = str(spec.get("type") or "ClusterIP")
    return RANKS.get(kind, -1) > 0 or (kind == "ClusterIP" and bool(spec.get("externalIPs")))


def _becomes_local(old: Spec, new: Spec, field: str) -> bool:
    return new.get(field) == "Local" and old.get(field) != "Local"


def _moved_node_ports(old: Spec, new: Spec) -> Iterator[str]:
    held, ports = _held_node_ports(old), _held_node_ports(new)
    for place, now in ports.items():
        before = held.get(place)
        if before and now and before != now:
            yield f"node port {before} is closed, and {now} is opened instead"


def _pinned_node_ports(change: Change, key: Key) -> Iterator[PropertyBreach]:
    """Node ports that the cluster has chosen, and that the manifest now chooses: nobody here knows the first number.

    Source: Kubernetes, pkg/registry/core/service/portallocator (a number that nobody wrote is any free one).
    """
    old, new = (mapping_or_empty(side.objects[key].get("spec")) for side in (change.live, change.target))
    held = _held_node_ports(old) if old.get("type") == new.get("type") == "NodePort" else {}
    for place, now in _held_node_ports(new).items():
        if now and held.get(place) == 0:
            yield PropertyBreach(
                "field-unproven",
                PROPERTY,
                f"{key}: spec.ports[].nodePort changes from nothing to {now}. Not judged: whether the cluster gave "
                f"port {place[0]} this number, or clients still use another one",
                (key,),
                "look the number up in the cluster, and write that one",
                "warning",
                change.moment(key),
            )


def _held_node_ports(spec: Spec) -> dict[tuple[int, str], int]:
    """The node port of each port and protocol; 0 where the Service says none."""
    return {
        (integer_or_default(port.get("port"), 0), str(port.get("protocol") or "TCP")): integer_or_default(
            port.get("nodePort"), 0
        )
        for port in mapping_items(spec.get("ports"))
    }


def _moved_addresses(before: Object, after: Object) -> Iterator[str]:
    old, new = mapping_or_empty(before.get("spec")), mapping_or_empty(after.get("spec"))
    address, other = old.get("loadBalancerIP"), new.get("loadBalancerIP")
    if address and other and address != other:
        yield f"the load balancer moves from {address} to {other}"
    asked, left = _asked_addresses(before), _asked_addresses(after)
    if left and not asked <= left and old.get("type") == new.get("type") == "LoadBalancer":
        yield f"the load balancer moves from {', '.join(sorted(asked - left))} to {', '.join(sorted(left))}"
    lost = [ip for ip in list_or_empty(old.get("externalIPs")) if ip not in list_or_empty(new.get("externalIPs"))]
    if lost:
        yield f"the external address {lost[0]} no longer leads to it"
    inside, now = (_is_internal(obj) for obj in (before, after))
    if inside != now and old.get("type") == new.get("type") == "LoadBalancer":
        way = "from the internet to the internal network" if now else "from the internal network to the internet"
        yield f"its load balancer moves {way}, and its old address is closed"


def _asked_addresses(obj: Object) -> frozenset[str]:
    notes = annotations_of(obj)
    lists = (str(notes[name]).split(",") for name in ASKED_ADDRESSES if name in notes)
    return frozenset(each.strip() for addresses in lists for each in addresses if each.strip())


def _is_internal(obj: Object) -> bool:
    notes = annotations_of(obj)
    return any(str(notes.get(name)) in values for name, values in INTERNAL.items())


def _ranges(spec: Spec) -> list[str]:
    return [str(each).strip() for each in list_or_empty(spec.get("loadBalancerSourceRanges"))]


def _within(old: list[str], new: list[str]) -> bool:
    """Whether every address of the old ranges is in one of the new ones; what is no range counts as let in."""
    try:
        before, after = ([ip_network(each, strict=False) for each in ranges] for ranges in (old, new))
    except ValueError:
        return old == new
    return all(any(a.version == b.version and b.subnet_of(a) for a in after) for b in before)  # type: ignore[arg-type]


def _entry_breach(change: Change, key: Key, text: str) -> PropertyBreach:
    return PropertyBreach(
        "entry-closed",
        PROPERTY,
        f"{key}: {text}",
        (key,),
        "open the new entry beside the old one (a second Service), move the clients, then close the old one",
        cut=change.moment(key),
    )
