"""finishes: a rolling update whose new pod needs what an old pod holds alone, while that one may not go first.

Source: Kubernetes, pkg/controller/deployment/rolling.go (with no pod unavailable, the new one must be ready first);
pkg/scheduler/framework/plugins: volumerestrictions (`satisfyReadWriteOncePod`) and nodeports.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key, list_or_empty, mapping_items, nested_value
from compiler.transition.controllers.deployment import surge_and_unavailable, uses_recreate
from compiler.transition.facts.pods import Template
from compiler.transition.facts.workload import WorkloadFacts
from compiler.transition.properties.host_ports import host_ports
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync import replicas
from compiler.transition.sync.change import Change, Cut

PROPERTY = "finishes"
NODE_NAME = "kubernetes.io/hostname"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The Deployments whose first new pod waits for a pod that waits for it."""
    change = judged.change
    for key in change.ops:
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
    for name in sorted(_claims(old) & _claims(new)):
        claim = Key("", "PersistentVolumeClaim", key.namespace, name)
        modes = list_or_empty(nested_value(change.live.objects.get(claim), "spec", "accessModes"))
        if "ReadWriteOncePod" in modes:
            yield f"{claim}, which one pod alone may use (ReadWriteOncePod)", (claim,)
    node = nested_value(new.raw, "spec", "nodeSelector", NODE_NAME)
    ports = sorted({*host_ports(old)} & {*host_ports(new)})
    if ports and node and node == nested_value(old.raw, "spec", "nodeSelector", NODE_NAME):
        yield f"port {ports[0]} of node {node}", ()


def _claims(template: Template) -> frozenset[str]:
    volumes = mapping_items(nested_value(template.raw, "spec", "volumes"))
    names = (nested_value(volume, "persistentVolumeClaim", "claimName") for volume in volumes)
    return frozenset(str(name) for name in names if name)
