"""available, for pods of no folder that Services lead to or operators make: NetworkPolicies that come to isolate them.

Which labels these pods have besides those that a Service asks for is not known, nor who calls them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from compiler.model.manifest import Object
from compiler.model.objects import Key, label_selector_accepts, mapping_items, mapping_or_empty, nested_value
from compiler.transition.classification import Unjudged, classified_kind
from compiler.transition.classification.custom_kinds import MADE
from compiler.transition.facts.pods import BATCH_TEMPLATES, read_template
from compiler.transition.properties.outside.unknown_entries import selects_nobody
from compiler.transition.properties.policies.lost_allowances import admits_no_fewer
from compiler.transition.routing.network_policy import policy_ways
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "available"
WAY = "Ingress"
DATABASES = ("postgresql.cnpg.io", "Cluster")
DATABASE_LABEL = "cnpg.io/cluster"
Policies = Mapping[Key, Object]


class OutsidePods(NamedTuple):
    """Pods of no folder: the Service that leads to them, or what an operator makes them of, and labels they have."""

    holder: Key
    labels: Mapping[str, str]


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The policies that keep clients from pods of no folder that they let in, or may do so."""
    change = judged.change
    written = [key for key in change.ops if key.distinct_kind == "NetworkPolicy"]
    for pods in _outside_pods(change, {key.namespace for key in written}) if written else ():
        before, after = (_ingress_policies(change, side, pods) for side in (change.live, change.target))
        differing = [key for key in written if _may_shut_out(before.get(key), after.get(key))]
        if differing and after and not _keep_open(before, after, pods):
            yield PropertyBreach(
                "field-unproven",
                PROPERTY,
                f"{differing[0]} may isolate the pods of {pods.holder}, which no folder contains. Not judged: which "
                "clients outside the policy's rules call them",
                (differing[0], pods.holder),
                "let a rule of the policy admit every client of these pods, or select other pods",
                "warning",
                change.moment(differing[0]),
            )


def _may_shut_out(old: Object | None, new: Object | None) -> bool:
    return old != new and not (old and new and admits_no_fewer(old, new))


def _outside_pods(change: Change, namespaces: set[str]) -> Iterator[OutsidePods]:
    for key, facts in change.target.services.items():
        near = key.namespace in namespaces and key in change.live.services
        if near and selects_nobody(change.live, key) and selects_nobody(change.target, key):
            yield OutsidePods(key, facts.selector)
    for key in change.target.objects:
        if key.namespace in namespaces and key in change.live.objects and has_operator_pods(key):
            yield OutsidePods(key, {DATABASE_LABEL: key.name} if key[:2] == DATABASES else {})


def has_operator_pods(key: Key) -> bool:
    """Whether an operator makes pods of the object."""
    known = classified_kind(key.group, key.kind) if "." in key.group else None
    return key[:2] == DATABASES or (isinstance(known, Unjudged) and known.influence == MADE)


def _ingress_policies(change: Change, snapshot: Snapshot, pods: OutsidePods) -> Policies:
    policies = {key: snapshot.objects[key] for key in snapshot.of_kind("NetworkPolicy")}
    return {
        key: policy
        for key, policy in policies.items()
        if key.namespace == pods.holder.namespace
        and WAY in policy_ways(policy)
        and _may_select(change, key, policy, pods)
    }


def _may_select(change: Change, key: Key, policy: Object, pods: OutsidePods) -> bool:
    """Whether a policy selects the pods, or some of them, unless it is there for others: pods of the folder."""
    selector = mapping_or_empty(nested_value(policy, "spec", "podSelector"))
    labels = mapping_or_empty(selector.get("matchLabels"))
    if any(pods.labels.get(name, value) != value for name, value in labels.items()):
        return False
    if False in _known_terms(selector, pods):
        return False
    shared = labels.keys() & pods.labels.keys()
    return _surely_selects(policy, pods) or bool(shared) or not _selects_folder_pods(change, key, selector)


def _surely_selects(policy: Object, pods: OutsidePods) -> bool:
    selector = mapping_or_empty(nested_value(policy, "spec", "podSelector"))
    labels = mapping_or_empty(selector.get("matchLabels"))
    return all(_known_terms(selector, pods)) and labels.items() <= pods.labels.items()


def _known_terms(selector: Mapping[str, Any], pods: OutsidePods) -> list[bool | None]:
    """Whether labels that the pods surely have meet each expression; None: it asks for another label."""
    terms = list(mapping_items(selector.get("matchExpressions")))
    return [
        label_selector_accepts({"matchExpressions": [term]}, pods.labels) if term.get("key") in pods.labels else None
        for term in terms
    ]


def _selects_folder_pods(change: Change, key: Key, selector: Mapping[str, Any]) -> bool:
    return any(
        label_selector_accepts(selector, labels)
        for snapshot in (change.live, change.target)
        for labels in _labels_of_pods(snapshot, key.namespace)
    )


def _labels_of_pods(snapshot: Snapshot, namespace: str) -> Iterator[Mapping[str, str]]:
    for key, workload in snapshot.workloads.items():
        if key.namespace == namespace:
            yield workload.template.labels
    for kind, path in BATCH_TEMPLATES.items():
        for key in snapshot.of_kind(kind):
            if key.namespace == namespace:
                yield read_template(mapping_or_empty(nested_value(snapshot.objects[key], *path))).labels


def _keep_open(before: Policies, after: Policies, pods: OutsidePods) -> bool:
    """Whether the pods still let in all whom they did: everybody, or at least what the same rules say."""
    rules = list(_ingress_rules(policy for policy in after.values() if _surely_selects(policy, pods)))
    if any(not rule.get("from") and not rule.get("ports") for rule in rules):
        return True
    isolated = any(_surely_selects(policy, pods) for policy in before.values())
    return isolated and all(rule in rules for rule in _ingress_rules(before.values()))


def _ingress_rules(policies: Iterable[Object]) -> Iterator[Mapping[str, Any]]:
    for policy in policies:
        yield from mapping_items(nested_value(policy, "spec", "ingress"))
