"""Kinds that are classified as a whole, for no field of theirs makes a difference.

An inert kind can neither carry, gate, configure nor admit a request. An unproven kind may, and nothing simulates it.
"""

from __future__ import annotations

from collections.abc import Mapping

from compiler.model.classification import Inert, Unjudged

REVIEW = Inert("Kubernetes, pkg/registry/authorization and authentication: a request that is answered and never stored")
NODE_STATE = Inert("Kubernetes: written by nodes and controllers, and read only by people")
CLAIMED = "whether pods that claim devices can start"
ADMITTED = "which objects and pods the API server accepts, and how it changes them"
STORED = "whether pods get their volumes"
SCHEDULED = "whether its pods are placed on nodes"
BUILT_IN_INERT: Mapping[tuple[str, str], Inert] = {
    ("", "ComponentStatus"): NODE_STATE,
    ("", "Event"): NODE_STATE,
    ("apps", "ControllerRevision"): Inert("Kubernetes, pkg/controller/history: earlier revisions of a workload"),
    ("authentication.k8s.io", "SelfSubjectReview"): REVIEW,
    ("authentication.k8s.io", "TokenRequest"): REVIEW,
    ("authentication.k8s.io", "TokenReview"): REVIEW,
    ("authorization.k8s.io", "LocalSubjectAccessReview"): REVIEW,
    ("authorization.k8s.io", "SelfSubjectAccessReview"): REVIEW,
    ("authorization.k8s.io", "SelfSubjectRulesReview"): REVIEW,
    ("authorization.k8s.io", "SubjectAccessReview"): REVIEW,
    ("certificates.k8s.io", "CertificateSigningRequest"): REVIEW,
    ("certificates.k8s.io", "PodCertificateRequest"): REVIEW,
    ("coordination.k8s.io", "Lease"): NODE_STATE,
    ("coordination.k8s.io", "LeaseCandidate"): NODE_STATE,
    ("events.k8s.io", "Event"): NODE_STATE,
    ("flowcontrol.apiserver.k8s.io", "FlowSchema"): Inert(
        "Kubernetes, docs/concepts/cluster-administration/flow-control.md: how the API server queues its own requests"
    ),
    ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"): Inert(
        "Kubernetes, docs/concepts/cluster-administration/flow-control.md: how the API server queues its own requests"
    ),
    ("internal.apiserver.k8s.io", "StorageVersion"): NODE_STATE,
    ("resource.k8s.io", "ResourcePoolStatusRequest"): REVIEW,
    ("storage.k8s.io", "CSIStorageCapacity"): NODE_STATE,
    ("storagemigration.k8s.io", "StorageVersionMigration"): Inert(
        "Kubernetes, pkg/controller/storageversionmigrator: objects are written again as they are"
    ),
}
BUILT_IN_UNPROVEN: Mapping[tuple[str, str], Unjudged] = {
    ("", "Binding"): Unjudged("on which node a pod runs"),
    ("", "Endpoints"): Unjudged("which pods the Service of its name leads to"),
    ("", "Node"): Unjudged("where pods can run"),
    ("", "PodTemplate"): Unjudged("the pods of a Rollout that takes its template from there (workloadRef)"),
    ("admissionregistration.k8s.io", "MutatingAdmissionPolicy"): Unjudged(ADMITTED),
    ("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding"): Unjudged(ADMITTED),
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"): Unjudged(ADMITTED),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"): Unjudged(ADMITTED),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"): Unjudged(ADMITTED),
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"): Unjudged(ADMITTED),
    ("apiregistration.k8s.io", "APIService"): Unjudged("which server answers a part of the cluster's API"),
    ("autoscaling", "Scale"): Unjudged("how many pods exist"),
    ("certificates.k8s.io", "ClusterTrustBundle"): Unjudged("which certificates pods trust"),
    ("discovery.k8s.io", "EndpointSlice"): Unjudged("which pods its Service leads to"),
    ("lifecycle.k8s.io", "Eviction"): Unjudged("which pods are evicted"),
    ("lifecycle.k8s.io", "EvictionRequest"): Unjudged("which pods are evicted"),
    ("networking.k8s.io", "IPAddress"): Unjudged("which addresses Services get"),
    ("networking.k8s.io", "ServiceCIDR"): Unjudged("which addresses Services get"),
    ("policy", "Eviction"): Unjudged("which pods are evicted"),
    ("policy", "PodSecurityPolicy"): Unjudged("which pods the API server accepts"),
    ("resource.k8s.io", "DeviceClass"): Unjudged(CLAIMED),
    ("resource.k8s.io", "DeviceTaintRule"): Unjudged(CLAIMED),
    ("resource.k8s.io", "ResourceClaim"): Unjudged(CLAIMED),
    ("resource.k8s.io", "ResourceClaimTemplate"): Unjudged(CLAIMED),
    ("resource.k8s.io", "ResourceSlice"): Unjudged(CLAIMED),
    ("scheduling.k8s.io", "CompositePodGroup"): Unjudged(SCHEDULED),
    ("scheduling.k8s.io", "PodGroup"): Unjudged(SCHEDULED),
    ("scheduling.k8s.io", "Workload"): Unjudged(SCHEDULED),
    ("storage.k8s.io", "CSIDriver"): Unjudged(STORED),
    ("storage.k8s.io", "CSINode"): Unjudged(STORED),
    ("storage.k8s.io", "VolumeAttachment"): Unjudged(STORED),
    ("storage.k8s.io", "VolumeAttributesClass"): Unjudged(STORED),
}
