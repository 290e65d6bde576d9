"""Every code of the verifier in words: what it means, how it loses a request, how to fix it, the rule's source."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

CODES: dict[str, Explanation] = {
    "selector-immutable": Explanation(
        "A selector cannot be changed",
        "The API server refuses the update, so the sync fails, and every retry fails too.",
        "Give the object a new name and remove the old one in a later commit.",
        "Kubernetes: ValidateDeploymentUpdate",
    ),
    "field-immutable": Explanation(
        "A field cannot be changed",
        "The API server refuses the update and every retry.",
        "Give the object a new name and remove the old one in a later commit.",
        "Kubernetes: validation of updates",
    ),
    "selector-mismatch": Explanation(
        "A workload does not select its own pods",
        "The API server refuses a workload whose selector does not match the labels of its template.",
        "Add every label of the selector to the template.",
        "Kubernetes: ValidateDeploymentSpec",
    ),
    "object-refused": Explanation(
        "The API server refuses an object",
        "Its fields contradict each other or are out of range.",
        "The help line of the message says what to change.",
        "Kubernetes: validation; Gateway API: CEL rules",
    ),
    "node-port-taken": Explanation(
        "Two Services use the same node port",
        "A node port belongs to the whole cluster. The second Service is refused until the first one is gone.",
        "Free the port in an earlier commit.",
        "Kubernetes: pkg/registry/core/service/portallocator",
    ),
    "gate-needs-later-wave": Explanation(
        "A gate waits for an object of a later wave",
        "The wave never becomes Healthy, so the later wave never runs, and a retry does not help.",
        "Put the object that is needed in the wave of the gate, or in an earlier one.",
        "Argo CD gitops-engine: Sync; health of each kind",
    ),
    "gate-never-opens": Explanation(
        "A gate waits for something that never happens",
        "A paused Deployment, a suspended Job, or a missing backend keeps the wave from becoming Healthy.",
        "Remove the cause, or put the object in the last wave.",
        "Argo CD gitops-engine: pkg/health",
    ),
    "folder-empty": Explanation(
        "Nothing is left in the folder",
        "An automated sync refuses to delete all objects of an Application, so the commit is never synced.",
        "Keep one object, delete the Application instead, or set syncPolicy.automated.allowEmpty.",
        "Argo CD: autoSync",
    ),
    "quota-objects": Explanation(
        "A quota allows no more objects of this kind",
        "The API server refuses the object, and the sync fails.",
        "Raise the quota first, or remove another object in an earlier commit.",
        "Kubernetes: pkg/quota/v1/evaluator/core, pkg/quota/v1/generic/evaluator.go",
    ),
    "quota-unspecified": Explanation(
        "A quota counts a resource that the pods do not declare",
        "Kubernetes refuses a pod if one of its containers has no request or limit for a resource that a quota counts.",
        "Add it to the resources of each container, or let a LimitRange set it.",
        "Kubernetes: pkg/quota/v1/evaluator/core/pods.go Constraints",
    ),
    "quota-exceeded": Explanation(
        "A quota is too small for the rollout",
        "Kubernetes refuses the pod that exceeds the quota, and the rollout never ends.",
        "Raise the quota first, or let the rollout remove a pod before it adds one.",
        "Kubernetes issue 89209; resourcequota admission",
    ),
    "rollout-stalled": Explanation(
        "The new pod waits for the old one, and the old one for it",
        "The old pod alone may use a volume claim (ReadWriteOncePod), or holds a port of the only node where pods may "
        "run. The update adds a pod before it takes one away, so the new pod never starts, and the old one stays. Pods "
        "of another workload may hold the port too; with hostNetwork, each port of a container is one of the node.",
        "Let the old pod go first (Recreate, or maxSurge: 0 with maxUnavailable: 1), or use a claim that several pods "
        "may use.",
        "Kubernetes: pkg/controller/deployment/rolling.go; scheduler plugins VolumeRestrictions and NodePorts",
    ),
    "limit-range-refused": Explanation(
        "A LimitRange refuses the new pods",
        "The new template requests more or less than the range allows.",
        "Change the resources of the container so that they fit the range.",
        "Kubernetes: limitranger admission",
    ),
    "gate-unbounded": Explanation(
        "A newer commit may have to wait forever",
        "Argo CD ignores newer commits while a sync runs, and nothing ends this gate.",
        "Give the object a deadline, put it in the last wave, or set the controller's sync timeout.",
        "Argo CD: autoSync; Kubernetes: DeploymentTimedOut",
    ),
    "reference-missing": Explanation(
        "Pods name an object that does not exist",
        "The pods cannot start (CreateContainerConfigError).",
        "Add the object in the wave of the pods or an earlier one. If the cluster has it already, use --outside.",
        "Kubernetes: kubelet_pods.go makeEnvironmentVariables",
    ),
    "reference-pruned": Explanation(
        "An object is deleted while pods may still need it",
        "Within a wave, Argo CD deletes first. A pod that restarts after that cannot start.",
        "Keep the object until the pods that use it are gone (PruneLast=true with a gate, or a later commit).",
        "Argo CD gitops-engine: runTasks; Kubernetes: kubelet",
    ),
    "key-missing": Explanation(
        "An object does not have a key that pods need",
        "A pod cannot start if a key that it names is missing.",
        "Put the changed data into an object with a new name.",
        "Kubernetes: kubelet_pods.go; pkg/volume/configmap",
    ),
    "changed-in-place": Explanation(
        "Data changes under running pods",
        "Environment variables and subPath mounts keep the old data until a pod restarts. Then old code reads new "
        "data.",
        "Add a hash of the data to the name of the object.",
        "Kubernetes: ConfigMaps",
    ),
    "replicas-two-writers": Explanation(
        "Two writers control the number of replicas",
        "selfHeal resets the HPA's number to the one in the manifest every few seconds.",
        "Let the Application ignore /spec/replicas, with RespectIgnoreDifferences=true.",
        "Argo CD: normalizeTargetResources; seen in real runs",
    ),
    "replicas-dropped": Explanation(
        "Removing `replicas` from a manifest scales to 1",
        "Kubernetes resets a field that Argo CD owned to its default until the HPA runs again.",
        "Keep `replicas`, and let the Application ignore it with RespectIgnoreDifferences=true.",
        "Argo CD issues 1603 and 5472",
    ),
    "selectors-overlap": Explanation(
        "Two workloads select the same pods",
        "This is a warning, because a controller never adopts pods that another controller owns. It is an error if "
        "an autoscaler counts these pods, if two disruption budgets select them, or if they have no owner, because "
        "a controller then adopts them.",
        "Give each workload its own label, in its selector and its template.",
        "Kubernetes: controller_ref_manager.go ClaimObject",
    ),
    "routes-equal": Explanation(
        "Two equal routes match the same requests",
        "The older route should win, but gateways differ, and some decide again at each reload.",
        "Make one of the routes more specific, or put both rules into one route.",
        "Gateway API: HTTPRouteRule precedence; seen in real runs",
    ),
    "namespaces-shut": Explanation(
        "A NetworkPolicy no longer admits a namespace, or pods",
        "The pods of another namespace are in no folder, and what a program calls by itself stands in no manifest: "
        "Shipway does not know whether they call the pods of this policy.",
        "If none of these pods calls them, there is nothing to do. Otherwise keep admitting them until none does.",
        "Kubernetes: pkg/apis/networking/types.go, NetworkPolicyPeer",
    ),
    "two-canaries": Explanation(
        "Two canary Ingresses share a rule",
        "ingress-nginx applies the older one and ignores the other.",
        "Keep one canary Ingress for each rule.",
        "ingress-nginx: annotations.md",
    ),
    "path-defined-twice": Explanation(
        "Two Ingresses define one path of a host",
        "The admission webhook of ingress-nginx refuses the second Ingress, and the sync fails. Without the "
        "webhook, the older Ingress answers and the other one has no effect.",
        "Define each path in one Ingress. To move traffic, keep the path in its Ingress and change what it leads to: a "
        "new Ingress gets the path only when the old one has lost it.",
        "ingress-nginx: internal/ingress/controller/controller.go, checkOverlap",
    ),
    "drain-too-short": Explanation(
        "Pods end before their last requests",
        "Proxies learn late that a pod is ending. Requests that arrive after SIGTERM are lost.",
        "Add a preStop sleep of some seconds, and a grace period that covers the sleep and the longest request. If "
        "the process itself keeps serving until it has no requests, declare that: policy.verify.graceful in the "
        "environment, --graceful, or the annotation shipway.dev/graceful-shutdown on the pods.",
        "Kubernetes: killContainer; measured in real runs",
    ),
    "host-port-closed": Explanation(
        "A port of a node is closed for a while",
        "Two pods with the same hostPort cannot run on one node, so clients of that node's port are refused until "
        "the new pod runs.",
        "Send clients through a Service, or take each node out of the load balancer first.",
        "Kubernetes: scheduler plugin NodePorts",
    ),
    "no-longer-served": Explanation(
        "Nothing serves these requests any more",
        "A rule or a Service is removed, and no other one takes its requests.",
        "If clients still send these requests, keep the rule until they stop. If none do, there is nothing to do.",
        "The transition model: a rule that is removed altogether is a retirement",
    ),
    "namespace-of-others": Explanation(
        "Deleting a Namespace also deletes other people's objects in it",
        "Kubernetes deletes every object in the Namespace. Objects that are not in this folder appear in no plan.",
        "Mark the Namespace Prune=false, or make sure that it is empty.",
        "Kubernetes: pkg/controller/namespace",
    ),
    "namespace-kept": Explanation(
        "Kubernetes does not allow this Namespace to be deleted",
        "The API server refuses to delete default, kube-system and kube-public. Each sync fails at this prune, and "
        "later waves never run.",
        "Keep the Namespace in the folder, or mark it Prune=false.",
        "Kubernetes: plugin/pkg/admission/namespace/lifecycle, immortalNamespaces",
    ),
    "definition-pruned": Explanation(
        "A CustomResourceDefinition is deleted with every object of its kind",
        "The folder still has objects of this kind. They are deleted, and no later sync can apply them, because "
        "the API server no longer knows the kind.",
        "Keep the definition, or mark it Prune=false.",
        "Kubernetes: apiextensions-apiserver, pkg/controller/finalizer",
    ),
    "definition-of-others": Explanation(
        "A CustomResourceDefinition is deleted with objects outside this folder",
        "Every object of the kind is deleted with it, in all namespaces. This folder has none, but others may have "
        "some.",
        "Mark the definition Prune=false, or make sure that no object of the kind exists.",
        "Kubernetes: apiextensions-apiserver, pkg/controller/finalizer",
    ),
    "application-cascades": Explanation(
        "An Application is deleted with everything that it deployed",
        "Its finalizer (or its ApplicationSet) makes Argo CD delete everything that the Application deployed, and "
        "wait until it is gone.",
        "Remove the finalizer in an earlier commit (or set preserveResourcesOnDeletion), so that only the "
        "Application is deleted.",
        "Argo CD: docs/user-guide/app_deletion.md",
    ),
    "application-orphans": Explanation(
        "An Application is deleted, but what it deployed stays",
        "Without the finalizer only the Application is deleted. Its objects keep serving as they are.",
        "Let another Application take them over, or delete them by hand.",
        "Argo CD: docs/user-guide/app_deletion.md",
    ),
    "pull-secret-pruned": Explanation(
        "A pull secret of a ServiceAccount is deleted",
        "Pods of the ServiceAccount use this Secret to pull their images. On a node without the image, a replaced "
        "pod stays in ImagePullBackOff.",
        "Keep the Secret, or remove it from the account's imagePullSecrets first.",
        "Kubernetes: plugin/pkg/admission/serviceaccount",
    ),
    "scaler-without-target": Explanation(
        "An HPA remains without its workload",
        "The workload is deleted and the HPA stays. It finds nothing to scale and is Degraded. It does not scale the "
        "workload that replaces the old one.",
        "Delete the HPA with the workload, or let it scale the new one.",
        "Kubernetes: pkg/controller/podautoscaler; Argo CD: health of HPAs",
    ),
    "unready-published": Explanation(
        "A Service leads to pods that are not ready",
        "With publishNotReadyAddresses every pod gets requests, even one that is starting or fails its readiness "
        "probe.",
        "Remove publishNotReadyAddresses. If members must find each other while they start, give them their own "
        "headless Service.",
        "Kubernetes: ServiceSpec.PublishNotReadyAddresses",
    ),
    "reference-unresolved": Explanation(
        "A route, a policy or a webhook names an object that does not exist",
        "A filter, a mirror, a backend of another kind of route, a Middleware, a class, or the Service of a "
        "webhook is deleted, is created later, or is in no folder. Gateways answer with an error. If the Service "
        "of a webhook is missing, the API server refuses the objects that the webhook should check.",
        "Add the named object first, and delete it only after nothing names it. If the cluster has it already, use "
        "--outside.",
        "Gateway API: HTTPRouteFilter, ResolvedRefs; Traefik, Istio and Envoy Gateway: unresolved references",
    ),
    "entry-closed": Explanation(
        "Clients from outside lose the way in",
        "A load balancer, a node port, a host port or an address is closed, moves, or lets fewer clients in.",
        "Open the new entry beside the old one, move the clients, then close the old one.",
        "Kubernetes: Services of type NodePort and LoadBalancer, traffic policies",
    ),
    "listener-closed": Explanation(
        "A listener of a Gateway is closed or moves",
        "Clients connect to its port, with its protocol and for its hosts. After the change nothing listens there.",
        "Add the new listener beside the old one, move the clients, then remove the old one.",
        "Gateway API: Listener",
    ),
    "endpoints-gone": Explanation(
        "A Service without a selector loses its last address",
        "Its addresses are in Endpoints or EndpointSlices of the folder. After the change, none of the old "
        "addresses is there and ready.",
        "Add the new addresses first, and keep an old one until the new ones are ready.",
        "Kubernetes: Services without selectors",
    ),
    "endpoints-frozen": Explanation(
        "A Service loses its selector",
        "Its endpoints stay as they are. New pods are not added, so the Service loses its pods one by one as they "
        "are replaced.",
        "Keep the selector, or write EndpointSlices with addresses that do not change.",
        "Kubernetes: Services without selectors",
    ),
    "hook-deleted": Explanation(
        "A serving object becomes a hook and is deleted",
        "The commit makes an object that serves a hook with the deletion policy HookSucceeded. Argo CD deletes it as "
        "soon as its phase has succeeded, and what leads to it leads to nothing.",
        "Remove the hook annotation, or the deletion policy.",
        "Argo CD gitops-engine: pkg/sync/sync_context.go, Sync",
    ),
    "batch-pods-caught": Explanation(
        "A Service selects the pods of a Job",
        "Every ready pod with the labels that the Service selects gets a share of its requests, whatever created "
        "the pod. The pods of a Job do other work: they refuse these requests or answer them wrongly.",
        "Give the pods of the Job other labels, or let the Service select a label that they do not have.",
        "Kubernetes: Services, selectors; pkg/controller/endpointslice",
    ),
    "redirected": Explanation(
        "Requests that pods answered are redirected",
        "Clients that follow redirects continue at the new address. Other clients fail, and so do requests with a "
        "body.",
        "Make sure that clients follow redirects, and that a server answers at the new address.",
        "ingress-nginx: permanent-redirect, ssl-redirect; Gateway API: RequestRedirect",
    ),
    "cut-sooner": Explanation(
        "Requests are cut off sooner",
        "The route's timeout becomes shorter. Requests that take longer get an error (504) instead of their answer.",
        "Keep the timeout as long as the longest request takes.",
        "Gateway API: HTTPRouteTimeouts; ingress-nginx: proxy-read-timeout",
    ),
    "pods-refused": Explanation(
        "A Namespace refuses the pods",
        "The Namespace enforces a pod security level that the pods do not meet. Running pods stay, but no new one "
        "is created: a rollout stalls, and a replaced pod does not come back.",
        "First change the pods so that they meet the level. Set the label in a later commit.",
        "Kubernetes: Pod Security Standards, Pod Security Admission",
    ),
    "namespace-unknown": Explanation(
        "An object is written once with a namespace and once without",
        "Whether both are the same object depends on the namespace of the Application, which is not known here.",
        "Give the namespace (--namespace), or the Application (--application).",
        "Argo CD: an object without a namespace goes to the Application's destination",
    ),
    "not-reversible": Explanation(
        "The way back is not safe",
        "Going back to the published state would lose requests. The code in brackets is the reason.",
        "Keep the objects that the way back needs until the release is finished, or go back with `abort`.",
        "The transition model: reversible",
    ),
    "skip-unsafe": Explanation(
        "The step is not safe from an earlier commit",
        "Argo CD syncs only the newest commit. It may skip commits before it, or start from the middle of another "
        "sync. From the state of such an earlier commit, this change is not safe.",
        "Wait until Argo CD has synced the earlier commit, then run `shipway confirm`. Or change the step so that "
        "it is safe from that commit too.",
        "Argo CD: autoSync; the transition model: skip-safe",
    ),
    "application-missing": Explanation(
        "The file does not contain exactly one Application",
        "`--application` reads the sync options of one Argo CD Application.",
        "Use a file with one Application.",
        "Shipway's design: commands",
    ),
}
