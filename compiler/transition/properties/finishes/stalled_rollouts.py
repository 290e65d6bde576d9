"""finishes: a rolling update whose new pod needs what an old pod holds alone, while that one may not go first.

Source: Kubernetes, pkg/controller/deployment/rolling.go (with no pod unavailable, the new one must be ready first);
pkg/scheduler/framework/plugins: volumerestrictions (`satisfyReadWriteOncePod`) and nodeports.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key, list_or_empty, mapping_or_empty, nested_value
from compiler.transition.controllers.deployment import surge_and_unavailable, uses_recreate
from compiler.transition.facts.host_ports import clashing_port
from compiler.transition.facts.pods import Template
from compiler.transition.facts.workload import WorkloadFacts
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync import replicas
from compiler.transition.sync.change import Change, Cut

PROPERTY = "finishes"
NODE_NAME = "kubernetes.io/hostname"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The workloads whose new pods wait for a pod that stays, or that waits for them."""
    change = judged.change
    for key in change.ops:
        old, new = change.live.workloads.get(key), change.target.workloads.get(key)
        if old is None or new is None or old.template is new.template:
            continue
        held = next(_held_alone(change, key, old.template, new.template), None)
        if held is not None and adds_first(change, old, new):
            what, objects = held
            yield PropertyBreach(
                "rollout-stalled",
                PROPERTY,
                f"the rollout of {key} stalls: its new pod needs {what}, which the old pod holds until the new one is "
                "ready",
                (key, *objects),
                "let the old pod go first: strategy Recreate, or maxSurge: 0 and maxUnavailable: 1; both lose requests "
                "where it is the only pod",
                cut=Cut(change.ops[key][0], frozenset({key})),
            )


def adds_first(change: Change, old: WorkloadFacts, new: WorkloadFacts) -> bool:
    """Whether no old pod may go before a new one is ready."""
    before, after = (replicas.converged_replicas(each, change.options, "low") for each in (old, new))
    if new.key.kind != "Deployment" or new.paused or uses_recreate(new) or not (before and after):
        return False
    return surge_and_unavailable(new, after)[1] == 0


def _held_alone(change: Change, key: Key, old: Template, new: Template) -> Iterator[tuple[str, tuple[Key, ...]]]:
    for name in sorted(old.claims & new.claims):
        claim = Key("", "PersistentVolumeClaim", key.namespace, name)
        if is_for_one_pod(change, claim):
            yield f"{claim}, which one pod alone may use (ReadWriteOncePod)", (claim,)
    port = clashing_port(new.node_ports, old.node_ports)
    if port is not None and only_node_of(new) and only_node_of(old) == only_node_of(new):
        yield f"port {port.number} of node {only_node_of(new)}", ()


def is_for_one_pod(change: Change, claim: Key) -> bool:
    """Whether one pod alone may use the PersistentVolumeClaim."""
    obj = change.live.objects.get(claim)
    return "ReadWriteOncePod" in list_or_empty(nested_value(obj, "spec", "accessModes"))


def only_node_of(template: Template) -> str:
    """The one node on which its pods may run; empty: any."""
    spec = mapping_or_empty(template.raw.get("spec"))
    return str(spec.get("nodeName") or nested_value(spec, "nodeSelector", NODE_NAME) or "")
