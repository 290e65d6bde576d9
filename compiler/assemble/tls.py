"""TLS for the release's hosts: an existing Secret, or what brings one."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Final

from compiler.diagnostics.model import Path
from compiler.model.frame import Frame
from compiler.model.manifest import Manifest, Object, Origin
from compiler.model.provenance import derived
from compiler.model.topology import Stage
from compiler.source.document import Files
from compiler.spec.expose import Certificate, Expose, ExternalSecret, InlineTls, SealedSecret, tls_secret_name

TLS: Path = ("spec", "expose", "tls")
# the CRD's defaults: a list has no owner below it, so Argo CD would show what the API server fills in as a difference
# for ever (external-secrets#6797, argo-cd#13004)
REMOTE_REF_DEFAULTS: Final = {"conversionStrategy": "Default", "decodingStrategy": "None", "metadataPolicy": "None"}
TEMPLATE: Final = {"type": "kubernetes.io/tls", "engineVersion": "v2", "mergePolicy": "Replace"}


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
