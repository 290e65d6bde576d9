"""What stands beside a track's Deployment: its autoscaler, its disruption budget, its smoke test."""

from __future__ import annotations

import hashlib
import json
from typing import Final

from compiler.assemble.container import resources_of
from compiler.assemble.deployment import service_account_of, stage_of
from compiler.assemble.security import RESTRICTED_POD, merged_security_context
from compiler.model.frame import ATTEMPT, Frame
from compiler.model.manifest import Manifest, Object, Origin
from compiler.model.provenance import derived, plain
from compiler.model.topology import Role, Stage, Workload
from compiler.spec.pods import Autoscale, SmokeTest
from compiler.spec.ports import MAIN_PORT, main_port
from compiler.spec.release import Release

DEFAULT_CPU = 70
AUTOSCALE_ORIGIN: Final = Origin(("spec", "autoscale"))
SMOKE_TEST_ORIGIN: Final = Origin(("spec", "smokeTest"))


def autoscaler(frame: Frame, scale: Autoscale, workload: Workload) -> Manifest:
    """The track's HPA; while a course is open its `minReplicas` is what a switch needs.

    It is applied last, with the previews: an HPA without metrics yet is Degraded to Argo CD (gitops-engine,
    health_hpa.go) and would fail every later wave.
    """
    metrics = {"cpu": scale.cpu, "memory": scale.memory}
    if scale.cpu is None and scale.memory is None:
        metrics["cpu"] = DEFAULT_CPU
    spec: Object = {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": workload.deployment},
        "minReplicas": scale.min if workload.minimum is None else workload.minimum,
        "maxReplicas": scale.max,
        "metrics": [utilization(name, percent) for name, percent in metrics.items() if percent is not None],
    }
    if scale.behavior is not None:
        spec["behavior"] = scale.behavior
    obj: Object = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": frame.metadata(autoscaler_name(workload), Stage.PREVIEW, labels=frame.track_labels(workload)),
        "spec": spec,
    }
    return Manifest(obj, AUTOSCALE_ORIGIN)


def autoscaler_name(workload: Workload) -> str:
    return workload.name if workload.adopted is None else workload.adopted.autoscaler


def budget_name(workload: Workload) -> str:
    return workload.name if workload.adopted is None else workload.adopted.budget


def utilization(resource: str, percent: int) -> Object:
    target = {"type": "Utilization", "averageUtilization": percent}
    return {"type": "Resource", "resource": {"name": resource, "target": target}}


def disruption_budget(frame: Frame, workload: Workload) -> Manifest:
    """One a track: drains of nodes take a pod at a time, and always can, also when the pods are broken.

    Source: Kubernetes, docs "Specifying a Disruption Budget": without `AlwaysAllow` pods that are not ready hold their
    node, once too few others are.
    """
    obj: Object = {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": frame.metadata(budget_name(workload), Stage.IDLE, labels=frame.track_labels(workload)),
        "spec": {
            "maxUnavailable": 1,
            "selector": {"matchLabels": frame.selector(workload)},
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
        },
    }
    return Manifest(obj, Origin(workload.path, "default"))


def smoke_service_name(workload: Workload) -> str:
    return derived(f"{workload.name}-smoke", workload.name)


def smoke_service(frame: Frame, release: Release, workload: Workload) -> Manifest:
    """The track's own address for its smoke test: before a switch no other Service reaches it."""
    main = main_port(release.spec.container)
    target = MAIN_PORT if main is None else main.name
    obj: Object = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": frame.metadata(
            smoke_service_name(workload), stage_of(workload), labels=frame.track_labels(workload)
        ),
        "spec": {
            "type": "ClusterIP",
            "selector": frame.selector(workload),
            "ports": [{"name": "http", "protocol": "TCP", "port": 80, "targetPort": target}],
        },
    }
    return Manifest(obj, SMOKE_TEST_ORIGIN)


def smoke_job(frame: Frame, release: Release, test: SmokeTest, workload: Workload, tested: Manifest) -> Manifest:
    """A Job that gates the move of traffic to the Deployment `tested`.

    Its name holds the hash of itself, for a Job's template is immutable, and of the pods that it tests: other pods are
    tested anew. Another attempt counts too: Argo CD never runs a Job again that has failed.
    """
    template = smoke_pods(frame, release, test, workload)
    content = [template, tested.object["spec"]["template"], frame.annotations.get(ATTEMPT)]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=plain).encode()).hexdigest()[:8]
    obj: Object = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": frame.metadata(derived(f"{workload.name}-smoke-{digest}", workload.name), smoke_stage(workload)),
        "spec": {
            "backoffLimit": test.backoff_limit,
            "activeDeadlineSeconds": test.active_deadline_seconds,
            "template": template,
        },
    }
    return Manifest(obj, SMOKE_TEST_ORIGIN)


def smoke_pods(frame: Frame, release: Release, test: SmokeTest, workload: Workload) -> Object:
    """The Job's pods: as the release's own they come from its registry, under its account."""
    security = merged_security_context(test.security_context)
    container: Object = {
        "name": "smoke",
        "image": test.image,
        **({"command": list(test.command)} if test.command else {}),
        **({"args": list(test.args)} if test.args else {}),
        "env": [{"name": "SMOKE_URL", "value": derived(f"http://{smoke_service_name(workload)}:80", workload.name)}],
        **resources_of(test.resources, None),
        **({"securityContext": security} if security else {}),
    }
    secrets = [{"name": name} for name in release.spec.pods.image_pull_secrets]
    return {
        "metadata": {"labels": {"app": derived(f"{frame.release}-smoke", frame.release)}},
        "spec": {
            "restartPolicy": "Never",
            "serviceAccountName": service_account_of(frame, release),
            "automountServiceAccountToken": False,
            "securityContext": dict(RESTRICTED_POD),
            **({"imagePullSecrets": secrets} if secrets else {}),
            "containers": [container],
        },
    }


def smoke_stage(workload: Workload) -> Stage:
    """A serving track's test gates the routes; an idle track's runs after that track is up, nothing waits for it."""
    return Stage.GATE if workload.role is Role.SERVING else Stage.PREVIEW
