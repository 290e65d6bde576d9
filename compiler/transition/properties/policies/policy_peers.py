"""available, as far as labels of pods in other namespaces decide it: whom a NetworkPolicy admits is not known then.

Source: Kubernetes, pkg/apis/networking/types.go `NetworkPolicyPeer` (both selectors: pods so labeled in those
namespaces); the pods of a gateway stand in no folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import Key, list_or_empty, mapping_items, mapping_or_empty, nested_value
from compiler.transition.classification.kinds.networking.network_policy import keeps_in, shuts_clients_out
from compiler.transition.properties.policies.lost_allowances import admits_no_fewer, comes_beside_isolating
from compiler.transition.routing.network_policy import NAME_LABEL, PolicyPeer, policy_applies, policy_ways
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.search.router import request_source
from compiler.transition.sync.change import Change

PROPERTY = "available"
DNS_NAMESPACES = frozenset({"kube-system", "openshift-dns"})
"""Where the servers stand that resolve names for all pods of the cluster."""


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The policies that come to admit pods of other namespaces by labels."""
    change = judged.change
    for key in change.ops:
        if key.distinct_kind == "NetworkPolicy" and key in change.target.objects:
            if _admits_other_peers(change, key) and not comes_beside_isolating(change, key, "Ingress"):
                yield _unknown_peer(key)
            yield from _shut_namespaces(change, key)
            if _isolates_other_pods(change, key):
                yield _unknown_outsiders(key)
            if _shuts_gateway(judged, key) and not comes_beside_isolating(change, key, "Ingress"):
                yield _unknown_clients(key)
            shut = _shuts_in(change.live.objects.get(key, {}), change.target.objects[key])
            if shut and not comes_beside_isolating(change, key, "Egress"):
                yield _unknown_callees(key)


def _shut_namespaces(change: Change, key: Key) -> Iterator[PropertyBreach]:
    """The namespaces that a policy no longer lets in: who of their pods calls is not known, so they are named."""
    old, new = (_admitted_namespaces(side.objects.get(key, {})) for side in (change.live, change.target))
    lost = sorted(old - new) if new else ()
    if lost:
        yield PropertyBreach(
            "namespaces-shut",
            PROPERTY,
            f"{key} no longer admits pods of {', '.join(lost)}",
            (key,),
            "if no pod of these namespaces calls these pods, there is nothing to do; otherwise keep admitting them",
            "warning",
        )


def _admitted_namespaces(policy: Object) -> frozenset[str]:
    """The namespaces that some rule admits by name; none where a rule admits everybody, or others than by name."""
    rules = list(mapping_items(nested_value(policy, "spec", "ingress")))
    peers = [peer for rule in rules for peer in mapping_items(rule.get("from"))]
    if any(not rule.get("from") for rule in rules):
        return frozenset()
    names = (nested_value(peer, "namespaceSelector", "matchLabels", NAME_LABEL) for peer in peers)
    return frozenset(str(name) for name in names if name)


def _admits_other_peers(change: Change, key: Key) -> bool:
    """Whether a policy names other peers by labels, unless it admits all whom it did to the same pods."""
    old, new = change.live.objects.get(key, {}), change.target.objects[key]
    known = list(_peers_by_label(old))
    return any(peer not in known for peer in _peers_by_label(new)) and not admits_no_fewer(old, new)


def _peers_by_label(policy: Object) -> Iterator[Mapping[str, Any]]:
    for rule in mapping_items(nested_value(policy, "spec", "ingress")):
        for peer in mapping_items(rule.get("from")):
            if "namespaceSelector" in peer and mapping_or_empty(peer.get("podSelector")):
                yield peer


def _unknown_peer(key: Key) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"{key}: spec.ingress[].from[].podSelector changes. Not judged: which pods of other namespaces it admits",
        (key,),
        "review the change by hand, or admit the whole namespace",
        "warning",
    )


def _shuts_in(old: Object, new: Object) -> bool:
    """Whether pods come under rules for egress that its field does not name, or that let them call nobody.

    Source: Kubernetes, pkg/apis/networking/types.go `NetworkPolicySpec.PolicyTypes`: `Egress` without a rule is none.
    """
    before, after = (mapping_or_empty(policy.get("spec")) for policy in (old, new))
    rules = list_or_empty(after.get("egress"))
    if "Egress" not in policy_ways(new) or {} in rules or (rules and keeps_in(before.get("egress"), rules)):
        return False
    return "Egress" not in policy_ways(old) or before.get("podSelector") != after.get("podSelector")


def _shuts_gateway(judged: JudgedChange, key: Key) -> bool:
    """Whether a policy comes, or changes, that limits who reaches pods of no folder beside which a gateway stands."""
    change, policy = judged.change, judged.change.target.objects[key]
    before, after = (mapping_or_empty(each.get("spec")) for each in (change.live.objects.get(key, {}), policy))
    if before == after or "Ingress" not in policy_ways(policy) or {} in list_or_empty(after.get("ingress")):
        return False
    if _only_admits_more(before, after):
        return False
    sources = (request_source(request) for request in judged.requests)
    stands = key.namespace in DNS_NAMESPACES or any(
        source is not None and source.namespace == key.namespace for source in sources
    )
    return stands and _may_select_others(judged, key, policy)


def _only_admits_more(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a policy for the same pods keeps each of its rules, as far as these pods are its own before and after."""
    same = all(before.get(name) == after.get(name) for name in ("podSelector", "policyTypes"))
    rules = list_or_empty(after.get("ingress"))
    return bool(before) and same and all(rule in rules for rule in list_or_empty(before.get("ingress")))


def _may_select_others(judged: JudgedChange, key: Key, policy: Object) -> bool:
    """Whether a policy may select pods of no folder: unless it asks for all labels by which a workload has its pods.

    Source: Kubernetes, docs/concepts/workloads/controllers/deployment.md (selectors of two workloads never overlap).
    """
    forms = [
        workload
        for snapshot in (judged.change.live, judged.change.target)
        for each, workload in snapshot.workloads.items()
        if each.namespace == key.namespace
        and policy_applies("Ingress", policy, PolicyPeer(key.namespace, workload.template.labels))
    ]
    asked = mapping_or_empty(nested_value(policy, "spec", "podSelector", "matchLabels")).items()
    own = (mapping_or_empty(workload.selector.get("matchLabels")).items() for workload in forms)
    return not any(labels and labels <= asked for labels in own)


def _isolates_other_pods(change: Change, key: Key) -> bool:
    """Whether a policy that stays comes to select pods that none isolated, and does not admit every address."""
    policy = change.target.objects[key]
    if key not in change.live.objects or not shuts_clients_out(None, nested_value(policy, "spec", "ingress")):
        return False
    policies = [obj for each, obj in change.live.objects.items() if each[:3] == key[:3]]
    pods = (
        PolicyPeer(key.namespace, workload.template.labels)
        for each, workload in change.live.workloads.items()
        if each.namespace == key.namespace and each in change.target.workloads
    )
    return any(
        policy_applies("Ingress", policy, own) and not any(policy_applies("Ingress", each, own) for each in policies)
        for own in pods
    )


def _unknown_outsiders(key: Key) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"{key} comes to select pods that no policy isolated. Not judged: which addresses and namespaces reach them",
        (key,),
        "review the change by hand, or admit every client of these pods",
        "warning",
    )


def _unknown_clients(key: Key) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"{key} limits who reaches pods of no folder beside a gateway or the servers of DNS. Not judged: whether "
        "clients still reach these",
        (key,),
        "review the change by hand, or admit every client of these pods",
        "warning",
    )


def _unknown_callees(key: Key) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"{key} limits the outgoing connections of more pods. Not judged: which servers outside the folders they "
        "need (DNS, for example)",
        (key,),
        "review the change by hand, or admit every server that the pods call",
        "warning",
    )
