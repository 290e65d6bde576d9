"""finishes: no gate waits for what a later wave brings, or for what never comes.

Source: Argo CD gitops-engine, pkg/sync/sync_context.go `Sync` (running tasks of a multi-step sync are waited for) and
pkg/health/*.go; Kubernetes, pkg/controller/volume/persistentvolume (WaitForFirstConsumer).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.manifest import Object
from compiler.model.objects import (
    Key,
    annotations_of,
    mapping_or_empty,
    nested_value,
)
from compiler.traffic.reader import RouteReader
from compiler.traffic.readers import gate_readers, readers_by_kind
from compiler.transition.facts.health_needs import HealthNeed, health_needs
from compiler.transition.facts.pods import BATCH_TEMPLATES, read_template
from compiler.transition.facts.volume_claims import claims_of, held_volume, named_by_claim
from compiler.transition.facts.workload import PAUSED_AT, read_scaler
from compiler.transition.properties.finishes.command_waits import requirements_of_commands
from compiler.transition.properties.finishes.counted_pods import budgets_of_uncounted_pods, scalers_of_fixed_counts
from compiler.transition.properties.finishes.job_rights import rights_of_jobs_account, unproven_rights
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import START, Change, Cut
from compiler.transition.sync.existence import providing_object, referenced_key
from compiler.transition.sync.job_reads import is_there_for
from compiler.transition.sync.order import SyncPass, hook_phases

PROPERTY = "finishes"
KEDA_PAUSED = "autoscaling.keda.sh/paused"
FALSE_WORDS = frozenset({"0", "f", "F", "false", "FALSE", "False"})
"""What Go's `ParseBool` takes for false: KEDA pauses for any other text (`NeedToBePausedByAnnotation`)."""
HIBERNATION = "cnpg.io/hibernation"
PAUSING_FIELDS = {"Deployment": "paused", "Rollout": "paused", "Job": "suspend"}


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """Gates that never open, with what they lack."""
    change = judged.change
    yield from _empty_target(change)
    for number, stage in enumerate(change.stages):
        cut = Cut((number + 1, 0))
        for key in stage.awaited:
            for need, text in _health_requirements(judged, key):
                yield from _unmet_requirements(change, stage, key, need, text, cut)
            yield from _paused_objects(change, stage, key)
            yield from _rejected_routes(judged, stage, key, cut)
            yield from scalers_of_fixed_counts(change, stage, key)
            yield from budgets_of_uncounted_pods(change, stage, key)
            yield from unproven_rights(change, key)
    yield from _unbound_claims(judged)


def _empty_target(change: Change) -> Iterator[PropertyBreach]:
    """An automated sync does not prune all that an Application has (controller/appcontroller.go, `autoSync`)."""
    if change.live.objects and not change.target.objects and change.options.prune and not change.options.allow_empty:
        yield PropertyBreach(
            "folder-empty",
            PROPERTY,
            "the folder has no objects any more, and Argo CD refuses an automated sync that would delete everything",
            (),
            "keep one object, delete the Application instead, or set syncPolicy.automated.allowEmpty",
            "warning",
        )


def _health_requirements(judged: JudgedChange, key: Key) -> Iterator[HealthNeed]:
    """What an object needs to become Healthy; a CronJob is so whatever its runs do (Argo CD, CronJob/health.lua)."""
    change, fresh = judged.change, judged.starting
    yield from _needs_of_its_controller(change, key)
    owner = _newly_awaited_owner(change, key)
    if owner is not None:
        yield owner, "it takes its pod template from there"
    if key in fresh and key.kind != "CronJob" and change.gate_of(key) == change.member_stage[key]:
        template = fresh[key]
        for ref in template.needs:
            yield providing_object(change, referenced_key(key, ref)), f"its pods name it ({ref.through})"
        yield from _needs_of_new_claims(change, key)
        rights = rights_of_jobs_account(change, key, template)
        yield from ((each, "it gives its account its rights") for each in rights)
        yield from requirements_of_commands(change, key, template)
        return
    if key.distinct_kind == "HorizontalPodAutoscaler":
        yield from _scaler_requirements(change, key)
    if key.distinct_kind == "PersistentVolumeClaim":
        yield from _needs_of_new_claims(change, key)
    reader = readers_by_kind().get(key[:2]) or gate_readers().get(key[:2])
    if reader is not None:
        yield from _routing_requirements(judged, reader, key)


def _needs_of_new_claims(change: Change, key: Key) -> Iterator[HealthNeed]:
    """What the volumes are made from of a new claim, or of those that a new StatefulSet makes."""
    claims = claims_of(key, change.target.objects[key]) if key not in change.live.objects else ()
    for claim in claims:
        for need in named_by_claim(claim, key.namespace):
            if need in change.live.objects or need in change.target.objects:
                yield need, "its volume is made from it"
        volume = held_volume(claim)
        if volume is not None and volume in change.target.objects:
            yield volume, "it names the volume"


def _needs_of_its_controller(change: Change, key: Key) -> Iterator[HealthNeed]:
    """What a written object needs of the folders; of no folder, nobody knows whether it is there."""
    for need, text in health_needs(key, change.target.objects[key]) if key in change.ops else ():
        if need in change.live.objects or need in change.target.objects:
            yield need, text


def _newly_awaited_owner(change: Change, key: Key) -> Key | None:
    """The Deployment without which a Rollout is Degraded (`InvalidSpec`), unless it was so before and stays so."""
    old, new = change.live.workloads.get(key), change.target.workloads.get(key)
    owner = None if new is None else new.template_owner
    lacking = owner not in change.live.objects and owner not in change.target.objects
    return None if lacking and old is not None and old.template_owner == owner else owner


def _pod_template_or_none(change: Change, key: Key) -> object:
    if key in change.target.workloads:
        return change.target.workloads[key].template.raw
    return nested_value(change.target.objects[key], *BATCH_TEMPLATES[key.kind])


def _scaler_requirements(change: Change, key: Key) -> Iterator[HealthNeed]:
    yield read_scaler(change.target.objects[key], key).target, "the HPA scales it"


def _routing_requirements(judged: JudgedChange, reader: RouteReader, key: Key) -> Iterator[HealthNeed]:
    """Of several objects any of which will do, the one that comes first."""
    for each in reader.requirements(key, judged.router.cluster(reader)):
        yield min(each.keys, key=lambda need: judged.change.member_stage.get(need, 0)), each.reason


def _unmet_requirements(
    change: Change, stage: SyncPass, key: Key, need: Key, text: str, cut: Cut
) -> Iterator[PropertyBreach]:
    if change.snapshot_of(need, cut) is not None or _exists_externally(change, key, need):
        return
    if need in change.target.objects:
        later = change.stages[change.member_stage[need]].name
        yield PropertyBreach(
            "gate-needs-later-wave",
            PROPERTY,
            f"{stage.name} waits for {key}, which needs {need} ({text}), but {need} is written only in {later}",
            (key, need),
            f"put {need} in the wave of {key} or an earlier one",
            cut=cut,
        )
    else:
        yield PropertyBreach(
            "gate-never-opens",
            PROPERTY,
            f"{stage.name} waits for {key}, which needs {need} ({text}), but {need} does not exist",
            (key, need),
            f"add {need}, or remove the reference to it first",
            cut=cut,
        )


def _rejected_routes(judged: JudgedChange, stage: SyncPass, key: Key, cut: Cut) -> Iterator[PropertyBreach]:
    """A route that is there before a listener takes it is Degraded; one that was so before is no news."""
    change, reader = judged.change, readers_by_kind().get(key[:2])
    if reader is None or key not in change.target.routes:
        return
    rejecting = reader.rejected_by(change.target.routes[key], judged.router.cluster(reader, cut))
    before = change.live.routes.get(key)
    if rejecting is None or (before is not None and reader.rejected_by(before, judged.router.cluster(reader, START))):
        return
    later = reader.rejected_by(change.target.routes[key], judged.router.cluster(reader)) is None
    yield PropertyBreach(
        "gate-needs-later-wave" if later else "gate-never-opens",
        PROPERTY,
        f"{stage.name} waits for {key}, which {rejecting} does not take{' before a later wave' if later else ''}",
        (key, rejecting),
        f"put {rejecting} in the wave of {key} or an earlier one"
        if later
        else f"let a listener of {rejecting} take it",
        cut=cut,
    )


def _exists_externally(change: Change, key: Key, need: Key) -> bool:
    if need in change.target.objects or need in change.live.objects:
        return False
    return (
        is_there_for(change, key, need)
        or str(need) in change.options.outside
        or any(need in route.services for route in change.baseline.routes.values())
    )


def _paused_objects(change: Change, stage: SyncPass, key: Key) -> Iterator[PropertyBreach]:
    """Objects that are told to stand still, which no gate ever sees Healthy."""
    field = _pausing_field(key, change.target.objects[key]) or _idle_job_field(change, key)
    if field:
        yield PropertyBreach(
            "gate-never-opens",
            PROPERTY,
            f"{stage.name} waits for {key}, which is paused ({field})",
            (key,),
            f"remove {field}, or put the object in the last wave",
            cut=Cut((change.member_stage[key] + 1, 0)),
        )


def _pausing_field(key: Key, obj: Object) -> str:
    """What makes Argo CD call the object Suspended: resource_customizations/keda.sh and postgresql.cnpg.io, for two."""
    still = PAUSING_FIELDS.get(key.distinct_kind)
    if still is not None and nested_value(obj, "spec", still) is True:
        return f"spec.{still}"
    notes = annotations_of(obj)
    if key[:2] == ("keda.sh", "ScaledObject"):
        if str(notes.get(KEDA_PAUSED, "false")) not in FALSE_WORDS:
            return KEDA_PAUSED
        return PAUSED_AT if notes.get(PAUSED_AT) is not None else ""
    hibernates = key[:2] == ("postgresql.cnpg.io", "Cluster") and notes.get(HIBERNATION) == "on"
    return HIBERNATION if hibernates else ""


def _idle_job_field(change: Change, key: Key) -> str:
    """What keeps a Job from having any pod, so that it never completes; one that had some, and stays, may be complete.

    Source: Kubernetes, pkg/controller/job/job_controller.go (`manageJob`; `completions: 0` is complete at once).
    """
    if key[:2] != ("batch", "Job"):
        return ""
    runs_anew = change.recreated(key) or hook_phases(change.target.objects[key]) is not None
    sides = (change.target,) if runs_anew else (change.live, change.target)
    specs = [mapping_or_empty(side.objects[key].get("spec")) for side in sides if key in side.objects]
    idle = all(spec.get("parallelism") == 0 and spec.get("completions") != 0 for spec in specs)
    return "spec.parallelism" if idle else ""


def _unbound_claims(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """New volume claims that bind only when a pod of a later wave uses them."""
    change = judged.change
    for key in change.target.of_kind("PersistentVolumeClaim"):
        stage = change.member_stage.get(key)
        if (
            key in change.live.objects
            or stage is None
            or key not in change.stages[stage].awaited
            or _binds_immediately(change, key)
        ):
            continue
        users = [w for w in judged.starting if key in _mounted_claims(change, w)]
        waves = [change.member_stage[user] for user in users if user in change.member_stage]
        if not waves or min(waves) > stage:
            yield PropertyBreach(
                "gate-needs-later-wave",
                PROPERTY,
                f"{change.stages[stage].name} waits until {key} is Bound, but the claim waits for a pod of a later "
                "wave",
                (key, *users),
                "put the claim in the wave of the pods that use it",
                cut=Cut((stage + 1, 0)),
            )


def _mounted_claims(change: Change, key: Key) -> set[Key]:
    template = read_template(mapping_or_empty(_pod_template_or_none(change, key)))
    return {Key("", ref.kind, key.namespace, ref.name) for ref in template.needs}


def _binds_immediately(change: Change, key: Key) -> bool:
    name = nested_value(change.target.objects[key], "spec", "storageClassName")
    for result in change.target.of_kind("StorageClass"):
        if result.name == name:
            return bool(change.target.objects[result].get("volumeBindingMode", "Immediate") == "Immediate")
    return bool(nested_value(change.target.objects[key], "spec", "volumeName"))
