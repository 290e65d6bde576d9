"""config: every pod that may start finds what it names, and reads the data of its version.

Source: Kubernetes, pkg/kubelet/kubelet_pods.go `makeEnvironmentVariables` (CreateContainerConfigError for what is
missing); pkg/volume/configmap; the transition model: any pod may be replaced at any time by its own template.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.transition.change import END, Change, Cut
from compiler.transition.controllers import hpa
from compiler.transition.existence import DATA, MAKERS, assumed, missing_keys, named, owners
from compiler.transition.objects import Key, dig, mapping
from compiler.transition.pods import Reference, Template, template_of
from compiler.transition.scene import Breach

PROPERTY = "config"
NOT_ANEW = "leave out Force=true (argocd.argoproj.io/sync-options), or give what changes a new name"
READ = frozenset({"ConfigMap", "Secret", "ServiceAccount", "PersistentVolumeClaim", *MAKERS})
BATCH = {"Job": ("spec", "template"), "CronJob": ("spec", "jobTemplate", "spec", "template")}


def breaches(change: Change) -> Iterator[Breach]:
    """References that old or new pods do not find at some point, and data that changes under running pods."""
    written = {key for key in change.ops if key.kind in READ}
    for key, workload in change.live.workloads.items():
        if written:
            yield from _old_pods(change, key, workload.template)
    for key, template in starting(change):
        yield from _new_pods(change, key, template)


def starting(change: Change) -> Iterator[tuple[Key, Template]]:
    """Workloads and jobs whose pods this sync makes anew, with their new template."""
    for key, workload in change.target.workloads.items():
        if change.makes_anew(key) and hpa.converged(workload, change.options, "low"):
            yield key, workload.template
    for kind, path in BATCH.items():
        for key in change.target.of_kind(kind):
            if key in change.ops:
                yield key, template_of(mapping(dig(change.target.objects[key], *path)))


def _old_pods(change: Change, key: Key, template: Template) -> Iterator[Breach]:
    for ref in template.needs:
        found = _held_by(change, named(key, ref))
        if found not in change.ops or found not in change.live.objects:
            continue
        cut = change.deleted_at(found)
        if not _may_run(change, key, template, cut):
            continue
        side = change.side_of(found, cut)
        if side is None:
            if not _goes_too(change, key, found):
                yield _deleted(key, ref, found, cut)
        elif missing := missing_keys(side, found, ref):
            yield _keyless(key, ref, found, missing, cut)
        elif found.kind in ("ConfigMap", "Secret") and _data_differs(change, found):
            yield _in_place(key, ref, found, cut)


def _held_by(change: Change, found: Key) -> Key:
    """What must stay so that the object does: itself, or what owns it and is in the folder instead."""
    return found if found in change.live.objects else next(iter(owners(change.live, found)), found)


def _may_run(change: Change, key: Key, template: Template, cut: Cut) -> bool:
    return any(
        any(found is template for found in (*state.unready, *(t for t, count in state.ready if count)))
        for state in change.pods(key, cut, "low")
    )


def _goes_too(change: Change, key: Key, found: Key) -> bool:
    """Whether the workload is deleted no later than what it reads."""
    return key not in change.target.workloads and key in change.ops and change.ops[key][0] <= change.ops[found][0]


def _deleted(key: Key, ref: Reference, found: Key, cut: Cut) -> Breach:
    later = f"keep {found} in the folder until the pods that read it are gone, and remove it in a later commit"
    return Breach(
        "reference-pruned",
        PROPERTY,
        f"{found} is deleted while pods of {key} that need it ({ref.through}) may run: a restarted one cannot start",
        (key, found),
        NOT_ANEW if found in cut.gone else later,
        cut=cut,
    )


def _keyless(key: Key, ref: Reference, found: Key, missing: str, cut: Cut) -> Breach:
    return Breach(
        "key-missing",
        PROPERTY,
        f"{found} loses or lacks the key {missing} that pods of {key} need ({ref.through})",
        (key, found),
        "put changed data into an object with a new name, and keep the old one while its readers run",
        cut=cut,
    )


def _in_place(key: Key, ref: Reference, found: Key, cut: Cut) -> Breach:
    return Breach(
        "changed-in-place",
        PROPERTY,
        f"{found} changes under pods of {key} ({ref.through}): a restarted one reads new data with the old version",
        (key, found),
        "name the object by a hash of its data, and let the pods name the new one",
        "warning",
        cut,
    )


def _data_differs(change: Change, key: Key) -> bool:
    old, new = change.live.objects[key], change.target.objects[key]
    return any(old.get(field) != new.get(field) for field in DATA)


def _new_pods(change: Change, key: Key, template: Template) -> Iterator[Breach]:
    """What new pods lack once all is written; those of a CronJob, for which nothing waits, at once."""
    cut = Cut(change.ops[key][0], frozenset({key})) if key.kind == "CronJob" else END
    for ref in template.needs:
        found = named(key, ref)
        side = change.side_of(found, cut)
        if side is not None:
            missing = missing_keys(side, found, ref)
            if missing:
                yield _keyless(key, ref, found, missing, cut)
        elif not assumed(change, found):
            yield Breach(
                "reference-missing",
                PROPERTY,
                f"pods of {key} name {found} ({ref.through}), which does not exist",
                (key, found),
                f"add {found} to the folder, in no later wave than {key}",
                cut=cut,
            )
