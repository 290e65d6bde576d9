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
        "A file of `extras` contains something that is not a manifest",
        "Extras are manifests that are published unchanged.",
        "Write each object with its apiVersion, kind and metadata.name.",
        "Shipway's design: extras",
    ),
    "extra-cluster-scoped": Explanation(
        "An extra belongs to the whole cluster, not to a namespace",
        "An environment is one namespace. Its AppProject allows no objects of the whole cluster.",
        "Publish it from the repository that holds the cluster's own objects.",
        "Argo CD: clusterResourceWhitelist",
    ),
    "extra-of-argocd": Explanation(
        "An extra is an object of Argo CD",
        "Anyone who can create Applications can deploy anything, so a release could write outside its namespace.",
        "Publish it from the repository that holds Argo CD's own objects.",
        "Argo CD: docs/operator-manual/app-any-namespace.md",
    ),
    "extra-namespace": Explanation(
        "An extra names another namespace",
        "The Applications of an environment may write only into the environment's namespace.",
        "Remove the namespace, or move the file to the environment of that namespace.",
        "Argo CD: AppProject, destinations",
    ),
    "paths-versioned": Explanation(
        "With `versioned`, each version needs its own path",
        "Clients choose a version by its path, host or header. Paths of the release would be the same for every "
        "version.",
        "Set `path` for each version, and remove it from `expose`.",
        "Shipway's design: versioned",
    ),
    "tls-host-unknown": Explanation(
        "A certificate names a host that the release does not have",
        "`tls.secrets` lists, for each Secret, which of the release's hosts it covers.",
        "List only hosts that `expose` names.",
        "Kubernetes: Ingress, spec.tls",
    ),
    "stateful-claim": Explanation(
        "A volume claim has no name",
        "Containers mount the volume by the name of its claim.",
        "Add `metadata: {name: data}`, as in Kubernetes' `volumeClaimTemplates`.",
        "Kubernetes: StatefulSet, volumeClaimTemplates",
    ),
    "stateful-strategy": Explanation(
        "A StatefulSet can only use `rolling`",
        "Each pod of a StatefulSet has a fixed name and a volume of its own. A second track would start with empty "
        "volumes.",
        "Use `rolling`, without `maxSurge` and `maxUnavailable`.",
        "Kubernetes: StatefulSet, rolling updates",
    ),
    "stateful-autoscale": Explanation(
        "A StatefulSet cannot be autoscaled",
        "A pod that is scaled down leaves its volume behind. When the pod comes back, the volume holds old data.",
        "Write `replicas`.",
        "Kubernetes: StatefulSet, PersistentVolumeClaim retention",
    ),
    "paused-strategy": Explanation(
        "With `replicas: 0` only `rolling` works",
        "Without pods, requests get no answer. blueGreen, canary and versioned would have no pods to divide "
        "requests among.",
        "Write at least one replica, or use `rolling`.",
        "Shipway's design: strategies",
    ),
    "port-twice": Explanation(
        "Two ports of a container have the same name or number",
        "Kubernetes finds a port by its name or its number, and never finds the second of the two.",
        "Give each port its own name and number.",
        "Kubernetes: pkg/api/v1/pod/util.go, FindPort",
    ),
    "service-name-taken": Explanation(
        "Two Services have the same name",
        "The release's own Service and those of its tracks are named after the release. `expose.services` uses one of "
        "these names for another Service.",
        "Give the Service in `expose.services` another name.",
        "Shipway's design: names",
    ),
    "service-port-target": Explanation(
        "A Service names a port that the container does not have",
        "Kubernetes looks the name up among the ports of the pods' containers, and does not find it.",
        "Name one of `container.ports`, or write a number as `targetPort`.",
        "Kubernetes: pkg/api/v1/pod/util.go, FindPort",
    ),
    "readiness-off": Explanation(
        "The readiness probe is switched off without a reason",
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
        "A container without a port cannot be exposed",
        "`port: none` says that the container answers no requests, and this key says how they reach it.",
        "Remove the key, or give the container its port.",
        "Shipway's design: exposure",
    ),
    "identity-track-unknown": Explanation(
        "`identity.track` is not a track of this strategy",
        "The running Deployment becomes the track that serves before a course: main, blue or green, stable, or a "
        "numbered one (v1, v2).",
        "Name one of these. Without `track` it is the strategy's first track.",
        "Shipway's design: adoption",
    ),
    "identity-labels-differ": Explanation(
        "One label has two values",
        "`identity.labels` and `identity.selector` are both labels of the same pods.",
        "Keep the selector's value, which is immutable.",
        "Kubernetes: a Deployment's selector is immutable",
    ),
    "identity-unused": Explanation(
        "These keys of `identity` have no effect any more",
        "The course has removed the track that had the names and labels from before. If a later course adds a track "
        "of that name, it would get them again.",
        "Remove the keys that belong to the track. `service`, `container` and the other names may stay.",
        "Shipway's design: adoption",
    ),
    "identity-service-taken": Explanation(
        "The Service that clients call would have the name of a track's Service",
        "Clients call this name and expect the track that serves, whichever it is. With this name of the release, it "
        "would be the Service of one track alone.",
        "Give the release another name; `identity` keeps the names of what runs.",
        "Shipway's design: adoption",
    ),
}
