"""`overrides` of a release's jobs may say anything but what their names, their order and their version rest on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from compiler.diagnostics.model import Path, Problem
from compiler.model.frame import HOOKS, WAVE
from compiler.model.objects import nested_value
from compiler.rules.overrides import protected_paths_touched
from compiler.spec.jobs import ReleaseJob
from compiler.spec.release import Release
from compiler.validate.override_names import image_name

KEPT_PATHS: Final[tuple[Path, ...]] = (
    ("apiVersion",),
    ("kind",),
    ("metadata", "name"),
    ("metadata", "namespace"),
    ("metadata", "labels", "app"),
    ("metadata", "labels", "app.kubernetes.io/managed-by"),
    *(("metadata", "annotations", key) for key in (WAVE, *HOOKS)),
    ("spec", "selector"),
)
TEMPLATES: Final = (("spec", "template", "spec"), ("spec", "jobTemplate", "spec", "template", "spec"))


def check_jobs(release: Release) -> Iterator[Problem]:
    """A finding for each part of a job's overrides that would take its name, its wave or its version away."""
    for name, job in release.spec.jobs.items():
        place: Path = ("spec", "jobs", name, "overrides")
        for path in dict.fromkeys(each for kept in KEPT_PATHS for each in protected_paths_touched(job.overrides, kept)):
            message = f"`{'.'.join(map(str, path))}` cannot be overridden: the safety of every commit rests on it"
            fix = "remove it; a CronJob's name is the job's own `name`"
            yield Problem("override-kept-field", message, (*place, *path), fix, on_key=True)
        for path, container in overridden_containers(job):
            if pins_version(release, job, container):
                message = f"this image stays, whatever version comes: {name} would never run a new one"
                fix = "remove it: a container without an image runs that of the version"
                yield Problem("override-pins-image", message, (*place, *path, "image"), fix)


def overridden_containers(job: ReleaseJob) -> Iterator[tuple[Path, Any]]:
    for template in TEMPLATES:
        for field in ("initContainers", "containers"):
            listed = nested_value(job.overrides, *template, field)
            for index, container in enumerate(listed if isinstance(listed, list) else ()):
                yield (*template, field, index), container


def pins_version(release: Release, job: ReleaseJob, container: Any) -> bool:
    """Whether the container is the job's own, or has the release's image, at a version of its own."""
    image = container.get("image") if isinstance(container, dict) else None
    if not isinstance(image, str):
        return False
    identity = release.spec.identity
    kept = None if identity is None else identity.container
    own = job.container or kept or release.metadata.name
    return container.get("name") == own or image_name(image) == release.spec.container.image
