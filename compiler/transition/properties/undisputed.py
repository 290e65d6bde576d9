"""undisputed: no two workloads select one pod, no two writers hold one field.

Source: Kubernetes, pkg/controller/controller_ref_manager.go (`ClaimPods` adopts by selector) and
podautoscaler/horizontal.go; Argo CD, controller/appcontroller.go `autoSync` with selfHeal, controller/sync.go
`normalizeTargetResources`; ingress-nginx, annotations.md (one canary per rule).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.transition.change import Change, Cut
from compiler.transition.controllers import hpa
from compiler.transition.objects import Key, matches, texts
from compiler.transition.scene import Breach
from compiler.transition.side import Side
from compiler.transition.sync import resets_replicas
from compiler.transition.workload import Scaler, Workload, read_scaler

PROPERTY = "undisputed"


def breaches(change: Change) -> Iterator[Breach]:
    """The disputes in this sync."""
    yield from _replicas(change)
    yield from _scalers(change)
    yield from _selectors(change)
    yield from _canaries(change)


def _replicas(change: Change) -> Iterator[Breach]:
    for key, new in change.target.workloads.items():
        old = change.live.workloads.get(key)
        if new.scaler is None:
            continue
        if old is not None and hpa.drops_replicas(old, new, change.options):
            yield _dropped(change, new, new.scaler)
        elif _fought_over(change, new):
            yield Breach(
                "replicas-two-writers",
                PROPERTY,
                f"spec.replicas of {key} is written by Argo CD ({new.written}) and by {new.scaler.key}",
                (key, new.scaler.key),
                "let the Application ignore /spec/replicas with RespectIgnoreDifferences=true",
                cut=change.moment(new.scaler.key, key),
            )


def _dropped(change: Change, new: Workload, scaler: Scaler) -> Breach:
    anew = resets_replicas(new.raw, change.options)
    cause = "is replaced without spec.replicas at each sync" if anew else "loses spec.replicas"
    keep = "keep spec.replicas, and let the Application ignore /spec/replicas with RespectIgnoreDifferences=true"
    return Breach(
        "replicas-dropped",
        PROPERTY,
        f"{new.key} {cause}, which is reset to 1 until {scaler.key} corrects it",
        (new.key, scaler.key),
        "leave out Replace=true" if anew else keep,
        cut=change.moment(new.key, scaler.key),
    )


def _fought_over(change: Change, new: Workload) -> bool:
    scaler = new.scaler
    if scaler is None or not new.written or change.options.keeps_live_replicas(new.kind, new.key.name):
        return False
    return not scaler.low == scaler.high == new.written


def _scalers(change: Change) -> Iterator[Breach]:
    targets: dict[Key, Key] = {}
    for key in change.target.of_kind("HorizontalPodAutoscaler"):
        target = read_scaler(change.target.objects[key], key).target
        other = targets.setdefault(target, key)
        if other != key:
            yield Breach(
                "replicas-two-writers",
                PROPERTY,
                f"{other} and {key} both scale {target}",
                (target, other, key),
                "keep one of them",
                cut=change.moment(key, other),
            )


def _selectors(change: Change) -> Iterator[Breach]:
    """Workloads of which at least one changes, and whose selector takes the other's pods while both exist."""
    shelves: dict[tuple[str, str, str], list[Key]] = {}
    everything = {**change.live.workloads, **change.target.workloads}
    for key, workload in everything.items():
        if key.kind != "Pod":
            for label in workload.template.labels.items():
                shelves.setdefault((key.namespace, *label), []).append(key)
    for key, workload in everything.items():
        if key.kind == "Pod":
            continue
        first = next(iter(texts(workload.selector.get("matchLabels")).items()), None)
        others = shelves.get((key.namespace, *first), []) if first else list(everything)
        for other in others:
            if other != key and (change.moving(key) or change.moving(other)):
                yield from _overlap(change, workload, everything[other])


def _overlap(change: Change, workload: Workload, other: Workload) -> Iterator[Breach]:
    keys = (workload.key, other.key)
    if workload.key.namespace != other.key.namespace or not matches(workload.selector, other.template.labels):
        return
    cut = next((cut for cut in _moments(change, keys) if _both(change, keys, cut)), None)
    if cut is not None and not _long_so(change.baseline, keys):
        yield Breach(
            "selectors-overlap",
            PROPERTY,
            f"the selector of {workload.key} also takes the pods of {other.key}",
            keys,
            "give each workload a label of its own, in its selector and its template",
            cut=cut,
        )


def _moments(change: Change, keys: tuple[Key, Key]) -> list[Cut]:
    places = [change.ops[key][0] for key in keys if key in change.ops]
    return [Cut((stage, group + 1)) for stage, group in places] or [Cut((1 << 29, 0))]


def _both(change: Change, keys: tuple[Key, Key], cut: Cut) -> bool:
    sides = [change.side_of(key, cut) for key in keys]
    if any(side is None for side in sides):
        return False
    first, second = (side.workloads[key] for side, key in zip(sides, keys, strict=True) if side is not None)
    return matches(first.selector, second.template.labels)


def _long_so(side: Side, keys: tuple[Key, Key]) -> bool:
    """Whether it was so before: then this commit does not bring it."""
    if any(key not in side.workloads for key in keys):
        return False
    return matches(side.workloads[keys[0]].selector, side.workloads[keys[1]].template.labels)


def _canaries(change: Change) -> Iterator[Breach]:
    taken: dict[tuple[str, str, str], Key] = {}
    for key, facts in change.target.ingresses.items():
        for rule in facts.rules if facts.canary is not None else ():
            place = (facts.class_name, rule.match.host, rule.match.path)
            other = taken.setdefault(place, key)
            if other != key and (key in change.ops or other in change.ops):
                yield Breach(
                    "two-canaries",
                    PROPERTY,
                    f"{other} and {key} are both canaries of {rule.match.host}{rule.match.path}; one is ignored",
                    (other, key),
                    "keep one canary Ingress for each rule",
                    cut=change.moment(key, other),
                )
