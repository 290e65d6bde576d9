"""One folder of `environments/`: where releases go, and what is allowed there."""

from datetime import datetime, time
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from compiler.spec.analysis import Observe, PilotMode
from compiler.spec.base import (
    Date,
    DnsLabel,
    DnsSubdomain,
    ExistingObject,
    Items,
    Labels,
    ManifestFile,
    Metadata,
    Model,
    PositiveCount,
    Timestamp,
    parse_timestamp,
    shared_default,
)
from compiler.spec.pods import Quota

KubernetesVersion = Literal["1.33", "1.34", "1.35", "1.36", "1.37"]
TreePath = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$", max_length=255),
]


ARGOCD_KINDS = ("Application", "ApplicationSet", "AppProject")
FolderName = Annotated[str, StringConstraints(pattern=r"^_?[a-z0-9]([-a-z0-9]*[a-z0-9])?$", max_length=63)]
SignatureKey = Annotated[str, StringConstraints(pattern=r"^([0-9A-Fa-f]{16}|[0-9A-Fa-f]{40})$")]


class GitOps(Model):
    """The repository, branch and folder that Argo CD reads.

    Without `repository`: the repository that holds the specs. Without `branch`: `shipway/<environment>`. Without
    `path`: the environment's name.
    """

    repository: Annotated[str, StringConstraints(min_length=1, max_length=2048)] | None = None
    branch: Annotated[str, StringConstraints(min_length=1, max_length=255)] | None = None
    path: TreePath | None = None


class Destination(Model):
    """The cluster, by its address or by its name. Source: Argo CD `docs/operator-manual/application.yaml`."""

    server: Annotated[str, StringConstraints(pattern=r"^https?://[^\s@]+$")] | None = None
    name: Annotated[str, StringConstraints(min_length=1)] | None = None

    @model_validator(mode="after")
    def one_cluster(self) -> Self:
        if (self.server is None) == (self.name is None):
            raise ValueError("a cluster needs either a `server` or a `name`")
        return self


class PermittedKind(Model):
    """A kind that the AppProject permits whether or not a spec writes one. Source: Argo CD
    `docs/operator-manual/project.yaml`, `namespaceResourceWhitelist`.
    """

    group: DnsSubdomain | Literal[""] = ""
    kind: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]*$", max_length=63)]

    @model_validator(mode="after")
    def not_of_argocd(self) -> Self:
        if self.group == "argoproj.io" and self.kind in ARGOCD_KINDS:
            raise ValueError(f"an object of the kind {self.kind} could deploy anything anywhere")
        return self


class ArgoCd(Model):
    """`path`: the folder below `gitops.path` in which Argo CD's own objects stand, fixed at its first publish: the root
    Application syncs itself from there. `signatureKeys`: the GnuPG keys, each by its long id or its fingerprint, of
    which one must have signed the published commit. Source: Argo CD `docs/user-guide/gpg-verification.md`.
    """

    project: DnsSubdomain | None = None
    destination: Destination = shared_default(Destination.model_construct(server="https://kubernetes.default.svc"))
    namespace: DnsLabel = "argocd"
    path: FolderName = "_argocd"
    cascade: bool = False
    signature_keys: Items[SignatureKey] = ()
    permits: Items[PermittedKind] = ()
    """kinds of objects beside the specs that are permitted always, so that Argo CD deletes the last one too"""


class PolicyException(Model):
    """A rule that one release may break until a date, and who answers for it."""

    rule: str
    release: str
    reason: Annotated[str, StringConstraints(min_length=1)]
    owner: Annotated[str, StringConstraints(min_length=1)]
    expires: Date


class InertField(Model):
    """A kind, or a field of it, that does no harm here though the verifier does not judge it, and why."""

    kind: Annotated[str, StringConstraints(min_length=1)]
    field: str = ""
    reason: Annotated[str, StringConstraints(min_length=1)]


class GracefulWorkload(Model):
    """A workload whose process, told to end, goes on serving until it has no requests left, and who says so.

    `workload` is its name in the manifests; `*` stands for any text (`api-*`: every track of api).
    """

    workload: Annotated[str, StringConstraints(pattern=r"^[a-z0-9*]([-a-z0-9.*]*[a-z0-9*])?$", max_length=253)]
    reason: Annotated[str, StringConstraints(min_length=1)]


class VerifyPolicy(Model):
    """What the verifier takes for granted in this environment."""

    inert: Items[InertField] = ()
    graceful: Items[GracefulWorkload] = ()


class Policy(Model):
    require_digest: bool = False
    inline_secrets: Literal["allow", "forbid"] = "forbid"
    registries: Items[str] = ()
    require_limits: bool = False
    min_replicas: PositiveCount = 1
    exceptions: Items[PolicyException] = ()
    verify: VerifyPolicy = shared_default(VerifyPolicy.model_construct())
    pilot: PilotMode = "off"


class Freeze(Model):
    """A span of time in which nothing is published; `from` and `to` are dates or RFC 3339 times."""

    from_: Annotated[Timestamp, Field(alias="from")]
    to: Timestamp
    reason: Annotated[str, StringConstraints(min_length=1)]

    @model_validator(mode="after")
    def lasts(self) -> Self:
        if self.ends <= self.begins:
            raise ValueError("`to` is before `from`")
        return self

    @property
    def begins(self) -> datetime:
        return parse_timestamp(self.from_)

    @property
    def ends(self) -> datetime:
        """A date without a time counts whole; the calendar's last day has no next one."""
        last = parse_timestamp(self.to)
        return last if "T" in self.to else datetime.combine(last, time.max, last.tzinfo)


class EnvironmentSpec(Model):
    namespace: DnsLabel
    kubernetes: KubernetesVersion
    traffic: dict[str, Any]
    gitops: GitOps = shared_default(GitOps.model_construct())
    argocd: ArgoCd = shared_default(ArgoCd.model_construct())
    policy: Policy = shared_default(Policy.model_construct())
    quota: Quota | None = None
    default_deny: bool = False
    namespace_labels: Labels = shared_default({})
    freezes: Items[Freeze] = ()
    promotes_from: Items[str] = ()
    extras: Items[ManifestFile] = ()
    """files of further objects of the environment, published as they stand there: `extras/rbac.yaml`"""
    outside: Items[ExistingObject] = ()
    """what exists in the namespace though no spec writes it, as `Kind/name`: `Secret/db`"""
    observe: Observe = shared_default(Observe.model_construct())


class Environment(Model):
    api_version: Literal["shipway.dev/v1"]
    kind: Literal["Environment"]
    metadata: Metadata
    spec: EnvironmentSpec
