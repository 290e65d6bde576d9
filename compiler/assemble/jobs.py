"""Jobs of a release: before a version's first pod, or by the clock. Never hooks: Argo CD skips those of a sync that a
newer one follows, and runs them again at each sync.
"""

from __future__ import annotations

import hashlib
import json
from typing import Final

from compiler.assemble.config import Configuration
from compiler.assemble.container import env_var, resources_of
from compiler.assemble.deployment import pod_spec
from compiler.assemble.strategic_merge import strategic_merge
from compiler.diagnostics.model import Path
from compiler.model.frame import ATTEMPT, Frame
from compiler.model.manifest import Manifest, Object, Origin
from compiler.model.objects import nested_value
from compiler.model.provenance import derived, plain
from compiler.model.topology import Stage, Topology, Workload
from compiler.spec.container import EnvValue
from compiler.spec.jobs import ReleaseJob
from compiler.spec.presets import timing_of
from compiler.spec.release import Release

OF_SERVERS: Final = ("ports", "startupProbe", "readinessProbe", "livenessProbe", "lifecycle")
OF_TRACKS: Final = ("topologySpreadConstraints", "terminationGracePeriodSeconds", "initContainers")
DEADLINE: Final = 600


def first_stage(release: Release) -> Stage:
    """When what pods and Jobs read is applied."""
    return Stage.BEFORE if release.spec.gates_pods else Stage.TRACKS


def version_jobs(
    frame: Frame, release: Release, workload: Workload, configuration: Configuration | None
) -> list[Manifest]:
    """The Jobs before the track's first pod, named by the hash of what they run: an unchanged one never runs again."""
    jobs = ((name, job) for name, job in release.spec.jobs.items() if job.schedule is None)
    return [version_job(frame, release, workload, configuration, name, job) for name, job in jobs]


def version_job(
    frame: Frame, release: Release, workload: Workload, configuration: Configuration | None, name: str, job: ReleaseJob
) -> Manifest:
    obj: Object = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": frame.metadata(derived(f"{frame.release}-{name}", frame.release), Stage.BEFORE),
        "spec": {
            "backoffLimit": job.backoff_limit,
            "activeDeadlineSeconds": job.active_deadline_seconds or derived(DEADLINE, job),
            "template": job_pods(frame, release, workload, configuration, name, job),
        },
    }
    done = with_job_overrides(obj, job, ("spec", "template"))
    content = json.dumps([done["spec"]["template"], frame.annotations.get(ATTEMPT)], sort_keys=True, default=plain)
    digest = hashlib.sha256(content.encode()).hexdigest()[:8]
    own_name = derived(f"{frame.release}-{name}-{digest}", frame.release)
    return Manifest({**done, "metadata": {**done["metadata"], "name": own_name}}, Origin(("spec", "jobs", name)))


def scheduled_jobs(
    frame: Frame, release: Release, topology: Topology, configured: dict[str, Configuration | None]
) -> list[Manifest]:
    """The CronJobs, with the version of the track that serves; it changes when requests move."""
    split = next(iter(topology.splits), None)
    workload = topology.workload(split.chosen) if split is not None else None
    if workload is None:
        return []
    jobs = ((name, job) for name, job in release.spec.jobs.items() if job.schedule is not None)
    return [cron_job(frame, release, workload, configured[workload.track], name, job) for name, job in jobs]


def cron_job(
    frame: Frame, release: Release, workload: Workload, configuration: Configuration | None, name: str, job: ReleaseJob
) -> Manifest:
    deadline = {} if job.active_deadline_seconds is None else {"activeDeadlineSeconds": job.active_deadline_seconds}
    template = job_pods(frame, release, workload, configuration, name, job)
    spec: Object = {
        "schedule": job.schedule,
        **({} if job.time_zone is None else {"timeZone": job.time_zone}),
        "concurrencyPolicy": job.concurrency_policy,
        "jobTemplate": {"spec": {"backoffLimit": job.backoff_limit, **deadline, "template": template}},
    }
    obj: Object = {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": frame.metadata(job.name or derived(f"{frame.release}-{name}", frame.release), Stage.ROUTE),
        "spec": spec,
    }
    done = with_job_overrides(obj, job, ("spec", "jobTemplate", "spec", "template"))
    return Manifest(done, Origin(("spec", "jobs", name)))


def with_job_overrides(obj: Object, job: ReleaseJob, template: Path) -> Object:
    """The object with what the spec says of it beside its own words; a container without an image has the version's."""
    if not job.overrides:
        return obj
    (own,) = pod_spec_below(obj, template)["containers"]
    done = strategic_merge(obj, job.overrides)
    pods = pod_spec_below(done, template)
    for field in ("initContainers", "containers"):
        if isinstance(pods.get(field), list):
            listed = pods[field]
            pods[field] = [{"image": own["image"], **each} if isinstance(each, dict) else each for each in listed]
    return done


def pod_spec_below(obj: Object, template: Path) -> Object:
    """The pods' `spec` of a Job or CronJob; an empty one where an override left none."""
    pods = nested_value(obj, *map(str, template), "spec")
    return pods if isinstance(pods, dict) else {}


def job_pods(
    frame: Frame, release: Release, workload: Workload, configuration: Configuration | None, name: str, job: ReleaseJob
) -> Object:
    """The version's pods without what serves: labels of their own keep Services and budgets away."""
    pods = pod_spec(frame, release, workload, configuration, timing_of(release.spec))
    own = {key: value for key, value in pods["containers"][0].items() if key not in OF_SERVERS}
    own |= {} if job.container is None else {"name": job.container}
    variables: dict[str, EnvValue] = {
        **workload.environment, **release.spec.container.env, **workload.version.env, **job.env
    }  # fmt: skip
    own |= {"env": [env_var(key, value) for key, value in variables.items()]} if variables else {}
    own |= {key: list(value) for key, value in (("command", job.command), ("args", job.args)) if value is not None}
    own |= resources_of(job.resources, None) if job.resources is not None else {}
    rest = {key: value for key, value in pods.items() if key not in OF_TRACKS}
    labels = {"app": derived(f"{frame.release}-{name}", frame.release), "app.kubernetes.io/managed-by": "shipway"}
    return {"metadata": {"labels": labels}, "spec": {"restartPolicy": "Never", **rest, "containers": [own]}}
