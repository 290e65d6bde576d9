"""NetworkPolicy: Kubernetes, pkg/apis/networking/types.go `NetworkPolicySpec`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from compiler.model.classification import FieldTable, Items, KindTable, Modeled, Unjudged
from compiler.model.objects import mapping_items, mapping_or_empty
from compiler.transition.classification.shared.address_ranges import is_inside
from compiler.transition.classification.shared.metadata import METADATA

OPEN = Modeled("available, calls: which clients can reach which pods")
NAME_LABEL = "kubernetes.io/metadata.name"


def _selects_by_other_labels(selector: dict[str, Any]) -> bool:
    terms = mapping_items(selector.get("matchExpressions"))
    keys = [*mapping_or_empty(selector.get("matchLabels")), *(term.get("key") for term in terms)]
    return any(key != NAME_LABEL for key in keys)


def _keeps_out(old: Any, new: Any) -> bool:
    """Whether addresses, or pods of namespaces by other labels, may be kept out that were let in."""
    before, after = (list(mapping_items(peers)) for peers in (old, new))
    if after and not before:
        return any("ipBlock" in peer or _selects_namespaces(peer) for peer in after)
    return not all(is_within(block, after) for block in _blocks(before)) or any(
        _selects_namespaces(peer) for peer in before if peer not in after
    )


def keeps_in(old: Any, new: Any) -> bool:
    """Whether pods may be kept from somebody whom they reached: no rule lets all through, or one of several goes."""
    before, after = (list(mapping_items(rules)) for rules in (old, new))
    return {} not in after and (not before or not all(_is_let_through(rule, after) for rule in before))


def _is_let_through(rule: Mapping[str, Any], rules: Iterable[Mapping[str, Any]]) -> bool:
    """Whether one of the rules lets through all that this one does: the same or more ports, to as many servers."""
    return rule in rules or any(_holds_ports(other, rule) and _holds_servers(other, rule) for other in rules)


def _holds_ports(other: Mapping[str, Any], rule: Mapping[str, Any]) -> bool:
    ports, wanted = (list(mapping_items(each.get("ports"))) for each in (other, rule))
    return not ports or (bool(wanted) and all(port in ports for port in wanted))


def _holds_servers(other: Mapping[str, Any], rule: Mapping[str, Any]) -> bool:
    servers, wanted = (list(mapping_items(each.get("to"))) for each in (other, rule))
    within = (peer in servers or ("ipBlock" in peer and is_within(peer["ipBlock"], servers)) for peer in wanted)
    return not servers or (bool(wanted) and all(within))


def _selects_namespaces(peer: Mapping[str, Any]) -> bool:
    selector = peer.get("namespaceSelector")
    return isinstance(selector, dict) and _selects_by_other_labels(selector)


def _blocks(peers: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [mapping_or_empty(peer["ipBlock"]) for peer in peers if "ipBlock" in peer]


def is_within(block: Mapping[str, Any], peers: Iterable[Mapping[str, Any]]) -> bool:
    """Whether one block of the peers lets in all that this one does."""
    blocks = _blocks(peers)
    return block in blocks or any(
        not other.get("except") and is_inside(str(block.get("cidr")), str(other.get("cidr"))) for other in blocks
    )


PORT: FieldTable = {"endPort": OPEN, "port": OPEN, "protocol": OPEN}
TABLE = KindTable(
    "networking.k8s.io",
    "NetworkPolicy",
    versions=("networking.k8s.io/v1", "extensions/v1beta1"),
    influence="which clients can reach which pods",
    fields={
        "metadata": METADATA,
        "spec": {
            "egress": Unjudged("which servers outside the folders the selected pods can reach", matters=keeps_in),
            "ingress": Items(
                {
                    "from": Unjudged("which addresses and namespaces can reach the selected pods", matters=_keeps_out),
                    "ports": Items(PORT, by=("port", "protocol")),
                },
                by=("ports",),
            ),
            "podSelector": OPEN,
            "policyTypes": OPEN,
        },
    },
    goes=OPEN,
)
