"""available, for clients and servers of no folder: what several NetworkPolicies let pods do together, and no longer do.

Policies add up: pods that one of them isolates lose what another one opened when that one goes, or no longer selects
them. What a policy says differently itself is judged with its fields. Source: Kubernetes,
docs/concepts/services-networking/network-policies.md ("Network policies do not conflict; they are additive").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import Key, label_selector_accepts, mapping_items, mapping_or_empty, nested_value
from compiler.transition.classification.kinds.networking.network_policy import admits_all_of, takes_away
from compiler.transition.facts.pods import Template
from compiler.transition.routing.network_policy import (
    NAME_LABEL,
    PolicyPeer,
    only_opens,
    policy_applies,
    policy_ways,
    port_open,
)
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.search.object_index import write_has_effect
from compiler.transition.search.router import request_source
from compiler.transition.sync.change import Change
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "available"
Rule = Mapping[str, Any]
Isolating = Mapping[Key, Object]


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The policies whose allowances pods lose, while another one still isolates these pods."""
    change = judged.change
    policies = change.live.of_kind("NetworkPolicy")
    written = {key.namespace for key in policies if key in change.ops}
    gateways = {source.namespace for source in map(request_source, judged.requests if policies else ()) if source}
    lost_by: dict[tuple[Key, str], Key] = {}
    for workload, new in change.target.workloads.items() if policies else ():
        old = change.live.workloads.get(workload)
        if old is not None and (workload.namespace in written or old.template is not new.template):
            for policy in _lost_ingress(change, workload, (old.template, new.template), gateways):
                lost_by.setdefault((policy, "which clients outside the folders call these pods"), workload)
            for policy in _lost_egress(change, workload, (old.template, new.template)):
                lost_by.setdefault((policy, "which servers outside the folders these pods need (DNS, say)"), workload)
    for (policy, question), workload in lost_by.items():
        yield PropertyBreach(
            "field-unproven",
            PROPERTY,
            f"{policy} no longer opens what it opened for pods of {workload}, and another policy isolates them. Not "
            f"judged: {question}",
            (policy, workload),
            "keep the rule in one of the policies that select these pods, or review the change by hand",
            "warning",
        )


def admits_no_fewer(old: Object, new: Object) -> bool:
    """Whether a policy isolates the pods that it isolated before, and lets in all whom it did."""
    before, after = (mapping_or_empty(policy.get("spec")) for policy in (old, new))
    same_pods = before.get("podSelector") == after.get("podSelector") and "Ingress" in policy_ways(old)
    return same_pods and not takes_away(before.get("ingress"), after.get("ingress"), "from")


def comes_beside_isolating(change: Change, key: Key, way: str) -> bool:
    """Whether a policy comes whose pods are isolated this way all the time, by another one that stays as it is."""
    if key in change.live.objects:
        return False
    standing = (
        change.target.objects[other]
        for other in change.target.of_kind("NetworkPolicy")
        if other.namespace == key.namespace and _says_the_same(change, other)
    )
    return only_opens(way, change.target.objects[key], standing)


def _says_the_same(change: Change, policy: Key) -> bool:
    """Whether a policy is not written, or only beside its spec."""
    return policy not in change.ops or not write_has_effect(change, policy)


def isolating_policies(way: str, snapshot: Snapshot, workload: Key, template: Template) -> Isolating:
    """The NetworkPolicies that isolate pods of the template this way (`Ingress`, `Egress`)."""
    own = PolicyPeer(workload.namespace, template.labels)
    policies = {key: snapshot.objects[key] for key in snapshot.of_kind("NetworkPolicy")}
    return {
        key: policy
        for key, policy in policies.items()
        if key.namespace == workload.namespace and policy_applies(way, policy, own)
    }


def _lost_ingress(
    change: Change, workload: Key, templates: tuple[Template, Template], gateways: Iterable[str]
) -> Iterator[Key]:
    """The policies by which peers of no folder came to a port to which none lets them any more."""
    old, new = templates
    before, after = (
        isolating_policies("Ingress", side, workload, template)
        for side, template in ((change.live, old), (change.target, new))
    )
    rules = [rule for policy in after.values() for rule in _policy_rules(policy, "ingress")]
    for key, policy in before.items() if after else ():
        own = change.target.objects.get(key)
        for rule in _policy_rules(policy, "ingress"):
            outsiders = [peer for peer in mapping_items(rule.get("from")) if not _is_known(change, key, peer, gateways)]
            kept = [peer for peer in outsiders if own is None or _names_peer(own, peer)]
            if any(_closed_to(peer, rule, rules, templates) for peer in kept):
                yield key


def _closed_to(peer: Rule, rule: Rule, rules: Sequence[Rule], templates: tuple[Template, Template]) -> bool:
    """Whether a port that the rule opened to the peer is open to it by none of the rules that hold for new pods."""
    old, new = templates
    admitting = [each for each in rules if not each.get("from") or admits_all_of(mapping_items(each["from"]), peer)]
    ports = [port for port in old.ports & new.ports if port_open(rule, old, port)]
    if not (old.ports or new.ports):
        return not admitting
    return any(not any(port_open(each, new, port) for each in admitting) for port in ports)


def _is_known(change: Change, policy: Key, peer: Rule, gateways: Iterable[str]) -> bool:
    """Whether the peer's way to the pods is simulated: it is a gateway, or pods of the folders."""
    if "ipBlock" in peer:
        return False
    if "namespaceSelector" in peer:
        return nested_value(peer, "namespaceSelector", "matchLabels", NAME_LABEL) in gateways
    return any(
        key.namespace == policy.namespace and label_selector_accepts(peer.get("podSelector"), facts.template.labels)
        for side in (change.live, change.target)
        for key, facts in side.workloads.items()
    )


def _names_peer(policy: Object, peer: Rule) -> bool:
    """Whether some rule of the policy has the peer; of pods of the own namespace it need not, for no field says it."""
    return set(peer) == {"podSelector"} or any(
        peer in list(mapping_items(rule.get("from"))) for rule in _policy_rules(policy, "ingress")
    )


def _lost_egress(change: Change, workload: Key, templates: tuple[Template, Template]) -> Iterator[Key]:
    """The policies that let the pods call somebody, and go or no longer select them, or that come to isolate them."""
    before, after = (
        isolating_policies("Egress", side, workload, template)
        for side, template in zip((change.live, change.target), templates, strict=True)
    )
    rules = [rule for policy in after.values() for rule in _policy_rules(policy, "egress")]
    if not after or any(not rule for rule in rules):
        return
    for key, policy in before.items():
        lost = [rule for rule in _policy_rules(policy, "egress") if rule not in rules]
        if key not in after and any(not _leads_to_folder(change, key, rule) for rule in lost):
            yield key
    if not before:
        yield from (key for key in after if _says_the_same(change, key))


def _leads_to_folder(change: Change, policy: Key, rule: Rule) -> bool:
    peers = list(mapping_items(rule.get("to")))
    return bool(peers) and all(_is_known(change, policy, peer, ()) for peer in peers)


def _policy_rules(policy: Object, field: str) -> Iterable[Rule]:
    return mapping_items(nested_value(policy, "spec", field))
