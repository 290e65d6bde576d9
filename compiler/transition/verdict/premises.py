"""What a verdict takes for granted, in sentences: options, versions, what stands in no folder, what was declared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from compiler.model.objects import Key
from compiler.model.request import Request
from compiler.transition.facts.api_versions import NEWEST
from compiler.transition.facts.volume_claims import claims_of, named_by_claim
from compiler.transition.facts.workload import ASSUMED_NODES
from compiler.transition.sync.change import Change
from compiler.transition.sync.existence import CLASS_GROUPS, referenced_key
from compiler.transition.sync.options import SyncOptions
from compiler.transition.sync.snapshot import Snapshot

MAX_LISTED = 5


@lru_cache(maxsize=64)
def premises(options: SyncOptions) -> tuple[str, ...]:
    """What the answer takes for granted, whatever the folders hold."""
    names = [f"sync option {option}" for option in sorted(options.options)] or ["sync options: Argo CD's defaults"]
    names.append("automated sync with prune and selfHeal" if options.prune else "no prune: removed objects stay")
    names += [f"replicas of {each.kind} {each.name or '*'} ignored" for each in sorted(options.replicas_ignored)]
    names += [f"the live {each.field} of {each.kind} {each.name or '*'} is kept" for each in options.ignored]
    names += [f"endpoints lag {options.lag:g} s", _kubernetes_premise(options)]
    if options.namespace:
        assumed = ", as assumed" if options.namespace_assumed else ""
        names.append(f"objects without a namespace are in {options.namespace}{assumed}")
    names += [f"{name} exists outside of the folders" for name in sorted(options.outside)]
    names += [f"{each.workload} ends gracefully, as declared: {each.reason} ({each.by})" for each in options.graceful]
    return (*names, *(f"{each.scope} does no harm, as declared: {each.reason}" for each in options.inert))


def _kubernetes_premise(options: SyncOptions) -> str:
    if not options.kubernetes_assumed:
        return f"Kubernetes {options.kubernetes}"
    why = "the newest known" if options.kubernetes == NEWEST else "the newest that serves what FROM holds"
    return f"Kubernetes {options.kubernetes}, as assumed: {why}"


def folder_premises(change: Change) -> Iterator[str]:
    """What the objects of this change make the answer take for granted."""
    if change.live.of_kind("DaemonSet") or change.target.of_kind("DaemonSet"):
        yield f"a DaemonSet has {ASSUMED_NODES} nodes"
    places = _assumed_namespaces(change)
    if places:
        yield f"{'namespaces' if len(places) > 1 else 'namespace'} outside of the folders: {_listed_names(places)}"
    yield from _classes_in_no_folder(change)
    yield from _scaling_written_back(change)
    for key, workload in change.live.workloads.items():
        if workload.template.drain.declared:
            yield f"{key} ends gracefully, as its annotation says: {workload.template.drain.declared}"


def _classes_in_no_folder(change: Change) -> Iterator[str]:
    """The classes and data sources that this commit comes to name, and that stand in no folder."""
    known = _named_classes(change.live) | change.live.objects.keys() | change.target.objects.keys()
    names = sorted(str(key) for key in _named_classes(change.target) - known)
    away = [name for name in names if name not in change.options.outside]
    if away:
        yield f"in no folder, and assumed to exist: {_listed_names(away)}"


def _named_classes(snapshot: Snapshot) -> set[Key]:
    """The classes that pods and volume claims name, and what fills the claims."""
    classes = {
        referenced_key(key, ref)
        for key, workload in snapshot.workloads.items()
        for ref in workload.template.needs
        if ref.kind in CLASS_GROUPS
    }
    holders = [key for kind in ("PersistentVolumeClaim", "StatefulSet") for key in snapshot.of_kind(kind)]
    claims = ((claim, key.namespace) for key in holders for claim in claims_of(key, snapshot.objects[key]))
    return classes | {named for claim, namespace in claims for named in named_by_claim(claim, namespace)}


def _scaling_written_back(change: Change) -> Iterator[str]:
    """Of each workload that an HPA scales and this sync applies: to how few pods the sync may set it back for a moment.

    Each pass applies the count that it read when it began, changed or not: that undoes what the HPA has scaled since
    (Argo CD, controller/sync.go, `SyncAppState` and `normalizeTargetResources`; 6, 4, 6 pods in a real cluster). So
    the verdict counts every workload with the fewest and with the most pods that it may have had then. A workload
    whose HPA has no room, as while a course is open, is not in danger.
    """
    for key, new in change.target.workloads.items():
        old = change.live.workloads.get(key)
        room = [each.scaler for each in (old, new) if each is not None and each.scaler is not None]
        kept = old is not None and change.options.keeps_live_replicas(key)
        low, high = min((each.low for each in room), default=0), max((each.high for each in room), default=0)
        if kept and low < high:
            yield (
                f"{key} may be set back to the number of pods that it had when a pass of the sync began, {low} of "
                f"{high} at least, until its HPA runs again (docs/autoscaling.md)"
            )


def _assumed_namespaces(change: Change) -> list[str]:
    """The namespaces of objects that come or stay, which neither the folder nor Argo CD makes."""
    held = {key.name for side in (change.live, change.target) for key in side.of_kind("Namespace")}
    made = {change.options.namespace} if change.options.has("CreateNamespace=true") else set()
    return sorted({key.namespace for key in change.target.objects} - held - made - {""})


def _listed_names(names: Sequence[str]) -> str:
    more = [f"{len(names) - MAX_LISTED} more"] if len(names) > MAX_LISTED else []
    return ", ".join([*names[:MAX_LISTED], *more])


def unserved_notes(requests: Iterable[Request]) -> Iterator[str]:
    """Classes that were not served before: named, lest "safe" be taken to speak of them."""
    rest = iter(requests)
    yield from (
        (f"{request} was not served before, so nothing is claimed for it") for request in islice(rest, MAX_LISTED)
    )
    left = sum(1 for _ in rest)
    if left:
        yield f"the same holds for {left} more request classes"
