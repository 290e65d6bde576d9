"""Pods and their templates: what a new template changes, and what its pods do to others or are done to by the node.

Whatever decides inside of a pod only is judged with the rollout: new pods may take arbitrarily long to become ready,
or stay unready for ever, and each of these states is explored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from compiler.model.classification import FieldTable, Inert, Items, Modeled, Unjudged
from compiler.model.objects import integer_or_default
from compiler.transition.classification.shared.metadata import TEMPLATE_METADATA

ROLLOUT = Modeled("the rollout: new pods may never become ready")
CALLS = Modeled("calls, and the rollout")
CONFIG = Modeled("config, and the rollout")
DRAINED = Modeled("drained")
ACCEPTED = Modeled("accepted, and the rollout")
PORTS = Modeled("available: on which ports ready pods listen")
READY = Modeled("available: whether readiness waits for the server")
RESTARTED = Unjudged("whether serving containers are killed and restarted", alone=False)
REACHED = Unjudged("which servers its pods reach by name", alone=False)
NAMED = Unjudged("under which names others find its pods", alone=False)
ON_THE_NODE = Unjudged("which ports of the nodes lead to its pods", alone=False)
ENDED = Unjudged("when and how its pods terminate", alone=False)

HANDLER: FieldTable = {"exec": DRAINED, "httpGet": DRAINED, "sleep": DRAINED, "tcpSocket": DRAINED}
LIFECYCLE: FieldTable = {"preStop": HANDLER, "postStart": ROLLOUT, "stopSignal": ENDED}
READINESS_PROBE: FieldTable = dict.fromkeys(
    (
        "exec", "failureThreshold", "grpc", "httpGet", "initialDelaySeconds", "periodSeconds", "successThreshold",
        "tcpSocket", "terminationGracePeriodSeconds", "timeoutSeconds",
    ),
    READY,
)  # fmt: skip
ONE_SUCCESS = Inert("Kubernetes, pkg/apis/core/validation `validateLivenessProbe`: it must be 1")


def _is_less_than(default: int) -> Callable[[Any, Any], bool]:
    """Whether a probe that fails is given less of it than before; the default is what the API server fills in.

    Source: Kubernetes, pkg/apis/core/v1/defaults.go `SetDefaults_Probe`: 0 counts as nothing there.
    """

    def is_less(old: Any, new: Any) -> bool:
        before, after = (integer_or_default(value, default) or default for value in (old, new))
        return after < before

    return is_less


LIVENESS_PROBE: FieldTable = {
    **dict.fromkeys(("exec", "grpc", "tcpSocket", "terminationGracePeriodSeconds"), RESTARTED),
    "httpGet": {
        **dict.fromkeys(("host", "httpHeaders", "port", "protocol"), RESTARTED),
        "path": replace(RESTARTED, default="/"),
        "scheme": replace(RESTARTED, default="HTTP"),
    },
    "failureThreshold": replace(RESTARTED, default=3, matters=_is_less_than(3)),
    "timeoutSeconds": replace(RESTARTED, default=1, matters=_is_less_than(1)),
    "periodSeconds": replace(RESTARTED, default=10, matters=_is_less_than(10)),
    "initialDelaySeconds": ROLLOUT,  # prober/worker.go `doProbe`: a container killed while it starts is no ready pod
    "successThreshold": ONE_SUCCESS,
}
CONTAINER_PORT: FieldTable = {
    "containerPort": PORTS,
    "name": PORTS,
    "protocol": PORTS,
    "hostPort": Modeled("available: which ports of the nodes lead to its pods"),
    "hostIP": ON_THE_NODE,
}
CONTAINER: FieldTable = {
    "name": ROLLOUT,
    "image": ROLLOUT,
    "imagePullPolicy": ROLLOUT,
    "args": CALLS,
    "command": CALLS,
    "env": Modeled("calls, config, and the rollout"),
    "envFrom": CONFIG,
    "lifecycle": LIFECYCLE,
    "livenessProbe": LIVENESS_PROBE,
    "readinessProbe": READINESS_PROBE,
    "startupProbe": READINESS_PROBE,
    "ports": Items(CONTAINER_PORT, by=("containerPort", "protocol")),
    "resizePolicy": ROLLOUT,
    "resources": Modeled("quotas and limit ranges, and the rollout"),
    "restartPolicy": replace(RESTARTED, default="Always"),
    "restartPolicyRules": RESTARTED,
    "securityContext": ROLLOUT,
    "stdin": ROLLOUT,
    "stdinOnce": ROLLOUT,
    "terminationMessagePath": ROLLOUT,
    "terminationMessagePolicy": ROLLOUT,
    "tty": ROLLOUT,
    "volumeDevices": ROLLOUT,
    "volumeMounts": CONFIG,
    "workingDir": ROLLOUT,
}
INIT_CONTAINER: FieldTable = {
    **CONTAINER,
    "restartPolicy": Modeled("available: sidecars serve too; and the rollout: what ends may fail, and its pod with it"),
}
VOLUME: FieldTable = {
    "name": CONFIG,
    **dict.fromkeys(("configMap", "secret", "projected", "persistentVolumeClaim"), CONFIG),
    **dict.fromkeys(
        (
            "awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "csi", "downwardAPI", "emptyDir",
            "ephemeral", "fc", "flexVolume", "flocker", "gcePersistentDisk", "gitRepo", "glusterfs", "hostPath",
            "image", "iscsi", "nfs", "photonPersistentDisk", "portworxVolume", "quobyte", "rbd", "scaleIO",
            "storageos", "vsphereVolume",
        ),
        ROLLOUT,
    ),
}  # fmt: skip
_PLACED: tuple[str, ...] = (
    "affinity", "nodeName", "nodeSelector", "os", "overhead", "preemptionPolicy", "priority", "priorityClassName",
    "readinessGates", "resourceClaims", "runtimeClassName", "schedulerName", "schedulingGates", "schedulingGroup",
    "tolerations", "topologySpreadConstraints", "workloadRef",
)  # fmt: skip
_INSIDE: tuple[str, ...] = (
    "automountServiceAccountToken", "enableServiceLinks", "ephemeralContainers", "hostIPC", "hostPID", "hostUsers",
    "securityContext", "setHostnameAsFQDN", "shareProcessNamespace",
)  # fmt: skip
POD_SPEC: FieldTable = {
    **dict.fromkeys((*_PLACED, *_INSIDE), ROLLOUT),
    "activeDeadlineSeconds": ENDED,
    "containers": Items(CONTAINER, alone=False),
    "initContainers": Items(INIT_CONTAINER, alone=False),
    "dnsConfig": REACHED,
    "dnsPolicy": Unjudged("which servers its pods reach by name", default="ClusterFirst", alone=False),
    "evictionResponders": ENDED,
    "hostAliases": REACHED,
    "hostNetwork": Unjudged(ON_THE_NODE.influence, default=False, alone=False),
    "hostname": NAMED,
    "hostnameOverride": NAMED,
    "subdomain": NAMED,
    "imagePullSecrets": CONFIG,
    "resources": Modeled("quotas, and the rollout"),
    "restartPolicy": ACCEPTED,
    "serviceAccount": CONFIG,
    "serviceAccountName": CONFIG,
    "terminationGracePeriodSeconds": DRAINED,
    "volumes": Items(VOLUME),
}
POD_TEMPLATE: FieldTable = {"metadata": TEMPLATE_METADATA, "spec": POD_SPEC}
JOB_TEMPLATE: FieldTable = {
    "metadata": TEMPLATE_METADATA,
    "spec": dict.fromkeys(POD_SPEC, Modeled("accepted, config, finishes: a Job may fail, or never end")),
}
