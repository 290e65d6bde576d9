"""Codes for what objects say about each other, and for the environment's policy."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

_GATEWAY = "Gateway API: apis/v1/httproute_types.go and the CEL rules of its CRD"
_MODEL = "Shipway's transition model"

REFERENCE: dict[str, Explanation] = {
    "service-selects-nothing": Explanation(
        "A Service selects no pods",
        "Its requests are answered by 503: no workload's template has all the labels that it selects.",
        "Give the selector labels that the pods have.",
        _MODEL,
    ),
    "port-unresolved": Explanation(
        "A port does not exist where it points to",
        "A Service's targetPort, or a route's port, names what its target does not have: no endpoints, or 500.",
        "Name a port of the target.",
        _MODEL,
    ),
    "backend-missing": Explanation(
        "A route leads to a Service that does not exist",
        "Its share of requests is answered by 500 or 503, and a gated sync stops (ResolvedRefs=False).",
        "Name an existing Service, or add it.",
        _GATEWAY,
    ),
    "reference-missing": Explanation(
        "A workload names an object that does not exist",
        "Its pods never start: CreateContainerConfigError, or a volume that cannot be mounted.",
        "Add the object, correct the name, or name it among those that exist outside.",
        "Kubernetes: pkg/kubelet/kubelet_pods.go",
    ),
    "key-missing": Explanation(
        "A workload names a key that its ConfigMap or Secret lacks",
        "Its pods never start: CreateContainerConfigError.",
        "Add the key, or correct its name.",
        "Kubernetes: pkg/kubelet/kubelet_pods.go",
    ),
    "target-missing": Explanation(
        "An autoscaler or a budget has no workload",
        "It names or selects none, so it does nothing, and Argo CD shows it Degraded.",
        "Name an existing workload.",
        "Kubernetes: pkg/controller/podautoscaler/horizontal.go",
    ),
    "utilization-without-request": Explanation(
        "An autoscaler measures against a request that is not there",
        "Utilization is a share of what the containers request; without it the autoscaler never acts.",
        "Give every container a request for this resource.",
        "Kubernetes: pkg/controller/podautoscaler/metrics/utilization.go",
    ),
}

POLICY: dict[str, Explanation] = {
    "policy-digest": Explanation(
        "The environment asks for images by digest",
        "A tag can be moved, so that a rollback, or a new pod, starts something else.",
        "Add the version's digest: sha256:…",
        "policy.requireDigest of the environment",
    ),
    "policy-registry": Explanation(
        "An image comes from a registry that the environment does not allow",
        "Only images of the registries in the policy may run here.",
        "Use an image of an allowed registry, or extend the policy.",
        "policy.registries of the environment",
    ),
    "policy-limits": Explanation(
        "The environment asks for resource limits",
        "A container without a memory limit can take the node down with it.",
        "Set resources.limits.memory.",
        "policy.requireLimits of the environment",
    ),
    "policy-quota": Explanation(
        "The environment's quota admits no pods without requests",
        "A ResourceQuota on requests refuses every pod with a container that says no request for what it counts: the "
        "rollout makes no pods, and the sync waits.",
        "Set resources.requests for it; where a LimitRange gives it, add an exception of the policy.",
        "Kubernetes: pkg/quota/v1/evaluator/core/pods.go",
    ),
    "policy-replicas": Explanation(
        "The environment asks for more replicas",
        "With fewer, the loss of one node is an outage.",
        "Raise the replicas, or the autoscaler's minimum.",
        "policy.minReplicas of the environment",
    ),
    "policy-inline-secret": Explanation(
        "The environment forbids Secrets in Git",
        "Whoever can read the repository, now or later, can read the secret.",
        "Use an existing Secret, an ExternalSecret, a SealedSecret or a Certificate.",
        "policy.inlineSecrets of the environment",
    ),
    "policy-literal-secret": Explanation(
        "A secret stands in plain text",
        "A variable, an argument or a file of the configuration holds a value that looks like a password, a token or "
        "a private key. Anyone who can read the repository, now or later, can read it.",
        "Put it into a Secret and refer to it: `env: {NAME: {secret: SECRET, key: KEY}}`. Replace the value that was "
        "exposed. If the value is not a secret, add an exception for the rule `policy-literal-secret` to the policy.",
        "detect-secrets 1.5: the rules of its plugins; policy.inlineSecrets of the environment",
    ),
}
