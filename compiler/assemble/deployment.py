"""One Deployment a track."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compiler.assemble.config import Configuration
from compiler.assemble.container import CONFIG_VOLUME, container_object
from compiler.assemble.passed_on import passed_on
from compiler.assemble.probes import startup_budget
from compiler.assemble.security import RESTRICTED_POD, merged_security_context, restricted_container
from compiler.model.frame import LONGEST_REQUEST, Frame
from compiler.model.manifest import Manifest, Object, Origin
from compiler.model.provenance import derived
from compiler.model.topology import Recreate, Role, RollingUpdate, Stage, Workload
from compiler.spec.container import image_of
from compiler.spec.pods import ModelVolume
from compiler.spec.presets import Timing, first_defined, timing_of
from compiler.spec.release import Release

DEADLINE_MARGIN = 60


def deployment(frame: Frame, release: Release, workload: Workload, configuration: Configuration | None) -> Manifest:
    """One track's Deployment. Beside an autoscaler `replicas` counts at creation only: the Application ignores it."""
    pods, timing = release.spec.pods, timing_of(release.spec)
    obj: Object = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": frame.metadata(workload.deployment, stage_of(workload), labels=frame.track_labels(workload)),
        "spec": {
            "replicas": workload.replicas,
            "minReadySeconds": pods.min_ready_seconds,
            # a gate must end by itself: Argo CD ignores newer commits while it waits (argo-cd, autoSync)
            "progressDeadlineSeconds": startup_budget(release.spec, timing) + pods.min_ready_seconds + DEADLINE_MARGIN,
            "revisionHistoryLimit": 3,
            "selector": frame.deployment_selector(workload),
            "strategy": update_strategy(workload.update),
            "template": pod_template(frame, release, workload, configuration, timing),
        },
    }
    return Manifest(obj, Origin(workload.path, "strategy"))


def update_strategy(update: RollingUpdate | Recreate) -> Object:
    if isinstance(update, Recreate):
        return {"type": "Recreate"}
    numbers = {"maxSurge": update.max_surge, "maxUnavailable": update.max_unavailable}
    return {"type": "RollingUpdate", "rollingUpdate": numbers}


def pod_template(
    frame: Frame, release: Release, workload: Workload, configuration: Configuration | None, timing: Timing
) -> Object:
    """The track's pods, whatever makes them."""
    pods = release.spec.pods
    return {
        "metadata": {
            "labels": frame.pod_labels(workload, pods.labels),
            "annotations": {**pods.annotations, LONGEST_REQUEST: str(timing.longest_request)},
        },
        "spec": pod_spec(frame, release, workload, configuration, timing),
    }


def stage_of(workload: Workload) -> Stage:
    return Stage.TRACKS if workload.role is Role.SERVING else Stage.IDLE


def pod_spec(
    frame: Frame, release: Release, workload: Workload, configuration: Configuration | None, timing: Timing
) -> Object:
    pods = release.spec.pods
    spec: Object = {
        "serviceAccountName": service_account_of(frame, release),
        "automountServiceAccountToken": pods.automount_service_account_token,
        # else containers have variables of every Service there is when they start: API_PORT=tcp://… of a Service `api`
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": first_defined(pods.termination_grace_period_seconds, timing.grace),
        "securityContext": merged_security_context(pods.security_context, RESTRICTED_POD),
    }
    optional: Object = {
        **passed_on(pods),
        "imagePullSecrets": [{"name": name} for name in pods.image_pull_secrets],
        "topologySpreadConstraints": topology_spread(frame, release, workload),
        "initContainers": [beside_container(each, release, workload) for each in pods.init_containers],
    }
    spec |= {name: value for name, value in optional.items() if value}
    spec["containers"] = [
        container_object(frame, release, workload, configuration, timing),
        *(beside_container(each, release, workload) for each in pods.sidecars),
    ]
    volumes = volumes_of(release, configuration)
    if volumes:
        spec["volumes"] = volumes
    return spec


def beside_container(container: Mapping[str, Any], release: Release, workload: Workload) -> Object:
    """A container beside the release's own; one that names no image runs that of the version, and moves with it."""
    image = derived(image_of(release.spec.container, workload.version), workload.version.version)
    return restricted_container({"image": image, **container})


def service_account_of(frame: Frame, release: Release) -> str:
    return release.spec.pods.service_account or frame.account


def topology_spread(frame: Frame, release: Release, workload: Workload) -> list[Object]:
    """Pods of one track on different nodes where possible: a lost node must not take a track away."""
    wanted = release.spec.pods.topology_spread
    if wanted == "off":
        return []
    if wanted is not None:
        return list(wanted)
    return [
        {
            "maxSkew": 1,
            "topologyKey": "kubernetes.io/hostname",
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": frame.selector(workload)},
        }
    ]


def volumes_of(release: Release, configuration: Configuration | None) -> list[Object]:
    volumes: list[Object] = [model_volume(volume) for volume in release.spec.pods.models]
    if configuration is not None and configuration.files is not None:
        volumes.append({"name": CONFIG_VOLUME, "configMap": {"name": configuration.files.name}})
    return [*volumes, *release.spec.pods.volumes]


def model_volume(volume: ModelVolume) -> Object:
    if volume.claim is not None:
        return {"name": volume.name, "persistentVolumeClaim": {"claimName": volume.claim, "readOnly": True}}
    return {"name": volume.name, "image": {"reference": volume.image, "pullPolicy": "IfNotPresent"}}
