"""Codes for how objects refer to each other, and for the environment's policy."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

_GATEWAY = "Gateway API: apis/v1/httproute_types.go and the CEL rules of its CRD"
_MODEL = "Shipway's transition model"

REFERENCE: dict[str, Explanation] = {
    "service-selects-nothing": Explanation(
        "A Service selects no pods",
        "No workload has all the labels that the Service selects, so every request gets a 503.",
        "Use labels in the selector that the pods have.",
        _MODEL,
    ),
    "port-unresolved": Explanation(
        "A port does not exist on its target",
        "The targetPort of a Service, or the port of a route, does not exist on the target. Requests get a 500 or no "
        "answer.",
        "Use a port of the target.",
        _MODEL,
    ),
    "backend-missing": Explanation(
        "A route leads to a Service that does not exist",
        "Its share of the requests gets a 500 or 503, and a gated sync stops (ResolvedRefs=False).",
        "Use a Service that exists, or add this one.",
        _GATEWAY,
    ),
    "reference-missing": Explanation(
        "A workload names an object that does not exist",
        "Its pods never start (CreateContainerConfigError, or a volume cannot be mounted).",
        "Add the object, correct the name, or list it as an object that the cluster has already.",
        "Kubernetes: pkg/kubelet/kubelet_pods.go",
    ),
    "key-missing": Explanation(
        "A workload names a key that its ConfigMap or Secret does not have",
        "Its pods never start (CreateContainerConfigError).",
        "Add the key, or correct its name.",
        "Kubernetes: pkg/kubelet/kubelet_pods.go",
    ),
    "target-missing": Explanation(
        "An autoscaler or a disruption budget has no workload",
        "It selects no workload, so it does nothing, and Argo CD shows it as Degraded.",
        "Use a workload that exists.",
        "Kubernetes: pkg/controller/podautoscaler/horizontal.go",
    ),
    "utilization-without-request": Explanation(
        "An autoscaler needs a resource request that is missing",
        "Utilization is a percentage of what the containers request. Without a request, the autoscaler never acts.",
        "Give every container a request for this resource.",
        "Kubernetes: pkg/controller/podautoscaler/metrics/utilization.go",
    ),
}

POLICY: dict[str, Explanation] = {
    "policy-digest": Explanation(
        "The environment requires images with a digest",
        "A tag can move to another image, so a rollback or a new pod could start something else.",
        "Add the version's digest: sha256:…",
        "policy.requireDigest of the environment",
    ),
    "policy-registry": Explanation(
        "An image comes from a registry that the environment does not allow",
        "Only images from the registries in the policy may run here.",
        "Use an image from an allowed registry, or extend the policy.",
        "policy.registries of the environment",
    ),
    "policy-limits": Explanation(
        "The environment requires resource limits",
        "A container without a memory limit can use up the memory of its node.",
        "Set resources.limits.memory.",
        "policy.requireLimits of the environment",
    ),
    "policy-quota": Explanation(
        "The environment's quota refuses pods without requests",
        "If a ResourceQuota counts a resource, Kubernetes refuses every pod whose containers do not request it. The "
        "rollout creates no pods, and the sync waits.",
        "Set resources.requests for it. If a LimitRange sets it, add an exception to the policy.",
        "Kubernetes: pkg/quota/v1/evaluator/core/pods.go",
    ),
    "policy-replicas": Explanation(
        "The environment requires more replicas",
        "With fewer replicas, the loss of one node is an outage.",
        "Raise `replicas`, or the minimum of the autoscaler.",
        "policy.minReplicas of the environment",
    ),
    "policy-inline-secret": Explanation(
        "The environment forbids Secrets in Git",
        "Everybody who can read the repository, now or later, can read the secret.",
        "Use an existing Secret, an ExternalSecret, a SealedSecret or a Certificate.",
        "policy.inlineSecrets of the environment",
    ),
    "policy-literal-secret": Explanation(
        "A secret is written in plain text",
        "A variable, an argument or a file of the configuration contains a value that looks like a password, a "
        "token or a private key. Anyone who can read the repository, now or later, can read it.",
        "Put it into a Secret and refer to it: `env: {NAME: {secret: SECRET, key: KEY}}`. Replace the value that was "
        "exposed. If the value is not a secret, add an exception for the rule `policy-literal-secret` to the policy.",
        "detect-secrets 1.5: the rules of its plugins; policy.inlineSecrets of the environment",
    ),
}
