"""Who the pods are and who may reach them: ServiceAccount and NetworkPolicy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from compiler.model.frame import GROUP, Frame
from compiler.model.manifest import Manifest, Object, Origin
from compiler.model.provenance import derived
from compiler.model.topology import Stage, Topology
from compiler.spec.container import NO_PORT
from compiler.spec.documents import EnvironmentDocument
from compiler.spec.pods import NetworkPolicy
from compiler.spec.ports import declared_ports
from compiler.spec.release import Release

NAMESPACE_NAME = "kubernetes.io/metadata.name"
DEFAULT_DENY_ORIGIN: Final = Origin(("spec", "defaultDeny"), "environment", "environment")


def service_account(frame: Frame, stage: Stage) -> Manifest:
    obj: Object = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": frame.metadata(frame.account, stage),
        "automountServiceAccountToken": False,
    }
    return Manifest(obj, Origin(("metadata", "name"), "default"))


@dataclass(frozen=True, slots=True)
class Access:
    """Who may reach the pods: what the release says, if anything does, and the namespaces that requests come from."""

    wanted: NetworkPolicy | None
    gateways: tuple[str, ...] = ()


def access_to(environment: EnvironmentDocument, release: Release) -> Access:
    """Who may reach the release's pods: where the environment denies by default, each release opens its own port.

    Requests come in from the namespaces of the gateways' pods, as far as the environment says.
    """
    wanted = release.spec.network_policy
    if wanted is None and environment.model.spec.default_deny and release.spec.container.port != NO_PORT:
        wanted = NetworkPolicy()
    routed = () if release.spec.internal else environment.traffic
    names = (getattr(provider.model, "namespace", None) for provider in routed)
    return Access(wanted, tuple(name for name in names if name is not None))


def network_policies(frame: Frame, release: Release, topology: Topology, access: Access) -> list[Manifest]:
    """One for the release's own pods; one more for a track that keeps labels from before."""
    if access.wanted is None:
        return []
    adopted = topology.adopted
    kept = frame.kept_name("network_policy")
    if adopted is None:
        return [network_policy(frame, release, access.wanted, access.gateways, kept, {"app": frame.release})]
    selector = frame.selector(adopted)
    policies = [network_policy(frame, release, access.wanted, access.gateways, kept, selector)]
    if len(topology.workloads) > 1:
        name = derived(f"{frame.release}-tracks", frame.release)
        own = {"app": frame.release}
        policies.append(network_policy(frame, release, access.wanted, access.gateways, name, own))
    return policies


def network_policy(
    frame: Frame,
    release: Release,
    wanted: NetworkPolicy,
    gateways: tuple[str, ...],
    name: str,
    selector: Mapping[str, str],
) -> Manifest:
    """Connections to the pods' port from the gateways' namespaces, the listed ones, and the group; no others.

    Clients of a node port or load balancer come from addresses of nodes, which no selector names: the port is open.
    """
    ports = declared_ports(release.spec.container)
    rule: Object = {"ports": [{"protocol": port.protocol, "port": port.number} for port in ports]}
    if release.spec.expose.service.type == "ClusterIP":
        rule = {"from": peers_of(frame, release, wanted, gateways), **rule}
    obj: Object = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": frame.metadata(name, Stage.TRACKS),
        "spec": {
            "podSelector": {"matchLabels": dict(selector)},
            "policyTypes": ["Ingress"],
            "ingress": [rule] if ports else [],
        },
    }
    asked = release.spec.network_policy is not None
    return Manifest(obj, Origin(("spec", "networkPolicy")) if asked else DEFAULT_DENY_ORIGIN)


def peers_of(frame: Frame, release: Release, wanted: NetworkPolicy, gateways: tuple[str, ...]) -> list[Object]:
    peers: list[Object] = [{"namespaceSelector": {"matchLabels": {NAMESPACE_NAME: name}}} for name in gateways]
    peers += [{"namespaceSelector": {"matchLabels": dict(labels)}} for labels in wanted.from_namespaces]
    peers += [{"podSelector": {"matchLabels": dict(labels)}} for labels in wanted.from_pods]
    if frame.group is not None:
        peers.append({"podSelector": {"matchLabels": {GROUP: frame.group}}})
    if release.spec.smoke_test is not None:
        peers.append({"podSelector": {"matchLabels": {"app": derived(f"{frame.release}-smoke", frame.release)}}})
    if not peers:
        peers.append({"podSelector": {}})
    return peers
