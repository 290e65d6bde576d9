"""NetworkPolicy: Kubernetes, pkg/apis/networking/types.go `NetworkPolicySpec`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from compiler.model.address_ranges import is_inside
from compiler.model.classification import KindTable, Modeled, Unjudged
from compiler.model.objects import list_or_empty, mapping_items, mapping_or_empty
from compiler.transition.classification.shared.metadata import METADATA

OPEN = Modeled("available, calls: which clients can reach which pods")
NAME_LABEL = "kubernetes.io/metadata.name"
Rule = Mapping[str, Any]
EVERYWHERE: Rule = {"namespaceSelector": {}}
"""All pods of all namespaces."""


def _selects_by_other_labels(selector: dict[str, Any]) -> bool:
    terms = mapping_items(selector.get("matchExpressions"))
    keys = [*mapping_or_empty(selector.get("matchLabels")), *(term.get("key") for term in terms)]
    return any(key != NAME_LABEL for key in keys)


def shuts_clients_out(old: Any, new: Any) -> bool:
    """Whether addresses, or pods of namespaces by other labels, may be kept out that were let in.

    Rules for the same ports are compared by whom they let in; which ports are open is judged with the requests.
    """
    before, after = (list(mapping_items(rules)) for rules in (old, new))
    if before and not takes_away(before, after, "from"):
        return False
    gone, come = _without(before, after), _without(after, before)
    pairs = [(rule.get("from"), _taken(come, rule.get("ports")).get("from")) for rule in gone]
    return any(_keeps_out(*pair) for pair in (*pairs, *((None, rule.get("from")) for rule in come)))


def _without(rules: Iterable[Rule], others: Sequence[Rule]) -> list[Rule]:
    return [rule for rule in rules if rule not in others]


def _taken(rules: list[Rule], ports: Any) -> Rule:
    """The first rule for these ports, which is taken from the list; nothing where there is none."""
    place = next((number for number, rule in enumerate(rules) if rule.get("ports") == ports), None)
    return {} if place is None else rules.pop(place)


def _keeps_out(old: Any, new: Any) -> bool:
    before, after = (list(mapping_items(peers)) for peers in (old, new))
    if after and not before:
        return any("ipBlock" in peer or _selects_namespaces(peer) for peer in after)
    return not all(is_within(block, after) for block in _blocks(before)) or any(
        _selects_namespaces(peer) for peer in before if peer not in after
    )


def keeps_in(old: Any, new: Any) -> bool:
    """Whether pods may be kept from somebody whom they reached: no rule lets all through, or one of several goes."""
    return takes_away(old, new, "to")


def takes_away(old: Any, new: Any, peers: str) -> bool:
    """Whether rules may let less through than those before; `peers` is the field of whom they let through."""
    before, after = (list(mapping_items(rules)) for rules in (old, new))
    return {} not in after and (not before or not all(_is_let_through(rule, after, peers) for rule in before))


def _is_let_through(rule: Mapping[str, Any], rules: Iterable[Mapping[str, Any]], peers: str) -> bool:
    """Whether one of the rules lets through all that this one does: the same or more ports, from or to as many."""
    return rule in rules or any(_holds_ports(other, rule) and _holds_peers(other, rule, peers) for other in rules)


def _holds_ports(other: Mapping[str, Any], rule: Mapping[str, Any]) -> bool:
    ports, wanted = (list(mapping_items(each.get("ports"))) for each in (other, rule))
    return not ports or (bool(wanted) and all(port in ports for port in wanted))


def _holds_peers(other: Mapping[str, Any], rule: Mapping[str, Any], peers: str) -> bool:
    held, wanted = (list(mapping_items(each.get(peers))) for each in (other, rule))
    within = (peer in held or ("ipBlock" in peer and is_within(peer["ipBlock"], held)) for peer in wanted)
    return not held or (bool(wanted) and all(within))


def _selects_namespaces(peer: Mapping[str, Any]) -> bool:
    selector = peer.get("namespaceSelector")
    return isinstance(selector, dict) and _selects_by_other_labels(selector)


def _blocks(peers: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [mapping_or_empty(peer["ipBlock"]) for peer in peers if "ipBlock" in peer]


def is_within(block: Mapping[str, Any], peers: Iterable[Mapping[str, Any]]) -> bool:
    """Whether one block of the peers lets in all that this one does."""
    blocks = _blocks(peers)
    return block in blocks or any(
        is_inside(str(block.get("cidr")), str(other.get("cidr")))
        and all(_excepts(str(part), block) for part in list_or_empty(other.get("except")))
        for other in blocks
    )


def _excepts(part: str, block: Mapping[str, Any]) -> bool:
    return any(is_inside(part, str(each)) for each in list_or_empty(block.get("except")))


def admits_all_of(peers: Iterable[Rule], wanted: Rule) -> bool:
    """Whether one of the peers lets in all whom this one does: it is the same, holds its addresses, or all pods."""
    others = list(peers)
    if "ipBlock" in wanted:
        return is_within(mapping_or_empty(wanted["ipBlock"]), others)
    return wanted in others or (set(wanted) <= {"namespaceSelector", "podSelector"} and EVERYWHERE in others)


TABLE = KindTable(
    "networking.k8s.io",
    "NetworkPolicy",
    versions=("networking.k8s.io/v1", "extensions/v1beta1"),
    influence="which clients can reach which pods",
    fields={
        "metadata": METADATA,
        "spec": {
            "egress": Unjudged("which servers outside the folders the selected pods can reach", matters=keeps_in),
            "ingress": Unjudged(
                "which addresses and namespaces can reach the selected pods", matters=shuts_clients_out
            ),
            "podSelector": OPEN,
            "policyTypes": OPEN,
        },
    },
    goes=OPEN,
)
