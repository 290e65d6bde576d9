"""The values that a verification takes and gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from compiler.diagnostics.model import Loc, Severity
from compiler.manifest import Object
from compiler.transition.objects import dig, mapping, mappings, sequence

Safety = Literal["safe", "unsafe", "unknown"]
LAG = 5.0


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """How the Application syncs.

    `options` are the pairs of `syncPolicy.syncOptions`. `replicas_ignored` says which objects' `/spec/replicas`
    the Application ignores: pairs (kind, name), where an empty name stands for all of the kind. `outside` are
    objects ("Secret ns/name") that the cluster holds though no folder does. `lag` is in seconds.
    """

    options: frozenset[str] = frozenset()
    replicas_ignored: frozenset[tuple[str, str]] = frozenset()
    namespace: str = ""
    prune: bool = True
    allow_empty: bool = False
    lag: float = LAG
    outside: frozenset[str] = frozenset()

    @classmethod
    def from_pairs(cls, pairs: Iterable[str]) -> SyncOptions:
        """Options given as `NAME=VALUE`, otherwise Argo CD's defaults, automated with prune and selfHeal."""
        return cls(options=frozenset(pairs))

    @classmethod
    def from_application(cls, application: Object) -> SyncOptions:
        """The options of an `argoproj.io` Application; one that is not automated is taken to be synced with prune.

        Source: Argo CD, pkg/apis/application/v1alpha1/types.go, `SyncPolicy` and `ResourceIgnoreDifferences`.
        """
        spec = mapping(application.get("spec"))
        policy = mapping(spec.get("syncPolicy"))
        automated = policy.get("automated")
        return cls(
            options=frozenset(str(option) for option in sequence(policy.get("syncOptions"))),
            replicas_ignored=frozenset(_ignored(spec)),
            namespace=str(dig(spec, "destination", "namespace") or ""),
            prune=automated is None or mapping(automated).get("prune") is True,
            allow_empty=mapping(automated).get("allowEmpty") is True,
        )

    def has(self, option: str) -> bool:
        """Whether `option` (`PruneLast=true`) is set."""
        return option in self.options

    def keeps_live_replicas(self, kind: str, name: str) -> bool:
        """Whether a sync leaves the live `spec.replicas` of this object as it is.

        Source: Argo CD, controller/sync.go, `normalizeTargetResources`.
        """
        ignored = (kind, "") in self.replicas_ignored or (kind, name) in self.replicas_ignored
        return ignored and self.has("RespectIgnoreDifferences=true")


def _ignored(spec: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    for entry in mappings(spec.get("ignoreDifferences")):
        pointers = [*sequence(entry.get("jsonPointers")), *sequence(entry.get("jqPathExpressions"))]
        if any(str(pointer) in ("/spec/replicas", ".spec.replicas") for pointer in pointers):
            yield str(entry.get("kind", "")), str(entry.get("name") or "")


@dataclass(frozen=True, slots=True)
class Pods:
    """Pods of one workload in one state: ready ones of its former templates, of its new one, and all ready ones."""

    old: int
    new: int
    ready: int


@dataclass(frozen=True, slots=True)
class TraceState:
    """One numbered state of a trace: what just happened, the pods, and who serves which class (percent)."""

    event: str
    pods: Mapping[str, Pods] = field(default_factory=dict)
    serving: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One way in which the transition breaks a property, with the shortest trace that leads there."""

    code: str
    property: str
    severity: Severity
    message: str
    objects: tuple[str, ...]
    help: str
    trace: tuple[TraceState, ...] = ()
    location: Loc | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer: what holds, over how many states, under which premises, and what was found.

    `longest_wait` is in seconds: how long a newer commit may have to wait; None where a gate has no bound.
    """

    verdict: Safety
    states: int
    premises: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    longest_wait: float | None = 0.0

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that make the transition unsafe."""
        return tuple(finding for finding in self.findings if finding.severity == "error")
