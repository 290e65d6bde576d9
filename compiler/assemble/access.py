"""Who the pods are and who may reach them: ServiceAccount and NetworkPolicy."""

from __future__ import annotations

from compiler.assemble.container import port_of
from compiler.manifest import Manifest, Object, Origin
from compiler.objects import GROUP, Frame
from compiler.spec.pods import NetworkPolicy
from compiler.spec.release import Release
from compiler.topology import Stage

NAMESPACE_NAME = "kubernetes.io/metadata.name"


def service_account(frame: Frame) -> Manifest:
    obj: Object = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": frame.metadata(frame.release, Stage.TRACKS),
        "automountServiceAccountToken": False,
    }
    return Manifest(obj, Origin(("metadata", "name"), "default"))


def network_policy(frame: Frame, release: Release, wanted: NetworkPolicy, gateways: tuple[str, ...]) -> Manifest:
    """Connections to the pods' port from the gateways' namespaces, the listed ones, and the group; no others."""
    peers: list[Object] = [{"namespaceSelector": {"matchLabels": {NAMESPACE_NAME: name}}} for name in gateways]
    peers += [{"namespaceSelector": {"matchLabels": dict(labels)}} for labels in wanted.from_namespaces]
    peers += [{"podSelector": {"matchLabels": dict(labels)}} for labels in wanted.from_pods]
    if frame.group is not None:
        peers.append({"podSelector": {"matchLabels": {GROUP: frame.group}}})
    if release.spec.smoke_test is not None:
        peers.append({"podSelector": {"matchLabels": {"app": f"{frame.release}-smoke"}}})
    if not peers:
        peers.append({"podSelector": {}})
    port = {"protocol": "TCP", "port": port_of(release.spec.container)}
    obj: Object = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": frame.metadata(frame.release, Stage.TRACKS),
        "spec": {
            "podSelector": {"matchLabels": {"app": frame.release}},
            "policyTypes": ["Ingress"],
            "ingress": [{"from": peers, "ports": [port]}],
        },
    }
    return Manifest(obj, Origin(("spec", "networkPolicy")))
