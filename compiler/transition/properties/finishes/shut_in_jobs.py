"""finishes: Jobs that the sync waits for, whose way out a NetworkPolicy opens only after them.

Source: Kubernetes, docs/concepts/services-networking/network-policies.md (pods that a policy isolates reach what the
policies open together, and nothing else); Argo CD gitops-engine, pkg/sync/sync_phase.go (PreSync before Sync).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import Key, mapping_items, mapping_or_empty, nested_value
from compiler.transition.facts.pods import BATCH_TEMPLATES, read_template
from compiler.transition.properties.contract.call_graph import CallGraph
from compiler.transition.properties.contract.call_points import called_port
from compiler.transition.routing.network_policy import PolicyPeer, policy_applies
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change, Cut

PROPERTY = "finishes"
WAY = "Egress"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The Jobs of gates that policies isolate while a later wave or phase brings what lets them out."""
    change = judged.change
    for key in change.target.of_kind("Job") if change.target.of_kind("NetworkPolicy") else ():
        if key in change.ops and not has_run_as_it_is(change, key):
            place = change.ops[key][0]
            if key in change.stages[place[0]].awaited:
                yield from _shut_in(change, key, Cut(place))
                yield from _refused_calls(judged, key, Cut(place))


def has_run_as_it_is(change: Change, key: Key) -> bool:
    """Whether a Job of the same pods has ended under the policies of the commit before."""
    live = change.live.objects.get(key)
    return live is not None and live.get("spec") == change.target.objects[key].get("spec")


def _shut_in(change: Change, key: Key, cut: Cut) -> Iterator[PropertyBreach]:
    pods = read_template(mapping_or_empty(nested_value(change.target.objects[key], *BATCH_TEMPLATES["Job"])))
    own = PolicyPeer(key.namespace, pods.labels)
    standing = _isolating(change, own, cut)
    opened = [rule for policy in standing.values() for rule in _ways_out(policy)]
    if not standing or any(not (rule.get("to") or rule.get("ports")) for rule in opened):
        return
    for policy in change.target.of_kind("NetworkPolicy"):
        later = policy in change.ops and change.ops[policy][0][0] > cut.place[0]
        obj = change.target.objects[policy]
        applies = later and policy.namespace == key.namespace and policy_applies(WAY, obj, own)
        if applies and any(rule not in opened for rule in _ways_out(obj)):
            yield _opened_too_late(key, policy, min(standing), cut) if not opened else _opened_in_part(key, policy)
            return


def _refused_calls(judged: JudgedChange, key: Key, cut: Cut) -> Iterator[PropertyBreach]:
    """The Services that the Job calls, of which policies keep it from all pods."""
    change, router = judged.change, judged.router
    calling = read_template(mapping_or_empty(nested_value(change.target.objects[key], *BATCH_TEMPLATES["Job"])))
    for call in CallGraph(router).template_calls(key, calling):
        facts = change.target.services.get(call.service)
        port = called_port(facts, call) if facts else None
        if facts is None or port is None or not facts.selects_pods:
            continue
        callees = [pods for pods in router.selected(facts) if pods in change.target.workloads]
        forms = [change.target.workloads[each].template for each in callees]
        if forms and all(router.policies.parted(key, calling, facts, port, each, cut) for each in forms):
            yield PropertyBreach(
                "field-unproven",
                PROPERTY,
                f"NetworkPolicies keep {key} from the pods behind {call.service}, which it calls. Not judged: whether "
                "the Job ends without them",
                (key, call.service, *callees),
                "let a policy that stands before the Job let its pods in, and out",
                "warning",
                cut,
            )


def _isolating(change: Change, own: PolicyPeer, cut: Cut) -> Mapping[Key, Object]:
    """The policies that stand at this point and isolate these pods."""
    names = dict.fromkeys((*change.live.of_kind("NetworkPolicy"), *change.target.of_kind("NetworkPolicy")))
    forms = ((name, change.snapshot_of(name, cut)) for name in names if name.namespace == own.namespace)
    policies = {name: snapshot.objects[name] for name, snapshot in forms if snapshot is not None}
    return {name: policy for name, policy in policies.items() if policy_applies(WAY, policy, own)}


def _ways_out(policy: Object) -> list[Mapping[str, Any]]:
    return list(mapping_items(nested_value(policy, "spec", "egress")))


def _opened_too_late(key: Key, policy: Key, standing: Key, cut: Cut) -> PropertyBreach:
    return PropertyBreach(
        "gate-needs-later-wave",
        PROPERTY,
        f"{key} reaches nobody: {standing} isolates its pods, and {policy}, which lets them out, comes in a later wave "
        "or phase, which waits for the Job",
        (key, policy, standing),
        f"put {policy} before {key}: into an earlier wave, or into PreSync with it",
        cut=cut,
    )


def _opened_in_part(key: Key, policy: Key) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"{policy} opens more for the pods of {key}, and comes in a later wave or phase. Not judged: whether the Job "
        "needs it to end",
        (key, policy),
        f"put {policy} before {key}: into an earlier wave, or into PreSync with it",
        "warning",
    )
