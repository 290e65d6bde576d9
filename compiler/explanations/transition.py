"""Every code of the verifier in words: what it means, how it loses a request, how to mend it, where the rule stands."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

CODES: dict[str, Explanation] = {
    "backend-empty": Explanation(
        "A class of requests may meet no ready pod",
        "At some point of the sync a Service that gets requests has no ready pod: its pods were deleted, have "
        "not started, or its selector takes none. The gateway answers 503 for that share.",
        "Create pods in an earlier wave than the switch, delete old ones after it (PruneLast=true or a later commit), "
        "and let rollouts keep a ready pod (maxUnavailable: 0).",
        "Kubernetes endpointslice controller; Gateway API HTTPBackendRef; Argo CD gitops-engine sync_context.go",
    ),
    "backend-missing": Explanation(
        "A route leads to a Service that does not exist",
        "The gateway answers 500 for the share of a backend that it cannot resolve.",
        "Write the Service before the route, and delete it after the route has left it.",
        "Gateway API: HTTPBackendRef",
    ),
    "backend-external": Explanation(
        "A Service that gets requests turns into ExternalName",
        "Gateways do not follow an ExternalName; the pods behind the Service are reached no more.",
        "Give the external name to another Service, and move the route.",
        "Gateway API: BackendRef; real runs",
    ),
    "port-missing": Explanation(
        "A route names a port that the Service does not have",
        "The backend is not resolved, and its share of requests is answered 500.",
        "Add the new port beside the old one, move the route, then remove the old port.",
        "Gateway API: BackendObjectReference.port; Kubernetes Ingress: service.port",
    ),
    "port-refused": Explanation(
        "Ready pods refuse the requests that they get",
        "The Service sends to a port number on which the pods do not listen, or a NetworkPolicy lets nobody reach it.",
        "Name the port in the pods and use the name as targetPort; write the policy that opens first.",
        "Kubernetes podutil.FindPort; NetworkPolicySpec",
    ),
    "ready-before-listening": Explanation(
        "New pods get requests before they listen",
        "Without a readiness probe a pod is ready as soon as its containers run.",
        "Add a readinessProbe (a tcpSocket on the port will do).",
        "Kubernetes: pod readiness; measured in real runs",
    ),
    "route-lost": Explanation(
        "Requests that were served match no rule any more",
        "A host, a path or a listener was narrowed or removed while the backend still serves others: 404.",
        "Keep a rule for these requests, or remove every rule of the backend to retire it.",
        "Gateway API: HTTPRouteRule; ingress-nginx: path matching",
    ),
    "reference-not-granted": Explanation(
        "A route may not name a Service of that namespace",
        "Without a ReferenceGrant in the Service's namespace the backend is not resolved: 500.",
        "Write the grant in an earlier wave than the route, and remove it after the route.",
        "Gateway API: ReferenceGrant",
    ),
    "namespace-pruned": Explanation(
        "A Namespace is deleted with everything in it",
        "The folder no longer holds the Namespace of its own objects, so the sync prunes it.",
        "Keep it, or annotate it with Prune=false.",
        "Kubernetes namespace controller; Argo CD pruning",
    ),
    "tls-secret-pruned": Explanation(
        "A certificate is deleted while it is shown",
        "Prunes come first within a wave: the Ingress or Gateway serves a wrong certificate until it is written.",
        "Keep the old Secret one commit longer.",
        "Argo CD gitops-engine runTasks; seen in real runs",
    ),
    "tls-secret-missing": Explanation(
        "A certificate is not there when it is to be shown",
        "The Ingress or Gateway is written before the Secret that it names: it serves a wrong certificate until then.",
        "Put the Secret in the wave of what names it, or an earlier one; say --outside for one that the cluster holds.",
        "ingress-nginx: docs/user-guide/tls.md",
    ),
    "callee-gone": Explanation(
        "Pods that serve call a Service where nobody is ready",
        "The environment of serving pods names a Service that goes, or loses its pods, before they do.",
        "Keep the Service and its pods until no caller serves any more.",
        "The transition model: calls between pods",
    ),
    "old-version-given-up": Explanation(
        "If the new version never gets ready, the requests stay lost",
        "The old pods or the old route go before the new pods have proven that they work.",
        "Gate the switch with a wave, and let rollouts keep all old pods (maxUnavailable: 0).",
        "Kubernetes deployment controller: reconcileOldReplicaSets",
    ),
    "capacity-dip": Explanation(
        "Fewer pods than both sides intend may have to answer",
        "The share of traffic of a backend grows before its pods do, or they shrink before it does; an HPA's "
        "target starts with what its manifest says.",
        "Grow in an earlier wave or commit than the traffic; shrink later. Keep both colours at the switch's capacity.",
        "The transition model; Kubernetes ResolveFenceposts; Argo CD normalizeTargetResources",
    ),
    "contracts-mixed": Explanation(
        "Two versions of a major change answer the same requests",
        "Clients meet one contract or the other at random.",
        "Give each contract a path, host or header of its own, or switch whole worlds of a group with one route.",
        "arXiv 2508.04829; the transition model",
    ),
    "host-split": Explanation(
        "One host is divided between two contracts",
        "Two switches can never be one instant: for a moment a page of one contract calls the API of the other.",
        "Let one HTTPRoute move all classes of the host at once.",
        "The transition model: groups",
    ),
    "worlds-crossed": Explanation(
        "A pod calls pods of a contract that it does not speak",
        "A caller's environment leads to a Service whose pods belong to another version or world at that moment.",
        "Give each colour its own Service and tell callers of that colour its name; switch only the entry.",
        "The transition model: groups",
    ),
    "selector-immutable": Explanation(
        "A selector cannot be changed",
        "The API server refuses the update, the sync fails, and no retry of the commit can succeed.",
        "Give the object a new name and remove the old one in a later commit.",
        "Kubernetes: ValidateDeploymentUpdate",
    ),
    "field-immutable": Explanation(
        "A field cannot be changed",
        "The API server refuses the update, and every retry of it.",
        "Give the object a new name and remove the old one in a later commit.",
        "Kubernetes: validation of updates",
    ),
    "selector-mismatch": Explanation(
        "A workload does not select its own pods",
        "The API server refuses a selector that its template's labels do not match.",
        "Give the template every label that is selected.",
        "Kubernetes: ValidateDeploymentSpec",
    ),
    "object-refused": Explanation(
        "The API server refuses an object",
        "Its fields contradict each other or leave their range.",
        "Do what the help line says.",
        "Kubernetes: validation; Gateway API: CEL rules",
    ),
    "node-port-taken": Explanation(
        "Two Services ask for one node port",
        "A node port is the cluster's; the second Service is refused until the first has let it go.",
        "Free the port in an earlier commit.",
        "Kubernetes: pkg/registry/core/service/portallocator",
    ),
    "gate-needs-later-wave": Explanation(
        "A gate waits for what a later wave brings",
        "The wave never becomes Healthy, so the later one never runs; every retry meets the same gate.",
        "Put what is needed in the same or an earlier wave.",
        "Argo CD gitops-engine: Sync; health of each kind",
    ),
    "gate-never-opens": Explanation(
        "A gate waits for what never happens",
        "A paused Deployment, a suspended Job, or a missing backend keeps the wave from becoming Healthy.",
        "Remove what holds it, or put the object in the last wave.",
        "Argo CD gitops-engine: pkg/health",
    ),
    "folder-empty": Explanation(
        "Nothing is left in the folder",
        "An automated sync refuses to prune everything that an Application has: the commit is never synced.",
        "Keep one object, delete the Application instead, or set syncPolicy.automated.allowEmpty.",
        "Argo CD: autoSync",
    ),
    "quota-objects": Explanation(
        "A quota grants no more objects of a kind",
        "The API server refuses the object, and the sync fails.",
        "Raise the quota first, or remove another object in an earlier commit.",
        "Kubernetes: pkg/quota/v1/evaluator/core, pkg/quota/v1/generic/evaluator.go",
    ),
    "quota-unspecified": Explanation(
        "A quota counts what the pods do not say",
        "A pod is refused if one of its containers has no request or limit of a resource that a quota counts.",
        "Write it in each container's resources, or let a LimitRange fill it in.",
        "Kubernetes: pkg/quota/v1/evaluator/core/pods.go Constraints",
    ),
    "quota-exceeded": Explanation(
        "A quota leaves no room for the rollout",
        "The pod beyond the quota is refused, and the rollout stalls for ever.",
        "Raise the quota first, or let the rollout take a pod away before it adds one.",
        "Kubernetes issue 89209; resourcequota admission",
    ),
    "limit-range-refused": Explanation(
        "A LimitRange lets no new pod be created",
        "The new template asks for more or less than the range allows.",
        "Bring the container's resources within the range.",
        "Kubernetes: limitranger admission",
    ),
    "gate-unbounded": Explanation(
        "A newer commit may wait without bound",
        "A Running operation makes Argo CD ignore newer commits, and nothing ends this gate.",
        "Give the object a deadline, put it in the last wave, or set the controller's sync timeout.",
        "Argo CD: autoSync; Kubernetes: DeploymentTimedOut",
    ),
    "reference-missing": Explanation(
        "Pods name an object that does not exist",
        "They hang in CreateContainerConfigError.",
        "Add the object, in no later wave than the pods; say --outside for one that the cluster holds already.",
        "Kubernetes: kubelet_pods.go makeEnvironmentVariables",
    ),
    "reference-pruned": Explanation(
        "An object goes while pods that name it may still run",
        "Prunes come first within a wave. A pod that restarts then cannot start.",
        "Keep the object until its readers are gone (PruneLast=true with a gate, or a later commit).",
        "Argo CD gitops-engine: runTasks; Kubernetes: kubelet",
    ),
    "key-missing": Explanation(
        "An object lacks a key that pods need",
        "A pod that names a missing key cannot start.",
        "Put changed data into an object with a new name.",
        "Kubernetes: kubelet_pods.go; pkg/volume/configmap",
    ),
    "changed-in-place": Explanation(
        "Data changes under running pods",
        "Environment and subPath mounts keep the old data until a pod restarts; then old code reads new data.",
        "Name the object by a hash of its data.",
        "Kubernetes: ConfigMaps",
    ),
    "replicas-two-writers": Explanation(
        "Two writers hold the number of replicas",
        "selfHeal writes the manifest's number back every few seconds against the HPA.",
        "Let the Application ignore /spec/replicas with RespectIgnoreDifferences=true.",
        "Argo CD: normalizeTargetResources; seen in real runs",
    ),
    "replicas-dropped": Explanation(
        "Taking replicas out of a manifest scales to 1",
        "The field that Argo CD owned is reset to its default until the HPA's next period.",
        "Keep it and let the Application ignore and respect it.",
        "Argo CD issues 1603 and 5472",
    ),
    "selectors-overlap": Explanation(
        "Two workloads select the same pods",
        "When one is deleted with orphans, the other adopts its ReplicaSet and scales it down.",
        "Give each workload a label of its own, in its selector and its template.",
        "Kubernetes: controller_ref_manager.go ClaimPods",
    ),
    "routes-equal": Explanation(
        "Two routes match the same requests equally",
        "The older one should win, but gateways differ, and some decide anew at each reload.",
        "Make one match more specific, or join the rules in one route.",
        "Gateway API: HTTPRouteRule precedence; seen in real runs",
    ),
    "two-canaries": Explanation(
        "Two canary Ingresses share a rule",
        "ingress-nginx applies one of them and ignores the other.",
        "Keep one canary Ingress for each rule.",
        "ingress-nginx: annotations.md",
    ),
    "drain-too-short": Explanation(
        "Pods end before their last requests do",
        "Proxies learn late that a pod goes; requests that arrive after SIGTERM are lost.",
        "A preStop sleep longer than the endpoints' lag, and a grace period of that plus the longest request.",
        "Kubernetes: killContainer; measured in real runs",
    ),
    "not-reversible": Explanation(
        "The way back is not safe",
        "Going back to what is published now would break a property; see the finding named in brackets.",
        "Keep what the way back needs until the release is finished, or go back with `abort`.",
        "The transition model: reversible",
    ),
    "skip-unsafe": Explanation(
        "From an earlier commit the step is not safe",
        "Argo CD syncs the newest commit only, so it may jump over those between, or begin half-way.",
        "Wait until the earlier commit is confirmed, or make the step safe from it as well.",
        "Argo CD: autoSync; the transition model: skip-safe",
    ),
    "unknown-kind": Explanation(
        "An object of an unknown kind may matter",
        "It names a Service or workload that this commit touches, and the model does not know what it does to traffic.",
        "Judge it by hand, or route by HTTPRoute, Ingress or Service.",
        "The transition model: unknown kinds",
    ),
    "field-unproven": Explanation(
        "A field changes that no property judges",
        "The field may influence requests, pods or the sync, and the verifier does not simulate how."
        " It may be harmless; nothing proves it.",
        "Judge it by hand; where it does no harm, say so with a reason: in the policy (verify.inert), or with --inert.",
        "The classification of fields: what is proven (docs/what-is-proven.md)",
    ),
    "path-unread": Explanation(
        "No request was found that a path takes",
        "The path is a regular expression that the model cannot solve, so nothing is proven for its requests.",
        "Judge it by hand, or write a plainer path.",
        "ingress-nginx: ingress path matching; Gateway API: HTTPPathMatch, RegularExpression",
    ),
    "too-large": Explanation(
        "Too many objects are written at once",
        "The orders in which they can be written are too many to explore, so nothing is claimed.",
        "Spread them over several commits or waves.",
        "The transition model: how the states stay few",
    ),
    "object-malformed": Explanation(
        "A document is no Kubernetes object",
        "It has no kind, no apiVersion or no name, or is no mapping.",
        "Verify rendered manifests, and leave other files out.",
        "Kubernetes: API conventions",
    ),
    "object-duplicate": Explanation(
        "An object stands twice",
        "Argo CD takes the last one and only warns.",
        "Keep one of them.",
        "Argo CD: controller/state.go",
    ),
    "application-missing": Explanation(
        "There is no one Application in the file",
        "`--application` takes the sync options of exactly one Argo CD Application.",
        "Name a file with one.",
        "Shipway's design: commands",
    ),
}
