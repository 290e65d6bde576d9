"""available, for pods of a StatefulSet that others call by host name: `db-2.db` answers while there is such a pod.

Source: Kubernetes, docs/concepts/workloads/controllers/statefulset.md, "Stable Network ID": the governing Service's
domain has a name for each pod.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from compiler.model.objects import Key, integer_or_default, nested_value
from compiler.transition.facts.pods import Template, configured_texts
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import END
from compiler.transition.sync.replicas import converged_replicas
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "available"
POD_HOST = re.compile(r"(?<![\w.-])([a-z0-9][a-z0-9-]*-\d+)\.([a-z][a-z0-9-]*)(?:\.([a-z0-9-]+))?")
PodHost = tuple[str, str]
"""A pod and the Service that governs it, by name."""


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The calls that lead to pods of a StatefulSet which the commit takes away, and to no other one."""
    lost = _LostPods(judged)
    for caller, templates in judged.router.index.templates.items() if lost.hosts else ():
        for template in templates if judged.change.snapshot_of(caller, END) else ():
            key = lost.called_in_vain(caller.namespace, template)
            breach = None if key in (None, caller) else _unanswered_call(judged, caller, template, key)
            if breach is not None:
                yield breach


class _LostPods:
    """The pods, by namespace and host name, that a StatefulSet or its Service has no more after the commit."""

    def __init__(self, judged: JudgedChange) -> None:
        self._judged = judged

    @cached_property
    def hosts(self) -> dict[tuple[str, PodHost], Key]:
        """Each with the StatefulSet or Service whose write takes it away."""
        change = self._judged.change
        sets = [key for key in change.live.workloads if key.kind == "StatefulSet"]
        lost: dict[tuple[str, PodHost], Key] = {}
        for key in sets:
            after = _pod_hosts(self._judged, change.target, key) if change.snapshot_of(key, END) else frozenset()
            governing = Key("", "Service", key.namespace, _governing_service(change.live, key))
            if governing in change.live.services and change.snapshot_of(governing, END) is None:
                after, culprit = frozenset(), governing
            else:
                culprit = key
            if culprit in change.ops:
                lost |= {(key.namespace, host): culprit for host in _pod_hosts(self._judged, change.live, key) - after}
        return lost

    def called_in_vain(self, namespace: str, template: Template) -> Key | None:
        """What takes away all the pods that one setting of the template names; None: none is so."""
        for text in configured_texts(template):
            named = [
                (host[2] if host[2] not in (None, "svc") else namespace, (host[0], host[1]))
                for host in (match.groups() for match in POD_HOST.finditer(text))
            ]
            if named and all(host in self.hosts for host in named):
                return self.hosts[named[0]]
        return None


def _pod_hosts(judged: JudgedChange, snapshot: Snapshot, key: Key) -> frozenset[PodHost]:
    workload = snapshot.workloads.get(key)
    if workload is None:
        return frozenset()
    first = integer_or_default(nested_value(workload.raw, "spec", "ordinals", "start"), 0)
    count = max(converged_replicas(workload, judged.change.options, load) for load in ("low", "grown"))
    service = _governing_service(snapshot, key)
    return frozenset((f"{key.name}-{number}", service) for number in range(first, first + count))


def _governing_service(snapshot: Snapshot, key: Key) -> str:
    return str(nested_value(snapshot.objects[key], "spec", "serviceName") or "")


def _unanswered_call(judged: JudgedChange, caller: Key, template: Template, lost: Key) -> PropertyBreach | None:
    cut = judged.change.moment(lost)
    states = judged.router.pods.at(caller, cut, "low")
    calling = next((state for state in states if any(t is template and count for t, count in state.ready)), None)
    if calling is None:
        return None
    return PropertyBreach(
        "callee-gone",
        PROPERTY,
        f"pods of {caller} call pods by name that are gone once {lost} is written",
        (caller, lost),
        "let the callers name the Service, or pods that stay, in an earlier commit",
        cut=cut,
        pod_states={caller: calling},
    )
