"""Why the first publish changes a field, and the line of the spec that would keep it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from compiler.diagnostics.model import Path
from compiler.traffic.adoption import adopted_routes


@dataclass(frozen=True, slots=True)
class ChangeReason:
    """`keep` is a line of the spec; empty: nothing keeps the field as it was."""

    why: str
    keep: str = ""


OWN_LABELS: Final = "Shipway finds its own objects by these labels"
REASONS: Final[tuple[tuple[str, ChangeReason], ...]] = (
    ("apiVersion", ChangeReason("every cluster serves this version of the API; the object is the same")),
    (
        "spec.minReadySeconds",
        ChangeReason("a pod counts as available only after it has been ready for a while", "pods.minReadySeconds: 0"),
    ),
    ("spec.progressDeadlineSeconds", ChangeReason("a rollout that hangs is reported after the pods' start-up time")),
    ("spec.revisionHistoryLimit", ChangeReason("earlier versions are in Git")),
    (
        "spec.strategy.rollingUpdate.maxUnavailable",
        ChangeReason("no pod is removed before its replacement is ready", 'strategy.rolling.maxUnavailable: "25%"'),
    ),
    (
        "spec.strategy.rollingUpdate.maxSurge",
        ChangeReason("one extra pod while pods are replaced", 'strategy.rolling.maxSurge: "25%"'),
    ),
    (
        "terminationGracePeriodSeconds",
        ChangeReason("it includes the time in which a pod drains", "pods.terminationGracePeriodSeconds: {before}"),
    ),
    (
        "lifecycle.preStop",
        ChangeReason("a pod stops only after every proxy knows that the pod is ending", "container.drainSeconds: 0"),
    ),
    (
        "readinessProbe",
        ChangeReason(
            "a pod gets requests only when its port listens", 'container.probes.readiness: {off: "the reason"}'
        ),
    ),
    ("metadata.annotations.shipway.dev/", ChangeReason("the proof of a rollout relies on it")),
    ("metadata.annotations.argocd.argoproj.io/sync-wave", ChangeReason("the order within a sync")),
    ("metadata.labels.app.kubernetes.io/managed-by", ChangeReason("the objects move from one tool to another")),
    (
        "metadata.labels.app.kubernetes.io/version",
        ChangeReason("the version is a label of the pods, and changes with them"),
    ),
    ("metadata.labels.helm.sh/chart", ChangeReason("the objects move from one tool to another")),
    ("metadata.labels.chart", ChangeReason("the objects move from one tool to another")),
    ("metadata.labels.heritage", ChangeReason("the objects move from one tool to another")),
    ("metadata.labels.", ChangeReason(OWN_LABELS)),
    (".ports.", ChangeReason("every port gets a name")),
    (".image", ChangeReason("an image needs a tag: it is the name of the version")),
    (".env.", ChangeReason("specs contain no secrets: the value comes from a Secret")),
    ("spec.strategy.type", ChangeReason("pods are replaced a few at a time")),
    ("spec.targetCPUUtilizationPercentage", ChangeReason("autoscaling/v2 has it under `metrics`")),
    ("spec.metrics", ChangeReason("autoscaling/v2 has it under `metrics`")),
    ("spec.selector", ChangeReason("it selects only the pods of this release")),
    ("spec.replicas", ChangeReason("the autoscaler decides how many pods run")),
)
"""By a part of the path; the first that fits counts."""
NO_HOOK: Final = ChangeReason("it is not a hook: Argo CD skips the hooks of a sync when a newer sync follows")
JOB_REASONS: Final[tuple[tuple[str, ChangeReason], ...]] = (
    (
        "metadata.name",
        ChangeReason(
            "a Job's name depends on what the Job runs: each version has its own, which runs before the first pod of "
            "that version; the Job of today stays until somebody deletes it"
        ),
    ),
    (
        "metadata.annotations.helm.sh/hook",
        NO_HOOK,
    ),
    (
        "metadata.annotations.argocd.argoproj.io/hook",
        NO_HOOK,
    ),
    (
        "spec.ttlSecondsAfterFinished",
        ChangeReason("the Job stays as long as its version: if it were gone, Argo CD would run it again"),
    ),
    (
        "spec.activeDeadlineSeconds",
        ChangeReason("pods wait for it, so it must end by itself", "jobs: {…: {activeDeadlineSeconds: 86400}}"),
    ),
    ("spec.template.metadata.labels", ChangeReason("no Service may select its pods")),
    ("metadata.labels.", ChangeReason(OWN_LABELS)),
    ("metadata.annotations.argocd.argoproj.io/sync-wave", ChangeReason("it ends before the pods start")),
)
"""Of a Job before pods, by the beginning of the path."""
ROUTED: Final = ChangeReason("the same requests go to the same Service; a release writes the route in this way")
DEAD_PORT: Final = ChangeReason("it points to a port that no container has, so it answers no request")
UNKNOWN: Final = "a spec cannot express it"


def change_reason(kind: str, name: str, path: Path, before: Any) -> ChangeReason:
    """The reason of a change at `path` of an object; what is not listed says so."""
    shown = ".".join(str(part) for part in path)
    if kind == "Job":
        return next((reason for start, reason in JOB_REASONS if shown.startswith(start)), ChangeReason(UNKNOWN))
    if any(own == kind and path[:2] == ("spec", routes.RULES) for (_, own), routes in adopted_routes().items()):
        return ROUTED
    known = next((reason for part, reason in REASONS if part in shown), None)
    if known is None:
        return ChangeReason(UNKNOWN)
    if known.keep:
        value = before if before is not None else SERVER_VALUES.get(str(path[-1]), "…")
        return ChangeReason(known.why, known.keep.replace("{before}", str(value)))
    if path[:1] == ("spec",) and len(path) == 2 and path[1] != "selector":
        value = before if before is not None else SERVER_VALUES.get(str(path[1]), "…")
        return ChangeReason(known.why, f"overrides: {{{kind}/{name}: {{spec: {{{path[1]}: {value}}}}}}}")
    return known


SERVER_VALUES: Final = {
    "progressDeadlineSeconds": 600,
    "revisionHistoryLimit": 10,
    "replicas": 1,
    "terminationGracePeriodSeconds": 30,
}
