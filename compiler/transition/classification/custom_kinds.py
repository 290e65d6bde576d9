"""Kinds of custom resources that are classified as a whole; `*` stands for every kind of the group not named."""

from __future__ import annotations

from collections.abc import Mapping

from compiler.model.classification import Inert, Unjudged
from compiler.transition.classification.shared.sensors import reaches_receivers
from compiler.transition.classification.shared.whole_objects import (
    deletes_objects,
    evicts_pods,
    injects_proxies,
    is_not_new,
    reaches_what_is,
)

MONITORED = Inert("Prometheus operator, Documentation/api-reference: what is scraped, and which alerts are sent")
DASHBOARDS = Inert("Grafana operator, docs/docs/overview.md: what dashboards show, and who is notified")
SCRAPED = Inert("VictoriaMetrics operator, docs/resources: what is scraped, and which alerts are sent")
LOGS = Inert("Logging operator, docs: where logs are sent")
REPORTS = Inert("Policy reports API: what was found, written by controllers")
BACKUPS = Inert("Velero, site/content/docs: what is saved, and when")
WORKFLOWS = Inert("Argo Workflows, docs: batch work, which no Service leads to")
TASKS = Inert("Tekton, docs: what runs could do, and batch work, which no Service leads to")
EXPERIMENTS = Inert("LitmusChaos, docs: which experiments exist, and their results; an engine starts them")
DASHBOARD_KINDS = (
    "GrafanaDashboard", "GrafanaDatasource", "GrafanaDataSource", "GrafanaFolder", "GrafanaAlertRuleGroup",
    "GrafanaContactPoint", "GrafanaLibraryPanel", "GrafanaManifest", "GrafanaMuteTiming", "GrafanaNotificationChannel",
    "GrafanaNotificationPolicy", "GrafanaNotificationPolicyRoute", "GrafanaNotificationTemplate",
)  # fmt: skip
SCRAPED_KINDS = (
    "VMAlertmanagerConfig", "VMNodeScrape", "VMPodScrape", "VMProbe", "VMRule", "VMScrapeConfig", "VMServiceScrape",
    "VMStaticScrape",
)  # fmt: skip
LOG_KINDS = ("ClusterFlow", "ClusterOutput", "Flow", "Output", "SyslogNGClusterFlow", "SyslogNGClusterOutput",
             "SyslogNGFlow", "SyslogNGOutput")  # fmt: skip
TRIGGER_KINDS = ("ClusterTriggerBinding", "Trigger", "TriggerBinding", "TriggerTemplate")
"""What an EventListener reads. It has pods and a Service of its own, as interceptors have."""
BACKUP_KINDS = (
    "Backup", "BackupRepository", "BackupStorageLocation", "DeleteBackupRequest", "DownloadRequest",
    "PodVolumeBackup", "Schedule", "ServerStatusRequest", "VolumeSnapshotLocation",
)  # fmt: skip
CUSTOM_INERT: Mapping[tuple[str, str], Inert] = {
    **{
        (group, kind): DASHBOARDS
        for group in ("grafana.integreatly.org", "integreatly.org")
        for kind in DASHBOARD_KINDS
    },
    **{("operator.victoriametrics.com", kind): SCRAPED for kind in SCRAPED_KINDS},
    **{("logging.banzaicloud.io", kind): LOGS for kind in LOG_KINDS},
    **{("velero.io", kind): BACKUPS for kind in BACKUP_KINDS},
    **{("tekton.dev", kind): TASKS for kind in ("ClusterTask", "Pipeline", "StepAction", "Task")},
    **{("triggers.tekton.dev", kind): TASKS for kind in TRIGGER_KINDS},
    **{("litmuschaos.io", kind): EXPERIMENTS for kind in ("ChaosExperiment", "ChaosResult")},
    ("volsync.backube", "ReplicationSource"): Inert("VolSync, docs/usage: copies a volume to another place"),
    ("monitoring.coreos.com", "ServiceMonitor"): MONITORED,
    ("monitoring.coreos.com", "PodMonitor"): MONITORED,
    ("monitoring.coreos.com", "PrometheusRule"): MONITORED,
    ("monitoring.coreos.com", "Probe"): MONITORED,
    ("monitoring.coreos.com", "ScrapeConfig"): MONITORED,
    ("monitoring.coreos.com", "AlertmanagerConfig"): MONITORED,
    ("argoproj.io", "Workflow"): WORKFLOWS,
    ("argoproj.io", "WorkflowTemplate"): WORKFLOWS,
    ("argoproj.io", "ClusterWorkflowTemplate"): WORKFLOWS,
    ("argoproj.io", "CronWorkflow"): WORKFLOWS,
    ("acme.cert-manager.io", "Challenge"): Inert(
        "cert-manager, docs/concepts/acme-orders-challenges.md: written by cert-manager"
    ),
    ("acme.cert-manager.io", "Order"): Inert(
        "cert-manager, docs/concepts/acme-orders-challenges.md: written by cert-manager"
    ),
    ("cert-manager.io", "CertificateRequest"): Inert(
        "cert-manager, docs/usage/certificaterequest.md: written by cert-manager"
    ),
    ("postgresql.cnpg.io", "Backup"): Inert("CloudNativePG, docs/src/backup.md: what is saved"),
    ("postgresql.cnpg.io", "ScheduledBackup"): Inert("CloudNativePG, docs/src/backup.md: what is saved, and when"),
    ("image.toolkit.fluxcd.io", "ImagePolicy"): Inert("Flux, components/image: what it commits is judged as a commit"),
    ("image.toolkit.fluxcd.io", "ImageRepository"): Inert(
        "Flux, components/image: what it commits is judged as a commit"
    ),
    ("image.toolkit.fluxcd.io", "ImageUpdateAutomation"): Inert(
        "Flux, components/image: what it commits is judged as a commit"
    ),
    ("notification.toolkit.fluxcd.io", "Alert"): Inert("Flux, components/notification: who is notified"),
    ("notification.toolkit.fluxcd.io", "Provider"): Inert("Flux, components/notification: who is notified"),
    ("notification.toolkit.fluxcd.io", "Receiver"): Inert(
        "Flux, components/notification: which calls make it look for changes at once"
    ),
    ("kustomize.config.k8s.io", "Kustomization"): Inert("kustomize: a file that it reads, and no object"),
    ("kustomize.config.k8s.io", "Component"): Inert("kustomize: a file that it reads, and no object"),
}
INERT_GROUPS: Mapping[str, Inert] = {
    "monitoring.googleapis.com": Inert("Google Cloud, managed Prometheus: what is scraped, and which alerts are sent"),
    "wgpolicyk8s.io": REPORTS,
    "reports.kyverno.io": REPORTS,
    "aquasecurity.github.io": Inert("Trivy operator, docs: what was found, written by the operator"),
    "sloth.slok.dev": Inert("Sloth, README.md: rules of alerts"),
    "pyrra.dev": Inert("Pyrra, README.md: rules of alerts"),
    "snapshot.storage.k8s.io": Inert("Kubernetes, docs/concepts/storage/volume-snapshots.md: copies of volumes"),
    "backstage.io": Inert("Backstage, docs/features/software-catalog: entries of a catalog that people read"),
    "metrics.k8s.io": Inert("metrics-server: figures, read by HPAs"),
    "goldilocks.fairwinds.com": REPORTS,
}
ROUTED = "which pods answer which requests"
MESHED = "which requests are admitted, and how they are forwarded"
STORED = "whether the volumes and buckets that pods use stay reachable"
MADE = "which pods exist, and whether they serve"
PROMOTED = "whether a Rollout continues"
OPENED = "which clients can reach which pods"
POLICED = "which objects and pods the API server accepts, and how it changes them"
DEPLOYED = "what it deploys from another folder"
STEERED = "which version gets which share of the requests, and when"
RESOLVED = "which names lead to the cluster"
BALANCED = "at which addresses clients reach Services"
STARTED = "what the run that it starts does in the cluster"
DISTURBED = "which pods, networks and nodes it disturbs, and when"
PROVIDED = "whether the Secrets are created that pods and listeners name"


RECEIVED = "which events reach which receivers"
SUBSCRIBES = Unjudged(RECEIVED, matters=is_not_new)
"""A new subscription gets copies of events, and takes none from anybody (Knative, docs/eventing/triggers)."""
CLEANED = Unjudged("which objects it deletes, and when", matters=deletes_objects)
EVICTED = "when pods are evicted to change their resource requests"
OWN_PODS = Unjudged(MADE, matters=is_not_new)
"""Operators make the pods of a new object, under names and labels of their own."""
ISSUES = Unjudged(PROVIDED, matters=is_not_new)
"""Nobody is served by what a new issuer will give."""
ANALYSES = Unjudged(PROMOTED, matters=is_not_new)
"""A Rollout that names it has not gone on without it (Argo Rollouts, utils/analysis/helpers.go)."""
FILTERS = Unjudged(ROUTED, matters=is_not_new)
"""A route that names a filter which does not exist serves nobody (Gateway API, `HTTPRouteFilter.ExtensionRef`)."""
ENVOY_POLICIES: Mapping[str, str] = {
    "BackendTrafficPolicy": "how requests reach the backends of its target: retries, timeouts, limits",
    "ClientTrafficPolicy": "which connections and requests of clients the listeners of its target accept, and how",
    "EnvoyExtensionPolicy": "what an extension does with the requests of its target",
    "EnvoyPatchPolicy": "everything that Envoy can be configured to do",
    "EnvoyProxy": "how the Envoy pods of its gateways run, and whether requests are lost while they are replaced",
    "SecurityPolicy": "which requests its target admits: users, tokens, addresses, other origins",
}
"""Source: Envoy Gateway, api/v1alpha1, a file for each kind."""
CUSTOM_UNPROVEN: Mapping[tuple[str, str], Unjudged] = {
    ("networking.istio.io", "*"): Unjudged(ROUTED),
    ("security.istio.io", "*"): Unjudged(MESHED),
    ("telemetry.istio.io", "*"): Unjudged(MESHED),
    ("extensions.istio.io", "*"): Unjudged(MESHED),
    ("install.istio.io", "*"): Unjudged(MESHED),
    ("sailoperator.io", "*"): Unjudged(MESHED),
    ("config.istio.io", "*"): Unjudged(MESHED),
    ("authentication.istio.io", "*"): Unjudged(MESHED),
    ("rbac.istio.io", "*"): Unjudged(MESHED),
    ("linkerd.io", "*"): Unjudged(MESHED),
    ("policy.linkerd.io", "*"): Unjudged(MESHED),
    ("split.smi-spec.io", "*"): Unjudged(ROUTED),
    ("access.smi-spec.io", "*"): Unjudged(MESHED),
    ("specs.smi-spec.io", "*"): Unjudged(ROUTED),
    ("kuma.io", "*"): Unjudged(MESHED),
    ("consul.hashicorp.com", "*"): Unjudged(MESHED),
    ("traefik.io", "*"): Unjudged(ROUTED),
    ("traefik.containo.us", "*"): Unjudged(ROUTED),
    ("hub.traefik.io", "*"): Unjudged(ROUTED),
    ("projectcontour.io", "*"): Unjudged(ROUTED),
    ("contour.heptio.com", "*"): Unjudged(ROUTED),
    ("gateway.envoyproxy.io", "*"): Unjudged(ROUTED),
    **{("gateway.envoyproxy.io", kind): Unjudged(words) for kind, words in ENVOY_POLICIES.items()},
    ("gateway.envoyproxy.io", "HTTPRouteFilter"): FILTERS,
    ("agentgateway.dev", "*"): Unjudged(ROUTED),
    ("aigateway.envoyproxy.io", "*"): Unjudged(ROUTED),
    ("gateway.networking.k8s.io", "*"): Unjudged(ROUTED),
    ("gateway.networking.x-k8s.io", "*"): Unjudged(ROUTED),
    ("networking.x-k8s.io", "*"): Unjudged(ROUTED),
    ("inference.networking.k8s.io", "*"): Unjudged(ROUTED),
    ("inference.networking.x-k8s.io", "*"): Unjudged(ROUTED),
    ("gateway.kgateway.dev", "*"): Unjudged(ROUTED),
    ("gateway.solo.io", "*"): Unjudged(ROUTED),
    ("gateway.nginx.org", "*"): Unjudged(ROUTED),
    ("gateway.nginx.org", "AuthenticationFilter"): FILTERS,
    ("gateway.nginx.org", "SnippetsFilter"): FILTERS,
    ("k8s.nginx.org", "*"): Unjudged(ROUTED),
    ("configuration.konghq.com", "*"): Unjudged(ROUTED),
    ("getambassador.io", "*"): Unjudged(ROUTED),
    ("apisix.apache.org", "*"): Unjudged(ROUTED),
    ("haproxy.org", "*"): Unjudged(ROUTED),
    ("ingress.v3.haproxy.org", "*"): Unjudged(ROUTED),
    ("networking.gke.io", "*"): Unjudged(ROUTED),
    ("cloud.google.com", "*"): Unjudged(ROUTED),
    ("elbv2.k8s.aws", "*"): Unjudged(ROUTED),
    ("route.openshift.io", "*"): Unjudged(ROUTED),
    ("config.openshift.io", "*"): Unjudged("how the cluster itself works"),
    ("operator.openshift.io", "*"): Unjudged("how the cluster itself works"),
    ("machineconfiguration.openshift.io", "*"): Unjudged("when nodes are drained and restarted"),
    ("project.openshift.io", "*"): Unjudged(POLICED),
    ("security.openshift.io", "*"): Unjudged(POLICED),
    ("build.openshift.io", "*"): Unjudged("which images are built, and which workloads they restart"),
    ("image.openshift.io", "*"): Unjudged("which images workloads get through its tags"),
    ("zalando.org", "*"): Unjudged(ROUTED),
    ("apps.openshift.io", "*"): Unjudged(MADE),
    ("serving.knative.dev", "*"): OWN_PODS,
    ("networking.internal.knative.dev", "*"): Unjudged(ROUTED),
    ("eventing.knative.dev", "*"): Unjudged(RECEIVED),
    ("eventing.knative.dev", "Trigger"): SUBSCRIBES,
    ("messaging.knative.dev", "*"): Unjudged(RECEIVED),
    ("sources.knative.dev", "*"): Unjudged(RECEIVED),
    ("operator.knative.dev", "*"): OWN_PODS,
    ("serving.kserve.io", "*"): OWN_PODS,
    ("machinelearning.seldon.io", "*"): OWN_PODS,
    ("mlops.seldon.io", "*"): OWN_PODS,
    ("serving.yatai.ai", "*"): OWN_PODS,
    ("resources.yatai.ai", "*"): OWN_PODS,
    ("leaderworkerset.x-k8s.io", "*"): Unjudged(MADE),
    ("jobset.x-k8s.io", "*"): Unjudged("whether its pods run and end"),
    ("kueue.x-k8s.io", "*"): Unjudged("whether pods are allowed to start"),
    ("ray.io", "*"): OWN_PODS,
    ("kubeflow.org", "*"): OWN_PODS,
    ("apps.kruise.io", "*"): Unjudged(MADE),
    ("rollouts.kruise.io", "*"): Unjudged(STEERED),
    ("flagger.app", "*"): Unjudged(STEERED),
    ("argoproj.io", "*"): Unjudged(DEPLOYED),
    ("argoproj.io", "AnalysisTemplate"): ANALYSES,
    ("argoproj.io", "ClusterAnalysisTemplate"): ANALYSES,
    ("argoproj.io", "AnalysisRun"): Unjudged(PROMOTED),
    ("argoproj.io", "Experiment"): Unjudged(MADE),
    ("argoproj.io", "Sensor"): Unjudged(RECEIVED, matters=reaches_receivers),
    ("argoproj.io", "EventSource"): Unjudged(RECEIVED, matters=is_not_new),
    ("argoproj.io", "EventBus"): Unjudged(RECEIVED),
    ("argoproj.io", "ArgoCD"): Unjudged("how Argo CD itself works"),
    ("keda.sh", "*"): Unjudged("how many pods exist"),
    ("http.keda.sh", "*"): Unjudged("how many pods exist, and what answers while there are none"),
    ("upgrade.cattle.io", "*"): Unjudged("when nodes are drained and restarted"),
    ("autoscaling.internal.knative.dev", "*"): Unjudged("how many pods exist"),
    ("loki.grafana.com", "*"): OWN_PODS,
    ("autoscaling.k8s.io", "*"): Unjudged(EVICTED),
    ("autoscaling.k8s.io", "VerticalPodAutoscaler"): Unjudged(EVICTED, matters=evicts_pods),
    ("karpenter.sh", "*"): Unjudged("where pods can run"),
    ("karpenter.k8s.aws", "*"): Unjudged("where pods can run"),
    ("nfd.k8s-sigs.io", "*"): Unjudged("where pods can run"),
    ("nfd.openshift.io", "*"): Unjudged("where pods can run"),
    ("cluster.x-k8s.io", "*"): Unjudged("where pods can run"),
    ("kustomize.toolkit.fluxcd.io", "*"): Unjudged(DEPLOYED),
    ("helm.toolkit.fluxcd.io", "*"): Unjudged(DEPLOYED),
    ("source.toolkit.fluxcd.io", "*"): Unjudged(DEPLOYED),
    ("source.extensions.fluxcd.io", "*"): Unjudged(DEPLOYED),
    ("fluxcd.controlplane.io", "*"): Unjudged(DEPLOYED),
    ("helm.cattle.io", "*"): Unjudged(DEPLOYED),
    ("helm.fluxcd.io", "*"): Unjudged(DEPLOYED),
    ("flux.weave.works", "*"): Unjudged(DEPLOYED),
    ("fleet.cattle.io", "*"): Unjudged(DEPLOYED),
    ("operators.coreos.com", "*"): Unjudged(DEPLOYED),
    ("pkg.crossplane.io", "*"): Unjudged(DEPLOYED),
    ("apiextensions.crossplane.io", "*"): Unjudged(DEPLOYED),
    ("cilium.io", "*"): Unjudged(OPENED),
    ("crd.projectcalico.org", "*"): Unjudged(OPENED),
    ("projectcalico.org", "*"): Unjudged(OPENED),
    ("operator.tigera.io", "*"): Unjudged(OPENED),
    ("policy.networking.k8s.io", "*"): Unjudged(OPENED),
    ("k8s.ovn.org", "*"): Unjudged(OPENED),
    ("k8s.cni.cncf.io", "*"): Unjudged("on which networks pods are"),
    ("grafana.integreatly.org", "*"): OWN_PODS,
    ("integreatly.org", "*"): OWN_PODS,
    ("operator.victoriametrics.com", "*"): OWN_PODS,
    ("operator.victoriametrics.com", "VMUser"): Unjudged(ROUTED),
    ("logging.banzaicloud.io", "*"): OWN_PODS,
    ("logging-extensions.banzaicloud.io", "*"): OWN_PODS,
    ("velero.io", "*"): Unjudged("how Velero itself works"),
    ("velero.io", "Restore"): Unjudged("which objects and volumes it overwrites"),
    ("tekton.dev", "*"): Unjudged(STARTED),
    ("triggers.tekton.dev", "*"): OWN_PODS,
    ("prow.k8s.io", "*"): Unjudged(STARTED),
    ("operator.tekton.dev", "*"): OWN_PODS,
    ("k6.io", "*"): Unjudged("how much load it puts on which Services"),
    ("litmuschaos.io", "*"): Unjudged(DISTURBED),
    ("chaos-mesh.org", "*"): Unjudged(DISTURBED),
    ("kyverno.io", "*"): Unjudged(POLICED),
    ("kyverno.io", "CleanupPolicy"): CLEANED,
    ("kyverno.io", "ClusterCleanupPolicy"): CLEANED,
    ("policies.kyverno.io", "*"): Unjudged(POLICED),
    ("templates.gatekeeper.sh", "*"): Unjudged(POLICED),
    ("constraints.gatekeeper.sh", "*"): Unjudged(POLICED),
    ("mutations.gatekeeper.sh", "*"): Unjudged(POLICED),
    ("config.gatekeeper.sh", "*"): Unjudged(POLICED),
    ("capsule.clastix.io", "*"): Unjudged(POLICED),
    ("hnc.x-k8s.io", "*"): Unjudged(POLICED),
    ("externaldns.k8s.io", "*"): Unjudged(RESOLVED),
    ("externaldns.nginx.org", "*"): Unjudged(RESOLVED),
    ("metallb.io", "*"): Unjudged(BALANCED),
    ("metallb.universe.tf", "*"): Unjudged(BALANCED),
    ("ipam.cluster.x-k8s.io", "*"): Unjudged(BALANCED),
    ("monitoring.coreos.com", "*"): OWN_PODS,
    ("longhorn.io", "*"): Unjudged(STORED),
    ("ceph.rook.io", "*"): Unjudged(STORED, matters=reaches_what_is),
    ("postgresql.cnpg.io", "*"): OWN_PODS,
    ("postgres-operator.crunchydata.com", "*"): OWN_PODS,
    ("acid.zalan.do", "*"): OWN_PODS,
    ("kafka.strimzi.io", "*"): OWN_PODS,
    ("rabbitmq.com", "*"): OWN_PODS,
    ("redis.redis.opstreelabs.in", "*"): OWN_PODS,
    ("databases.spotahome.com", "*"): OWN_PODS,
    ("mongodbcommunity.mongodb.com", "*"): OWN_PODS,
    ("mysql.oracle.com", "*"): OWN_PODS,
    ("pxc.percona.com", "*"): OWN_PODS,
    ("psmdb.percona.com", "*"): OWN_PODS,
    ("elasticsearch.k8s.elastic.co", "*"): OWN_PODS,
    ("kibana.k8s.elastic.co", "*"): OWN_PODS,
    ("k8s.elastic.co", "*"): OWN_PODS,
    ("opensearch.opster.io", "*"): OWN_PODS,
    ("minio.min.io", "*"): OWN_PODS,
    ("k8s.keycloak.org", "*"): OWN_PODS,
    ("opentelemetry.io", "*"): Unjudged("which pods exist, and what is injected into others"),
    ("opentelemetry.io", "OpenTelemetryCollector"): Unjudged(
        "which pods exist, and what is injected into others", matters=injects_proxies
    ),
    ("jaegertracing.io", "*"): OWN_PODS,
    ("cert-manager.io", "*"): Unjudged(PROVIDED),
    ("cert-manager.io", "ClusterIssuer"): ISSUES,
    ("cert-manager.io", "Issuer"): ISSUES,
    ("trust.cert-manager.io", "*"): Unjudged(PROVIDED),
    ("certmanager.k8s.io", "*"): Unjudged(PROVIDED),
    ("external-secrets.io", "*"): Unjudged(PROVIDED),
    ("generators.external-secrets.io", "*"): Unjudged(PROVIDED),
    ("kubernetes-client.io", "*"): Unjudged(PROVIDED),
    ("secrets-store.csi.x-k8s.io", "*"): Unjudged(PROVIDED),
    ("secrets.hashicorp.com", "*"): Unjudged(PROVIDED),
    ("secrets.infisical.com", "*"): Unjudged(PROVIDED),
    ("onepassword.com", "*"): Unjudged(PROVIDED),
    ("bitnami.com", "*"): Unjudged(PROVIDED),
    ("isindir.github.com", "*"): Unjudged(PROVIDED),
}
STANDING_BY: frozenset[str] = frozenset(
    {
        "monitoring.coreos.com", "cert-manager.io", "external-secrets.io", "bitnami.com", "kyverno.io",
        "postgresql.cnpg.io", "kafka.strimzi.io", "secrets-store.csi.x-k8s.io", "secrets.hashicorp.com",
        "externaldns.k8s.io", "keda.sh", "autoscaling.k8s.io",
    }
)  # fmt: skip
"""The groups whose unchanged objects do nothing to a Service or workload that changes, though they name it."""
READ_IN_PART: frozenset[str] = frozenset({"cilium.io", "helm.toolkit.fluxcd.io"})
"""The groups whose objects have a table, and act unread on what they name: policies, and what renders other objects."""
