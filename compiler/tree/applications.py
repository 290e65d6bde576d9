"""What Argo CD needs to sync an environment: projects and Applications as objects. Pure.

Fields and their reasons: Argo CD's `docs/operator-manual/{application,project}.yaml`,
`docs/user-guide/sync-options.md`, `docs/operator-manual/high_availability.md` (`manifest-generate-paths`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compiler.diagnostics.refusals import rejection
from compiler.model.address import ENVIRONMENT, without_credentials
from compiler.model.manifest import Object
from compiler.traffic.providers import providers_by_kind
from compiler.tree.paths import join_path

_API = "argoproj.io/v1alpha1"
_FINALIZER = "resources-finalizer.argocd.argoproj.io"
_SYNC_OPTIONS = (
    "CreateNamespace=true",
    "FailOnSharedResource=true",
    "PruneLast=true",
    "PrunePropagationPolicy=foreground",
    "RespectIgnoreDifferences=true",
    "ServerSideApply=true",
)

ALWAYS_PERMITTED = frozenset(
    {
        ("", "ConfigMap"),
        ("", "ResourceQuota"),
        ("", "Secret"),
        ("", "Service"),
        ("", "ServiceAccount"),
        ("apps", "Deployment"),
        ("apps", "StatefulSet"),
        ("autoscaling", "HorizontalPodAutoscaler"),
        ("batch", "CronJob"),
        ("batch", "Job"),
        ("bitnami.com", "SealedSecret"),
        ("cert-manager.io", "Certificate"),
        ("external-secrets.io", "ExternalSecret"),
        ("networking.k8s.io", "NetworkPolicy"),
        ("policy", "PodDisruptionBudget"),
    }
)
"""(group, kind) of every object that Shipway can write beside routes, whether or not it writes one now.

Argo CD drops live objects of kinds that the project does not permit from what it compares (`controller/state.go`,
`IsLiveResourcePermitted`): a commit that removed the last Ingress and its kind together would leave it in the cluster
for ever. A release that gains an HPA must not wait for a new project either.
"""

CLUSTER_SCOPED = frozenset({("", "Namespace")})


@dataclass(frozen=True, slots=True)
class SyncedContent:
    """What Argo CD must know of objects: their (group, kind), and the (namespace, name) of the Deployments and of
    those that an HPA scales.
    """

    kinds: frozenset[tuple[str, str]] = frozenset()
    deployments: frozenset[tuple[str, str]] = frozenset()
    scaled: frozenset[tuple[str, str]] = frozenset()

    def __or__(self, other: SyncedContent) -> SyncedContent:
        return SyncedContent(self.kinds | other.kinds, self.deployments | other.deployments, self.scaled | other.scaled)


def synced_content(objects: Sequence[Object]) -> SyncedContent:
    """The content of a folder, from its objects."""
    targets = [
        (str(o["metadata"].get("namespace", "")), o["spec"]["scaleTargetRef"])
        for o in objects
        if o["kind"] == "HorizontalPodAutoscaler"
    ]
    return SyncedContent(
        kinds=frozenset(_group_kinds(objects)),
        deployments=frozenset(_object_location(o) for o in objects if o["kind"] == "Deployment"),
        scaled=frozenset(
            (namespace, str(target["name"])) for namespace, target in targets if target.get("kind") == "Deployment"
        ),
    )


@dataclass(frozen=True, slots=True)
class SyncedUnit:
    """What one Application syncs: a release (one folder of its name) or a group (its members' folders), and what is
    in it now.
    """

    name: str
    folders: tuple[str, ...]
    content: SyncedContent


@dataclass(frozen=True, slots=True)
class EnvironmentFacts:
    """An environment as Argo CD sees it. `destination` has `server` or `name`; `own_path` is the folder of the
    objects made here; `cascade`: deleting an Application deletes what it made; `signature_keys`: only commits that one
    of these signed are synced; `permits`: kinds, as (group, kind), that are permitted whether or not one is written.
    """

    name: str
    namespace: str
    repository: str
    branch: str
    path: str
    own_path: str
    project: str
    destination: Mapping[str, str]
    units: tuple[SyncedUnit, ...]
    own: SyncedContent = SyncedContent()
    argocd_namespace: str = "argocd"
    cascade: bool = False
    signature_keys: tuple[str, ...] = ()
    permits: frozenset[tuple[str, str]] = frozenset()


def bootstrap_objects(facts: EnvironmentFacts) -> tuple[Object, ...]:
    """AppProject, the root's AppProject, the root Application, that of `_environment`, one per unit; by name.

    The root has a project of its own: one that may make Applications may do anything, so no release shares it.
    Raises `Rejected` where two Applications would have one name.
    """
    units = [_unit_application(facts, unit) for unit in sorted(facts.units, key=lambda unit: unit.name)]
    named = [_root_application(facts), _environment_application(facts), *units]
    names = Counter(app["metadata"]["name"] for app in named)
    for name in sorted(name for name, count in names.items() if count > 1):
        message = f"two Applications would be called `{name}`"
        raise rejection("application-name-clash", message, "rename the release or the group of that name")
    return (_project(facts), _root_project(facts), *named)


def controller_settings(repository: str, longest_sync_seconds: int = 3600) -> str:
    """What bootstrap prints for whoever runs Argo CD: the sync timeout and the webhook, as text with a final newline.

    Source: Argo CD `appcontroller.go` (`autoSync` leaves newer commits while an operation runs),
    `docs/operator-manual/argocd-cmd-params-cm.yaml`, `docs/operator-manual/webhook.md`.
    """
    return f"""Two settings of Argo CD itself:

1. A sync that hangs makes Argo CD ignore newer commits, for ever by default. In ConfigMap argocd-cmd-params-cm:
     controller.sync.timeout.seconds: "{longest_sync_seconds}"
   and restart argocd-application-controller.
2. Without a webhook a commit waits for the next poll (timeout.reconciliation, 120 s and jitter). In the settings of
     {without_credentials(repository)}
   add a webhook for pushes to https://<argocd-server>/api/webhook, content type application/json, with the secret
   that argocd-secret holds under webhook.github.secret (or webhook.gitlab.secret, …).
"""


def _project(facts: EnvironmentFacts) -> Object:
    written = facts.own.kinds.union(*(unit.content.kinds for unit in facts.units))
    kinds = (written | ALWAYS_PERMITTED | providers_by_kind().keys() | facts.permits) - CLUSTER_SCOPED
    return _app_project(
        facts,
        facts.project,
        f"Releases of {facts.name}; written by Shipway",
        {
            "destinations": [_application_destination(facts)],
            "clusterResourceWhitelist": [{"group": "", "kind": "Namespace", "name": facts.namespace}],
            "namespaceResourceWhitelist": _permitted_resources(kinds),
        },
    )


def _root_project(facts: EnvironmentFacts) -> Object:
    kinds = {("argoproj.io", "Application"), ("argoproj.io", "AppProject")}
    return _app_project(
        facts,
        _root_name(facts),
        f"The Applications of {facts.name}; written by Shipway",
        {
            "destinations": [{"server": "https://kubernetes.default.svc", "namespace": facts.argocd_namespace}],
            "clusterResourceWhitelist": [],
            "namespaceResourceWhitelist": _permitted_resources(kinds),
        },
    )


def _app_project(facts: EnvironmentFacts, name: str, description: str, limits: dict[str, Any]) -> Object:
    annotations = {"argocd.argoproj.io/sync-options": "Prune=false", "argocd.argoproj.io/sync-wave": "-1"}
    return {
        "apiVersion": _API,
        "kind": "AppProject",
        "metadata": _argocd_metadata(facts, name, annotations),
        "spec": {
            "description": description,
            "sourceRepos": [without_credentials(facts.repository)],
            **limits,
            **({"signatureKeys": [{"keyID": key} for key in facts.signature_keys]} if facts.signature_keys else {}),
        },
    }


def _root_application(facts: EnvironmentFacts) -> Object:
    annotations = {
        "argocd.argoproj.io/manifest-generate-paths": ".",
        "argocd.argoproj.io/sync-options": "Prune=false",
    }
    destination = {"server": "https://kubernetes.default.svc", "namespace": facts.argocd_namespace}
    source = _application_source(facts, facts.own_path, "*.yaml")
    options = tuple(option for option in _SYNC_OPTIONS if not option.startswith("CreateNamespace"))
    spec = {"project": _root_name(facts), "source": source, "destination": destination, **_sync_policy(options)}
    return _application(facts, _root_name(facts), annotations, spec)


def _environment_application(facts: EnvironmentFacts) -> Object:
    return _unit_application(facts, SyncedUnit(ENVIRONMENT, (ENVIRONMENT,), facts.own))


def _unit_application(facts: EnvironmentFacts, unit: SyncedUnit) -> Object:
    one = unit.folders == (unit.name,)
    path = join_path(facts.path, unit.name) if one else facts.path or "."
    include = "*.yaml" if one else "{" + ",".join(f"{folder}/*.yaml" for folder in sorted(unit.folders)) + "}"
    watched = "." if one else ";".join(f"/{join_path(facts.path, folder)}" for folder in sorted(unit.folders))
    spec: dict[str, Any] = {
        "project": facts.project,
        "source": _application_source(facts, path, include),
        "destination": _application_destination(facts),
        **_sync_policy(_SYNC_OPTIONS),
    }
    ignored = _ignored_replicas(unit.content)
    if ignored:
        spec["ignoreDifferences"] = ignored
    annotations = {"argocd.argoproj.io/manifest-generate-paths": watched}
    name = f"{facts.name}-{unit.name.lstrip('_')}"
    return _application(facts, name, annotations, spec, [_FINALIZER] if facts.cascade else [])


def _application(
    facts: EnvironmentFacts, name: str, annotations: dict[str, str], spec: Object, finalizers: Sequence[str] = ()
) -> Object:
    metadata = _argocd_metadata(facts, name, annotations)
    if finalizers:
        metadata["finalizers"] = list(finalizers)
    return {"apiVersion": _API, "kind": "Application", "metadata": metadata, "spec": spec}


def _argocd_metadata(facts: EnvironmentFacts, name: str, annotations: dict[str, str]) -> dict[str, Any]:
    return {
        "name": name,
        "namespace": facts.argocd_namespace,
        "labels": {"app.kubernetes.io/managed-by": "shipway", "app.kubernetes.io/part-of": facts.name},
        "annotations": annotations,
    }


def _application_source(facts: EnvironmentFacts, path: str, include: str) -> Object:
    """`directory` with a field in it pins the tool: `directory: {}` alone does not (`repository.go`)."""
    return {
        "repoURL": without_credentials(facts.repository),
        "targetRevision": facts.branch,
        "path": path,
        "directory": {"recurse": True, "include": include},
    }


def _application_destination(facts: EnvironmentFacts) -> Object:
    return {**facts.destination, "namespace": facts.namespace}


def _sync_policy(options: Sequence[str]) -> dict[str, Any]:
    return {
        "revisionHistoryLimit": 10,
        "syncPolicy": {
            "automated": {"enabled": True, "prune": True, "selfHeal": True, "allowEmpty": False},
            "syncOptions": list(options),
            "retry": {
                "limit": 5,
                "refresh": True,
                "backoff": {"duration": "5s", "factor": 2, "maxDuration": "3m"},
            },
        },
    }


def _ignored_replicas(content: SyncedContent) -> list[Object]:
    """Which Deployments an HPA owns: their written replicas then count at creation only.

    Where an HPA owns every one of them the entry names none, so that it holds for a track that comes later too: the
    Application may be synced after the commit that brings that track. Source: Argo CD `controller/sync.go`,
    `normalizeTargetResources`, with `RespectIgnoreDifferences=true`.
    """
    entry: Object = {"group": "apps", "kind": "Deployment", "jsonPointers": ["/spec/replicas"]}
    if content.scaled and content.deployments <= content.scaled:
        return [entry]
    return [
        {**entry, "name": name, **({"namespace": namespace} if namespace else {})}
        for namespace, name in sorted(content.scaled)
    ]


def _object_location(o: Object) -> tuple[str, str]:
    return str(o["metadata"].get("namespace", "")), str(o["metadata"]["name"])


def _group_kinds(objects: Iterable[Object]) -> set[tuple[str, str]]:
    kinds = set()
    for o in objects:
        group, slash, _ = str(o["apiVersion"]).partition("/")
        kinds.add((group if slash else "", str(o["kind"])))
    return kinds


def _permitted_resources(kinds: Iterable[tuple[str, str]]) -> list[Object]:
    return [{"group": group, "kind": kind} for group, kind in sorted(kinds)]


def _root_name(facts: EnvironmentFacts) -> str:
    return f"{facts.name}-root"
