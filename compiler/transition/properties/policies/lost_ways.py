"""available, between pods of the folders: ways that NetworkPolicies opened to pods by their labels, and no longer do.

Calls that stand in manifests are judged as calls. What a program calls by itself nobody sees, but a rule that names its
pods shows that somebody meant them to. Source: Kubernetes, docs/concepts/services-networking/network-policies.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from compiler.model.manifest import Object
from compiler.model.objects import Key, mapping_items, mapping_or_empty, nested_value
from compiler.transition.facts.pods import Template
from compiler.transition.properties.contract.call_graph import CallGraph
from compiler.transition.routing.network_policy import (
    DIRECTION_FIELDS,
    Policies,
    PolicyPeer,
    direction_blocked,
    peer_admits,
    policy_applies,
)
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "available"


class Forms(NamedTuple):
    """The pods of a workload that stays, before and after the commit, and both as ends of a connection.

    `relabeled`: they get other labels, of those that policies name.
    """

    key: Key
    old: Template
    new: Template
    relabeled: bool
    peers: tuple[PolicyPeer, PolicyPeer]


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The ways from and to pods of the folder that are closed, unless a call in their manifests is judged."""
    change = judged.change
    if not change.live.of_kind("NetworkPolicy"):
        return
    sides = (_policies(change.live), _policies(change.target))
    pods = list(_staying_pods(change, frozenset(_labels_named(sides[0]))))
    relabeled = [each for each in pods if each.relabeled]
    if not relabeled and not any(key.distinct_kind == "NetworkPolicy" for key in change.ops):
        return
    graph = CallGraph(judged.router)
    for own in pods:
        ends = ((way, other) for way in DIRECTION_FIELDS for other in _shut_others(way, sides, own, pods))
        pairs = ((own, other) if way == "Egress" else (other, own) for way, other in ends)
        lost = next((pair for pair in pairs if not _calls(judged, graph, *pair)), None)
        if lost is not None:
            yield _relabeled_breach(*lost) if any(each.relabeled for each in lost) else _shut_breach(*lost)
    for callee in relabeled:
        policy = next(_policies_of_others(change, sides, callee), None)
        if policy is not None:
            yield _others_breach(policy, callee)


def _staying_pods(change: Change, named: frozenset[str]) -> Iterator[Forms]:
    for key, new in change.target.workloads.items():
        old = change.live.workloads.get(key)
        if old is not None:
            labels = (old.template.labels, new.template.labels)
            differ = old.template is not new.template and any(labels[0].get(n) != labels[1].get(n) for n in named)
            peers = (PolicyPeer(key.namespace, labels[0]), PolicyPeer(key.namespace, labels[1]))
            yield Forms(key, old.template, new.template, differ, peers)


def _policies(snapshot: Snapshot) -> Policies:
    return [(key, snapshot.objects[key]) for key in snapshot.of_kind("NetworkPolicy")]


def _labels_named(policies: Policies) -> Iterator[str]:
    """The names of labels by which policies select pods, on either end."""
    for _, policy in policies:
        rules = (rule for field, _ in DIRECTION_FIELDS.values() for rule in _rules_of_way(policy, field))
        peers = (peer for rule in rules for _, field in DIRECTION_FIELDS.values() for peer in _peers(rule, field))
        for selector in (nested_value(policy, "spec", "podSelector"), *(each.get("podSelector") for each in peers)):
            terms = mapping_or_empty(selector)
            yield from map(str, mapping_or_empty(terms.get("matchLabels")))
            yield from (str(term.get("key")) for term in mapping_items(terms.get("matchExpressions")))


def _shut_others(way: str, sides: tuple[Policies, Policies], own: Forms, pods: Iterable[Forms]) -> Iterator[Forms]:
    """The pods that rules for these pods name by labels, and that they keep away after the commit."""
    (old, new), place = own.peers, own.key.namespace
    before, after = (
        [policy for key, policy in policies if key.namespace == place and policy_applies(way, policy, peer)]
        for policies, peer in zip(sides, (old, new), strict=True)
    )
    named = [peer for peer in _peers_of(way, before) if any(mapping_or_empty(peer.get("podSelector")).values())]
    same = not own.relabeled and all(policy in after for policy in before)
    for other in pods if named and after else ():
        touched = other.key != own.key and (other.relabeled or not same)
        if touched and any(peer_admits(peer, old, other.peers[0]) for peer in named):
            callee = other if way == "Egress" else own
            if _is_shut(way, sides, (old, new), callee, other.peers):
                yield other


def _is_shut(
    way: str, sides: tuple[Policies, Policies], owns: Sequence[PolicyPeer], callee: Forms, others: Sequence[PolicyPeer]
) -> bool:
    return any(
        not direction_blocked(way, sides[0], owns[0], callee.old, port, others[0])
        and direction_blocked(way, sides[1], owns[1], callee.new, port, others[1])
        for port in callee.old.ports & callee.new.ports
    )


def _peers_of(way: str, policies: Iterable[Object]) -> Iterator[Mapping[str, Any]]:
    rules, peers = DIRECTION_FIELDS[way]
    return (peer for policy in policies for rule in _rules_of_way(policy, rules) for peer in _peers(rule, peers))


def _rules_of_way(policy: Object, field: str) -> Iterable[Mapping[str, Any]]:
    return mapping_items(nested_value(policy, "spec", field))


def _peers(rule: Mapping[str, Any], field: str) -> Iterable[Mapping[str, Any]]:
    return mapping_items(rule.get(field))


def _calls(judged: JudgedChange, graph: CallGraph, caller: Forms, callee: Forms) -> bool:
    """Whether a manifest shows the call, which is judged then."""
    services = judged.change.target.services
    called = (services.get(call.service) for call in graph.template_calls(caller.key, caller.new))
    return any(facts is not None and callee.key in judged.router.selected(facts) for facts in called)


def _policies_of_others(change: Change, sides: tuple[Policies, Policies], callee: Forms) -> Iterator[Key]:
    """The policies by which pods of no folder, a gateway's, say, reach pods that get other labels."""
    peers = callee.peers
    for key, policy in sides[0]:
        selector = mapping_or_empty(nested_value(policy, "spec", "podSelector"))
        own = PolicyPeer(key.namespace, mapping_or_empty(selector.get("matchLabels")))
        admits = any(peer_admits(peer, own, peers[0]) for peer in _peers_of("Egress", [policy]))
        known = key not in change.target.objects or _selects_known_pods(change, policy, key.namespace)
        if admits and not known and _is_shut("Egress", sides, (own, own), callee, peers):
            yield key


def _selects_known_pods(change: Change, policy: Object, namespace: str) -> bool:
    pods = (facts for key, facts in change.live.workloads.items() if key.namespace == namespace)
    return any(policy_applies("Egress", policy, PolicyPeer(namespace, each.template.labels)) for each in pods)


def _relabeled_breach(caller: Forms, callee: Forms) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"NetworkPolicies let pods of {caller.key} call those of {callee.key} by labels, and no longer do, for labels "
        "of these pods change. Not judged: whether they call them, which no manifest says",
        (caller.key, callee.key),
        "let the policies name the new labels too, in an earlier commit",
        "warning",
    )


def _shut_breach(caller: Forms, callee: Forms) -> PropertyBreach:
    return PropertyBreach(
        "namespaces-shut",
        PROPERTY,
        f"NetworkPolicies no longer let pods of {caller.key} call those of {callee.key}, which they named",
        (caller.key, callee.key),
        "if these pods do not call them, there is nothing to do; otherwise keep the rule",
        "warning",
    )


def _others_breach(policy: Key, callee: Forms) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"{policy} lets pods of no folder call those of {callee.key} by labels that these lose. Not judged: whether "
        "they call them",
        (policy, callee.key),
        "let the policy name the new labels too, in an earlier commit",
        "warning",
    )
