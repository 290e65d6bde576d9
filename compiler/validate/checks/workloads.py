"""Deployments, StatefulSets, Jobs and CronJobs, with what scales and protects them: autoscalers and budgets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compiler.diagnostics.model import Path
from compiler.model.manifest import Object
from compiler.model.object_finding import ObjectFinding, object_finding
from compiler.validate.checks.pods import check_pod_template
from compiler.validate.selectors import label_selector_matches

_TEMPLATE: Path = ("spec", "template")


def check_deployment(obj: Object) -> Iterator[ObjectFinding]:
    """Selector, rollout and deadline (pkg/apis/apps/validation, ValidateDeploymentSpec), and the pods."""
    spec = obj["spec"]
    yield from _selector_findings(spec, ("spec", "selector"))
    strategy = spec.get("strategy", {}).get("rollingUpdate", {})
    if _is_zero(strategy.get("maxSurge")) and _is_zero(strategy.get("maxUnavailable")):
        path = ("spec", "strategy", "rollingUpdate")
        yield object_finding(
            "rollout-cannot-move", path, "maxSurge and maxUnavailable are both 0: no pod could be replaced"
        )
    deadline, ready = spec.get("progressDeadlineSeconds", 600), spec.get("minReadySeconds", 0)
    if deadline <= ready:
        message = f"progressDeadlineSeconds ({deadline}) must exceed minReadySeconds ({ready})"
        yield object_finding("deadline-too-short", ("spec", "progressDeadlineSeconds"), message)
    yield from _restart_policy_findings(spec["template"], ("Always",), _TEMPLATE)
    yield from check_pod_template(spec["template"], _TEMPLATE)


def check_stateful_set(obj: Object) -> Iterator[ObjectFinding]:
    """Selector and pods; claims made from templates are volumes of the pod too."""
    spec = obj["spec"]
    yield from _selector_findings(spec, ("spec", "selector"))
    yield from _restart_policy_findings(spec["template"], ("Always",), _TEMPLATE)
    claims = {claim["metadata"]["name"] for claim in spec.get("volumeClaimTemplates", ()) if "metadata" in claim}
    for finding in check_pod_template(spec["template"], _TEMPLATE):
        if finding.code != "volume-missing" or _value_at_path(obj, finding.path) not in claims:
            yield finding


def check_daemon_set(obj: Object) -> Iterator[ObjectFinding]:
    """Selector, restart policy (pkg/apis/apps/validation, ValidateDaemonSetSpec) and pods."""
    yield from _selector_findings(obj["spec"], ("spec", "selector"))
    yield from _restart_policy_findings(obj["spec"]["template"], ("Always",), _TEMPLATE)
    yield from check_pod_template(obj["spec"]["template"], _TEMPLATE)


def check_pod(obj: Object) -> Iterator[ObjectFinding]:
    """A pod that nobody makes for somebody: what its spec says together."""
    if "spec" in obj:
        yield from check_pod_template(obj, ())


def check_job(obj: Object) -> Iterator[ObjectFinding]:
    """Restart policy (pkg/apis/batch/validation, validateJobSpec) and pods."""
    spec = obj.get("spec")
    if spec is None:
        yield object_finding("field-missing", (), "`spec` is missing")
        return
    yield from _job_template_findings(spec, ("spec",))


def check_cron_job(obj: Object) -> Iterator[ObjectFinding]:
    """Restart policy and pods of the Jobs that it makes."""
    spec = obj["spec"]["jobTemplate"].get("spec")
    if spec is not None:
        yield from _job_template_findings(spec, ("spec", "jobTemplate", "spec"))


def _job_template_findings(spec: dict[str, Any], path: Path) -> Iterator[ObjectFinding]:
    yield from _restart_policy_findings(spec["template"], ("Never", "OnFailure"), (*path, "template"))
    yield from check_pod_template(spec["template"], (*path, "template"))


def _selector_findings(spec: dict[str, Any], path: Path) -> Iterator[ObjectFinding]:
    labels = spec["template"].get("metadata", {}).get("labels", {})
    selector = spec["selector"]
    if not selector:
        yield object_finding("selector-mismatch", path, "the selector is empty")
    elif not label_selector_matches(selector, labels):
        yield object_finding("selector-mismatch", path, "the selector does not match the labels of the template")


def _restart_policy_findings(template: dict[str, Any], allowed: tuple[str, ...], path: Path) -> Iterator[ObjectFinding]:
    policy = template.get("spec", {}).get("restartPolicy", "Always")
    if policy not in allowed:
        message = f"restartPolicy must be {' or '.join(allowed)} here, not {policy}"
        yield object_finding("restart-policy", (*path, "spec", "restartPolicy"), message)


def _is_zero(value: str | int | None) -> bool:
    return value in (0, "0%")


def _value_at_path(obj: Object, path: Path) -> object:
    value: Any = obj
    for part in path:
        value = value[part]
    return value


def check_autoscaler(obj: Object) -> Iterator[ObjectFinding]:
    """A minimum that is no more than the maximum (pkg/apis/autoscaling/validation)."""
    spec = obj["spec"]
    least, most = spec.get("minReplicas", 1), spec["maxReplicas"]
    if least > most:
        message = f"minReplicas ({least}) must not exceed maxReplicas ({most})"
        yield object_finding("replicas-range", ("spec", "minReplicas"), message)


def check_budget(obj: Object) -> Iterator[ObjectFinding]:
    """A budget that lets a node be drained (pkg/controller/disruption, getExpectedPodCount)."""
    spec = obj.get("spec", {})
    if spec.get("maxUnavailable") in (0, "0%"):
        message = "maxUnavailable 0 forbids evicting any pod: its node could never be drained"
        yield object_finding("budget-blocks-drain", ("spec", "maxUnavailable"), message)
    if spec.get("minAvailable") == "100%":
        message = "minAvailable 100% forbids evicting any pod: its node could never be drained"
        yield object_finding("budget-blocks-drain", ("spec", "minAvailable"), message)
    if "selector" not in spec:
        yield object_finding("field-missing", ("spec",), "`spec.selector` is missing: the budget protects no pods")
