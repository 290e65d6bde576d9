"""Labels: of plain objects, of routes, of pods, of Namespaces.

Source: Kubernetes, docs/concepts/overview/working-with-objects/labels.md: a label without a prefix is private to the
user, and whatever adds or reads labels by itself must use a prefix.
"""

from __future__ import annotations

from collections.abc import Mapping

from compiler.model.classification import Classification, Inert, Modeled, Unjudged

PRIVATE = Inert("Kubernetes, docs/concepts/overview/working-with-objects/labels.md: no prefix, private to the user")
RECOMMENDED = Inert("Kubernetes, docs/concepts/overview/working-with-objects/common-labels.md: for tools that query")
TRACKING = Inert("Argo CD, docs/user-guide/resource_tracking.md: it tells Argo CD whose object this is")
PLAIN = Inert(
    "Kubernetes reads the labels of pods, Namespaces, Services and nodes alone (well-known labels, reference)"
)

DESCRIPTIVE_PREFIXES: Mapping[str, Classification] = {
    "app.kubernetes.io/": RECOMMENDED,
    "helm.sh/": Inert("Helm, docs/chart_best_practices/labels.md: the chart's name and version"),
    "argocd.argoproj.io/": TRACKING,
    "shipway.dev/": Modeled("contract, calls"),
    "kustomize.toolkit.fluxcd.io/": Inert("Flux, components/kustomize: whose object this is"),
    "helm.toolkit.fluxcd.io/": Inert("Flux, components/helm: whose object this is"),
    "kubernetes.io/metadata.name": Modeled("NetworkPolicies, Gateways"),
    "addonmanager.kubernetes.io/": Inert(
        "Kubernetes, cluster/addons/addon-manager/README.md: not part of Argo CD's sync"
    ),
    "kubernetes.io/cluster-service": Inert("Kubernetes, well-known labels: for `kubectl cluster-info`"),
    "app.openshift.io/": Inert("OpenShift, topology view: how the console draws it"),
    "backstage.io/": Inert("Backstage, well-known annotations: for its catalog"),
    "velero.io/": Inert("Velero, site/content/docs: what is saved"),
    "tags.datadoghq.com/": Inert("Datadog, unified service tagging: the names of metrics"),
}
DELETED_LATER: Mapping[str, Classification] = {"cleanup.kyverno.io/": Unjudged("when Kyverno deletes the object")}
"""Source: Kyverno, docs/policy-types/cleanup-policy.md (`cleanup.kyverno.io/ttl`)."""


def _lost_by(influence: str, *, alone: bool = True) -> Unjudged:
    """What a label does that nobody had who comes with it: only that it goes, or says something else, matters."""
    return Unjudged(influence, matters=lambda old, _new: old is not None, alone=alone)


CONTROLLED_LABELS: Mapping[str, Classification] = {
    "argocd.argoproj.io/secret-type": Unjudged(
        "which clusters and repositories Argo CD knows", matters=lambda old, _new: old is not None
    ),
    "kueue.x-k8s.io/": Unjudged("whether its pods wait in a queue", alone=False),
    "config.openshift.io/inject-trusted-cabundle": Unjudged("which certificates its readers trust", alone=False),
    "keel.sh/": Unjudged("which image a controller writes into the workload", alone=False),
    "rbac.authorization.k8s.io/aggregate-to-": Unjudged(
        "which rights roles of the cluster get from this one", matters=lambda old, _new: old is not None
    ),
    "app.kubernetes.io/part-of": Unjudged(
        "whether Argo CD reads its settings from the object", matters=lambda old, _new: old == "argocd", alone=False
    ),
    "authorino.kuadrant.io/": _lost_by("which keys of clients Authorino knows"),
    "external-secrets.io/type": _lost_by("whether generators of values may read the Secret"),
    "generators.external-secrets.io/type": _lost_by("whether generators of values may read the Secret"),
    "istio/multiCluster": _lost_by("which other clusters Istio knows, and whose pods it leads to"),
    "konghq.com/": _lost_by("which credentials and certificates Kong reads"),
    "sealedsecrets.bitnami.com/sealed-secrets-key": _lost_by("which SealedSecrets the controller can decrypt"),
    "secrets-store.csi.k8s.io/used": _lost_by("whether pods that name the Secret get their volumes", alone=False),
    "strimzi.io/": _lost_by("which cluster of Kafka uses the object, and whether its clients trust it"),
    **DELETED_LATER,
}
"""What controllers read from ConfigMaps, Secrets and workloads.

Source: Argo CD, docs/operator-manual/declarative-setup.md (`part-of`); Authorino, docs/features.md (API keys);
external-secrets, docs/api/generator/webhook.md; Istio, pkg/kube/multicluster (`MultiClusterSecretLabel`); Kong,
kubernetes-ingress-controller, CHANGELOG (`konghq.com/credential`); sealed-secrets, pkg/controller/keys.go; Secrets
Store CSI driver, docs (`--filtered-watch-secret`); Strimzi, documentation (custom CA certificates).
"""
NETWORK_ROLE = "which mesh or proxy forwards its requests"
MESH_PREFIXES: Mapping[str, Classification] = {
    "istio.io/": Unjudged(NETWORK_ROLE, alone=False),
    "sidecar.istio.io/": Unjudged("whether its pods get a mesh's proxy, which decides who may reach them", alone=False),
    "networking.istio.io/": Unjudged(NETWORK_ROLE, alone=False),
    "security.istio.io/": Unjudged("which requests are admitted", alone=False),
    "linkerd.io/": Unjudged(NETWORK_ROLE, alone=False),
    "config.linkerd.io/": Unjudged(NETWORK_ROLE, alone=False),
    "kuma.io/": Unjudged(NETWORK_ROLE, alone=False),
    "consul.hashicorp.com/": Unjudged(NETWORK_ROLE, alone=False),
    "admission.": Unjudged("what an admission webhook does to its pods", alone=False),
}
POD_SECURITY = Unjudged("which pods the API server accepts in the namespace", alone=False)
NAMESPACE_PREFIXES: Mapping[str, Classification] = {
    "pod-security.kubernetes.io/warn": Inert(
        "Kubernetes, docs/concepts/security/pod-security-admission.md: warns only"
    ),
    "pod-security.kubernetes.io/audit": Inert(
        "Kubernetes, docs/concepts/security/pod-security-admission.md: logs only"
    ),
    "pod-security.kubernetes.io/enforce": Modeled("config, finishes, accepted: which pods can be made"),
    "pod-security.kubernetes.io/enforce-version": Inert(
        "Kubernetes, pod-security-admission: which version's checks apply; the newest are the strictest"
    ),
    "pod-security.kubernetes.io/": POD_SECURITY,
}
MEMBERSHIP = Unjudged(
    "which routes may attach to Gateways, which pods NetworkPolicies admit, which webhooks see its pods", alone=False
)
SELECTED = Modeled("Services, workloads and NetworkPolicies that select pods")
SERVICE_LABELS: Mapping[str, Classification] = {
    "service.kubernetes.io/service-proxy-name": Unjudged("whether kube-proxy handles the Service at all", alone=False),
    "service.kubernetes.io/headless": Unjudged("whether kube-proxy handles the Service at all", alone=False),
    "endpointslice.kubernetes.io/skip-mirror": Unjudged(
        "whether the Service's Endpoints reach the proxies", alone=False
    ),
}


def by_prefix(name: str, *tables: Mapping[str, Classification]) -> Classification | None:
    """The classification of the longest prefix of `name` in the tables, the first table first; None: of none."""
    for table in tables:
        known = [prefix for prefix in table if name.startswith(prefix)]
        if known:
            return table[max(known, key=len)]
    return None


def plain_label(name: str) -> Classification:
    """A label of an object that nothing selects."""
    if "/" not in name:
        return PRIVATE
    return by_prefix(name, CONTROLLED_LABELS, DESCRIPTIVE_PREFIXES, MESH_PREFIXES) or PLAIN


def route_label(name: str) -> Classification:
    """A label of a Service or of a route: what has a prefix may tell a controller whether to take it."""
    if "/" not in name:
        return PRIVATE
    known = by_prefix(name, SERVICE_LABELS, DESCRIPTIVE_PREFIXES, MESH_PREFIXES)
    return known or Unjudged("whether a controller that reads this label handles the object", alone=False)


def template_label(name: str) -> Classification:
    """A label of pods: a new one makes new pods, and what selects them is simulated."""
    return by_prefix(name, MESH_PREFIXES, DELETED_LATER) or SELECTED


def namespace_label(name: str) -> Classification:
    """A label of a Namespace, which Gateways, NetworkPolicies and webhooks select by."""
    if name == "istio-injection":
        return Unjudged("whether its pods get a mesh's proxy, which decides who may reach them", alone=False)
    return by_prefix(name, NAMESPACE_PREFIXES, DESCRIPTIVE_PREFIXES) or MEMBERSHIP
