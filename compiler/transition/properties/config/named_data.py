"""config: every pod that may start finds what it names, and reads the data of its version.

Source: Kubernetes, pkg/kubelet/kubelet_pods.go `makeEnvironmentVariables` (CreateContainerConfigError for what is
missing); pkg/volume/configmap; the transition model: any pod may be replaced at any time by its own template.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key, mapping_or_empty, nested_value
from compiler.transition.classification.kinds.external_secrets.external_secret import fetched_values
from compiler.transition.facts.pods import BATCH_TEMPLATES, Reference, Template, read_template
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync import replicas
from compiler.transition.sync.change import END, Change, Cut
from compiler.transition.sync.existence import (
    CLASS_GROUPS,
    DATA_FIELDS,
    GENERATOR_KINDS,
    OWNER_KINDS,
    PROVIDED_GROUPS,
    held_keys,
    made_secret,
    missing_keys,
    referenced_key,
    secret_generators,
    secret_owners,
    secret_values,
    token_account,
)
from compiler.transition.sync.job_reads import is_there_for
from compiler.transition.sync.order import survives_sync
from compiler.transition.sync.pod_states import PodStates

PROPERTY = "config"
CONFIG_RECREATION_HELP = "remove Force=true (argocd.argoproj.io/sync-options), or give the changed object a new name"
READABLE_KINDS = frozenset(
    {
        "ConfigMap",
        "Secret",
        "ServiceAccount",
        "PersistentVolumeClaim",
        *CLASS_GROUPS,
        *PROVIDED_GROUPS,
        *GENERATOR_KINDS,
    }
)


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """References that old or new pods do not find at some point, and data that changes under running pods."""
    change, pods = judged.change, judged.router.pods
    written = {key for key in change.ops if key.distinct_kind in READABLE_KINDS}
    for key, template in _running_templates(change) if written else ():
        yield from _old_pods(pods, key, template)
    for key in change.target.of_kind("CronJob") if written else ():
        if key not in change.ops and not _is_suspended(change, key):
            yield from _later_runs(change, key)
    for key, template in judged.starting.items():
        yield from _new_pods(change, key, template)
    for key, workload in change.target.workloads.items() if written else ():
        yield from _new_pods_beside_recreation(pods, key, workload.template)


def _is_suspended(change: Change, key: Key) -> bool:
    """Whether a CronJob, or a Job, starts no pods."""
    return nested_value(change.target.objects[key], "spec", "suspend") is True


def _running_templates(change: Change) -> Iterator[tuple[Key, Template]]:
    """What pods run before the sync: the live template, and older ones whose pods an unfinished sync has left."""
    for key, workload in change.live.workloads.items():
        left = (t for state in change.unsettled["low"].get(key, ()) for t in (*state.unready, *dict(state.ready)))
        yield from ((key, template) for template in dict.fromkeys((workload.template, *left)))


def starting_templates(change: Change) -> Iterator[tuple[Key, Template]]:
    """Workloads and jobs whose pods this sync makes anew, with the template of these."""
    for key, workload in change.target.workloads.items():
        if change.makes_anew(key) and replicas.converged_replicas(workload, change.options, "low"):
            yield key, change.made_template(key)
    for kind, path in BATCH_TEMPLATES.items():
        for key in change.target.of_kind(kind):
            if key in change.ops and not _is_suspended(change, key):
                yield key, read_template(mapping_or_empty(nested_value(change.target.objects[key], *path)))


def _old_pods(pods: PodStates, key: Key, template: Template) -> Iterator[PropertyBreach]:
    change = pods.change
    for ref in template.needs:
        result = _retaining_object(change, referenced_key(key, ref))
        if result not in change.ops or result not in change.live.objects:
            continue
        cut = change.deleted_at(result)
        if not _may_run(pods, key, template, cut):
            continue
        snapshot = change.snapshot_of(result, cut)
        if _ends_as_hook(change, result):
            stays = key in change.target.workloads or key not in change.ops
            if stays and _may_run(pods, key, template, last_moment(change)):
                yield _deleted_hook(key, ref, result, cut)
        elif snapshot is None or _makes_another_secret(change, referenced_key(key, ref), result):
            if not _deleted_together(change, key, template, result):
                yield _deleted_reference(key, ref, result, cut)
        elif missing := missing_keys(snapshot, result, ref):
            yield _missing_data_keys(key, ref, result, missing, cut)
        elif data_differs(change, result):
            yield _changed_in_place(key, ref, result, cut)


def _later_runs(change: Change, key: Key) -> Iterator[PropertyBreach]:
    """What the pods that an unchanged CronJob makes after the commit do not find any more."""
    for ref in read_template(
        mapping_or_empty(nested_value(change.target.objects[key], *BATCH_TEMPLATES["CronJob"]))
    ).needs:
        result = _retaining_object(change, referenced_key(key, ref))
        if result in change.ops and result in change.live.objects:
            snapshot, made = change.snapshot_of(result, END), any(secret_generators(change.target, result))
            if not made and (snapshot is None or _makes_another_secret(change, referenced_key(key, ref), result)):
                yield _deleted_reference(key, ref, result, change.deleted_at(result))
            elif snapshot is not None and (missing := missing_keys(snapshot, result, ref)):
                yield _missing_data_keys(key, ref, result, missing, change.deleted_at(result))


def last_moment(change: Change) -> Cut:
    """When the sync succeeds: at the end of its last pass, or once all is Healthy if that is waited for."""
    last = len(change.stages) - 1
    return Cut((last + 1, 0)) if change.settles(last) else Cut((last, 1 << 20))


def _new_pods_beside_recreation(pods: PodStates, key: Key, template: Template) -> Iterator[PropertyBreach]:
    """What pods of the new template lack while it is away to be created anew, though old and new ones find it."""
    change, old = pods.change, pods.change.live.workloads.get(key)
    for ref in template.needs if old is None or old.template is not template else ():
        result = referenced_key(key, ref)
        if result in change.live.objects and change.recreated(result):
            cut = change.deleted_at(result)
            if _may_run(pods, key, template, cut):
                yield _deleted_reference(key, ref, result, cut)


def _retaining_object(change: Change, result: Key) -> Key:
    """What must stay so that the object does: itself, what owns it in its stead, or the account whose token it is."""
    account = token_account(change.live, result)
    if account in change.live.objects and account not in change.target.objects:
        return account
    return result if result in change.live.objects else next(iter(secret_owners(change.live, result)), result)


def _makes_another_secret(change: Change, secret: Key, maker: Key) -> bool:
    """Whether what owns the Secret, if it is not the Secret itself, makes one of another name from now on.

    Source: external-secrets, pkg/controllers/externalsecret (it deletes those of its own that have another name).
    """
    if maker == secret or maker not in change.target.objects or maker.distinct_kind not in OWNER_KINDS:
        return False
    return made_secret(maker, change.target.objects[maker]) != secret


def present_object(change: Change, result: Key) -> Key:
    """The object itself, or, where it is in no folder, that from which an operator makes it."""
    if result in change.live.objects or result in change.target.objects:
        return result
    return next(iter(secret_generators(change.target, result)), result)


def _may_run(pods: PodStates, key: Key, template: Template, cut: Cut) -> bool:
    """Whether pods of the template may start; those from which blue/green has switched only wait for their end."""
    return any(
        any(result is template for result in (*state.unready, *(t for t, count in state.ready if count)))
        for state in pods.at(key, cut, "low")
        if state.label != "both"
    )


def _deleted_together(change: Change, key: Key, template: Template, result: Key) -> bool:
    """Whether the pods of this template are deleted with their workload, for good, no later than what they read.

    One that is created anew has no such pods any more, unless its template stays.
    """
    new = change.target.workloads.get(key)
    goes = new is None or (change.recreated(key) and change.made_template(key) is not template)
    return goes and key in change.ops and change.ops[key][0] <= change.ops[result][0]


def _ends_as_hook(change: Change, result: Key) -> bool:
    """Whether the object becomes a hook that is deleted once it has succeeded, as data does at once.

    Source: Argo CD gitops-engine, sync_context.go `Sync` (`HookSucceeded` deletes at the end of the phase).
    """
    obj = change.target.objects.get(result)
    return obj is not None and result.kind in READABLE_KINDS and not survives_sync(obj)


def _deleted_hook(key: Key, ref: Reference, result: Key, cut: Cut) -> PropertyBreach:
    return PropertyBreach(
        "reference-pruned",
        PROPERTY,
        f"{result} is a hook that is deleted after it succeeds, but pods of {key} need it ({ref.through})",
        (key, result),
        "remove the deletion policy HookSucceeded, or the hook annotation",
        cut=cut,
    )


def _deleted_reference(key: Key, ref: Reference, result: Key, cut: Cut) -> PropertyBreach:
    later = f"keep {result} in the folder until the pods that read it are gone, and remove it in a later commit"
    return PropertyBreach(
        "reference-pruned",
        PROPERTY,
        f"{result} is deleted while pods of {key} may still run that need it ({ref.through}): a pod that restarts "
        "cannot start",
        (key, result),
        CONFIG_RECREATION_HELP if result in cut.gone else later,
        cut=cut,
    )


def _missing_data_keys(key: Key, ref: Reference, result: Key, missing: str, cut: Cut) -> PropertyBreach:
    return PropertyBreach(
        "key-missing",
        PROPERTY,
        f"{result} does not have the key {missing} that pods of {key} need ({ref.through})",
        (key, result),
        "put the changed data into an object with a new name, and keep the old object while pods that read it run",
        cut=cut,
    )


def _changed_in_place(key: Key, ref: Reference, result: Key, cut: Cut) -> PropertyBreach:
    return PropertyBreach(
        "changed-in-place",
        PROPERTY,
        f"{result} changes under running pods of {key} ({ref.through}): an old pod that restarts reads the new data",
        (key, result),
        "put a hash of the data into the object's name, and let the new pods use the new name",
        "warning",
        cut,
    )


def data_differs(change: Change, key: Key) -> bool:
    """Whether an object that is there before and after holds other data from now on."""
    old, new = change.live.objects[key], change.target.objects[key]
    if key.kind == "Secret":
        return secret_values(old) != secret_values(new)
    if key.kind == "ConfigMap":
        return any(old.get(field) != new.get(field) for field in DATA_FIELDS)
    if key.kind == "ExternalSecret" and fetched_values(old) != fetched_values(new):
        return True
    return held_keys(old, key.kind) != held_keys(new, key.kind)


def _new_pods(change: Change, key: Key, template: Template) -> Iterator[PropertyBreach]:
    """What new pods lack once all is written, or as soon as they start where no gate waits for them."""
    for ref in template.needs:
        lacks = (breach for cut in _deciding_cuts(change, key) for breach in _missing_at(change, key, ref, cut))
        yield from sorted(lacks, key=lambda breach: breach.severity != "error")[:1]


def _deciding_cuts(change: Change, key: Key) -> tuple[Cut, ...]:
    """The points at which new pods need what they name: those of a CronJob, for which nothing waits, at once too.

    Nor does a gate wait for those of a Rollout that another workload's write sets going; these run on, too.
    """
    if key.kind == "CronJob":
        return (Cut(change.ops[key][0], frozenset({key})), END)
    owner = change.moved_by(key)
    return (END,) if owner is None else (Cut(change.ops[owner][0], frozenset({key, owner})), END)


def _missing_at(change: Change, key: Key, ref: Reference, cut: Cut) -> Iterator[PropertyBreach]:
    """What a new pod lacks of one reference at this point."""
    result = present_object(change, referenced_key(key, ref))
    snapshot = change.snapshot_of(result, cut)
    if key.kind not in BATCH_TEMPLATES and _ends_as_hook(change, result):
        yield _deleted_hook(key, ref, result, cut)
    elif snapshot is not None:
        missing = missing_keys(snapshot, result, ref)
        if missing:
            yield _missing_data_keys(key, ref, result, missing, cut)
    elif maker := _deleted_maker(change, result):
        yield _deleted_reference(key, ref, maker, change.deleted_at(maker))
    elif not is_there_for(change, key, result):
        yield _missing_reference(change, key, ref, result, cut)
    elif result.kind in CLASS_GROUPS and not _is_known_class(change, result):
        yield _assumed_class(key, ref, result)


def _deleted_maker(change: Change, result: Key) -> Key | None:
    """What made a Secret and takes it with it, or makes another one; nothing of the folder makes it from then on."""
    makers = (key for key in secret_owners(change.live, result) if key in change.ops)
    gone = (key for key in makers if key not in change.target.objects or _makes_another_secret(change, result, key))
    return next(gone, None)


def _is_known_class(change: Change, result: Key) -> bool:
    """Whether somebody says that the class is there, pods that name it already run, or nothing ran before."""
    running = change.baseline.workloads.items()
    named = (referenced_key(key, ref) for key, workload in running for ref in workload.template.needs)
    return not change.live.objects or str(result) in change.options.outside or result in named


def _assumed_class(key: Key, ref: Reference, result: Key) -> PropertyBreach:
    return PropertyBreach(
        "reference-missing",
        PROPERTY,
        f"pods of {key} name {result} ({ref.through}), which is in no folder: if the cluster does not have it, the "
        "API server refuses these pods",
        (key, result),
        f"make sure that {result} is in the cluster, and say so with --outside",
        "warning",
    )


def _comes_at_once(change: Change, key: Key, result: Key) -> bool:
    """Whether the same pass writes what a run of a CronJob lacks, and nothing waits in between: the run waits for it.

    Source: Kubernetes, pkg/kubelet/kuberuntime (CreateContainerConfigError and FailedMount are tried again).
    """
    together = key.kind == "CronJob" and result in change.target.objects and result not in change.live.objects
    return together and result in change.ops and change.ops[result][0][0] == change.ops[key][0][0]


def _missing_reference(change: Change, key: Key, ref: Reference, result: Key, cut: Cut) -> PropertyBreach:
    """What pods name and nothing holds; without a pull secret the kubelet still tries (pkg/kubelet)."""
    known = result in change.live.objects or result in change.target.objects
    what = "does not exist at that moment" if known else "is in no folder"
    outside = "" if known else "; use --outside if it exists in the cluster"
    return PropertyBreach(
        "reference-missing",
        PROPERTY,
        f"pods of {key} name {result} ({ref.through}), which {what}",
        (key, result),
        f"add {result} to the folder, in no later wave than {key}{outside}",
        "warning"
        if (ref.through == "imagePullSecrets" and not known) or _comes_at_once(change, key, result)
        else "error",
        cut,
    )
