"""The container of a release, and the version that each track puts into it."""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from compiler.spec.base import (
    Amount,
    ContainerResource,
    Digest,
    DnsLabel,
    DnsSubdomain,
    EnvName,
    FileName,
    HeaderName,
    HeaderValue,
    ImageName,
    Items,
    Model,
    PassedOn,
    PodField,
    Port,
    PortName,
    PositiveCount,
    Quantity,
    Resource,
    Scalar,
    Seconds,
    Tag,
    Tree,
    shared_default,
)

NO_PORT: Final = "none"
"""the `port` of a container that answers no requests"""


class SecretKey(Model):
    """An environment variable's value that stands in a Secret of the namespace."""

    secret: DnsSubdomain
    key: str
    optional: bool = False


class ConfigMapKey(Model):
    """An environment variable's value that stands in a ConfigMap of the namespace."""

    config_map: DnsSubdomain
    key: FileName
    optional: bool = False


class ResourceField(Model):
    """An environment variable's value that is what a container asks for or may use, in units of `divisor`."""

    resource: ContainerResource
    container: DnsLabel | None = None
    divisor: Quantity | None = None


class FieldRef(Model):
    """An environment variable's value that Kubernetes fills in (`metadata.name`, `status.podIP`)."""

    field: PodField


EnvValue = Scalar | SecretKey | FieldRef | ConfigMapKey | ResourceField
Env = dict[EnvName, EnvValue]


class Resources(Model):
    requests: dict[Resource, Amount] = shared_default({})
    limits: dict[Resource, Amount] = shared_default({})


class ConfigFile(Model):
    path: str


class Config(Model):
    """Configuration that is versioned with the release: a ConfigMap named by the hash of its content.

    `values` become environment variables; `files` are mounted below `mountPath`, each either text or
    `{path: FILE}` beside the spec.
    """

    values: dict[EnvName, Scalar] = shared_default({})
    files: dict[FileName, str | ConfigFile] = shared_default({})
    mount_path: str = "/etc/config"


class Probe(Model):
    """One probe: an HTTP path, `tcp: true`, `grpc: true` (the standard health service) or a command in the container.

    Kubernetes' own names and units for the rest. `headers`, `scheme` and `host` are of an HTTP path, `service` is the
    name that a gRPC health service is asked about.
    """

    path: str | None = None
    tcp: bool = False
    grpc: bool = False
    command: Items[str] = ()
    port: Port | PortName | None = None
    headers: dict[HeaderName, HeaderValue] = shared_default({})
    scheme: Literal["HTTP", "HTTPS"] | None = None
    host: str | None = None
    service: str | None = None
    initial_delay_seconds: Seconds | None = None
    period_seconds: PositiveCount | None = None
    timeout_seconds: PositiveCount | None = None
    failure_threshold: PositiveCount | None = None
    success_threshold: PositiveCount | None = None
    off: Annotated[str, Field(min_length=1)] | None = None
    """no probe, and why: a pod without a readiness probe counts as ready as soon as it runs"""

    @model_validator(mode="after")
    def one_way(self) -> Self:
        ways = [name for name in ("path", "tcp", "grpc", "command", "off") if getattr(self, name)]
        if len(ways) > 1:
            raise ValueError(f"a probe needs exactly one check, not {' and '.join(ways)}")
        return self


class Probes(Model):
    """What a preset or the default sets can be replaced (`readiness: {path: /up}`) or dropped (`liveness: off`).

    Without a readiness probe requests reach pods that still start, so `readiness: {off: …}` says why none is needed.
    """

    startup: Probe | Literal["off"] | None = None
    readiness: Probe | Literal["off"] | None = None
    liveness: Probe | Literal["off"] | None = None


class ContainerPort(Model):
    """A port that is not for TCP."""

    port: Port
    protocol: Literal["TCP", "UDP", "SCTP"] = "TCP"


class Container(Model):
    """`securityContext` is laid over the restricted one: null takes a part away, an empty map all of it."""

    image: ImageName
    preset: str | None = None
    command: Annotated[Items[str] | None, PassedOn()] = None
    args: Items[str] | None = None
    port: Port | Literal["none"] | None = None
    """the port that requests come to; `none`: it answers none, and has no Service"""
    ports: dict[PortName, Port | ContainerPort] = shared_default({})
    """every port by its name, the one that requests come to first, unless `port` says which"""
    image_pull_policy: Annotated[Literal["Always", "IfNotPresent", "Never"] | None, PassedOn()] = None
    env: Env = shared_default({})
    env_from: Items[Tree] = ()
    config: Config | None = None
    resources: Resources = shared_default(Resources.model_construct())
    probes: Probes = shared_default(Probes.model_construct())
    startup_seconds: Annotated[int, Field(ge=1, le=86_400)] | None = None
    longest_request_seconds: Seconds | None = None
    drain_seconds: Seconds | None = None
    security_context: Tree | None = None
    volume_mounts: Items[Tree] = ()
    working_dir: Annotated[str | None, PassedOn()] = None


class Version(Model):
    """What a track deploys: an image tag with its digest, and what it overrides of the container."""

    version: Tag
    digest: Digest | None = None
    image: ImageName | None = None
    change: Literal["minor", "major"] = "minor"
    contract: PositiveCount | None = None
    env: Env = shared_default({})
    args: Items[str] | None = None
    config: Config | None = None
    resources: Resources | None = None
    aborted: bool = False


def image_of(container: Container, version: Version) -> str:
    """`name:tag@digest`: the tag for people, the digest for the runtime."""
    digest = "" if version.digest is None else f"@{version.digest}"
    return f"{version.image or container.image}:{version.version}{digest}"
