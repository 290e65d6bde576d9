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
        "There is no such resource",
        "Beside cpu, memory, ephemeral-storage and hugepages-…, resources have a domain in front (nvidia.com/gpu); the "
        "API server refuses other names.",
        "Correct the name, or add its domain.",
        "Kubernetes: pkg/apis/core/validation, validateContainerResourceName",
    ),
    "security-contradiction": Explanation(
        "The parts of a security context contradict each other",
        "The API server refuses it, and with it the pods.",
        "Allow privilege escalation too, or better do without privileges.",
        "Kubernetes: pkg/apis/core/validation, ValidateSecurityContext",
    ),
    "toleration-invalid": Explanation(
        "The parts of a toleration contradict each other",
        "The API server refuses it, and with it the whole object.",
        "Change it as the message says.",
        "Kubernetes: pkg/apis/core/validation, ValidateTolerations",
    ),
    "duplicate-name": Explanation(
        "Two entries of one list have the same name",
        "The API server refuses most of such lists, and merges of the rest lose one of the two.",
        "Rename or remove one.",
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
        "It names a port that its container lacks, or asks for what its kind of probe does not allow.",
        "Name a port of the container; leave successThreshold of liveness and startup probes at 1.",
        _CORE,
    ),
    "grace-too-short": Explanation(
        "Pods are killed while they still answer requests",
        "preStop and the longest request share terminationGracePeriodSeconds (30 unless set): preStop counts too.",
        "Raise terminationGracePeriodSeconds, or shorten the preStop sleep.",
        "Kubernetes: Pod Lifecycle, Termination of Pods",
    ),
    "restart-policy": Explanation(
        "The restart policy does not fit the workload",
        "Deployments and StatefulSets restart always; Jobs on failure or never.",
        "Remove restartPolicy from a Deployment; set Never or OnFailure in a Job.",
        f"{_APPS}; pkg/apis/batch/validation",
    ),
    "selector-mismatch": Explanation(
        "The workload does not select its own pods",
        "The API server refuses a workload whose selector does not match the labels of its template.",
        "Give the template every label that the selector names.",
        _APPS,
    ),
    "rollout-cannot-move": Explanation(
        "The rollout may neither add nor remove a pod",
        "maxSurge and maxUnavailable are both 0.",
        "Set maxSurge to 1.",
        _APPS,
    ),
    "deadline-too-short": Explanation(
        "The rollout is given up before its pods can be available",
        "progressDeadlineSeconds (600 unless set) must exceed minReadySeconds.",
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
        "No node with such a pod can ever be drained.",
        "Set maxUnavailable: 1.",
        "Kubernetes: Specifying a Disruption Budget; pkg/registry/core/pod/rest/eviction.go",
    ),
}

OBJECT: dict[str, Explanation] = {
    "port-conflict": Explanation(
        "Two ports exclude each other, or lack a name",
        "Of several ports of a Service each needs a name; number and protocol are unique; a node port belongs to one.",
        "Name the ports, and change the one that is taken.",
        _CORE,
    ),
    "service-type": Explanation(
        "A field does not fit the Service's type",
        "Node ports need NodePort or LoadBalancer; ExternalName needs a name and takes no selector.",
        "Change the type, or remove the field.",
        _CORE,
    ),
    "route-conflict": Explanation(
        "Two rules of one route match the same requests",
        "Which of them answers is not defined by what is written.",
        "Remove one, or make them differ.",
        f"{_NETWORKING}; {_GATEWAY}",
    ),
    "route-invalid": Explanation(
        "The gateway cannot carry out the rule",
        "The route's own rules forbid it, and no gateway accepts it.",
        "Change the rule as the message says.",
        _GATEWAY,
    ),
    "data-too-large": Explanation(
        "A ConfigMap or Secret exceeds 1 MiB",
        "The API server and etcd bound the size of an object.",
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
        "A sync wave is no whole number",
        "Argo CD falls back to wave 0 in silence, so the order would not be the one that is written.",
        'Write a whole number in quotes: "2".',
        "Argo CD: gitops-engine pkg/sync/syncwaves/waves.go",
    ),
    "argocd-annotation": Explanation(
        "An annotation that Argo CD itself owns, or cannot read",
        "tracking-id is written by Argo CD; options, hooks and policies take fixed words.",
        "Remove it, or use the words that the message lists.",
        _ARGO,
    ),
    "link-unsafe": Explanation(
        "A link in Argo CD's user interface is no http or https address",
        "Other schemes run in the browser of whoever clicks (CVE-2022-31035).",
        "Use an http or https address.",
        "Argo CD: docs/user-guide/external-url.md",
    ),
    "file-hidden": Explanation(
        "The text +argocd:skip-file-rendering would hide the file",
        "Argo CD ignores a file that holds it anywhere; with prune on, it deletes the file's objects.",
        "Remove the text.",
        "Argo CD: reposerver/repository/repository.go",
    ),
    "object-duplicate": Explanation(
        "Two objects have the same identity",
        "Argo CD applies the last one only, with a warning.",
        "Rename one of them.",
        "Argo CD: controller/state.go, DeduplicateTargetObjects",
    ),
    "name-case": Explanation(
        "Two names differ in case only",
        "Their files would be one file where file systems ignore case.",
        "Rename one of them.",
        "Shipway's published tree",
    ),
}
