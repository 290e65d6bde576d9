"""How an Application syncs, as far as it decides what a transition may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from compiler.model.manifest import Object
from compiler.model.objects import Key, list_or_empty, mapping_items, mapping_or_empty, nested_value
from compiler.transition.facts.api_versions import NEWEST

ENDPOINT_LAG: Final = 5.0
"""seconds until every proxy has heard of a change of endpoints"""


class InertDeclaration(NamedTuple):
    """What its users declare to do no harm, with the reason: a kind (`Ingress`, `traefik.io/Middleware`) or a field.

    A field is a path as findings write it (`metadata.annotations.example.com/x`) or the beginning of one.
    """

    kind: str
    field: str
    reason: str

    @property
    def scope(self) -> str:
        """The kind and the field, as premises name them."""
        return f"{self.kind} {self.field}".strip()

    def covers(self, key: Key, field: str) -> bool:
        """Whether it speaks of a field of this object (empty: of the object as a whole)."""
        if self.kind not in (key.kind, f"{key.group}/{key.kind}"):
            return False
        return not self.field or field == self.field or field.startswith((f"{self.field}.", f"{self.field}["))


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """How the Application syncs.

    `options` are the pairs of `syncPolicy.syncOptions`. `replicas_ignored` says which objects' `/spec/replicas`
    the Application ignores: pairs (kind, name), where an empty name stands for all of the kind. `outside` are
    objects ("Secret ns/name") that the cluster holds though no folder does. `lag` is in seconds. `namespace` is
    that of objects which name none; `namespace_assumed`: nobody gave it, it was read off the objects.
    `kubernetes` is the cluster's version (`1.34`); `kubernetes_assumed`: nobody gave it.
    `inert` is declared to do no harm; `graceful` are workloads ("Deployment ns/name") whose processes are declared to
    end gracefully, each with the reason.
    """

    options: frozenset[str] = frozenset()
    replicas_ignored: frozenset[tuple[str, str]] = frozenset()
    namespace: str = ""
    prune: bool = True
    allow_empty: bool = False
    lag: float = ENDPOINT_LAG
    outside: frozenset[str] = frozenset()
    inert: tuple[InertDeclaration, ...] = ()
    namespace_assumed: bool = False
    graceful: tuple[tuple[str, str], ...] = ()
    kubernetes: str = NEWEST
    kubernetes_assumed: bool = True

    @classmethod
    def from_pairs(cls, pairs: Iterable[str]) -> SyncOptions:
        """Options given as `NAME=VALUE`, otherwise Argo CD's defaults, automated with prune and selfHeal."""
        return cls(options=frozenset(pairs))

    @classmethod
    def from_application(cls, application: Object) -> SyncOptions:
        """The options of an `argoproj.io` Application; one that is not automated is taken to be synced with prune.

        Source: Argo CD, pkg/apis/application/v1alpha1/types.go, `SyncPolicy` and `ResourceIgnoreDifferences`.
        """
        spec = mapping_or_empty(application.get("spec"))
        policy = mapping_or_empty(spec.get("syncPolicy"))
        automated = policy.get("automated")
        return cls(
            options=frozenset(str(option) for option in list_or_empty(policy.get("syncOptions"))),
            replicas_ignored=frozenset(_ignored_replica_targets(spec)),
            namespace=str(nested_value(spec, "destination", "namespace") or ""),
            prune=automated is None or mapping_or_empty(automated).get("prune") is True,
            allow_empty=mapping_or_empty(automated).get("allowEmpty") is True,
        )

    def has(self, option: str) -> bool:
        """Whether `option` (`PruneLast=true`) is set."""
        return option in self.options

    def declared_graceful(self, key: Key) -> bool:
        """Whether somebody declared that the workload's process goes on serving until it has no requests."""
        return any(name == f"{key.kind} {key.namespace}/{key.name}" for name, _ in self.graceful)

    def keeps_live_replicas(self, kind: str, name: str) -> bool:
        """Whether a sync leaves the live `spec.replicas` of this object as it is.

        Source: Argo CD, controller/sync.go, `normalizeTargetResources`.
        """
        ignored = (kind, "") in self.replicas_ignored or (kind, name) in self.replicas_ignored
        return ignored and self.has("RespectIgnoreDifferences=true")


def _ignored_replica_targets(spec: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    for entry in mapping_items(spec.get("ignoreDifferences")):
        pointers = [*list_or_empty(entry.get("jsonPointers")), *list_or_empty(entry.get("jqPathExpressions"))]
        if any(str(pointer) in ("/spec/replicas", ".spec.replicas") for pointer in pointers):
            yield str(entry.get("kind", "")), str(entry.get("name") or "")
