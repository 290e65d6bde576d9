"""The frame that every object of a release shares: namespace, labels, and the wave of its stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from compiler.model.provenance import derived
from compiler.model.topology import Stage, Topology, Workload

if TYPE_CHECKING:
    from compiler.model.course import Subject
    from compiler.spec.expose import Expose
    from compiler.spec.identity import Identity

WAVE: Final = "argocd.argoproj.io/sync-wave"
SYNC_OPTIONS: Final = "argocd.argoproj.io/sync-options"
HOOKS: Final = ("argocd.argoproj.io/hook", "helm.sh/hook")
"""annotations that take an object out of the waves: Argo CD runs it apart and deletes it (gitops-engine, sync/hook)"""
CONTRACT: Final = "shipway.dev/contract"
GROUP: Final = "shipway.dev/group"
LONGEST_REQUEST: Final = "shipway.dev/longest-request-seconds"
RELEASE: Final = "shipway.dev/release"
TRACK: Final = "shipway.dev/track"
"""labels of adopted pods, whose own `app` and `track` may be any"""
STANDS_FOR: Final = "shipway.dev/stands-for"
"""a label of objects that keep another name: the name that the release would give them"""
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
    identity: Identity | None = None
    pools_adopted: bool = False

    @property
    def service(self) -> str:
        """The name of the Service that leads to whichever track serves."""
        return self.kept_name("service")

    @property
    def account(self) -> str:
        """The name of the ServiceAccount that the release brings."""
        return self.kept_name("account")

    @property
    def container(self) -> str:
        """The name of the release's own container."""
        return self.kept_name("container")

    def kept_name(self, role: str) -> str:
        """The name of the release's object in this role: the one that it ran under before, or the release's own."""
        kept = None if self.identity is None else getattr(self.identity, role)
        return self.release if kept is None else str(kept)

    def kept_labels(self, role: str) -> dict[str, str]:
        """The label of an object with a name from before: what it is called where nothing was there before."""
        return {} if self.kept_name(role) == self.release else {STANDS_FOR: self.release}

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

    def deployment_selector(self, workload: Workload) -> dict[str, Any]:
        """A Deployment's selector, which is immutable: it holds nothing that changes."""
        adopted = workload.adopted
        if adopted is None:
            return {"matchLabels": self.selector(workload)}
        parts = {"matchLabels": dict(adopted.selector), "matchExpressions": [*map(dict, adopted.expressions)]}
        return {name: part for name, part in parts.items() if part}

    def selector(self, workload: Workload) -> dict[str, str]:
        """The labels that single out one track's pods."""
        if workload.adopted is not None:
            return dict(workload.adopted.reached_by)
        return {"app": self.release, workload.label: workload.track}

    def pool_selector(self) -> dict[str, str]:
        """The labels of the pods of all tracks."""
        return {RELEASE: self.release} if self.pools_adopted else {"app": self.release}

    def track_labels(self, workload: Workload) -> dict[str, str]:
        return {workload.label: workload.track, "app.kubernetes.io/instance": label_value(workload.deployment)}

    def pod_labels(self, workload: Workload, extra: Mapping[str, str]) -> dict[str, str]:
        """The labels of a track's pods; an adopted track's keep those by which they were selected before."""
        own = self.own_pod_labels(workload, extra)
        if workload.adopted is None:
            return {**own, RELEASE: self.release} if self.pools_adopted else own
        marks = {RELEASE: self.release, TRACK: workload.track}
        return {**own, **marks, **workload.adopted.labels, **workload.adopted.selector}

    def own_pod_labels(self, workload: Workload, extra: Mapping[str, str]) -> dict[str, str]:
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
        identity=subject.release.spec.identity,
        pools_adopted=topology.adopted is not None and (topology.pools or selects_all(subject.release.spec.expose)),
    )


def selects_all(expose: Expose) -> bool:
    """Whether a Service of the release stands over the pods of all tracks."""
    return any(service.pods == "all" for service in expose.services.values())


def label_value(text: str) -> str:
    """`text` as a label's value: at most 63 characters, begun and ended by a letter or digit (apimachinery)."""
    return text[:63].strip("-_.")
