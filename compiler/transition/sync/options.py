"""How an Application syncs, as far as it decides what a transition may do."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, NamedTuple

from compiler.model.manifest import Object
from compiler.model.objects import (
    Key,
    integer_or_default,
    list_or_empty,
    mapping_or_empty,
    nested_value,
    object_sync_options,
)
from compiler.transition.facts.api_versions import NEWEST
from compiler.transition.facts.durations import duration_seconds
from compiler.transition.sync.ignored_fields import IgnoredField, ignored_fields, ignored_replicas

ENDPOINT_LAG: Final = 5.0
"""seconds until every proxy has heard of a change of endpoints"""


MAX_DOUBLINGS: Final = 64
"""A pause that grows by its factor has reached its longest by then."""


class Retry(NamedTuple):
    """How an operation that failed is tried again: how often (negative: without end), and after how many seconds.

    `refresh`: with the newest commit instead of the same one. The values are those of an automated sync without any.
    Source: Argo CD, controller/appcontroller.go `autoSync`; pkg/apis/application/v1alpha1/application_defaults.go.
    """

    limit: int = 5
    refresh: bool = False
    seconds: float = 5.0
    factor: float = 2.0
    longest: float = 180.0

    @classmethod
    def from_policy(cls, policy: object) -> Retry:
        """The `syncPolicy.retry` of an Application, with Argo CD's defaults for what it leaves out."""
        if not isinstance(policy, Mapping):
            return cls()
        backoff = mapping_or_empty(policy.get("backoff"))
        return cls(
            limit=integer_or_default(policy.get("limit"), 0),
            refresh=policy.get("refresh") is True,
            seconds=duration_seconds(backoff.get("duration"), cls().seconds),
            factor=float(integer_or_default(backoff.get("factor"), 2)),
            longest=duration_seconds(backoff.get("maxDuration"), cls().longest),
        )

    def pause_before(self, number: int) -> float:
        """The seconds between a failure and attempt `number` (1: the first retry).

        Source: Argo CD, controller/appcontroller.go `processRequestedAppOperation`, which counts the retry before it
        asks `NextRetryAt`: the first one comes after `duration * factor`.
        """
        pause = self.seconds * math.prod([self.factor] * min(number, MAX_DOUBLINGS))
        return min(pause, self.longest) if self.longest > 0 else pause

    def longest_wait(self, attempt: float) -> float | None:
        """The seconds that a newer commit waits at most where each attempt may fail after `attempt` seconds."""
        if not self.limit:
            return attempt
        if self.limit < 0:
            return attempt + self.longest if self.refresh and self.longest > 0 else None
        last = self.pause_before(self.limit)
        if self.refresh:
            return attempt + max(self.pause_before(1), last)
        pauses = sum(self.pause_before(number) for number in range(1, min(self.limit, MAX_DOUBLINGS) + 1))
        return attempt * (self.limit + 1) + pauses + last * max(0, self.limit - MAX_DOUBLINGS)


DEFAULT_RETRY: Final = Retry()


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


class GracefulDeclaration(NamedTuple):
    """Workloads (`Deployment ns/name`, with `*` for any text) whose process ends gracefully, why, and who says so."""

    workload: str
    reason: str
    by: str

    def covers(self, key: Key) -> bool:
        """Whether it speaks of this workload."""
        return fnmatchcase(f"{key.kind} {key.namespace}/{key.name}", self.workload)


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """How the Application syncs.

    `options` are the pairs of `syncPolicy.syncOptions`. `replicas_ignored` says which objects' `/spec/replicas`
    the Application ignores; `ignored` are the other fields of which a sync keeps the live value. `outside` are
    objects ("Secret ns/name") that the cluster holds though no folder does. `lag` is in seconds. `namespace` is
    that of objects which name none; `namespace_assumed`: nobody gave it, it was read off the objects.
    `kubernetes` is the cluster's version (`1.34`); `kubernetes_assumed`: nobody gave it.
    `inert` is declared to do no harm; `graceful` says whose processes go on serving until they have no
    requests. `retry` is what happens after an operation that failed,
    `project` the name of the AppProject that says what may be synced.
    """

    options: frozenset[str] = frozenset()
    replicas_ignored: tuple[IgnoredField, ...] = ()
    ignored: tuple[IgnoredField, ...] = ()
    namespace: str = ""
    prune: bool = True
    allow_empty: bool = False
    lag: float = ENDPOINT_LAG
    outside: frozenset[str] = frozenset()
    inert: tuple[InertDeclaration, ...] = ()
    namespace_assumed: bool = False
    graceful: tuple[GracefulDeclaration, ...] = ()
    kubernetes: str = NEWEST
    kubernetes_assumed: bool = True
    retry: Retry = DEFAULT_RETRY
    project: str = ""

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
        options = frozenset(str(option) for option in list_or_empty(policy.get("syncOptions")))
        return cls(
            options=options,
            replicas_ignored=tuple(ignored_replicas(spec)),
            ignored=tuple(ignored_fields(spec)) if "RespectIgnoreDifferences=true" in options else (),
            namespace=str(nested_value(spec, "destination", "namespace") or ""),
            prune=automated is None or mapping_or_empty(automated).get("prune") is True,
            allow_empty=mapping_or_empty(automated).get("allowEmpty") is True,
            retry=Retry.from_policy(policy.get("retry")),
            project=str(spec.get("project") or ""),
        )

    def has(self, option: str) -> bool:
        """Whether `option` (`PruneLast=true`) is set."""
        return option in self.options

    def of_write(self, new: Object, old: Object | None = None) -> frozenset[str]:
        """The options with which `new` is written over `old`: the Application's and its own, which may undo one.

        Source: Argo CD gitops-engine, pkg/sync/sync_context.go, `applyObject` (of the live form Replace and Force count
        too) and `shouldUseServerSideApply` (`ServerSideApply=false` of an object counts first).
        """
        own = object_sync_options(new)
        if not own and (old is None or not object_sync_options(old)):
            return self.options
        asked = self.options | own
        if old is not None:
            asked |= object_sync_options(old) & {"Replace=true", "Force=true"}
        return asked - {"ServerSideApply=true"} if "ServerSideApply=false" in own else asked

    def declared_graceful(self, key: Key) -> bool:
        """Whether somebody declared that the workload's process goes on serving until it has no requests."""
        return any(each.covers(key) for each in self.graceful)

    def keeps_live_replicas(self, key: Key) -> bool:
        """Whether a sync leaves the live `spec.replicas` of this object as it is.

        Source: Argo CD, controller/sync.go, `normalizeTargetResources`.
        """
        ignored = any(each.covers(key) for each in self.replicas_ignored)
        return ignored and self.has("RespectIgnoreDifferences=true")
