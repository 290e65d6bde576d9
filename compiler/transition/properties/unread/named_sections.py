"""What nobody has proven: rules, listeners and ports that lose the name by which an unread policy takes them.

Source: Gateway API, apis/v1/policy_types.go `LocalPolicyTargetReferenceWithSectionName` (a policy of a section that is
not there applies to nothing); Envoy Gateway, internal/gatewayapi/backendtrafficpolicy.go and clienttrafficpolicy.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import Key, mapping_items, nested_value
from compiler.transition.properties.unread.selecting_policies import Leaf, content_of, leaves_of
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange

PROPERTY = "available"
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "HTTPRoute": ("rules", "matches"),
    "GRPCRoute": ("rules", "matches"),
    "TCPRoute": ("rules", "backendRefs"),
    "TLSRoute": ("rules", "backendRefs"),
    "UDPRoute": ("rules", "backendRefs"),
    "Gateway": ("listeners", "port", "hostname"),
    "ListenerSet": ("listeners", "port", "hostname"),
    "Service": ("ports", "port", "protocol"),
}
"""The list of sections in a spec, and the fields by which one is the same whatever it is called."""
Traits = tuple[str, ...]


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The unread objects that stay, and name a section that is called otherwise, or is another one, from now on."""
    change = judged.change
    standing = [key for key in judged.standing if key in change.target.objects]
    moved = {
        key: names
        for key in (change.ops if standing else ())
        if key.kind in SECTIONS and key in change.live.objects and key in change.target.objects
        if (names := _moved_names(key.kind, change.live.objects[key], change.target.objects[key]))
    }
    for policy in standing if moved else ():
        leaves = list(leaves_of(content_of(change.target.objects[policy])))
        for key, names in moved.items():
            name = next((name for leaf in leaves for name in [_section_of(leaf, policy, key)] if name in names), None)
            if name is not None:
                yield PropertyBreach(
                    "unknown-kind",
                    PROPERTY,
                    f"{policy} names section {name} of {key}, which is another one from now on, or none. Not judged: "
                    f"what {policy.kind} {policy.name} does with requests that come under it or leave it",
                    (policy, key),
                    "keep the name, or let the policy name the old and the new section first",
                    "warning",
                    change.moment(key),
                )


def _moved_names(kind: str, old: Object, new: Object) -> frozenset[str]:
    """The names under which a section that is there before and after is found on one side only.

    Where a section changes together with its name, the names that nobody has any more count too.
    """
    before, after = _names_by_traits(kind, old), _names_by_traits(kind, new)
    both = before.keys() & after.keys()
    moved = {name for traits in both for name in before[traits] ^ after[traits]}
    if after.keys() - both:
        gone = {name for names in before.values() for name in names}
        moved |= gone - {name for names in after.values() for name in names}
    return frozenset(moved)


def _names_by_traits(kind: str, obj: Object) -> dict[Traits, frozenset[str]]:
    field, *traits = SECTIONS[kind]
    names: dict[Traits, frozenset[str]] = {}
    for section in mapping_items(nested_value(obj, "spec", field)):
        same = tuple(str(section.get(each)) for each in traits)
        known: Any = section.get("name")
        names[same] = names.get(same, frozenset()) | ({str(known)} if known else set())
    return names


def _section_of(leaf: Leaf, policy: Key, key: Key) -> str | None:
    """The section of the object that a value of a policy names."""
    field, value, holder = leaf
    namespace = str(holder.get("namespace") or policy.namespace)
    same = (holder.get("kind"), holder.get("name"), namespace) == (key.kind, key.name, key.namespace)
    return str(value) if field == "sectionName" and same else None
