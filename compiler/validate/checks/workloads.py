"""Deployments, StatefulSets, Jobs and CronJobs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compiler.diagnostics.model import Path
from compiler.manifest import Object
from compiler.validate.checks.pods import check_pod_template
from compiler.validate.finding import Finding, found
from compiler.validate.selectors import selects

_TEMPLATE: Path = ("spec", "template")


def check_deployment(obj: Object) -> Iterator[Finding]:
    """Selector, rollout and deadline (pkg/apis/apps/validation, ValidateDeploymentSpec), and the pods."""
    spec = obj["spec"]
    yield from _selector(spec, ("spec", "selector"))
    strategy = spec.get("strategy", {}).get("rollingUpdate", {})
    if _is_zero(strategy.get("maxSurge")) and _is_zero(strategy.get("maxUnavailable")):
        path = ("spec", "strategy", "rollingUpdate")
        yield found("rollout-cannot-move", path, "maxSurge and maxUnavailable are both 0: the rollout could not move")
    deadline, ready = spec.get("progressDeadlineSeconds", 600), spec.get("minReadySeconds", 0)
    if deadline <= ready:
        message = f"progressDeadlineSeconds ({deadline}) must exceed minReadySeconds ({ready})"
        yield found("deadline-too-short", ("spec", "progressDeadlineSeconds"), message)
    yield from _restarts(spec["template"], ("Always",), _TEMPLATE)
    yield from check_pod_template(spec["template"], _TEMPLATE)


def check_stateful_set(obj: Object) -> Iterator[Finding]:
    """Selector and pods; claims made from templates are volumes of the pod too."""
    spec = obj["spec"]
    yield from _selector(spec, ("spec", "selector"))
    yield from _restarts(spec["template"], ("Always",), _TEMPLATE)
    claims = {claim["metadata"]["name"] for claim in spec.get("volumeClaimTemplates", ()) if "metadata" in claim}
    for finding in check_pod_template(spec["template"], _TEMPLATE):
        if finding.code != "volume-missing" or _mounted(obj, finding.path) not in claims:
            yield finding


def check_job(obj: Object) -> Iterator[Finding]:
    """Restart policy (pkg/apis/batch/validation, validateJobSpec) and pods."""
    spec = obj.get("spec")
    if spec is None:
        yield found("field-missing", (), "`spec` is missing")
        return
    yield from _job_template(spec, ("spec",))


def check_cron_job(obj: Object) -> Iterator[Finding]:
    """Restart policy and pods of the Jobs that it makes."""
    spec = obj["spec"]["jobTemplate"].get("spec")
    if spec is not None:
        yield from _job_template(spec, ("spec", "jobTemplate", "spec"))


def _job_template(spec: dict[str, Any], path: Path) -> Iterator[Finding]:
    yield from _restarts(spec["template"], ("Never", "OnFailure"), (*path, "template"))
    yield from check_pod_template(spec["template"], (*path, "template"))


def _selector(spec: dict[str, Any], path: Path) -> Iterator[Finding]:
    labels = spec["template"].get("metadata", {}).get("labels", {})
    selector = spec["selector"]
    if not selector:
        yield found("selector-mismatch", path, "the selector is empty")
    elif not selects(selector, labels):
        yield found("selector-mismatch", path, "the selector does not match the labels of the template")


def _restarts(template: dict[str, Any], allowed: tuple[str, ...], path: Path) -> Iterator[Finding]:
    policy = template.get("spec", {}).get("restartPolicy", "Always")
    if policy not in allowed:
        message = f"restartPolicy must be {' or '.join(allowed)} here, not {policy}"
        yield found("restart-policy", (*path, "spec", "restartPolicy"), message)


def _is_zero(value: str | int | None) -> bool:
    return value in (0, "0%")


def _mounted(obj: Object, path: Path) -> object:
    value: Any = obj
    for part in path:
        value = value[part]
    return value
