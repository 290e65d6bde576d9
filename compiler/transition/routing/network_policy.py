"""NetworkPolicies: whether the path from the gateway, or from neighbours, to a pod's port is open.

Source: Kubernetes, pkg/apis/networking/types.go (`NetworkPolicySpec`: a selected pod takes only what some policy
lets in; `Ingress` applies unless `policyTypes` leaves it out; an empty `from` lets everybody in).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from compiler.manifest import Object
from compiler.transition.objects import Key, dig, mapping, mappings, matches, sequence, whole
from compiler.transition.pods import Template


class Port(NamedTuple):
    """A pod's port, by number and protocol."""

    number: int
    protocol: str = "TCP"


NAME_LABEL = "kubernetes.io/metadata.name"


def closes(
    policies: Iterable[tuple[Key, Object]], namespace: str, template: Template, port: Port, source: str | None
) -> bool:
    """Whether no policy lets `source` (a namespace; None: some client of the pod's own) reach the pod's port."""
    relevant = [obj for key, obj in policies if key.namespace == namespace and _applies(obj, template)]
    return bool(relevant) and not any(_opens(policy, namespace, template, port, source) for policy in relevant)


def _applies(policy: Object, template: Template) -> bool:
    kinds = sequence(dig(policy, "spec", "policyTypes")) or ["Ingress"]
    return "Ingress" in kinds and matches(dig(policy, "spec", "podSelector"), template.labels)


def _opens(policy: Object, namespace: str, template: Template, port: Port, source: str | None) -> bool:
    return any(
        _port_open(rule, template, port) and _peer_open(rule, namespace, source)
        for rule in mappings(dig(policy, "spec", "ingress"))
    )


def _port_open(rule: Mapping[str, Any], template: Template, port: Port) -> bool:
    ports = list(mappings(rule.get("ports")))
    return not ports or any(_covers(entry, template, port) for entry in ports)


def _covers(entry: Mapping[str, Any], template: Template, port: Port) -> bool:
    wanted = entry.get("port")
    if (entry.get("protocol") or "TCP") != port.protocol:
        return False
    if wanted is None:
        return True
    first = template.named.get(wanted, 0) if isinstance(wanted, str) else whole(wanted, 0)
    return first <= port.number <= whole(entry.get("endPort"), first)


def _peer_open(rule: Mapping[str, Any], namespace: str, source: str | None) -> bool:
    peers = list(mappings(rule.get("from")))
    return not peers or source is None or any(_admits(peer, namespace, source) for peer in peers)


def _admits(peer: Mapping[str, Any], namespace: str, source: str) -> bool:
    """A peer named by what this model cannot know (labels of other namespaces, addresses) counts as open."""
    if "ipBlock" in peer:
        return True
    if "namespaceSelector" not in peer:
        return source == namespace
    selector = mapping(peer["namespaceSelector"])
    known = {key: value for key, value in mapping(selector.get("matchLabels")).items() if key == NAME_LABEL}
    terms = [term for term in mappings(selector.get("matchExpressions")) if term.get("key") == NAME_LABEL]
    return matches({"matchLabels": known, "matchExpressions": terms}, {NAME_LABEL: source})
