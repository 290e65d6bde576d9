"""The frame that every object of a release shares: namespace, labels, and the wave of its stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from compiler.model.provenance import derived
from compiler.model.topology import Stage, Topology, Workload

if TYPE_CHECKING:
    from compiler.model.course import Subject

WAVE: Final = "argocd.argoproj.io/sync-wave"
SYNC_OPTIONS: Final = "argocd.argoproj.io/sync-options"
HOOKS: Final = ("argocd.argoproj.io/hook", "helm.sh/hook")
"""annotations that take an object out of the waves: Argo CD runs it apart and deletes it (gitops-engine, sync/hook)"""
CONTRACT: Final = "shipway.dev/contract"
GROUP: Final = "shipway.dev/group"
LONGEST_REQUEST: Final = "shipway.dev/longest-request-seconds"
ATTEMPT: Final = "shipway.dev/attempt"
"""an annotation that `publish --again` counts up in the spec: the smallest change that makes a new commit"""


@dataclass(frozen=True, slots=True)
class Frame:
    """What the objects of one release have in common. `gated` False leaves the waves out: one wave, nothing waits."""

    release: str
    namespace: str
    gated: bool
    group: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)

    def metadata(
        self,
        name: str,
        stage: Stage | None,
        labels: Mapping[str, str] | None = None,
        annotations: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """An object's `metadata`: name, namespace, labels, and annotations with the wave of `stage`."""
        metadata: dict[str, Any] = {
            "name": name,
            "namespace": self.namespace,
            "labels": {**self.common_labels(), **(labels or {})},
        }
        wave = {WAVE: derived(str(stage.value), self.gated)} if self.gated and stage is not None else {}
        every = {**self.annotations, **(annotations or {}), **wave}
        if every:
            metadata["annotations"] = dict(sorted(every.items()))
        return metadata

    def common_labels(self) -> dict[str, str]:
        part_of = {"app.kubernetes.io/part-of": self.group} if self.group is not None else {}
        return {
            "app": self.release,
            "app.kubernetes.io/name": self.release,
            **part_of,
            "app.kubernetes.io/managed-by": "shipway",
            **self.labels,
        }

    def selector(self, workload: Workload) -> dict[str, str]:
        """The labels that single out one track's pods; immutable in a Deployment, so it holds nothing that changes."""
        return {"app": self.release, workload.label: workload.track}

    def track_labels(self, workload: Workload) -> dict[str, str]:
        return {workload.label: workload.track, "app.kubernetes.io/instance": workload.name}

    def pod_labels(self, workload: Workload, extra: Mapping[str, str]) -> dict[str, str]:
        group = {GROUP: self.group} if self.group is not None else {}
        return {
            **self.common_labels(),
            **self.track_labels(workload),
            "app.kubernetes.io/version": label_value(workload.version.version),
            CONTRACT: str(workload.contract),
            **group,
            **extra,
        }


def frame_of(namespace: str, subject: Subject[Any], topology: Topology) -> Frame:
    """The frame of the objects that a release has in this commit."""
    metadata = subject.release.metadata
    return Frame(
        release=subject.name,
        namespace=namespace,
        gated=topology.gated,
        group=subject.membership.group if subject.membership is not None else None,
        labels=metadata.labels,
        annotations=metadata.annotations,
    )


def label_value(text: str) -> str:
    """`text` as a label's value: at most 63 characters, begun and ended by a letter or digit (apimachinery)."""
    return text[:63].strip("-_.")
