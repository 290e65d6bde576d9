"""TLS for the release's hosts: an existing Secret, or what brings one."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Final

from pydantic.alias_generators import to_camel

from compiler.assemble.config import Files
from compiler.assemble.frame import Frame
from compiler.diagnostics.model import Path, Problem
from compiler.model.manifest import Manifest, Object, Origin
from compiler.model.provenance import derived
from compiler.model.topology import Stage, Topology
from compiler.spec.expose import Certificate, Expose, ExternalSecret, InlineTls, SealedSecret, Tls

TLS: Path = ("spec", "expose", "tls")
# the CRD's defaults: a list has no owner below it, so Argo CD would show what the API server fills in as a difference
# for ever (external-secrets#6797, argo-cd#13004)
REMOTE_REF_DEFAULTS: Final = {"conversionStrategy": "Default", "decodingStrategy": "None", "metadataPolicy": "None"}
TEMPLATE: Final = {"type": "kubernetes.io/tls", "engineVersion": "v2", "mergePolicy": "Replace"}


def check_tls(expose: Expose, inline_secrets: str) -> list[Problem]:
    """What is wrong with `tls` beyond its shape: more than one way, no host, key material where it is forbidden."""
    if expose.tls is None:
        return []
    problems = []
    ways = [name for name in Tls.model_fields if getattr(expose.tls, name) is not None]
    if len(ways) != 1:
        problems.append(
            Problem(
                "tls-one-of",
                f"`tls` takes one way to a certificate, not {len(ways)}",
                TLS,
                "keep one of them" if ways else f"name one: {', '.join(sorted(map(to_camel, Tls.model_fields)))}",
                on_key=True,
            )
        )
    if expose.tls.inline is not None and inline_secrets == "forbid":
        problems.append(
            Problem(
                "inline-secret",
                "this environment's policy forbids key material in the repository",
                (*TLS, "inline"),
                "use `externalSecret`, `sealedSecret`, `certificate` or an existing `secretName`",
                on_key=True,
            )
        )
    return problems


def check_tls_hosts(expose: Expose, topology: Topology, *, routed: bool) -> list[Problem]:
    """A certificate is issued for host names, and a router chooses one by the host that a client asks for."""
    if expose.tls is None or hosts_of(expose, topology) or not (routed or expose.tls.certificate is not None):
        return []
    return [Problem("tls-needs-host", "a certificate is for host names, and there is none", TLS, "add `expose.host`")]


def hosts_of(expose: Expose, topology: Topology) -> tuple[str, ...]:
    """Every host that the release answers at: its own, and those of versions and of a preview."""
    first = () if expose.host is None else (expose.host,)
    apart = (split.match.host for split in topology.splits if split.match.host is not None)
    return tuple(dict.fromkeys((*first, *expose.hosts, *apart)))


def tls_secret_name(release: str, tls: Tls | None) -> str | None:
    """The Secret of type kubernetes.io/tls that routes name; None without TLS."""
    if tls is None:
        return None
    if tls.secret_name is not None:
        return tls.secret_name
    way = tls.certificate or tls.external_secret or tls.sealed_secret or tls.inline
    return (way.secret_name if way is not None else None) or derived(f"{release}-tls", release)


def tls_objects(frame: Frame, expose: Expose, hosts: Sequence[str], files: Files) -> list[Manifest]:
    """The object that brings the Secret for `hosts`: none for an existing one."""
    name = tls_secret_name(frame.release, expose.tls)
    if expose.tls is None or name is None:
        return []
    tls = expose.tls
    if tls.certificate is not None:
        return [certificate(frame, hosts, tls.certificate, name)]
    if tls.external_secret is not None:
        return [external_secret(frame, tls.external_secret, name)]
    if tls.sealed_secret is not None:
        return [sealed_secret(frame, tls.sealed_secret, name)]
    if tls.inline is not None:
        return [inline_secret(frame, tls.inline, name, files)]
    return []


def certificate(frame: Frame, hosts: Sequence[str], wanted: Certificate, name: str) -> Manifest:
    obj: Object = {
        "apiVersion": "cert-manager.io/v1",
        "kind": "Certificate",
        "metadata": frame.metadata(name, Stage.TRACKS),
        "spec": {
            "secretName": name,
            "dnsNames": list(hosts),
            "issuerRef": {"group": "cert-manager.io", "kind": wanted.issuer_kind, "name": wanted.issuer},
        },
    }
    return Manifest(obj, Origin((*TLS, "certificate")))


def external_secret(frame: Frame, wanted: ExternalSecret, name: str) -> Manifest:
    data = [remote_reference("tls.crt", wanted.crt), remote_reference("tls.key", wanted.key)]
    obj: Object = {
        "apiVersion": "external-secrets.io/v1",
        "kind": "ExternalSecret",
        "metadata": frame.metadata(name, Stage.TRACKS),
        "spec": {
            "refreshInterval": wanted.refresh_interval,
            "secretStoreRef": {"kind": wanted.store_kind, "name": wanted.store},
            "target": {"name": name, "creationPolicy": "Owner", "deletionPolicy": "Retain", "template": dict(TEMPLATE)},
            "data": data,
        },
    }
    return Manifest(obj, Origin((*TLS, "externalSecret")))


def remote_reference(key: str, reference: str) -> Object:
    """`path/in/store` or `path/in/store#property`."""
    path, _, attribute = reference.partition("#")
    ref = {"key": path, "property": attribute} if attribute else {"key": path}
    return {"secretKey": key, "remoteRef": {**ref, **REMOTE_REF_DEFAULTS}}


def sealed_secret(frame: Frame, wanted: SealedSecret, name: str) -> Manifest:
    metadata = frame.metadata(name, Stage.TRACKS)
    obj: Object = {
        "apiVersion": "bitnami.com/v1alpha1",
        "kind": "SealedSecret",
        "metadata": metadata,
        "spec": {
            "encryptedData": {"tls.crt": wanted.crt, "tls.key": wanted.key},
            "template": {
                "metadata": {"name": name, "namespace": metadata["namespace"]},
                "type": "kubernetes.io/tls",
            },
        },
    }
    return Manifest(obj, Origin((*TLS, "sealedSecret")))


def inline_secret(frame: Frame, wanted: InlineTls, name: str, files: Files) -> Manifest:
    data = {
        "tls.crt": encoded_file(wanted.crt, files),
        "tls.key": encoded_file(wanted.key, files),
    }
    obj: Object = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": frame.metadata(name, Stage.TRACKS),
        "type": "kubernetes.io/tls",
        "data": data,
    }
    return Manifest(obj, Origin((*TLS, "inline")))


def encoded_file(name: str, files: Files) -> str:
    return derived(base64.b64encode(files[name].encode()).decode(), name)
