"""finishes: new pods that need what pods of another workload hold alone, and hold as long as these do not start.

Source: Kubernetes, pkg/scheduler/framework/plugins: nodeports and volumerestrictions (`satisfyReadWriteOncePod`);
pkg/controller/deployment/rolling.go (a pod that may not be missed goes once a new one is ready).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from compiler.model.objects import Key, mapping_or_empty
from compiler.transition.facts.host_ports import HostPort, clashing_port
from compiler.transition.facts.pods import Template
from compiler.transition.properties.finishes.stalled_rollouts import adds_first, is_for_one_pod, only_node_of
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change, Cut

PROPERTY = "finishes"
NARROWING: Final = ("nodeName", "nodeSelector", "affinity")
Scarce = HostPort | Key
"""What one pod alone may have: a port of its node, or a claim."""


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The workloads whose new pods wait for pods of others that stay, or that wait for them."""
    change = judged.change
    for key in change.ops:
        if key in change.target.workloads and change.count_after(key, "low"):
            wanted = _newly_wanted(change, key)
            for other in change.live.workloads if wanted else ():
                yield from _waits_in_vain(change, key, other, wanted)


def _newly_wanted(change: Change, key: Key) -> tuple[Scarce, ...]:
    """What the new pods of a workload need and its old ones do not hold."""
    new, old = change.target.workloads[key].template, change.live.workloads.get(key)
    held = None if old is None else old.template
    stays = held is not None and new.node_ports and only_node_of(held) == only_node_of(new)
    ports = new.node_ports - (held.node_ports if held and stays else frozenset())
    claims = sorted(new.claims - (held.claims if held else frozenset()))
    keys = (Key("", "PersistentVolumeClaim", key.namespace, name) for name in claims)
    return (*sorted(ports), *(claim for claim in keys if is_for_one_pod(change, claim)))


def _waits_in_vain(change: Change, key: Key, other: Key, wanted: tuple[Scarce, ...]) -> Iterator[PropertyBreach]:
    for scarce in wanted if other != key else ():
        until = _end_of_hold(change, key, other, scarce)
        if until is not None:
            yield _never_starts(change, key, other, scarce, until)
            return


def _end_of_hold(change: Change, key: Key, other: Key, scarce: Scarce) -> str | None:
    """Until when pods of `other` keep those of `key` from starting, in words; None: these start some time."""
    new, stage = change.target.workloads[key].template, change.ops[key][0][0]
    if not _shuts_out(new, other, change.live.workloads[other].template, scarce):
        return None
    if _holds_in_the_end(change, new, other, scarce):
        return ""
    waits = key in change.stages[stage].awaited and change.count_before(other, "low") > 0
    if waits and change.ops[other][0][0] > stage:
        return " until a later wave"
    if _leaves_last(change, key) and _leaves_last(change, other) and _waits_for(change, other, key, frozenset({other})):
        return f" until their successors are ready, and these wait for pods of {key} in turn"
    return None


def _holds_in_the_end(change: Change, new: Template, other: Key, scarce: Scarce) -> bool:
    after = change.target.workloads.get(other)
    if after is None:
        return other not in change.ops and change.count_before(other, "low") > 0
    return change.count_after(other, "low") > 0 and _shuts_out(new, other, after.template, scarce)


def _waits_for(change: Change, key: Key, goal: Key, known: frozenset[Key]) -> bool:
    """Whether new pods of `key` need what old pods of `goal` hold, or of others that wait for these in turn."""
    wanted, new = _newly_wanted(change, key), change.target.workloads[key].template
    for other, facts in change.live.workloads.items() if wanted else ():
        holds = other not in known and any(_shuts_out(new, other, facts.template, scarce) for scarce in wanted)
        if holds and (
            other == goal or (_leaves_last(change, other) and _waits_for(change, other, goal, known | {other}))
        ):
            return True
    return False


def _leaves_last(change: Change, key: Key) -> bool:
    """Whether the old pods of a workload go only once new ones are ready."""
    old, new = change.live.workloads.get(key), change.target.workloads.get(key)
    return old is not None and new is not None and old.template is not new.template and adds_first(change, old, new)


def _shuts_out(new: Template, other: Key, template: Template, scarce: Scarce) -> bool:
    """Whether pods of this template of `other` keep those of `new` from it."""
    if isinstance(scarce, Key):
        return other.namespace == scarce.namespace and scarce.name in template.claims
    return clashing_port((scarce,), template.node_ports) is not None and _fills_nodes_of(new, other, template)


def _fills_nodes_of(new: Template, other: Key, template: Template) -> bool:
    """Whether pods of `other` are wherever those of `new` may run: on that one node, or on every node."""
    asked, spec = (mapping_or_empty(each.raw.get("spec")) for each in (new, template))
    narrow = any(spec.get(field) for field in NARROWING) or bool(asked.get("tolerations"))
    return (other.kind == "DaemonSet" and not narrow) or bool(
        only_node_of(new) and only_node_of(new) == only_node_of(template)
    )


def _never_starts(change: Change, key: Key, other: Key, scarce: Scarce, until: str) -> PropertyBreach:
    if isinstance(scarce, Key):
        what = f"{scarce}, which one pod alone may use (ReadWriteOncePod), and which pods"
        help_text = "delete the other workload, or scale it to zero, in an earlier commit; requests are lost in between"
    else:
        what = f"port {scarce.number} of a node, which pods"
        help_text = "give one of them another port, or nodes of its own"
    if until:
        help_text = "let the other one give it up in an earlier commit"
    return PropertyBreach(
        "rollout-stalled",
        PROPERTY,
        f"the pods of {key} never start: they need {what} of {other} hold{until}",
        (key, other),
        help_text,
        cut=Cut(change.ops[key][0], frozenset({key})),
    )
