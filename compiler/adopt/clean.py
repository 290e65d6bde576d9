"""Objects as somebody wrote them: without what a server, a controller or the tool that applied them has added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from compiler.model.manifest import Object
from compiler.model.objects import mapping_or_empty, object_key, without_nulls
from compiler.traffic.adoption import adopted_routes
from compiler.transition.facts.defaults import DEFAULTS, QUANTITIES, default_pull_policy

SERVER_METADATA: Final = frozenset(
    {"managedFields", "uid", "resourceVersion", "generation", "creationTimestamp", "selfLink", "deletionTimestamp"}
)
"""Source: Kubernetes, apimachinery pkg/apis/meta/v1/types.go, `ObjectMeta`: "Populated by the system"."""
TOOL_ANNOTATIONS: Final = frozenset(
    {
        "kubectl.kubernetes.io/last-applied-configuration",
        "deployment.kubernetes.io/revision",
        "deprecated.daemonset.template.generation",
        "argocd.argoproj.io/tracking-id",
        "meta.helm.sh/release-name",
        "meta.helm.sh/release-namespace",
        "rollout.argoproj.io/revision",
        "rollout.argoproj.io/workload-generation",
        "argo-rollouts.argoproj.io/managed-by-rollouts",
        "autoscaling.alpha.kubernetes.io/conditions",
        "autoscaling.alpha.kubernetes.io/current-metrics",
    }
)
"""Who applied an object, and what its controller remembers: none of it is part of what its author wrote."""
TOOL_LABELS: Final = frozenset({"argocd.argoproj.io/instance"})
HASH_LABEL: Final = "rollouts-pod-template-hash"
"""by which Argo Rollouts tells the pods of two versions apart; it writes it into the selectors of Services"""
SERVICE_FIELDS: Final = frozenset({"clusterIPs", "ipFamilies", "ipFamilyPolicy", "healthCheckNodePort"})
"""What the API server allocates to a Service. Source: Kubernetes, pkg/registry/core/service/storage/alloc.go."""
JOB_DEFAULTS: Final[Mapping[str, Any]] = {
    "backoffLimit": 6,
    "completionMode": "NonIndexed",
    "completions": 1,
    "manualSelector": False,
    "parallelism": 1,
    "podReplacementPolicy": "TerminatingOrFailed",
    "suspend": False,
}
"""Source: Kubernetes, pkg/apis/batch/v1/defaults.go (`SetDefaults_Job`, `SetDefaults_CronJob`)."""
JOB_LABELS: Final = frozenset(
    {"controller-uid", "job-name", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name"}
)
"""What the server writes into a Job's pods and selector. Source: Kubernetes, pkg/registry/batch/job/strategy.go."""
KIND_DEFAULTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "Deployment": {
        "replicas": 1,
        "progressDeadlineSeconds": 600,
        "revisionHistoryLimit": 10,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}},
    },
    "StatefulSet": {
        "replicas": 1,
        "revisionHistoryLimit": 10,
        "podManagementPolicy": "OrderedReady",
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
    },
    "Job": JOB_DEFAULTS,
    "CronJob": {
        "concurrencyPolicy": "Allow",
        "failedJobsHistoryLimit": 1,
        "successfulJobsHistoryLimit": 3,
        "suspend": False,
    },
    "Service": {"type": "ClusterIP", "sessionAffinity": "None", "internalTrafficPolicy": "Cluster"},
    "PodDisruptionBudget": {},
}
"""What the server writes into `spec` where nobody did. Source: Kubernetes, pkg/apis/apps/v1/defaults.go
(`SetDefaults_Deployment`, `SetDefaults_StatefulSet`) and pkg/apis/core/v1/defaults.go (`SetDefaults_Service`).
"""
VOLUME_MODE: Final = ("volumeMode", "Filesystem")
POD_DEFAULTS: Final[Mapping[str, Any]] = {"serviceAccountName": "default", "enableServiceLinks": True}
"""Source: Kubernetes, plugin/pkg/admission/serviceaccount; pkg/apis/core/v1/defaults.go, `SetDefaults_PodSpec`."""
POD_OWNERS: Final = frozenset({"Deployment", "StatefulSet", "DaemonSet", "Rollout", "Job", "CronJob"})


def authored_object(obj: Object) -> Object:
    """The object without nulls, status, and what the server, controllers and tools have added to it."""
    cleaned: Object = without_nulls({key: value for key, value in obj.items() if key != "status"})
    cleaned["metadata"] = _authored_metadata(cleaned.get("metadata"))
    spec = cleaned.get("spec")
    if isinstance(spec, dict):
        routes = adopted_routes().get(object_key(obj)[:2])
        cleaned["spec"] = dict(routes.authored(spec)) if routes else _authored_spec(str(obj.get("kind")), spec)
    return cleaned


def without_server_defaults(value: Any, field: str = "") -> Any:
    """A pod template without what says the same when it is left out; quantities stay as they were written.

    `without_defaults` of `transition/facts` compares by value; this one keeps the text for the spec.
    """
    if isinstance(value, list):
        return [without_server_defaults(item, field) for item in value]
    if not isinstance(value, dict) or field in QUANTITIES:
        return value
    kept = {name: without_server_defaults(inner, name) for name, inner in value.items()}
    # a volume without a source is an emptyDir to the server, and a mistake to a reader
    implied = {} if field == "volumes" else {**DEFAULTS.get(field, {}), **_usual_pull_policy(kept)}
    return {name: inner for name, inner in kept.items() if inner not in ([], None) and inner != implied.get(name, ...)}


def _usual_pull_policy(container: Mapping[str, Any]) -> dict[str, str]:
    """What a container with an image does that says nothing of it."""
    image = container.get("image")
    return {"imagePullPolicy": default_pull_policy(image)} if isinstance(image, str) else {}


def _authored_metadata(metadata: Any) -> dict[str, Any]:
    kept = {key: value for key, value in mapping_or_empty(metadata).items() if key not in SERVER_METADATA}
    for field, dropped in (("annotations", TOOL_ANNOTATIONS), ("labels", TOOL_LABELS | JOB_LABELS)):
        written = mapping_or_empty(kept.pop(field, None))
        entries = {key: value for key, value in written.items() if key not in dropped}
        if entries:
            kept[field] = entries
    return kept


def _authored_spec(kind: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    implied = KIND_DEFAULTS.get(kind, {})
    # an empty text says nothing where the server has types (Kubernetes, `omitempty`)
    empty = "" if kind in KIND_DEFAULTS else ...
    kept = {key: value for key, value in spec.items() if value != implied.get(key, ...) and value != empty}
    if kind == "Service":
        kept = _authored_service(kept)
    strategy = kept.get("strategy")
    if kind == "Deployment" and isinstance(strategy, dict) and strategy.get("type") == "RollingUpdate":
        kept["strategy"] = {key: value for key, value in strategy.items() if key != "type"}
    if kept.get("updateStrategy") == {"type": "RollingUpdate"}:
        del kept["updateStrategy"]
    claims = kept.get("volumeClaimTemplates")
    if isinstance(claims, list):
        kept["volumeClaimTemplates"] = [_authored_claim(claim) for claim in claims]
    if kind == "CronJob" and isinstance(kept.get("jobTemplate"), dict):
        inner = mapping_or_empty(kept["jobTemplate"].get("spec"))
        kept["jobTemplate"] = {**kept["jobTemplate"], "spec": _authored_spec("Job", inner)}
    if kind == "Job" and kept.get("manualSelector") is not True:
        kept.pop("selector", None)
    template = kept.get("template")
    if kind in POD_OWNERS and isinstance(template, dict):
        pod = _authored_pod(mapping_or_empty(template.get("spec")))
        kept["template"] = {"metadata": _authored_metadata(template.get("metadata")), "spec": pod}
    return kept


def _authored_claim(claim: Any) -> Any:
    """A claim's template; its kind, its state and the mode of its volume go without saying."""
    if not isinstance(claim, dict):
        return claim
    kept = {key: value for key, value in claim.items() if key not in ("apiVersion", "kind", "status")}
    spec = {key: value for key, value in mapping_or_empty(kept.get("spec")).items() if (key, value) != VOLUME_MODE}
    return {**kept, "metadata": _authored_metadata(kept.get("metadata")), "spec": spec}


def _authored_pod(spec: Mapping[str, Any]) -> dict[str, Any]:
    """A pod's spec; the account `default` and the variables of Services are there without a word."""
    kept = {"serviceAccountName": spec.get("serviceAccount"), **without_server_defaults(dict(spec), "spec")}
    kept.pop("serviceAccount", None)  # the field's former name
    for field in ("containers", "initContainers"):
        if isinstance(kept.get(field), list):
            kept[field] = [_authored_container(each) for each in kept[field]]
    return {
        name: inner for name, inner in kept.items() if inner not in (None, "") and inner != POD_DEFAULTS.get(name, ...)
    }


def _authored_container(container: Any) -> Any:
    """A container whose variables have one source each: an empty value beside another one is none.

    Source: Kubernetes, pkg/apis/core/validation/validation.go, `validateEnvVarValueFrom`.
    """
    if not isinstance(container, dict) or not isinstance(container.get("env"), list):
        return container
    env = [
        {key: value for key, value in each.items() if key != "value" or value != ""}
        if isinstance(each, dict) and "valueFrom" in each
        else each
        for each in container["env"]
    ]
    return {**container, "env": env}


def _authored_service(spec: Mapping[str, Any]) -> dict[str, Any]:
    """An address that was allocated is no part of the manifest; `None` (headless) is."""
    kept = {key: value for key, value in spec.items() if key not in SERVICE_FIELDS}
    if kept.get("clusterIP") != "None":
        kept.pop("clusterIP", None)
    selector = kept.get("selector")
    if isinstance(selector, dict):  # Argo Rollouts writes there which pods serve
        kept["selector"] = {key: value for key, value in selector.items() if key != HASH_LABEL}
    ports = kept.get("ports")
    if isinstance(ports, list):
        kept["ports"] = [_authored_port(port) for port in ports]
    return kept


def _authored_port(port: Any) -> Any:
    if not isinstance(port, dict):
        return port
    implied = {"protocol": "TCP", "targetPort": port.get("port")}
    return {key: value for key, value in port.items() if value != implied.get(key, ...)}
