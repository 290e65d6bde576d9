"""The codes of what the verifier does not decide, in words."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

CODES: dict[str, Explanation] = {
    "unknown-kind": Explanation(
        "An object of an unknown kind may matter",
        "The object changes, or names a Service or workload that changes, and Shipway does not know what it does "
        "to traffic.",
        "Review the change by hand, or route with HTTPRoute, GRPCRoute, Ingress or Service.",
        "The transition model: unknown kinds",
    ),
    "field-unproven": Explanation(
        "A field changes that Shipway does not judge",
        "The field may affect requests, pods or the sync, and the verifier does not simulate how. It may be harmless, "
        "but nothing proves it.",
        "Review the change by hand. If it does no harm, declare that with a reason: in the policy (verify.inert), "
        "or with --inert.",
        "The classification of fields: what is proven (docs/what-is-proven.md)",
    ),
    "field-dropped": Explanation(
        "This version of Kubernetes drops a field",
        "The API server takes the object without the field while a feature gate is off, as it is by default in this "
        "version. Nothing is lost, but Argo CD shows the Application as OutOfSync and applies the object again and "
        "again.",
        "Remove the field until the cluster has a version that keeps it, or turn on the feature gate.",
        "Kubernetes: pkg/api/pod/util.go, dropDisabledFields; pkg/features/kube_features.go",
    ),
    "pods-outside": Explanation(
        "A route, a port or a call changes, and who answers is in no folder",
        "No workload of the folder creates the pods that the Service selects, or no folder has the Service. So Shipway "
        "does not know whether anything answers.",
        "Put the objects of both into one folder, and verify that.",
        "The transition model: what is not in the folders is not judged",
    ),
    "path-unread": Explanation(
        "Shipway found no request that matches a path",
        "Shipway cannot analyze the regular expression of this path, or a part of the rule of an IngressRoute or a "
        "VirtualService (what it negates, subsets, delegates), so it proves nothing for its requests.",
        "Review the change by hand, or write a simpler path or rule.",
        "ingress-nginx: ingress path matching; Gateway API: HTTPPathMatch, RegularExpression; Traefik: rules; Istio: "
        "VirtualService",
    ),
    "too-large": Explanation(
        "Too many objects change at once",
        "Many objects that decide about the same requests, such as routes, Services and workloads, change in one wave. "
        "Argo CD could write them in too many orders to explore, so Shipway proves nothing.",
        "Spread the changes over several commits or waves.",
        "The transition model: how the states stay few",
    ),
    "object-malformed": Explanation(
        "A document is not a Kubernetes object",
        "It is not a mapping, or has no kind, apiVersion or name.",
        "Verify only rendered manifests, and leave out other files.",
        "Kubernetes: API conventions",
    ),
    "manifests-unrendered": Explanation(
        "A folder is a chart or a Kustomization",
        "Argo CD does not apply these files, but what Helm or kustomize renders from them. If a Kustomization only "
        "lists its files, or edits both sides alike, Shipway judges the files as they are. This one uses something "
        "outside the folder, or differs between the two sides.",
        "Add --kustomize, which runs kustomize or kubectl for both sides. Render a chart yourself (`helm "
        "template`) and verify the results, or exclude the files with --exclude.",
        "Argo CD: tool detection",
    ),
}
