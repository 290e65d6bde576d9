"""The codes of the verifier that speak of requests: who answers them, and by which contract."""

from __future__ import annotations

from typing import Final

from compiler.explanations.explanation import Explanation

CODES: Final[dict[str, Explanation]] = {
    "backend-empty": Explanation(
        "Some requests may find no ready pod",
        "At some point of the sync, a Service that gets requests has no ready pod: its pods were deleted, have not "
        "started, or do not match its selector. The gateway answers these requests with 503.",
        "Create the new pods in an earlier wave than the switch. Delete the old pods after it (PruneLast=true or a "
        "later "
        "commit). Let rollouts keep a ready pod (maxUnavailable: 0).",
        "Kubernetes endpointslice controller; Gateway API HTTPBackendRef; Argo CD gitops-engine sync_context.go",
    ),
    "backend-missing": Explanation(
        "A route leads to a Service that does not exist",
        "The gateway answers 500 to every request for a backend that it cannot resolve.",
        "Create the Service before the route, and delete it only after the route no longer uses it.",
        "Gateway API: HTTPBackendRef",
    ),
    "backend-external": Explanation(
        "A Service that gets requests turns into ExternalName",
        "Gateways do not follow an ExternalName, so requests no longer reach the pods of the Service.",
        "Use another Service for the external name, then move the route.",
        "Gateway API: BackendRef; real runs",
    ),
    "port-missing": Explanation(
        "A route names a port that the Service does not have",
        "The gateway cannot resolve the backend and answers its requests with 500.",
        "Add the new port beside the old one, move the route, then remove the old port.",
        "Gateway API: BackendObjectReference.port; Kubernetes Ingress: service.port",
    ),
    "port-refused": Explanation(
        "Ready pods refuse the requests that they get",
        "The Service sends requests to a port on which the pods do not listen, or a NetworkPolicy blocks all requests.",
        "Name the port in the pods and use this name as targetPort. Apply a policy that allows requests first.",
        "Kubernetes podutil.FindPort; NetworkPolicySpec",
    ),
    "ready-before-listening": Explanation(
        "New pods get requests before they listen",
        "Without a readiness probe a pod is ready as soon as its containers run.",
        "Add a readinessProbe. A tcpSocket on the port is enough.",
        "Kubernetes: pod readiness; measured in real runs",
    ),
    "clients-moved": Explanation(
        "Clients of one contract would be answered by another",
        "All requests of one host, path or header move at once from pods of one contract to pods of another. Their "
        "clients do not speak the new contract. If the new contract replaces the old one completely, this may be "
        "intended: then it is a warning, except for a versioned release.",
        "Give the new contract its own host, path or header. Let clients move, then retire the old contract.",
        "Shipway's design: major changes",
    ),
    "kind-not-permitted": Explanation(
        "The AppProject does not permit the kind of an object",
        "Before it writes anything, Argo CD checks each object against the lists of kinds in the AppProject. One "
        "object that is not permitted fails the whole sync.",
        "Add the kind to the project, in an earlier commit.",
        "Argo CD controller/sync.go: validateSyncPermissions; app_project_types.go: IsGroupKindNamePermitted",
    ),
    "prune-not-permitted": Explanation(
        "An object would never be deleted, because the AppProject does not permit its kind",
        "Argo CD ignores live objects of kinds that the project does not permit. It does not delete them, and "
        "shows the Application as Synced and Healthy: old routes keep leading to Services that are gone.",
        "Permit the kind until the object is deleted: add it to `argocd.permits` in the environment's spec. Remove "
        "it in a later commit.",
        "Argo CD controller/state.go: IsLiveResourcePermitted",
    ),
    "answered-by-others": Explanation(
        "Another release answers requests for a while",
        "A route is deleted before the route that takes over its requests exists. In between, a shorter path of "
        "another release matches them, and its pods do not know these requests.",
        "Publish the new route first, confirm it, then remove the old one.",
        "Gateway API and ingress-nginx: the longest path that matches wins",
    ),
    "ports-merged": Explanation(
        "Two ports with the same number are merged into one",
        "A client-side apply tells the ports of a Service, and those of a container, apart by their number alone: of "
        "two protocols one is lost, and where one is removed both are.",
        "Set ServerSideApply=true, which tells ports apart by number and protocol.",
        "Kubernetes: ServiceSpec.ports and Container.ports, patchMergeKey; issues 39188, 62366 and 105610",
    ),
    "route-lost": Explanation(
        "Requests that were served no longer match a rule",
        "A host, a path or a listener was changed or removed while the backend still serves other requests. Requests "
        "get a "
        "404.",
        "Keep a rule for these requests. To retire the backend, remove all its rules.",
        "Gateway API: HTTPRouteRule; ingress-nginx: path matching",
    ),
    "reference-not-granted": Explanation(
        "A route may not use a Service of this namespace",
        "Without a ReferenceGrant in the namespace of the Service, the gateway answers 500.",
        "Apply the grant in an earlier wave than the route, and remove it after the route.",
        "Gateway API: ReferenceGrant",
    ),
    "namespace-pruned": Explanation(
        "A Namespace is deleted with everything in it",
        "The folder no longer contains the Namespace of its objects, so the sync deletes it.",
        "Keep it, or annotate it with Prune=false.",
        "Kubernetes namespace controller; Argo CD pruning",
    ),
    "tls-secret-pruned": Explanation(
        "A certificate is deleted while it is in use",
        "Within a wave, Argo CD deletes first. Until the Ingress or Gateway is written, it serves a wrong certificate.",
        "Keep the old Secret one commit longer.",
        "Argo CD gitops-engine runTasks; seen in real runs",
    ),
    "tls-secret-missing": Explanation(
        "A certificate does not exist when it is needed",
        "The Ingress or Gateway is written before its Secret, and serves a wrong certificate until the Secret exists.",
        "Put the Secret in the wave of the Ingress or Gateway, or an earlier one. If the cluster has it already, use "
        "--outside.",
        "ingress-nginx: docs/user-guide/tls.md",
    ),
    "certificate-not-renewed": Explanation(
        "Nothing renews a certificate that is still used",
        "cert-manager leaves the Secret of a Certificate that is deleted or that names another Secret. Whatever uses "
        "the old Secret goes on with it until the certificate expires.",
        "Keep the Certificate while its Secret is used, or remove what uses it in the same commit.",
        "cert-manager: docs/usage/certificate.md",
    ),
    "callee-gone": Explanation(
        "Serving pods call a Service without ready pods",
        "An environment variable of serving pods names a Service that is deleted, or loses its pods, before they do.",
        "Keep the Service and its pods until no caller serves requests.",
        "The transition model: calls between pods",
    ),
    "old-version-given-up": Explanation(
        "If the new version never becomes ready, requests stay lost",
        "The old pods or the old route are removed before the new pods are ready.",
        "Gate the switch with a wave, and let rollouts keep all old pods (maxUnavailable: 0).",
        "Kubernetes deployment controller: reconcileOldReplicaSets",
    ),
    "capacity-dip": Explanation(
        "Too few pods may have to answer",
        "A backend gets more traffic before it has more pods, or loses pods before it loses traffic. A workload with "
        "an "
        "HPA starts with the number of replicas in its manifest.",
        "Add pods in an earlier wave or commit than the traffic, and remove them later. Keep both colors at full "
        "size for "
        "the switch.",
        "The transition model; Kubernetes ResolveFenceposts; Argo CD normalizeTargetResources",
    ),
    "contracts-mixed": Explanation(
        "Two versions of a major change answer the same requests",
        "Clients reach one contract or the other at random.",
        "Give each contract its own path, host or header, or switch all members of a group with one route.",
        "arXiv 2508.04829; the transition model",
    ),
    "host-split": Explanation(
        "One host is divided between two contracts",
        "Two switches never happen at the same instant. For a moment, a page of one contract calls the API of the "
        "other.",
        "Let one HTTPRoute switch all paths of the host at once.",
        "The transition model: groups",
    ),
    "worlds-crossed": Explanation(
        "A pod calls pods of a contract that it does not speak",
        "An environment variable of the caller names a Service whose pods have another contract at that moment.",
        "Give each color its own Service, and let callers of that color use it. Switch only the entry.",
        "The transition model: groups",
    ),
}
