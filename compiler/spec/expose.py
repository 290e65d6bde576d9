"""How a release is reached: host, path, TLS, the Service's type."""

from __future__ import annotations

from typing import Literal

from compiler.model.provenance import derived
from compiler.spec.base import (
    Annotations,
    Base64,
    BodySize,
    DnsSubdomain,
    GoDuration,
    HostName,
    Items,
    Model,
    NodePort,
    Port,
    PositiveCount,
    UrlPath,
    shared_default,
)


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
    """Exactly one of the five."""

    secret_name: DnsSubdomain | None = None
    certificate: Certificate | None = None
    external_secret: ExternalSecret | None = None
    sealed_secret: SealedSecret | None = None
    inline: InlineTls | None = None


class ServicePort(Model):
    """`appProtocol` is what the pods speak: some routers speak TLS to a port 443 that says nothing (Traefik)."""

    type: Literal["ClusterIP", "NodePort", "LoadBalancer"] = "ClusterIP"
    port: Port = 443
    app_protocol: str = "http"
    node_port: NodePort | None = None
    annotations: Annotations = shared_default({})


class Expose(Model):
    """`internal`: only other pods call it, so no router leads here, whatever the environment's provider is."""

    internal: bool = False
    host: HostName | None = None
    hosts: Items[HostName] = ()
    path: UrlPath = "/"
    path_type: Literal["Prefix", "Exact"] = "Prefix"
    strip_prefix: bool = False
    tls: Tls | None = None
    service: ServicePort = shared_default(ServicePort())
    body_size: BodySize | None = None
    timeout_seconds: PositiveCount | None = None
    annotations: Annotations = shared_default({})


def tls_secret_name(release: str, tls: Tls | None) -> str | None:
    """The Secret of type kubernetes.io/tls that routes name; None without TLS."""
    if tls is None:
        return None
    if tls.secret_name is not None:
        return tls.secret_name
    way = tls.certificate or tls.external_secret or tls.sealed_secret or tls.inline
    return (way.secret_name if way is not None else None) or derived(f"{release}-tls", release)
