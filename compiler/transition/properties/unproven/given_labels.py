"""available, for Services that select pods by a label which controllers give each template anew.

Source: Kubernetes, pkg/controller/deployment/sync.go `getNewReplicaSet` (`pod-template-hash`),
pkg/controller/statefulset and daemon (`controller-revision-hash`); Argo Rollouts, rollout/sync.go
(`rollouts-pod-template-hash`).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key, equality_selector_matches
from compiler.transition.routing.service import ServiceFacts
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change

PROPERTY = "available"
GIVEN_LABELS = (
    "pod-template-hash", "rollouts-pod-template-hash", "controller-revision-hash", "pod-template-generation",
)  # fmt: skip


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The Services that select one template's pods by such a label, while they or these pods change."""
    change = judged.change
    for key, facts in change.live.services.items():
        label = next((each for each in GIVEN_LABELS if each in facts.selector), None)
        if label is not None:
            pods = [pods for pods in _possible_pods(change, facts) if change.moving(pods)]
            if pods or not _keeps_its_pods(change, facts):
                yield _given_label_breach(key, label, pods)


def _possible_pods(change: Change, facts: ServiceFacts) -> Iterator[Key]:
    """The workloads whose pods the other labels of the selector take."""
    written = {name: value for name, value in facts.selector.items() if name not in GIVEN_LABELS}
    for key, workload in change.live.workloads.items():
        if key.namespace == facts.key.namespace and equality_selector_matches(written, workload.template.labels):
            yield key


def _keeps_its_pods(change: Change, facts: ServiceFacts) -> bool:
    """Whether the Service of the commit takes all pods that this one takes."""
    new = change.target.services.get(facts.key)
    return new is not None and new.selector.items() <= facts.selector.items()


def _given_label_breach(key: Key, label: str, pods: list[Key]) -> PropertyBreach:
    changing = f", and {', '.join(map(str, pods))} changes" if pods else ", and it changes"
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"{key} selects pods by {label}, which a controller gives each template anew{changing}. Not judged: which pods "
        "it leads to, before and after",
        (key, *pods),
        f"select pods by labels of the template, not by {label}",
        "warning",
    )
