"""What nobody has proven: pods that no NetworkPolicy isolates any more, under policies of others, which nobody reads.

What a NetworkPolicy let in, these may refuse without it. Source: Cilium, Documentation/security/policy (pods that any
policy selects take only what some policy allows); Calico, docs, NetworkPolicy (those of Kubernetes have the order 1000:
what comes after one that selects the pods is not asked); network-policy-api, BaselineAdminNetworkPolicy (asked where no
NetworkPolicy selects the pods).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import Key, list_or_empty, mapping_items, mapping_or_empty, nested_value
from compiler.transition.facts.pods import Template
from compiler.transition.properties.policies.lost_allowances import isolating_policies
from compiler.transition.properties.unread.selecting_policies import switched_pods
from compiler.transition.routing.network_policy import DIRECTION_FIELDS, NAME_LABEL
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change

PROPERTY = "available"
CILIUM = "cilium.io"
BENEATH = frozenset(
    {
        (CILIUM, "CiliumClusterwideNetworkPolicy"), (CILIUM, "CiliumNetworkPolicy"),
        ("crd.projectcalico.org", "GlobalNetworkPolicy"), ("crd.projectcalico.org", "NetworkPolicy"),
        ("policy.networking.k8s.io", "BaselineAdminNetworkPolicy"),
        ("policy.networking.k8s.io", "ClusterNetworkPolicy"),
        ("projectcalico.org", "GlobalNetworkPolicy"), ("projectcalico.org", "NetworkPolicy"),
    }
)  # fmt: skip
SOURCES = ("any:", "k8s:", "any.", "k8s.")
"""What Cilium writes before the name of a pod's label."""


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The NetworkPolicies that opened a way to pods, or from them, which others decide alone from now on."""
    change = judged.change
    beneath = [key for key in judged.standing if key[:2] in BENEATH and key in change.target.objects]
    policies = change.live.of_kind("NetworkPolicy") if beneath else ()
    written = {key.namespace for key in policies if key in change.ops}
    for workload, new in change.target.workloads.items() if policies else ():
        old = change.live.workloads.get(workload)
        if old is not None and (workload.namespace in written or old.template is not new.template):
            yield from _uncovered_pods(change, workload, workload, beneath)
    for workload, replaced in switched_pods(judged) if policies else ():
        yield from _uncovered_pods(change, workload, replaced, beneath)


def _uncovered_pods(change: Change, workload: Key, replaced: Key, beneath: list[Key]) -> Iterator[PropertyBreach]:
    """What pods of a workload are left to, while those whose requests they answer had a NetworkPolicy."""
    old, new = change.live.workloads[replaced].template, change.target.workloads[workload].template
    own = (old, new) if workload == replaced else (new,)
    for way, (rules, _) in DIRECTION_FIELDS.items():
        before = isolating_policies(way, change.live, replaced, old)
        opening = [key for key, policy in before.items() if list(mapping_items(nested_value(policy, "spec", rules)))]
        bare = [each for each in own if not isolating_policies(way, change.target, workload, each)]
        for key in beneath if opening and bare else ():
            if _may_decide(way, key, change.target.objects[key], workload, new):
                yield PropertyBreach(
                    "unknown-kind",
                    PROPERTY,
                    f"{opening[0]} selects no pods of {workload}, and {key} may. Not judged: whether it lets through "
                    "what the NetworkPolicy let through",
                    (opening[0], key, workload),
                    f"let {key} allow the same first, or keep the NetworkPolicy",
                    "warning",
                    change.moment(opening[0], workload),
                )


def _may_decide(way: str, key: Key, policy: Object, workload: Key, template: Template) -> bool:
    """Whether a policy may select the pods and keep something from them, or them from something."""
    if key.namespace not in ("", workload.namespace):
        return False
    specs = [mapping_or_empty(policy.get("spec")), *mapping_items(policy.get("specs"))]
    if key.group == CILIUM:
        return any(_cilium_isolates(way, spec, template) for spec in specs)
    if key.group == "policy.networking.k8s.io":
        place = nested_value(specs[0], "subject", "namespaces", "matchLabels", NAME_LABEL)
        beneath = specs[0].get("tier") in (None, "Baseline")
        return beneath and place in (None, workload.namespace) and bool(specs[0].get(way.lower()))
    return way in list_or_empty(specs[0].get("types") or (way,))


def _cilium_isolates(way: str, spec: Mapping[str, Any], template: Template) -> bool:
    """Whether a rule of Cilium isolates the pods (its pkg/policy/api/rule.go, `EnableDefaultDeny`)."""
    direction = way.lower()
    if not spec.keys() & {direction, f"{direction}Deny"}:
        return False
    if nested_value(spec, "enableDefaultDeny", direction) is False:
        return False
    labels = mapping_or_empty(nested_value(spec, "endpointSelector", "matchLabels"))
    pairs = (_without_source(str(name), value) for name, value in labels.items())
    own = {name: value for name, value in pairs if "io.kubernetes." not in name}
    return all(template.labels.get(name) == value for name, value in own.items() if "io.cilium." not in name)


def _without_source(name: str, value: Any) -> tuple[str, Any]:
    return next((name.removeprefix(each) for each in SOURCES if name.startswith(each)), name), value
