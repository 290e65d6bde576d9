"""What Cilium's policies have in common, of a namespace or of the cluster.

Source: Cilium, pkg/policy/api/rule.go, ingress.go, egress.go, l4.go and rule_validation.go `Sanitize` (pods that a rule
with a section of a direction selects take, or reach, only what some rule allows; what a rule denies wins; of the
peers of a rule only one field may be written; a policy with one rule that is not valid is not taken at all);
Documentation/security/policy/language.rst (a rule without layer 7 allows all of its ports, whatever others say).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from compiler.model.classification import Inert, KindTable, Unjudged
from compiler.model.objects import list_or_empty, mapping_items
from compiler.transition.classification.shared.metadata import METADATA

OPENED = "which clients can reach which pods"
INBOUND = frozenset({"fromEndpoints", "fromCIDR", "fromCIDRSet", "fromEntities", "fromNodes", "fromGroups"})
OUTBOUND = frozenset(
    {"toEndpoints", "toCIDR", "toCIDRSet", "toEntities", "toServices", "toFQDNs", "toGroups", "toNodes"}
)
WITHOUT_PORTS = frozenset({"toServices"})
"""Peers that cannot stand beside ports."""
ENTITIES = frozenset(
    {
        "all", "cluster", "health", "host", "ingress", "init", "kube-apiserver", "none", "remote-node", "unmanaged",
        "world", "world-ipv4", "world-ipv6",
    }
)  # fmt: skip
PORT_FIELDS = frozenset({"port", "endPort", "protocol"})
MAX_PORTS = 40
Rule = Mapping[str, Any]


def adds_allowances(rules: Any, before: Any) -> bool:
    """Whether pods may reach, or be reached by, all whom rules of before allowed: each is there, or a wider one.

    A rule that comes without layer 7 adds to what there is; without any rule of before pods come to be isolated.
    """
    after = list(mapping_items(rules))
    known = list(mapping_items(before))
    added = [rule for rule in after if rule not in known]
    kept = all(any(rule == other or _is_wider(other, rule) for other in after) for rule in known)
    return bool(known) and kept and all(_is_plain(rule) for rule in added)


def _is_plain(rule: Rule) -> bool:
    """Whether a rule is valid for certain, and says nothing of layer 7 or of what others must have besides."""
    peers = rule.keys() & (INBOUND | OUTBOUND)
    beside = rule.keys() - peers
    if len(peers) > 1 or not beside <= {"toPorts"} or (beside and peers & WITHOUT_PORTS):
        return False
    entities = [*list_or_empty(rule.get("fromEntities")), *list_or_empty(rule.get("toEntities"))]
    known = all(isinstance(entity, str) and entity in ENTITIES for entity in entities)
    return known and all(_is_plain_port(item) for item in list_or_empty(rule.get("toPorts")))


def _is_plain_port(item: Any) -> bool:
    if not isinstance(item, dict) or set(item) != {"ports"}:
        return False
    ports = list(mapping_items(item["ports"]))
    return 0 < len(ports) <= MAX_PORTS and all(
        set(port) <= PORT_FIELDS and str(port.get("port", "")) not in ("", "0") for port in ports
    )


def _is_wider(rule: Rule, before: Rule) -> bool:
    """Whether a plain rule allows the same peers or more, to the same ports or more."""
    if not (_is_plain(rule) and _is_plain(before)):
        return False
    peers = rule.keys() & (INBOUND | OUTBOUND)
    if peers != before.keys() & (INBOUND | OUTBOUND):
        return False
    held = all(_has_all(rule[name], before[name]) for name in peers)
    return held and ("toPorts" not in rule or ("toPorts" in before and _has_all(_ports(rule), _ports(before))))


def _has_all(items: Any, wanted: Any) -> bool:
    others, known = list_or_empty(items), list_or_empty(wanted)
    return bool(known) and all(item in others for item in known)


def _ports(rule: Rule) -> list[Rule]:
    return [port for item in mapping_items(rule.get("toPorts")) for port in mapping_items(item.get("ports"))]


def _closes(old: Any, new: Any) -> bool:
    return not adds_allowances(new, old)


def _denies_more(old: Any, new: Any) -> bool:
    known: Iterable[Any] = list_or_empty(old)
    return any(rule not in known for rule in list_or_empty(new))


def cilium_policy_table(kind: str) -> KindTable:
    """The table of a policy of this kind."""
    return KindTable(
        "cilium.io",
        kind,
        versions=("cilium.io/v2",),
        influence=OPENED,
        fields={
            "metadata": METADATA,
            "spec": {
                "description": Inert("Cilium, pkg/policy/api/rule.go: a text for people"),
                "egress": Unjudged("which servers the selected pods can reach", matters=_closes),
                "egressDeny": Unjudged("which servers the selected pods can reach", matters=_denies_more),
                "ingress": Unjudged("which clients can reach the selected pods", matters=_closes),
                "ingressDeny": Unjudged("which clients can reach the selected pods", matters=_denies_more),
                "labels": Inert("Cilium, pkg/policy/api/rule.go: for finding the rule again"),
            },
        },
        appears=Unjudged("which clients can still reach the pods that it selects, and which servers these reach"),
        goes=Unjudged("which clients and servers only this policy allowed to the pods that another one isolates"),
    )
