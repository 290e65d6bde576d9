"""Annotations: of plain objects, of routes, of workloads, of pod templates.

Source: Kubernetes, docs/concepts/overview/working-with-objects/annotations.md: an annotation without a prefix is
private to the user, and whatever reads annotations by itself must use a prefix.
"""

from __future__ import annotations

from collections.abc import Mapping

from compiler.model.classification import Classification, Inert, Modeled, Unjudged
from compiler.traffic.tables import provider_annotations
from compiler.transition.classification.shared.cloud_annotations import CLOUD_ANNOTATIONS
from compiler.transition.classification.shared.labels import by_prefix
from compiler.transition.classification.shared.proxy_annotations import PROXY_ANNOTATIONS

PRIVATE = Inert(
    "Kubernetes, docs/concepts/overview/working-with-objects/annotations.md: no prefix, private to the user"
)
PLAIN = Inert("Kubernetes reads no annotation of this kind that Argo CD or a known controller does not (reference)")
ORDER = Modeled("the order of the sync")
NO_EFFECT = Inert("Argo CD, docs/user-guide/annotations-and-labels.md: for its user interface")
METRICS = Inert("Prometheus, documentation/examples/prometheus-kubernetes.yml: what is scraped")
APPLIED = Inert("kubectl: what it applied last, and what it shows; on pod templates they make new pods")
BUNDLED = Inert("Gateway API, pkg/consts/consts.go: of which release its definitions are, read of these alone")

ARGO_CD: Mapping[str, Classification] = {
    "argocd.argoproj.io/sync-wave": ORDER,
    "argocd.argoproj.io/hook": ORDER,
    "argocd.argoproj.io/hook-delete-policy": ORDER,
    "argocd.argoproj.io/sync-options": ORDER,
    "argocd.argoproj.io/tracking-id": Inert("Argo CD, docs/user-guide/resource_tracking.md: whose object this is"),
    "argocd.argoproj.io/installation-id": Inert("Argo CD, docs/user-guide/resource_tracking.md: whose object this is"),
    "argocd.argoproj.io/compare-options": Unjudged("whether Argo CD writes the object when it differs", alone=False),
    "argocd.argoproj.io/ignore-healthcheck": Unjudged("whether a wave waits for the object", gated=True),
    "argocd.argoproj.io/ignore-default-labels": NO_EFFECT,
    "argocd.argoproj.io/refresh": Inert("Argo CD, controller/appcontroller.go: when it compares again"),
    "argocd.argoproj.io/manifest-generate-paths": Inert("Argo CD, docs/operator-manual/high_availability.md: a cache"),
    "argocd.argoproj.io/skip-reconcile": Unjudged("whether Argo CD syncs what the object deploys", alone=False),
    "argocd.argoproj.io/": Unjudged("how Argo CD syncs the object", alone=False),
    "link.argocd.argoproj.io/": NO_EFFECT,
    "notifications.argoproj.io/": Inert("Argo CD, docs/operator-manual/notifications: who is notified"),
    "argocd-image-updater.argoproj.io/": Unjudged("which image the updater writes into the Application", alone=False),
    "helm.sh/hook": ORDER,
    "helm.sh/hook-weight": ORDER,
    "helm.sh/hook-delete-policy": ORDER,
    "helm.sh/resource-policy": Inert(
        "Helm, docs/howto/charts_tips_and_tricks.md: for `helm uninstall`; Argo CD ignores it"
    ),
    "meta.helm.sh/": Inert("Helm, pkg/action/validate.go: whose object this is"),
}
COMMON: Mapping[str, Classification] = {
    **ARGO_CD,
    "kubectl.kubernetes.io/": APPLIED,
    "kubernetes.io/change-cause": Inert("Kubernetes, well-known annotations: for `kubectl rollout history`"),
    "kubernetes.io/description": Inert("Kubernetes, well-known annotations: a text for people"),
    "deployment.kubernetes.io/revision": Inert("Kubernetes, pkg/controller/deployment/util: written by the controller"),
    "shipway.dev/": Modeled("contract, drained, capacity"),
    "prometheus.io/": METRICS,
    "gateway.networking.k8s.io/bundle-version": BUNDLED,
    "gateway.networking.k8s.io/channel": BUNDLED,
    "kustomize.toolkit.fluxcd.io/": Inert("Flux, components/kustomize: Argo CD does not read it"),
    "fluxcd.io/": Inert("Flux 1, docs/references/fluxctl.md: Argo CD does not read it"),
    "config.kubernetes.io/": Inert("kustomize, api/internal/utils/annotations.go: read only while kustomize renders"),
    "internal.config.kubernetes.io/": Inert(
        "kustomize, api/internal/utils/annotations.go: read only while kustomize renders"
    ),
    "kapp.k14s.io/": Inert("kapp, docs/apply.md: Argo CD does not read it"),
    "backstage.io/": Inert("Backstage, well-known annotations: for its catalog"),
    "janitor/": Unjudged("when kube-janitor deletes the object"),
    "artifacthub.io/": Inert("Artifact Hub, docs/helm_annotations.md: for its catalog"),
    "grafana.com/": Inert("Grafana, dashboards: how they are filed"),
    "ignore-check.kube-linter.io/": Inert("kube-linter, docs/configuring-kubelinter.md: what it reports"),
    "polaris.fairwinds.com/": Inert("Polaris, docs/customization/exemptions.md: what it reports"),
    "kube-score/": Inert("kube-score, README_CHECKS.md: what it reports"),
    "checkov.io/": Inert("Checkov, docs: what it reports"),
}
RESTARTS = Unjudged("when a controller restarts the pods without a commit", alone=False)
WORKLOADS: Mapping[str, Classification] = {
    "reloader.stakater.com/": RESTARTS,
    "configmap.reloader.stakater.com/": RESTARTS,
    "secret.reloader.stakater.com/": RESTARTS,
    "wave.pusher.com/": RESTARTS,
    "keel.sh/": Unjudged("which image a controller writes into the workload", alone=False),
    "downscaler/": Unjudged("how many pods exist at which hour", alone=False),
    "operator.1password.io/": RESTARTS,
    "rollout.argoproj.io/": Inert("Argo Rollouts, utils/annotations: written by the controller"),
    "ad.datadoghq.com/": METRICS,
    "app.kubernetes.io/": Inert("Kubernetes, common-labels.md: for tools that query"),
    "sidecar.jaegertracing.io/": Unjudged("whether an operator changes the pods", alone=False),
    "instrumentation.opentelemetry.io/": Unjudged("whether an operator changes the pods", alone=False),
}
COPIED = Unjudged("whether a controller copies it into, or from, other namespaces", alone=False)
TRUSTED = Unjudged("which certificates its readers trust: a controller writes them into it", alone=False)
CLAIMED_BY_DEFAULT = Unjudged(
    "which class claims get if they name none", matters=lambda old, new: (old == "true") != (new == "true")
)
PROVISIONER = Inert(
    "Kubernetes, pkg/controller/volume/persistentvolume `setClaimProvisioner`: its controller writes it, and nobody "
    "reads it once the claim has its volume"
)
DATA: Mapping[str, Classification] = {
    "reflector.v1.k8s.emberstack.com/": COPIED,
    "replicator.v1.mittwald.de/": COPIED,
    "kubed.appscode.com/": COPIED,
    "secretgen.carvel.dev/": COPIED,
    "cert-manager.io/inject-": TRUSTED,
    "service.beta.openshift.io/": TRUSTED,
    "strimzi.io/": Unjudged(
        "which certificates the cluster of Kafka shows and trusts, and when it restarts", alone=False
    ),
    "sealedsecrets.bitnami.com/": Unjudged("whether the controller can decrypt the data and write the Secret"),
    "kubernetes.io/service-account.name": Unjudged("whose token the Secret contains", alone=False),
    "storageclass.kubernetes.io/is-default-class": CLAIMED_BY_DEFAULT,
    "storageclass.beta.kubernetes.io/is-default-class": CLAIMED_BY_DEFAULT,
    "volume.beta.kubernetes.io/storage-provisioner": PROVISIONER,
    "volume.kubernetes.io/storage-provisioner": PROVISIONER,
    "volume.beta.kubernetes.io/": Unjudged("of which class, and on which node, the claim's volume is", alone=False),
    "volume.kubernetes.io/": Unjudged("on which node the claim's volume is created", alone=False),
}
"""What controllers read from ConfigMaps, Secrets, claims, classes and definitions."""
SCALERS: Mapping[str, Classification] = {
    "autoscaling.keda.sh/paused-replicas": Modeled("capacity: the count that the pods are held at"),
    "autoscaling.keda.sh/": Unjudged("whether the workload is scaled, and at how many pods it is held"),
    "scaledobject.keda.sh/": Unjudged("which HPA scales the workload"),
    "hpa.autoscaling.banzaicloud.io/": Unjudged("at how many pods an HPA that is made from it holds the workload"),
}
"""Source: KEDA, docs/concepts/scaling-deployments.md (`paused`, `paused-replicas`, `transfer-hpa-ownership`)."""
NAMESPACES: Mapping[str, Classification] = {
    "openshift.io/description": Inert("OpenShift, projects: a text for people"),
    "openshift.io/display-name": Inert("OpenShift, projects: a text for people"),
    "openshift.io/requester": Inert("OpenShift, projects: a text for people"),
    "cattle.io/": Inert("Rancher: written by Rancher"),
    "lifecycle.cattle.io/": Inert("Rancher: written by Rancher"),
}
NAMESPACE_READ = Unjudged("what admission and controllers that read this annotation do to its pods", alone=False)
ACCOUNT_READ = Unjudged("which identity its pods use when they call others, such as a cloud", alone=False)
INJECTED = Unjudged("whether its pods get a mesh's proxy, which decides who may reach them", alone=False)
PROXIED = Unjudged("which of its ports the mesh's proxy handles", alone=False)
TEMPLATES: Mapping[str, Classification] = {
    "sidecar.istio.io/": INJECTED,
    "traffic.sidecar.istio.io/": PROXIED,
    "proxy.istio.io/": INJECTED,
    "inject.istio.io/": INJECTED,
    "readiness.status.sidecar.istio.io/": INJECTED,
    "status.sidecar.istio.io/": INJECTED,
    "linkerd.io/": INJECTED,
    "config.linkerd.io/": PROXIED,
    "config.alpha.linkerd.io/": PROXIED,
    "kuma.io/": INJECTED,
    "consul.hashicorp.com/": INJECTED,
    "appmesh.k8s.aws/": INJECTED,
    "openservicemesh.io/": INJECTED,
    "k8s.v1.cni.cncf.io/": Unjudged("to which networks its pods are attached", alone=False),
    "cni.projectcalico.org/": Unjudged("which addresses its pods have", alone=False),
    "ingress.cilium.io/": Unjudged("to which networks its pods are attached", alone=False),
    "kubernetes.io/ingress-bandwidth": Unjudged("how much traffic reaches its pods", alone=False),
    "kubernetes.io/egress-bandwidth": Unjudged("how much traffic leaves its pods", alone=False),
}
NEW_PODS = Modeled("the rollout: a new annotation makes new pods, which may never become ready")


def plain_annotation(name: str) -> Classification:
    """An annotation of an object that carries no request."""
    return _private(name) or by_prefix(name, COMMON, DATA) or PLAIN


def namespace_annotation(name: str) -> Classification:
    """An annotation of a Namespace, by which meshes and admission plugins change its pods."""
    return _private(name) or by_prefix(name, COMMON, NAMESPACES) or NAMESPACE_READ


def account_annotation(name: str) -> Classification:
    """An annotation of a ServiceAccount, by which clouds know its pods."""
    return _private(name) or by_prefix(name, COMMON) or ACCOUNT_READ


def route_annotation(name: str) -> Classification:
    """An annotation of a Service, an Ingress, a route or a Gateway: what has a prefix may steer a controller."""
    known = by_prefix(name, COMMON, *provider_annotations().values(), PROXY_ANNOTATIONS, CLOUD_ANNOTATIONS)
    return (
        _private(name)
        or known
        or Unjudged("how a controller that reads this annotation handles the requests", alone=False)
    )


def workload_annotation(name: str) -> Classification:
    """An annotation of what makes pods."""
    known = by_prefix(name, COMMON, WORKLOADS, SCALERS)
    return _private(name) or known or PLAIN


def template_annotation(name: str) -> Classification:
    """An annotation of pods."""
    return by_prefix(name, TEMPLATES) or NEW_PODS


def _private(name: str) -> Classification | None:
    return None if "/" in name else PRIVATE
