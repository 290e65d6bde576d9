"""NetworkPolicies: whether the path from the gateway, from neighbors or from a caller to a pod's port is open.

Source: Kubernetes, pkg/apis/networking/types.go (`NetworkPolicySpec`: a selected pod takes only what some policy
lets in; `Ingress` applies unless `policyTypes` leaves it out; an empty `from` lets everybody in).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from compiler.model.manifest import Object
from compiler.model.objects import (
    Key,
    integer_or_default,
    label_selector_accepts,
    list_or_empty,
    mapping_items,
    mapping_or_empty,
    nested_value,
)
from compiler.transition.facts.addresses import holds_all_addresses, may_hold_pods
from compiler.transition.facts.pods import PodPort, Template


class PolicyPeer(NamedTuple):
    """One end of a connection: its namespace, and its labels where they are known."""

    namespace: str
    labels: Mapping[str, str] | None = None


Policies = Sequence[tuple[Key, Object]]
NAME_LABEL = "kubernetes.io/metadata.name"
DIRECTION_FIELDS = {"Ingress": ("ingress", "from"), "Egress": ("egress", "to")}


def blocks_ingress(
    policies: Policies, namespace: str, template: Template, port: PodPort, source: PolicyPeer | None
) -> bool:
    """Whether no policy lets `source` (None: some client of the pod's own) reach the pod's port."""
    return direction_blocked("Ingress", policies, PolicyPeer(namespace, template.labels), template, port, source)


def admitted_peers(policies: Policies, namespace: str, template: Template, port: PodPort) -> list[Any] | None:
    """Whom the policies that isolate the pods let in at the port, as they write it; None: everybody."""
    own = PolicyPeer(namespace, template.labels)
    relevant = [obj for key, obj in policies if key.namespace == namespace and policy_applies("Ingress", obj, own)]
    rules = [rule for policy in relevant for rule in mapping_items(nested_value(policy, "spec", "ingress"))]
    opening = [list(mapping_items(rule.get("from"))) for rule in rules if port_open(rule, template, port)]
    return None if not relevant or [] in opening else [peer for peers in opening for peer in peers]


def blocks_connection(
    policies: Policies, caller: PolicyPeer, namespace: str, template: Template, port: PodPort
) -> bool:
    """Whether the caller cannot reach the pod's port: a policy of either keeps it from that."""
    if blocks_ingress(policies, namespace, template, port, caller):
        return True
    return direction_blocked("Egress", policies, caller, template, port, PolicyPeer(namespace, template.labels))


def direction_blocked(
    way: str, policies: Policies, own: PolicyPeer, template: Template, port: PodPort, other: PolicyPeer | None
) -> bool:
    """Whether policies of this way select the pods of `own`, and none opens the port of `template` to `other`."""
    relevant = [obj for key, obj in policies if key.namespace == own.namespace and policy_applies(way, obj, own)]
    rules = [
        rule for policy in relevant for rule in mapping_items(nested_value(policy, "spec", DIRECTION_FIELDS[way][0]))
    ]
    opened = any(
        port_open(rule, template, port) and _peer_open(mapping_items(rule.get(DIRECTION_FIELDS[way][1])), own, other)
        for rule in rules
    )
    return bool(relevant) and not opened


def policy_applies(way: str, policy: Object, own: PolicyPeer) -> bool:
    """Whether a policy of the namespace isolates these pods this way (`Ingress`, `Egress`)."""
    selector = nested_value(policy, "spec", "podSelector")
    return way in policy_ways(policy) and label_selector_accepts(selector, own.labels or {})


def policy_ways(policy: Object) -> Sequence[Any]:
    """The ways in which a policy isolates the pods that it selects: `Ingress`, `Egress`."""
    stated = ["Ingress", *(["Egress"] if nested_value(policy, "spec", "egress") else [])]
    return list_or_empty(nested_value(policy, "spec", "policyTypes")) or stated


def only_opens(way: str, policy: Object, beside: Iterable[Object]) -> bool:
    """Whether all pods that a policy selects are isolated this way by one of the others: policies add up."""
    selector = _terms(policy)
    return any(way in policy_ways(other) and _terms(other) in ({}, selector) for other in beside)


def _terms(policy: Object) -> dict[str, Any]:
    selector = mapping_or_empty(nested_value(policy, "spec", "podSelector"))
    return {name: terms for name, terms in selector.items() if terms}


def port_open(rule: Mapping[str, Any], template: Template, port: PodPort) -> bool:
    """Whether a rule opens the port of the template's pods, to whomever it names."""
    ports = list(mapping_items(rule.get("ports")))
    return not ports or any(_port_rule_covers(entry, template, port) for entry in ports)


def _port_rule_covers(entry: Mapping[str, Any], template: Template, port: PodPort) -> bool:
    wanted = entry.get("port")
    if (entry.get("protocol") or "TCP") != port.protocol:
        return False
    if wanted is None:
        return True
    first = template.named.get((wanted, port.protocol), 0) if isinstance(wanted, str) else integer_or_default(wanted, 0)
    return first <= port.number <= integer_or_default(entry.get("endPort"), first)


def without_unknown_peers(policy: Object) -> Object:
    """A policy without peers whom no manifest tells apart (see `_is_unknown_peer`); it isolates the same pods."""
    spec = mapping_or_empty(policy.get("spec"))
    opened = {
        rules: [kept for rule in mapping_items(spec[rules]) if (kept := _without_unknown(rule, peers)) is not None]
        for rules, peers in DIRECTION_FIELDS.values()
        if rules in spec
    }
    return {**policy, "spec": {**spec, **opened, "policyTypes": policy_ways(policy)}}


def _without_unknown(rule: Mapping[str, Any], field: str) -> Mapping[str, Any] | None:
    """A rule without such peers; None where it opens to these alone, for a rule without peers opens to everybody."""
    peers = list(mapping_items(rule.get(field)))
    kept = [peer for peer in peers if not _is_unknown_peer(peer)]
    return {**rule, field: kept} if kept or not peers else None


def _is_unknown_peer(peer: Mapping[str, Any]) -> bool:
    """Whether a peer is a range of addresses, or pods of other namespaces by labels: where nobody says who has them."""
    if "ipBlock" in peer:
        return not holds_all_addresses(mapping_or_empty(peer["ipBlock"]))
    selector = mapping_or_empty(peer.get("namespaceSelector"))
    expressions = (term.get("key") for term in mapping_items(selector.get("matchExpressions")))
    terms = (*mapping_or_empty(selector.get("matchLabels")), *expressions)
    return any(name != NAME_LABEL for name in terms) or (
        "namespaceSelector" in peer and any(mapping_or_empty(peer.get("podSelector")).values())
    )


def _peer_open(peers: Iterable[Mapping[str, Any]], own: PolicyPeer, other: PolicyPeer | None) -> bool:
    peers = list(peers)
    return not peers or other is None or any(peer_admits(peer, own, other) for peer in peers)


def peer_admits(peer: Mapping[str, Any], own: PolicyPeer, other: PolicyPeer) -> bool:
    """A peer named by what this model cannot know (labels of other namespaces, private addresses) counts as open."""
    if "ipBlock" in peer:
        return may_hold_pods(str(nested_value(peer, "ipBlock", "cidr")))
    if other.labels is not None and not label_selector_accepts(peer.get("podSelector"), other.labels):
        return False
    if "namespaceSelector" not in peer:
        return other.namespace == own.namespace
    selector = mapping_or_empty(peer["namespaceSelector"])
    known = {key: value for key, value in mapping_or_empty(selector.get("matchLabels")).items() if key == NAME_LABEL}
    terms = [term for term in mapping_items(selector.get("matchExpressions")) if term.get("key") == NAME_LABEL]
    return label_selector_accepts({"matchLabels": known, "matchExpressions": terms}, {NAME_LABEL: other.namespace})
