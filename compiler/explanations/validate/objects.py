"""Codes for what the fields of an object say together."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

_CORE = "k8s.io/kubernetes/pkg/apis/core/validation/validation.go"
_APPS = "k8s.io/kubernetes/pkg/apis/apps/validation/validation.go"
_NETWORKING = "k8s.io/kubernetes/pkg/apis/networking/validation/validation.go"
_ARGO = "Argo CD: gitops-engine pkg/sync/common/types.go and docs/user-guide/sync-options.md"
_GATEWAY = "Gateway API: apis/v1/httproute_types.go and the CEL rules of its CRD"

POD: dict[str, Explanation] = {
    "resource-unknown": Explanation(
        "This resource does not exist",
        "Except for cpu, memory, ephemeral-storage and hugepages-…, a resource needs a domain (nvidia.com/gpu). The "
        "API "
        "server refuses other names.",
        "Correct the name, or add its domain.",
        "Kubernetes: pkg/apis/core/validation, validateContainerResourceName",
    ),
    "security-contradiction": Explanation(
        "The parts of a security context contradict each other",
        "The API server refuses it, so the pods are not created.",
        "Remove the privileges, or allow privilege escalation too.",
        "Kubernetes: pkg/apis/core/validation, ValidateSecurityContext",
    ),
    "toleration-invalid": Explanation(
        "The parts of a toleration contradict each other",
        "The API server refuses the whole object.",
        "Change it as the message says.",
        "Kubernetes: pkg/apis/core/validation, ValidateTolerations",
    ),
    "duplicate-name": Explanation(
        "Two entries of a list have the same name",
        "The API server refuses most of these lists. When it merges the others, one of the two entries is lost.",
        "Rename or remove one of the two.",
        _CORE,
    ),
    "volume-missing": Explanation(
        "A mount names a volume that the pod does not have",
        "The API server refuses the pod.",
        "Add the volume, or correct the name.",
        _CORE,
    ),
    "probe-invalid": Explanation(
        "A probe cannot work",
        "It names a port that its container does not have, or uses a setting that this kind of probe does not allow.",
        "Use a port of the container. Leave successThreshold of liveness and startup probes at 1.",
        _CORE,
    ),
    "grace-too-short": Explanation(
        "Pods are killed while they still answer requests",
        "preStop and the longest request together must fit into terminationGracePeriodSeconds (30 unless set).",
        "Raise terminationGracePeriodSeconds, or shorten the preStop sleep.",
        "Kubernetes: Pod Lifecycle, Termination of Pods",
    ),
    "restart-policy": Explanation(
        "The restart policy does not fit the workload",
        "Deployments and StatefulSets always restart their pods. Jobs restart them on failure or never.",
        "Remove restartPolicy from a Deployment. In a Job, set Never or OnFailure.",
        f"{_APPS}; pkg/apis/batch/validation",
    ),
    "selector-mismatch": Explanation(
        "The workload does not select its own pods",
        "The API server refuses a workload whose selector does not match the labels of its template.",
        "Add every label of the selector to the template.",
        _APPS,
    ),
    "rollout-cannot-move": Explanation(
        "The rollout may neither add nor remove a pod",
        "maxSurge and maxUnavailable are both 0.",
        "Set maxSurge to 1.",
        _APPS,
    ),
    "deadline-too-short": Explanation(
        "The rollout times out before its pods can become available",
        "progressDeadlineSeconds (600 unless set) must be longer than minReadySeconds.",
        "Raise progressDeadlineSeconds.",
        _APPS,
    ),
    "replicas-range": Explanation(
        "The autoscaler's minimum is above its maximum",
        "The API server refuses it.",
        "Lower minReplicas, or raise maxReplicas.",
        "k8s.io/kubernetes/pkg/apis/autoscaling/validation",
    ),
    "budget-blocks-drain": Explanation(
        "The budget allows no disruption",
        "A node with one of these pods can never be drained.",
        "Set maxUnavailable: 1.",
        "Kubernetes: Specifying a Disruption Budget; pkg/registry/core/pod/rest/eviction.go",
    ),
}

OBJECT: dict[str, Explanation] = {
    "port-conflict": Explanation(
        "Two ports conflict, or have no name",
        "If a Service has several ports, each needs a name. Number and protocol must be unique, and so must node "
        "ports.",
        "Name the ports, and change the one that is used twice.",
        _CORE,
    ),
    "service-type": Explanation(
        "A field does not fit the Service's type",
        "Node ports need the type NodePort or LoadBalancer. ExternalName needs a name and cannot have a selector.",
        "Change the type, or remove the field.",
        _CORE,
    ),
    "route-conflict": Explanation(
        "Two rules of a route match the same requests",
        "The manifest does not define which of them answers.",
        "Remove one, or make them differ.",
        f"{_NETWORKING}; {_GATEWAY}",
    ),
    "route-invalid": Explanation(
        "The gateway cannot apply the rule",
        "The rules for this kind of route forbid it, and no gateway accepts it.",
        "Change the rule as the message says.",
        _GATEWAY,
    ),
    "data-too-large": Explanation(
        "A ConfigMap or Secret exceeds 1 MiB",
        "The API server and etcd limit the size of an object.",
        "Put large files into the image, or into a volume.",
        _CORE,
    ),
    "secret-malformed": Explanation(
        "A Secret lacks the keys of its type",
        "kubernetes.io/tls needs tls.crt and tls.key; kubernetes.io/dockerconfigjson needs .dockerconfigjson.",
        "Add the key, or use the type Opaque.",
        _CORE,
    ),
    "sync-wave-invalid": Explanation(
        "A sync wave is not a whole number",
        "Argo CD silently uses wave 0 instead, so the order would be wrong.",
        'Write a whole number in quotes: "2".',
        "Argo CD: gitops-engine pkg/sync/syncwaves/waves.go",
    ),
    "argocd-annotation": Explanation(
        "Argo CD owns this annotation, or cannot read it",
        "Argo CD writes tracking-id itself. Options, hooks and policies accept only fixed words.",
        "Remove the annotation, or use a word that the message lists.",
        _ARGO,
    ),
    "link-unsafe": Explanation(
        "A link in Argo CD's user interface is not an http or https address",
        "Other schemes can run code in the browser of the person who clicks (CVE-2022-31035).",
        "Use an http or https address.",
        "Argo CD: docs/user-guide/external-url.md",
    ),
    "file-hidden": Explanation(
        "The text +argocd:skip-file-rendering would hide the file",
        "Argo CD ignores every file that contains this text. If pruning is on, it deletes the objects of the file.",
        "Remove the text.",
        "Argo CD: reposerver/repository/repository.go",
    ),
    "object-duplicate": Explanation(
        "Two objects have the same kind and name",
        "Argo CD applies only the last one, with a warning.",
        "Rename one of them.",
        "Argo CD: controller/state.go, DeduplicateTargetObjects",
    ),
    "file-name-taken": Explanation(
        "Two objects would be written to one file",
        "A file's name is made from the kind and the name of its object. Objects of different API groups can"
        " share both, and the later one would replace the earlier one.",
        "Rename one of them, or list one among the extras of another release or of the environment.",
        "Shipway's published tree",
    ),
    "name-case": Explanation(
        "Two names differ only in case",
        "On a file system that ignores case, their files would be one file.",
        "Rename one of them.",
        "Shipway's published tree",
    ),
}
