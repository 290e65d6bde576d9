"""finishes: a rolling update whose new pod needs what an old pod holds alone, while that one may not go first.

Source: Kubernetes, pkg/controller/deployment/rolling.go (with no pod unavailable, the new one must be ready first);
pkg/scheduler/framework/plugins: volumerestrictions (`satisfyReadWriteOncePod`) and nodeports.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key, list_or_empty, mapping_or_empty, nested_value
from compiler.transition.controllers.deployment import surge_and_unavailable, uses_recreate
from compiler.transition.facts.host_ports import HostPort, clashing_port
from compiler.transition.facts.pods import Template
from compiler.transition.facts.workload import WorkloadFacts
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync import replicas
from compiler.transition.sync.change import Change, Cut

PROPERTY = "finishes"
NODE_NAME = "kubernetes.io/hostname"
NARROWING = ("nodeName", "nodeSelector", "affinity")


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The workloads whose new pods wait for a pod that stays, or that waits for them."""
    change = judged.change
    for key in change.ops:
        if key in change.target.workloads and change.count_after(key, "low"):
            yield from _ports_of_others(change, key)
            yield from _claims_of_others(change, key)
        old, new = change.live.workloads.get(key), change.target.workloads.get(key)
        if old is None or new is None or old.template is new.template or not _adds_first(change, old, new):
            continue
        held = next(_held_alone(change, key, old.template, new.template), None)
        if held is not None:
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


def _adds_first(change: Change, old: WorkloadFacts, new: WorkloadFacts) -> bool:
    before, after = (replicas.converged_replicas(each, change.options, "low") for each in (old, new))
    if new.key.kind != "Deployment" or new.paused or uses_recreate(new) or not (before and after):
        return False
    return surge_and_unavailable(new, after)[1] == 0


def _held_alone(change: Change, key: Key, old: Template, new: Template) -> Iterator[tuple[str, tuple[Key, ...]]]:
    for name in sorted(old.claims & new.claims):
        claim = Key("", "PersistentVolumeClaim", key.namespace, name)
        if _is_for_one_pod(change, key, name):
            yield f"{claim}, which one pod alone may use (ReadWriteOncePod)", (claim,)
    alone = _node_of(new) and _node_of(old) == _node_of(new)
    port = clashing_port(new.node_ports, old.node_ports) if alone else None
    if port is not None:
        yield f"port {port.number} of node {_node_of(new)}", ()


def _ports_of_others(change: Change, key: Key) -> Iterator[PropertyBreach]:
    """A workload whose new pods need a port of a node that pods of another one hold, and go on to hold."""
    new, old = change.target.workloads[key].template, change.live.workloads.get(key)
    stays = old is not None and _node_of(old.template) == _node_of(new)
    ports = new.node_ports - (old.template.node_ports if old and stays else frozenset())
    for other in change.live.workloads if ports else ():
        taken = next((port for port in sorted(ports) if other != key and _stays_taken(change, key, other, port)), None)
        if taken is not None:
            yield PropertyBreach(
                "rollout-stalled",
                PROPERTY,
                f"the pods of {key} never start: they need port {taken.number} of a node, which pods of {other} hold",
                (key, other),
                "give one of them another port, or nodes of its own",
                cut=Cut(change.ops[key][0], frozenset({key})),
            )


def _claims_of_others(change: Change, key: Key) -> Iterator[PropertyBreach]:
    """A new workload whose pods need a claim for themselves that pods of another one use, and go on to use."""
    claims = change.target.workloads[key].template.claims if key not in change.live.workloads else frozenset()
    for other, facts in change.live.workloads.items() if claims else ():
        shared = sorted(claims & facts.template.claims) if other.namespace == key.namespace else []
        held = next((claim for claim in shared if _is_for_one_pod(change, key, claim)), None)
        if held is not None and change.count_before(other, "low") and _still_uses(change, key, other, held):
            yield PropertyBreach(
                "rollout-stalled",
                PROPERTY,
                f"the pods of {key} never start: they need claim {held}, which one pod alone may use "
                f"(ReadWriteOncePod), and a pod of {other} uses it",
                (key, other),
                "delete the other workload, or scale it to zero, in an earlier commit; requests are lost in between",
                cut=Cut(change.ops[key][0], frozenset({key})),
            )


def _still_uses(change: Change, key: Key, other: Key, claim: str) -> bool:
    """Whether pods of `other` keep the claim until those of `key` are ready."""
    after = change.target.workloads.get(other)
    if after is not None:
        return claim in after.template.claims and change.count_after(other, "low") > 0
    stage = change.ops[key][0][0]
    return key in change.stages[stage].awaited and change.snapshot_of(other, Cut((stage + 1, 0))) is not None


def _is_for_one_pod(change: Change, key: Key, claim: str) -> bool:
    obj = change.live.objects.get(Key("", "PersistentVolumeClaim", key.namespace, claim))
    return "ReadWriteOncePod" in list_or_empty(nested_value(obj, "spec", "accessModes"))


def _node_of(template: Template) -> str:
    """The one node on which its pods may run; empty: any."""
    spec = mapping_or_empty(template.raw.get("spec"))
    return str(spec.get("nodeName") or nested_value(spec, "nodeSelector", NODE_NAME) or "")


def _stays_taken(change: Change, key: Key, other: Key, port: HostPort) -> bool:
    """Whether pods of `other` hold the port, wherever those of `key` may run, until these are ready."""
    new, after = change.target.workloads[key].template, change.target.workloads.get(other)
    if not _shuts_out(new, other, change.live.workloads[other].template, port):
        return False
    if after is not None:
        return _shuts_out(new, other, after.template, port) and change.count_after(other, "low") > 0
    stage = change.ops[key][0][0]
    return key in change.stages[stage].awaited and change.snapshot_of(other, Cut((stage + 1, 0))) is not None


def _shuts_out(new: Template, other: Key, template: Template, port: HostPort) -> bool:
    """Whether pods of this template of `other` shut those of `new` out of the port."""
    return clashing_port((port,), template.node_ports) is not None and _fills_nodes_of(new, other, template)


def _fills_nodes_of(new: Template, other: Key, template: Template) -> bool:
    """Whether pods of `other` are wherever those of `new` may run: on that one node, or on every node."""
    asked, spec = (mapping_or_empty(each.raw.get("spec")) for each in (new, template))
    narrow = any(spec.get(field) for field in NARROWING) or bool(asked.get("tolerations"))
    return (other.kind == "DaemonSet" and not narrow) or bool(_node_of(new) and _node_of(new) == _node_of(template))
