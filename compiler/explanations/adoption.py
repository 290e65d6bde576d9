"""Every code about what ran before a release took it over, in words."""

from __future__ import annotations

from compiler.explanations.explanation import Explanation

CODES: dict[str, Explanation] = {
    "override-kept-object": Explanation(
        "This object cannot be left out",
        "`null` leaves an object out of what is published. Without its workload a release would run nothing.",
        "Remove the line, or take the release out of the environment.",
        "Shipway's design: overrides",
    ),
    "extra-not-object": Explanation(
        "A file of extras holds something else",
        "Extras are manifests, published as they stand.",
        "Write each object with its apiVersion, kind and metadata.name.",
        "Shipway's design: extras",
    ),
    "extra-cluster-scoped": Explanation(
        "An object of the whole cluster",
        "An environment is one namespace, and its AppProject permits nothing else.",
        "Publish it where the cluster's own objects are.",
        "Argo CD: clusterResourceWhitelist",
    ),
    "extra-of-argocd": Explanation(
        "An object of Argo CD itself",
        "A project that permits Applications permits everything: its releases could leave their namespace.",
        "Publish it where Argo CD's own objects are.",
        "Argo CD: docs/operator-manual/app-any-namespace.md",
    ),
    "extra-namespace": Explanation(
        "An object of another namespace",
        "An environment's Applications may write into its own namespace alone.",
        "Remove the namespace, or move the file to the environment of that namespace.",
        "Argo CD: AppProject, destinations",
    ),
    "paths-versioned": Explanation(
        "Each version has its own paths",
        "With `versioned`, clients name a version by its path, host or header. Paths for all of them would tell no two "
        "apart.",
        "Write `path` at each version.",
        "Shipway's design: versioned",
    ),
    "tls-host-unknown": Explanation(
        "A certificate for a host of nobody",
        "A Secret of `tls.secrets` serves those of the release's hosts that it lists.",
        "List hosts that the release answers at.",
        "Kubernetes: Ingress, spec.tls",
    ),
    "stateful-claim": Explanation(
        "A claim has no name",
        "The name of a claim's template is that of the volume that containers mount.",
        "Add `metadata: {name: data}`, as in Kubernetes' `volumeClaimTemplates`.",
        "Kubernetes: StatefulSet, volumeClaimTemplates",
    ),
    "stateful-strategy": Explanation(
        "A StatefulSet is replaced pod by pod",
        "Each pod has a name and claims of which there is one. A second track would have data of its own.",
        "Use `rolling`, without `maxSurge` and `maxUnavailable`.",
        "Kubernetes: StatefulSet, rolling updates",
    ),
    "stateful-autoscale": Explanation(
        "Pods with data are not scaled by load",
        "A pod that goes leaves its claim behind, and one that comes back has old data.",
        "Write `replicas`.",
        "Kubernetes: StatefulSet, PersistentVolumeClaim retention",
    ),
    "paused-strategy": Explanation(
        "A service at rest has no tracks",
        "With `replicas: 0` nobody answers. blueGreen, canary and versioned would divide requests among no pods.",
        "Write at least one replica, or use `rolling`.",
        "Shipway's design: strategies",
    ),
    "port-twice": Explanation(
        "Two ports of a container are one",
        "A port is found by its name or by its number, and the second of that name or number never is.",
        "Give each port its own name and number.",
        "Kubernetes: pkg/api/v1/pod/util.go, FindPort",
    ),
    "service-name-taken": Explanation(
        "Two Services of one name",
        "A release's own Service, and those of its tracks, are called after it; one object cannot be both.",
        "Rename the further Service.",
        "Shipway's design: names",
    ),
    "service-port-target": Explanation(
        "A port leads to none of the container's ports",
        "A name is looked up among the ports that the pods' containers declare, and not found.",
        "Name one of `container.ports`, or write a number as `targetPort`.",
        "Kubernetes: pkg/api/v1/pod/util.go, FindPort",
    ),
    "readiness-off": Explanation(
        "No readiness probe, and no reason",
        "Pods would count as ready the moment they run, and requests would reach them while they start.",
        "Write `readiness: {off: REASON}`, or `container: {port: none}` for a worker that answers no requests.",
        "Kubernetes: Configure Liveness, Readiness and Startup Probes",
    ),
    "worker-strategy": Explanation(
        "A worker has no requests to divide",
        "blueGreen, canary and versioned differ in which requests a track gets. A container without a port gets none, "
        "so both tracks would do the same work side by side.",
        "Use `rolling`.",
        "Shipway's design: strategies",
    ),
    "worker-exposed": Explanation(
        "A worker has no way in",
        "`port: none` says that the container answers no requests, and this key says how they reach it.",
        "Remove the key, or give the container its port.",
        "Shipway's design: exposure",
    ),
    "identity-track-unknown": Explanation(
        "No such track keeps an identity",
        "A running Deployment becomes the track that serves before a course: main, blue or green, stable, or v1, v2, …",
        "Name one of these, or leave `track` out: the strategy's first track is meant.",
        "Shipway's design: adoption",
    ),
    "identity-labels-differ": Explanation(
        "One label has two values",
        "`identity.labels` and `identity.selector` are both labels of the same pods.",
        "Keep the selector's value, which nobody can change.",
        "Kubernetes: a Deployment's selector is immutable",
    ),
    "identity-unused": Explanation(
        "No track keeps this identity any more",
        "The course has removed the track that ran under the names and labels from before. If a later course brings a "
        "track of that name, it would get them again.",
        "Remove the keys that belong to the track. `service`, `container` and the other names may stay.",
        "Shipway's design: adoption",
    ),
    "identity-service-taken": Explanation(
        "The Service's name is that of a track",
        "Clients call this name and expect the track that serves, whichever it is. Under this release's name it would "
        "be one track's own Service.",
        "Give the release another name; `identity` keeps the names of what runs.",
        "Shipway's design: adoption",
    ),
}
