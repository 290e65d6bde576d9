"""Jobs and CronJobs of a workload's own image in the words of `spec.jobs`: their image moves with the version."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from compiler.adopt.container_spec import resource_words, variable_words
from compiler.adopt.image import same_image
from compiler.adopt.running import RunningObject, RunningWorkload
from compiler.model.frame import HOOKS, WAVE
from compiler.model.manifest import Object
from compiler.model.objects import annotations_of, integer_or_default, mapping_items, mapping_or_empty, nested_value

JOB_KINDS: Final = frozenset({"Job", "CronJob"})
BEFORE_PODS: Final = frozenset({"pre-upgrade", "PreSync", "Sync"})
"""Phases of an upgrade or a sync in which a Job runs no later than the pods of the version.

Source: Helm, docs/topics/charts_hooks; Argo CD, docs/user-guide/resource_hooks.
"""
SERVER_BACKOFF: Final = 6
"""Source: Kubernetes, pkg/apis/batch/v1/defaults.go, `SetDefaults_Job`."""
MAX_WORD: Final = 30
WEIGHTS: Final = ("helm.sh/hook-weight", WAVE)


def phases_of(job: RunningObject) -> frozenset[str]:
    """The phases of an upgrade or a sync that the object is a hook of."""
    texts = (str(annotations_of(job.object).get(hook, "")) for hook in HOOKS)
    return frozenset(phase.strip() for text in texts for phase in text.split(",") if phase.strip())


def runs_before_pods(job: RunningObject, workload: RunningObject) -> bool:
    """Whether it runs no later than the pods; a Job that is no hook does, unless a later wave has it."""
    phases = phases_of(job)
    return bool(phases & BEFORE_PODS) if phases else sync_wave(job) <= sync_wave(workload)


def sync_wave(each: RunningObject) -> int:
    return integer_or_default(annotations_of(each.object).get(WAVE), 0)


def is_job_of(job: RunningObject, workload: RunningObject) -> bool:
    """Whether `jobs` of the workload's release can say it: it runs its very image, and runs no later than its pods."""
    late = job.kind == "Job" and not runs_before_pods(job, workload)
    if job.kind not in JOB_KINDS or late or job.spec.get("suspend") is True:
        return False
    images = [container.get("image") for container in mapping_items(workload.pod.get("containers"))]
    return any(same_image(own_container(job, images).get("image"), image) for image in images)


def jobs_by_workload(
    jobs: Iterable[RunningObject], workloads: Sequence[RunningObject]
) -> dict[str, list[RunningObject]]:
    """The jobs of each workload by its title. Of several of one image it is that whose name begins the job's name."""
    matching: dict[str, list[RunningObject]] = {}
    for job in jobs:
        owners = [each for each in workloads if is_job_of(job, each)]
        if owners:
            best = max(owners, key=lambda each: len(each.name) if job.name.startswith(each.name) else 0)
            matching.setdefault(best.title, []).append(job)
    return {title: own for title, own in matching.items() if not are_ordered(own)}


def are_ordered(jobs: Sequence[RunningObject]) -> bool:
    """Whether several Jobs run one after the other: a release has no word for their order."""
    before = [each for each in jobs if each.kind == "Job"]
    orders = {tuple(str(annotations_of(each.object).get(key, "0")) for key in WEIGHTS) for each in before}
    return len(orders) > 1


def job_names(jobs: Sequence[RunningObject], workload: str) -> dict[str, RunningObject]:
    """The jobs by the words for them: their names, without the workload's at the beginning."""
    words: dict[str, RunningObject] = {}
    for job in jobs:
        short = re.sub(r"[^a-z0-9-]+", "-", job.name.removeprefix(f"{workload}-"))[:MAX_WORD].strip("-") or "job"
        word, number = short, 2
        while word in words:
            word, number = f"{short}-{number}", number + 1
        words[word] = job
    return words


def own_container(job: RunningObject, images: Sequence[Any]) -> Mapping[str, Any]:
    """The job's container that runs one of the images; its first one where none does."""
    containers = list(mapping_items(job.pod.get("containers"))) or [{}]
    shared = (each for each in containers if any(same_image(each.get("image"), image) for image in images))
    return next(shared, containers[0])


def job_words(job: RunningObject, main: Object, release: Mapping[str, Any]) -> dict[str, Any]:
    """One of `spec.jobs`: what differs from the container of the `release`'s spec, which a job has all of."""
    own = own_container(job, [main.get("image")])
    words = clock_words(job)
    words |= {} if own.get("name") == main.get("name") else {"container": str(own.get("name"))}
    words |= {key: list(own[key]) for key in ("command", "args") if isinstance(own.get(key), list)}
    variables = variable_words(mapping_items(own.get("env")))
    more = {name: value for name, value in variables.items() if release.get("env", {}).get(name) != value}
    words |= {"env": more} if more else {}
    resources = resource_words(own.get("resources"))
    words |= {"resources": resources} if resources and resources != release.get("resources") else {}
    spec = mapping_or_empty(nested_value(job.spec, "jobTemplate", "spec")) if job.kind == "CronJob" else job.spec
    words["backoffLimit"] = spec.get("backoffLimit", SERVER_BACKOFF)
    deadline = spec.get("activeDeadlineSeconds")
    return {**words, **({"activeDeadlineSeconds": deadline} if isinstance(deadline, int) else {})}


def clock_words(job: RunningObject) -> dict[str, Any]:
    """What only a CronJob has: its name, and when it runs."""
    if job.kind != "CronJob":
        return {}
    words = {key: job.spec[key] for key in ("schedule", "timeZone") if key in job.spec}
    return {"name": job.name, **words, "concurrencyPolicy": job.spec.get("concurrencyPolicy", "Allow")}


def jobs_words(group: RunningWorkload, main: Object, release: Mapping[str, Any]) -> dict[str, Any]:
    """`spec.jobs`: every job of the workload."""
    return {word: job_words(job, main, release) for word, job in group.jobs.items()}
