"""The codes of what the verifier does not decide, in words."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

CODES: dict[str, Explanation] = {
    "unknown-kind": Explanation(
        "An object of an unknown kind may matter",
        "The object names a Service or workload that this commit changes, and Shipway does not know what it does to "
        "traffic.",
        "Review the change by hand, or route with HTTPRoute, GRPCRoute, Ingress or Service.",
        "The transition model: unknown kinds",
    ),
    "field-unproven": Explanation(
        "A field changes that Shipway does not judge",
        "The field may affect requests, pods or the sync, and the verifier does not simulate how. It may be harmless, "
        "but nothing proves it.",
        "Judge it by hand; where it does no harm, say so with a reason: in the policy (verify.inert), or with --inert.",
        "The classification of fields: what is proven (docs/what-is-proven.md)",
    ),
    "pods-outside": Explanation(
        "A route changes, and no folder has the pods behind it",
        "The Service selects pods, but no workload of the folder makes such pods. So Shipway does not know whether "
        "anything answers.",
        "Judge the folder of these pods together with this one, in one folder.",
        "The transition model: what is not in the folders is not judged",
    ),
    "path-unread": Explanation(
        "Shipway found no request that matches a path",
        "Shipway cannot analyze the regular expression of this path, so it proves nothing for its requests.",
        "Review the change by hand, or write a simpler path.",
        "ingress-nginx: ingress path matching; Gateway API: HTTPPathMatch, RegularExpression",
    ),
    "too-large": Explanation(
        "Too many objects change at once",
        "Argo CD could write them in too many orders to explore, so Shipway proves nothing.",
        "Spread them over several commits or waves.",
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
        "Argo CD applies what Helm or kustomize makes of it, not its files. The files are judged as they stand where a"
        " Kustomization only lists them, or edits both sides alike. This one takes in what is not in the folder, or"
        " differs between the two sides.",
        "Add --kustomize, which runs kustomize or kubectl for both sides. Render a chart yourself (`helm template`) and"
        " verify the results, or leave the files out with --exclude.",
        "Argo CD: tool detection",
    ),
}
