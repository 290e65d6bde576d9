"""Kinds that are classified as a whole, for no field of theirs makes a difference.

An inert kind can neither carry, gate, configure nor admit a request. An unproven kind may, and nothing simulates it.
"""

from __future__ import annotations

from collections.abc import Mapping

from compiler.transition.classification.fields import Inert, Unproven

REVIEW = Inert("Kubernetes, pkg/registry/authorization and authentication: a question, which is never kept")
NODE_STATE = Inert("Kubernetes: written by nodes and controllers, and read by people alone")
CLAIMED = "whether pods that claim devices can start"
ADMITTED = "which objects and pods the API server takes, and how it changes them"
STORED = "whether pods get their volumes"
SCHEDULED = "whether its pods are placed on nodes"
BUILT_IN_INERT: Mapping[tuple[str, str], Inert] = {
    ("", "ComponentStatus"): NODE_STATE,
    ("", "Event"): NODE_STATE,
    ("", "PodTemplate"): Inert("Kubernetes, pkg/apis/core/types.go: no controller makes pods of it"),
    ("apps", "ControllerRevision"): Inert("Kubernetes, pkg/controller/history: what an update could go back to"),
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
BUILT_IN_UNPROVEN: Mapping[tuple[str, str], Unproven] = {
    ("", "Binding"): Unproven("on which node a pod runs"),
    ("", "Endpoints"): Unproven("at which addresses the Service of its name finds somebody"),
    ("", "Node"): Unproven("where pods can run"),
    ("", "PersistentVolume"): Unproven(STORED),
    ("admissionregistration.k8s.io", "MutatingAdmissionPolicy"): Unproven(ADMITTED),
    ("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding"): Unproven(ADMITTED),
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"): Unproven(ADMITTED),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"): Unproven(ADMITTED),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"): Unproven(ADMITTED),
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"): Unproven(ADMITTED),
    ("apiregistration.k8s.io", "APIService"): Unproven("who answers a part of the cluster's API"),
    ("autoscaling", "Scale"): Unproven("how many pods there are"),
    ("certificates.k8s.io", "ClusterTrustBundle"): Unproven("whom pods trust"),
    ("discovery.k8s.io", "EndpointSlice"): Unproven("at which addresses its Service finds somebody"),
    ("lifecycle.k8s.io", "Eviction"): Unproven("which pods are evicted"),
    ("lifecycle.k8s.io", "EvictionRequest"): Unproven("which pods are evicted"),
    ("networking.k8s.io", "IPAddress"): Unproven("which addresses Services get"),
    ("networking.k8s.io", "ServiceCIDR"): Unproven("which addresses Services get"),
    ("node.k8s.io", "RuntimeClass"): Unproven("whether pods that name it can be made"),
    ("policy", "Eviction"): Unproven("which pods are evicted"),
    ("policy", "PodSecurityPolicy"): Unproven("which pods the API server takes"),
    ("resource.k8s.io", "DeviceClass"): Unproven(CLAIMED),
    ("resource.k8s.io", "DeviceTaintRule"): Unproven(CLAIMED),
    ("resource.k8s.io", "ResourceClaim"): Unproven(CLAIMED),
    ("resource.k8s.io", "ResourceClaimTemplate"): Unproven(CLAIMED),
    ("resource.k8s.io", "ResourceSlice"): Unproven(CLAIMED),
    ("scheduling.k8s.io", "CompositePodGroup"): Unproven(SCHEDULED),
    ("scheduling.k8s.io", "PodGroup"): Unproven(SCHEDULED),
    ("scheduling.k8s.io", "Workload"): Unproven(SCHEDULED),
    ("storage.k8s.io", "CSIDriver"): Unproven(STORED),
    ("storage.k8s.io", "CSINode"): Unproven(STORED),
    ("storage.k8s.io", "VolumeAttachment"): Unproven(STORED),
    ("storage.k8s.io", "VolumeAttributesClass"): Unproven(STORED),
}
