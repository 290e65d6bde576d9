"""What Jobs and CronJobs of the commit before have shown to be there, though no folder has it."""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.manifest import Object
from compiler.model.objects import Key, mapping_or_empty, nested_value
from compiler.transition.facts.pods import BATCH_TEMPLATES, Reference, read_template
from compiler.transition.sync.change import Change
from compiler.transition.sync.existence import assumed_to_exist, referenced_key, secret_generators
from compiler.transition.sync.order import hook_phases


def is_there_for(change: Change, key: Key, result: Key) -> bool:
    """Whether the pods of `key` find an object of no folder, as far as the commit before shows."""
    return assumed_to_exist(change, result) or _is_read_by_jobs(change, key, result)


def batch_needs(obj: Object, kind: str) -> tuple[Reference, ...]:
    """What pods of a Job or a CronJob need before they start."""
    return tuple(read_template(mapping_or_empty(nested_value(obj, *BATCH_TEMPLATES[kind]))).needs)


def _is_read_by_jobs(change: Change, key: Key, result: Key) -> bool:
    """Whether pods of `key`, a Job or a CronJob, meet what they met before the commit.

    A Job that is done has found what it names. A CronJob is Healthy whatever its runs do, so it shows that to nobody
    else (Argo CD, resource_customizations/batch/CronJob/health.lua): the commit is no worse for its own pods.
    """
    gone = result in change.live.objects or any(secret_generators(change.live, result))
    if key.distinct_kind not in BATCH_TEMPLATES or result in change.target.objects or gone:
        return False
    return any(referenced_key(reader, ref) == result for reader, ref in _met_before(change, key))


def _met_before(change: Change, key: Key) -> Iterator[tuple[Key, Reference]]:
    """What pods of the same CronJob, and those of all Jobs that ran in its namespace, needed before."""
    snapshot = change.baseline
    own = (key,) if key.kind == "CronJob" and key in snapshot.objects else ()
    for reader in (*own, *(job for job in snapshot.of_kind("Job") if job.namespace == key.namespace)):
        obj = snapshot.objects[reader]
        if _has_run(obj):
            yield from ((reader, ref) for ref in batch_needs(obj, reader.kind))


def _has_run(obj: Object) -> bool:
    """Whether a Job or CronJob of a commit that is synced has made pods; a hook does so in its phase."""
    spec = mapping_or_empty(obj.get("spec"))
    job = mapping_or_empty(nested_value(spec, "jobTemplate", "spec")) if obj.get("kind") == "CronJob" else spec
    idle = (
        spec.get("suspend") is True
        or job.get("suspend") is True
        or 0 in (job.get("parallelism"), job.get("completions"))
    )
    return not idle and hook_phases(obj) != ()
