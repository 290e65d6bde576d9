"""A StatefulSet for the one track of a release, and the headless Service that names its pods."""

from __future__ import annotations

from typing import Final

from compiler.assemble.config import Configuration
from compiler.assemble.deployment import pod_template
from compiler.assemble.passed_on import passed_on
from compiler.model.frame import Frame
from compiler.model.manifest import Manifest, Object, Origin
from compiler.model.provenance import derived
from compiler.model.topology import Stage, Workload
from compiler.spec.pods import Stateful
from compiler.spec.ports import declared_ports
from compiler.spec.presets import timing_of
from compiler.spec.release import Release

CLAIM_FORM: Final = {"apiVersion": "v1", "kind": "PersistentVolumeClaim"}
"""what the API server writes into each template: left out it would always differ"""


def stateful_set(
    frame: Frame, release: Release, workload: Workload, configuration: Configuration | None, wanted: Stateful
) -> Manifest:
    """The StatefulSet; pods are replaced one by one, the last of them first."""
    spec: Object = {
        "replicas": workload.replicas,
        "minReadySeconds": release.spec.pods.min_ready_seconds,
        "revisionHistoryLimit": 3,
        "serviceName": naming_service(frame, wanted),
        **passed_on(wanted),
        "selector": frame.deployment_selector(workload),
        "updateStrategy": {"type": "RollingUpdate"},
        "template": pod_template(frame, release, workload, configuration, timing_of(release.spec)),
    }
    if wanted.claims:
        spec["volumeClaimTemplates"] = [{**CLAIM_FORM, **claim} for claim in wanted.claims]
    obj: Object = {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": frame.metadata(workload.deployment, Stage.TRACKS, labels=frame.track_labels(workload)),
        "spec": spec,
    }
    return Manifest(obj, Origin(("spec", "stateful")))


def naming_service(frame: Frame, wanted: Stateful) -> str:
    return wanted.service_name or derived(f"{frame.release}-headless", frame.release)


def headless_service(frame: Frame, release: Release, workload: Workload, wanted: Stateful) -> list[Manifest]:
    """The Service by which each pod has a name; pods find each other by it before they are ready.

    None where the release describes a Service of that name itself.
    """
    name = naming_service(frame, wanted)
    if name == frame.service or name in release.spec.expose.services:
        return []
    ports = [
        {"name": port.name, "protocol": port.protocol, "port": port.number, "targetPort": port.name}
        for port in declared_ports(release.spec.container)
    ]
    obj: Object = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": frame.metadata(name, Stage.TRACKS),
        "spec": {
            "type": "ClusterIP",
            "clusterIP": "None",
            "publishNotReadyAddresses": True,
            "selector": frame.selector(workload),
            **({"ports": ports} if ports else {}),
        },
    }
    return [Manifest(obj, Origin(("spec", "stateful")))]
