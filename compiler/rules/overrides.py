"""`overrides` may change anything but what Shipway's proofs rest on: names, selectors and waves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from compiler.diagnostics.model import Path, Problem
from compiler.model.frame import HOOKS, LONGEST_REQUEST, WAVE
from compiler.model.objects import nested_value
from compiler.rules.identity import LABELS
from compiler.spec.jobs import ReleaseJob
from compiler.spec.release import Release
from compiler.validate.override_names import image_name

OVERRIDES: Final[Path] = ("spec", "overrides")
WORKLOADS: Final = ("Deployment", "StatefulSet")
PROTECTED_PATHS: Final[tuple[Path, ...]] = (
    ("apiVersion",),
    ("kind",),
    ("metadata", "name"),
    ("metadata", "namespace"),
    *(("metadata", "labels", key) for key in LABELS),
    *(("metadata", "annotations", key) for key in (WAVE, *HOOKS)),
    ("spec", "selector"),
    ("spec", "template", "metadata", "labels"),
    ("spec", "template", "metadata", "annotations", LONGEST_REQUEST),
)
TRACK_LABELS: Final[tuple[Path, ...]] = tuple(
    ("metadata", "labels", key) for key in ("color", "track", "app.kubernetes.io/instance")
)
"""Labels by which a workload's track is told: on other objects they are for whoever selects those (monitors)."""


def check_protected_paths(overrides: Mapping[str, Any]) -> list[Problem]:
    """Overrides of names, selectors and waves, and of what holds them as a whole. They are refused before any merge."""
    touched = {
        (key, path): None
        for key, tree in overrides.items()
        if tree is not None
        for kept in PROTECTED_PATHS
        if kept not in TRACK_LABELS or key.partition("/")[0] in WORKLOADS
        for path in protected_paths_touched(tree, kept)
    }
    gone = [key for key, tree in overrides.items() if tree is None and key.partition("/")[0] in WORKLOADS]
    return [*(protected_path_problem(key, path) for key, path in touched), *map(left_out_problem, gone)]


def left_out_problem(key: str) -> Problem:
    return Problem(
        "override-kept-object",
        f"{key} cannot be removed: without it the release runs nothing",
        (*OVERRIDES, key),
        "delete this line, or remove the release from the environment",
        on_key=True,
    )


def protected_paths_touched(tree: Any, kept: Path) -> list[Path]:
    """The kept path if the tree has it, or the part of it that the tree replaces or deletes whole."""
    for depth, part in enumerate(kept):
        if part not in tree:
            return []
        tree = tree[part]
        if not isinstance(tree, dict):
            return [kept[: depth + 1]]
    return [kept]


def protected_path_problem(key: str, path: Path) -> Problem:
    return Problem(
        "override-kept-field",
        f"`{'.'.join(str(part) for part in path)}` cannot be overridden: the safety of every commit depends on it",
        (*OVERRIDES, key, *path),
        "remove this override, and change the field through the release's strategy",
        on_key=True,
    )


KEPT_JOB_PATHS: Final[tuple[Path, ...]] = (
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
        for path in dict.fromkeys(
            each for kept in KEPT_JOB_PATHS for each in protected_paths_touched(job.overrides, kept)
        ):
            message = f"`{'.'.join(map(str, path))}` cannot be overridden: the safety of every commit depends on it"
            fix = "remove this override; a CronJob is named by the job's own `name`"
            yield Problem("override-kept-field", message, (*place, *path), fix, on_key=True)
        for path, container in overridden_containers(job):
            if pins_version(release, job, container):
                message = f"this override fixes the image, so {name} would never run a new version"
                fix = "remove `image`: a container without an image runs the image of the version"
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
