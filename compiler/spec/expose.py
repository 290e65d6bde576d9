"""How a release is reached: host, path, TLS, the Service's type."""

from typing import Final, Literal, Self

from pydantic import Field, model_validator
from pydantic.alias_generators import to_camel

from compiler.model.provenance import derived
from compiler.spec.base import (
    Annotations,
    Base64,
    BodySize,
    DnsSubdomain,
    GoDuration,
    GrpcMethod,
    HostName,
    Items,
    Labels,
    Model,
    NodePort,
    Port,
    PortName,
    PositiveCount,
    ServiceName,
    UrlPath,
    shared_default,
)

HTTP_WORDS: Final = frozenset({"host", "hosts", "path", "path_type", "paths", "strip_prefix"})
PathType = Literal["Prefix", "Exact", "ImplementationSpecific"]


class Certificate(Model):
    """A cert-manager Certificate for the host."""

    issuer: DnsSubdomain
    issuer_kind: Literal["ClusterIssuer", "Issuer"] = "ClusterIssuer"
    secret_name: DnsSubdomain | None = None


class ExternalSecret(Model):
    """An ExternalSecret that brings `tls.crt` and `tls.key` from a store."""

    store: DnsSubdomain
    store_kind: Literal["ClusterSecretStore", "SecretStore"] = "ClusterSecretStore"
    crt: str
    key: str
    secret_name: DnsSubdomain | None = None
    refresh_interval: GoDuration = "1h0m0s"


class SealedSecret(Model):
    """A SealedSecret: both values encrypted for the cluster's controller, safe in Git."""

    crt: Base64
    key: Base64
    secret_name: DnsSubdomain | None = None


class InlineTls(Model):
    """Certificate and key files beside the spec; only where the environment's policy allows inline secrets."""

    crt: str
    key: str
    secret_name: DnsSubdomain | None = None


class Tls(Model):
    """Exactly one of the six."""

    secret_name: DnsSubdomain | None = None
    secrets: dict[DnsSubdomain, Items[HostName]] | None = None
    """existing Secrets, each for some of the hosts"""
    certificate: Certificate | None = None
    external_secret: ExternalSecret | None = None
    sealed_secret: SealedSecret | None = None
    inline: InlineTls | None = None


class NamedServicePort(Model):
    """A port of a Service: `targetPort` is the container's port of the same name, unless it says another."""

    port: Port
    target_port: Port | PortName | None = None
    protocol: Literal["TCP", "UDP", "SCTP"] | None = None
    app_protocol: str | None = None
    node_port: NodePort | None = None


ServicePorts = dict[PortName, Port | NamedServicePort]


class ServicePort(Model):
    """`appProtocol` is what the pods speak: some routers speak TLS to a port 443 that says nothing (Traefik).

    `ports` says all of it by name instead: the first is the one that routes name.
    """

    type: Literal["ClusterIP", "NodePort", "LoadBalancer"] = "ClusterIP"
    port: Port = 443
    app_protocol: str = "http"
    node_port: NodePort | None = None
    ports: ServicePorts = shared_default({})
    annotations: Annotations = shared_default({})

    @model_validator(mode="after")
    def ports_or_one(self) -> Self:
        single = [name for name in ("port", "app_protocol", "node_port") if name in self.model_fields_set]
        if self.ports and single:
            raise ValueError(f"`ports` and `{to_camel(single[0])}` both set the Service's ports: use one of them")
        return self

    @property
    def routed_port(self) -> int:
        """The number of the port that routes name."""
        first = next(iter(self.ports.values()), self.port)
        return first.port if isinstance(first, NamedServicePort) else first

    def port_named(self, name: str) -> int | None:
        """The number of the port of this name; None where there is none."""
        known = self.ports.get(name)
        return known.port if isinstance(known, NamedServicePort) else known

    @property
    def node_ports(self) -> list[tuple[tuple[str, ...], int]]:
        """Each node port that is asked for, and where below the Service it stands."""
        return [*([] if self.node_port is None else [(("nodePort",), self.node_port)]), *named_node_ports(self.ports)]


class FurtherService(Model):
    """One more Service of the same pods, under a name of its own.

    `pods`: those that serve, as the release's own Service has them, or all of them (for metrics, or for peers).
    """

    ports: ServicePorts = Field(min_length=1)
    type: Literal["ClusterIP", "NodePort", "LoadBalancer"] = "ClusterIP"
    headless: bool = False
    pods: Literal["serving", "all"] = "serving"
    labels: Labels = shared_default({})
    annotations: Annotations = shared_default({})

    @model_validator(mode="after")
    def headless_inside(self) -> Self:
        if self.headless and self.type != "ClusterIP":
            raise ValueError(f"a headless Service has no address, so it cannot be of type {self.type}")
        return self


def named_node_ports(ports: ServicePorts) -> list[tuple[tuple[str, ...], int]]:
    """The node ports of named ports, with their places."""
    return [
        (("ports", name, "nodePort"), port.node_port)
        for name, port in ports.items()
        if isinstance(port, NamedServicePort) and port.node_port is not None
    ]


class ExposedPath(Model):
    """One of several paths; without a `pathType` it has that of the others."""

    path: UrlPath
    path_type: PathType | None = None
    hosts: Items[HostName] = ()
    """those of the release's hosts that answer it; by default all"""


class GrpcExposure(Model):
    """Calls of gRPC at hosts of their own: no host is of an HTTPRoute and a GRPCRoute (Gateway API, GRPCRoute)."""

    host: HostName | None = None
    hosts: Items[HostName] = ()
    methods: Items[GrpcMethod] = ()
    """services (`acme.Search`) or methods (`acme.Search/Find`); by default all"""
    port: PortName | None = None
    """the Service's port by its name; by default the one that routes name"""

    @property
    def every_host(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*(() if self.host is None else (self.host,)), *self.hosts)))


class Expose(Model):
    """`internal`: only other pods call it, so no router leads here, whatever the environment's provider is."""

    internal: bool = False
    host: HostName | None = None
    hosts: Items[HostName] = ()
    path: UrlPath = "/"
    path_type: PathType = "Prefix"
    paths: Items[UrlPath | ExposedPath] = ()
    """several paths, instead of `path`"""
    strip_prefix: bool = False
    grpc: GrpcExposure | None = None
    tls: Tls | None = None
    service: ServicePort = shared_default(ServicePort.model_construct())
    services: dict[ServiceName, FurtherService] = shared_default({})
    ingress_class: DnsSubdomain | Literal["none"] | None = None
    """the class of this release's Ingress; `none`: the cluster's default one"""
    body_size: BodySize | None = None
    timeout_seconds: PositiveCount | None = None
    annotations: Annotations = shared_default({})

    @model_validator(mode="after")
    def paths_or_one(self) -> Self:
        if self.paths and "path" in self.model_fields_set:
            raise ValueError("`path` and `paths` both set the paths: use one of them")
        return self

    @property
    def answers_http(self) -> bool:
        """Whether plain requests are routed: without a word of them a release with `grpc` answers its calls alone."""
        return self.grpc is None or bool(self.model_fields_set & HTTP_WORDS)

    @property
    def rules(self) -> tuple[tuple[str, str], ...]:
        """Each path with its type."""
        return tuple(map(self.rule_of, self.paths or (self.path,)))

    def rules_at(self, host: str) -> tuple[tuple[str, str], ...]:
        """Each path that this host answers, with its type."""
        every = self.paths or (self.path,)
        return tuple(
            self.rule_of(each)
            for each in every
            if not isinstance(each, ExposedPath) or not each.hosts or host in each.hosts
        )

    def rule_of(self, each: str | ExposedPath) -> tuple[str, str]:
        if isinstance(each, ExposedPath):
            return each.path, each.path_type or self.path_type
        return each, self.path_type

    @property
    def hosts_of_paths(self) -> list[tuple[int, str]]:
        """The hosts that paths name, each with the number of its path."""
        parted = ((number, each) for number, each in enumerate(self.paths) if isinstance(each, ExposedPath))
        return [(number, host) for number, each in parted for host in each.hosts]


def tls_secret_name(release: str, tls: Tls | None) -> str | None:
    """The Secret of type kubernetes.io/tls that routes name; None without TLS."""
    if tls is None or tls.secrets is not None:
        return None
    if tls.secret_name is not None:
        return tls.secret_name
    way = tls.certificate or tls.external_secret or tls.sealed_secret or tls.inline
    return (way.secret_name if way is not None else None) or derived(f"{release}-tls", release)
