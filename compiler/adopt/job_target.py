"""What the overrides of an adopted job have to say, for its object to be what runs but for what is meant to change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from compiler.adopt.clean import authored_object
from compiler.adopt.image import same_image
from compiler.adopt.patch import override_between
from compiler.adopt.release_spec import OWNER_LABELS
from compiler.adopt.running import RunningObject
from compiler.model.frame import HOOKS, WAVE
from compiler.model.manifest import Object
from compiler.model.objects import (
    equality_selector_matches,
    mapping_items,
    mapping_or_empty,
    nested_value,
    string_entries,
)

GATE_FIELDS: Final = ("activeDeadlineSeconds",)
"""fields of a Job that take the release's value where nobody wrote one"""
GONE: Final = ("ttlSecondsAfterFinished", "selector", "manualSelector")
"""What a Job that a version is named by does not keep: once it is deleted Argo CD would make it again."""
HOOK_ANNOTATIONS: Final = (
    *HOOKS,
    WAVE,
    "helm.sh/hook-weight",
    "helm.sh/hook-delete-policy",
    "argocd.argoproj.io/hook-delete-policy",
)


def job_overrides(job: RunningObject, ours: Object, container: str, selectors: Sequence[Any]) -> dict[str, Any]:
    """`overrides` of the job whose own container is `container`; `selectors` are those of the release's Services."""
    compiled = authored_object(ours)
    target = _target_job(job, compiled, container, selectors)
    patch = override_between(compiled, target)
    return {key: value for key, value in patch.items() if key not in ("apiVersion", "kind", "status")}


def _target_job(job: RunningObject, ours: Object, container: str, selectors: Sequence[Any]) -> Object:
    spec, own = dict(job.spec), mapping_or_empty(ours.get("spec"))
    if job.kind == "CronJob":
        inner, below = mapping_or_empty(spec.get("jobTemplate")), mapping_or_empty(own.get("jobTemplate"))
        running, release = mapping_or_empty(inner.get("spec")), mapping_or_empty(below.get("spec"))
        spec["jobTemplate"] = {**inner, "spec": _target_job_spec(running, release, container, selectors)}
    else:
        spec = _target_job_spec(spec, own, container, selectors)
        kept = {key: own[key] for key in GATE_FIELDS if key in own}
        spec = {**kept, **{key: value for key, value in spec.items() if key not in GONE}}
    return {**job.object, "metadata": _job_metadata(job.object, ours), "spec": spec}


def _job_metadata(running: Object, ours: Object) -> Object:
    """What both say: labels that the release has win, and a hook is none any more."""
    old, new = mapping_or_empty(running.get("metadata")), mapping_or_empty(ours.get("metadata"))
    metadata: Object = {**new}
    for field, gone in (("labels", OWNER_LABELS), ("annotations", HOOK_ANNOTATIONS)):
        kept = {key: value for key, value in mapping_or_empty(old.get(field)).items() if key not in gone}
        merged = {**kept, **mapping_or_empty(new.get(field))}
        if merged:
            metadata[field] = merged
    return metadata


def _target_job_spec(
    running: Mapping[str, Any], ours: Mapping[str, Any], container: str, selectors: Sequence[Any]
) -> dict[str, Any]:
    template, own = mapping_or_empty(running.get("template")), mapping_or_empty(ours.get("template"))
    metadata = {**mapping_or_empty(template.get("metadata"))}
    old, new = (string_entries(nested_value(each, "metadata", "labels")) for each in (template, own))
    labels = _kept_labels(old, new, selectors)
    pod = _job_pod(mapping_or_empty(template.get("spec")), mapping_or_empty(own.get("spec")), container)
    return {**running, "template": {"metadata": {**metadata, "labels": labels}, "spec": pod}}


def _kept_labels(running: dict[str, str], ours: dict[str, str], selectors: Sequence[Any]) -> dict[str, str]:
    """The labels by which policies find the pods, without those by which the release's Services would take them."""
    kept = {key: value for key, value in running.items() if key not in OWNER_LABELS}
    catching = [each for each in map(mapping_or_empty, selectors) if equality_selector_matches(each, {**ours, **kept})]
    taken = {key for selector in catching for key in selector}
    return {**ours, **{key: value for key, value in kept.items() if key not in taken}}


def _job_pod(running: Mapping[str, Any], ours: Mapping[str, Any], container: str) -> dict[str, Any]:
    own = next((each for each in mapping_items(ours.get("containers")) if each.get("name") == container), {})
    image = own.get("image")
    target = {"enableServiceLinks": True, **running}
    for field in ("initContainers", "containers"):
        if field in running:
            target[field] = [_with_version(each, image) for each in mapping_items(running[field])]
    return target


def _with_version(container: Mapping[str, Any], image: Any) -> dict[str, Any]:
    """The container; one of the version's image is compared as the release writes it."""
    return {**container, "image": image} if same_image(container.get("image"), image) else dict(container)
