"""NetworkPolicies: whether the path from the gateway, from neighbours or from a caller to a pod's port is open.

Source: Kubernetes, pkg/apis/networking/types.go (`NetworkPolicySpec`: a selected pod takes only what some policy
lets in; `Ingress` applies unless `policyTypes` leaves it out; an empty `from` lets everybody in).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from compiler.manifest import Object
from compiler.transition.objects import Key, dig, mapping, mappings, matches, sequence, whole
from compiler.transition.pods import Template


class Port(NamedTuple):
    """A pod's port, by number and protocol."""

    number: int
    protocol: str = "TCP"


class Peer(NamedTuple):
    """One end of a connection: its namespace, and its labels where they are known."""

    namespace: str
    labels: Mapping[str, str] | None = None


Policies = Sequence[tuple[Key, Object]]
NAME_LABEL = "kubernetes.io/metadata.name"
FIELDS = {"Ingress": ("ingress", "from"), "Egress": ("egress", "to")}


def closes(policies: Policies, namespace: str, template: Template, port: Port, source: Peer | None) -> bool:
    """Whether no policy lets `source` (None: some client of the pod's own) reach the pod's port."""
    return _shut("Ingress", policies, Peer(namespace, template.labels), template, port, source)


def parts(policies: Policies, caller: Peer, namespace: str, template: Template, port: Port) -> bool:
    """Whether the caller cannot reach the pod's port: a policy of either keeps it from that."""
    if closes(policies, namespace, template, port, caller):
        return True
    return _shut("Egress", policies, caller, template, port, Peer(namespace, template.labels))


def _shut(way: str, policies: Policies, own: Peer, template: Template, port: Port, other: Peer | None) -> bool:
    """Whether policies of this way select the pods of `own`, and none opens the port of `template` to `other`."""
    relevant = [obj for key, obj in policies if key.namespace == own.namespace and _applies(way, obj, own)]
    rules = [rule for policy in relevant for rule in mappings(dig(policy, "spec", FIELDS[way][0]))]
    opened = any(
        _port_open(rule, template, port) and _peer_open(mappings(rule.get(FIELDS[way][1])), own, other)
        for rule in rules
    )
    return bool(relevant) and not opened


def _applies(way: str, policy: Object, own: Peer) -> bool:
    told = ["Ingress", *(["Egress"] if dig(policy, "spec", "egress") else [])]
    kinds = sequence(dig(policy, "spec", "policyTypes")) or told
    return way in kinds and matches(dig(policy, "spec", "podSelector"), own.labels or {})


def _port_open(rule: Mapping[str, Any], template: Template, port: Port) -> bool:
    ports = list(mappings(rule.get("ports")))
    return not ports or any(_covers(entry, template, port) for entry in ports)


def _covers(entry: Mapping[str, Any], template: Template, port: Port) -> bool:
    wanted = entry.get("port")
    if (entry.get("protocol") or "TCP") != port.protocol:
        return False
    if wanted is None:
        return True
    first = template.named.get(wanted, 0) if isinstance(wanted, str) else whole(wanted, 0)
    return first <= port.number <= whole(entry.get("endPort"), first)


def _peer_open(peers: Iterable[Mapping[str, Any]], own: Peer, other: Peer | None) -> bool:
    peers = list(peers)
    return not peers or other is None or any(_admits(peer, own, other) for peer in peers)


def _admits(peer: Mapping[str, Any], own: Peer, other: Peer) -> bool:
    """A peer named by what this model cannot know (labels of other namespaces, addresses) counts as open."""
    if "ipBlock" in peer:
        return True
    if other.labels is not None and not matches(peer.get("podSelector"), other.labels):
        return False
    if "namespaceSelector" not in peer:
        return other.namespace == own.namespace
    selector = mapping(peer["namespaceSelector"])
    known = {key: value for key, value in mapping(selector.get("matchLabels")).items() if key == NAME_LABEL}
    terms = [term for term in mappings(selector.get("matchExpressions")) if term.get("key") == NAME_LABEL]
    return matches({"matchLabels": known, "matchExpressions": terms}, {NAME_LABEL: other.namespace})
