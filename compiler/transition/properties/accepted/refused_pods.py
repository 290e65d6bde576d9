"""config and accepted, as far as the security level of a Namespace decides it: whether a pod can be made at all.

Source: Kubernetes, docs/concepts/security/pod-security-admission.md (`enforce` refuses pods when they are created; of
workloads it only warns, so a rollout stalls).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key, mapping_or_empty, object_labels
from compiler.transition.facts.pod_security import ENFORCE, pod_security_violation
from compiler.transition.facts.pods import Template
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync import replicas
from compiler.transition.sync.change import Change
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "config"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """Pods that a Namespace of the folder refuses: those that come, and, under a new level, those that run."""
    change = judged.change
    levels = {key.name: level for key in change.target.of_kind("Namespace") if (level := enforced(change.target, key))}
    if not levels:
        return
    fresh = judged.starting
    for key, template in fresh.items():
        yield from _refused(change, key, template, levels, ("finishes", "accepted"))
    for key, workload in change.target.workloads.items():
        place = Key("", "Namespace", "", key.namespace)
        tightened = place in change.ops and enforced(change.live, place) != levels.get(key.namespace)
        if key not in fresh and tightened and replicas.converged_replicas(workload, change.options, "low"):
            yield from _refused(change, key, workload.template, levels, (PROPERTY,))


def enforced(snapshot: Snapshot, place: Key) -> str:
    """The level that a Namespace enforces; empty: none."""
    return str(object_labels(snapshot.objects.get(place, {})).get(ENFORCE) or "")


def _refused(
    change: Change, key: Key, template: Template, levels: dict[str, str], properties: tuple[str, ...]
) -> Iterator[PropertyBreach]:
    level, place = levels.get(key.namespace, ""), Key("", "Namespace", "", key.namespace)
    reason = pod_security_violation(mapping_or_empty(template.raw.get("spec")), level)
    for name in properties if reason else ():
        yield PropertyBreach(
            "pods-refused",
            name,
            f"Namespace {key.namespace} enforces the level {level} and refuses the pods of {key}: {reason}",
            (key, place),
            f"change the pods so that they meet the level, in an earlier commit than the label {ENFORCE}",
            cut=change.moment(key, place),
        )
