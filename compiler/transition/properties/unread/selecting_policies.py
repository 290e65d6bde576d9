"""What nobody has proven: policies that nobody reads, stay as they are, and select pods by what this commit changes,
or by what tells the pods to which it moves requests from those that had them.

Source: Istio, api/type/v1beta1/selector.proto `WorkloadSelector` and security/v1 `Source` (principals, accounts);
Cilium, Documentation/security/policy (endpointSelector, toPorts); Calico, docs reference NetworkPolicy (selector as a
text, `serviceAccounts.names`); Linkerd, policy.linkerd.io `Server` and `MeshTLSAuthentication`; network-policy-api,
AdminNetworkPolicy.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from compiler.model.manifest import Object
from compiler.model.objects import Key, mapping_or_empty
from compiler.transition.facts.pods import Template
from compiler.transition.properties.harmless.judged_elsewhere import names_of_other_namespaces
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import END, START, Change
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "available"
LABEL_SOURCES = ("", "any:", "k8s:", "any.", "k8s.")
"""What Cilium writes before the name of a pod's label."""
ACCOUNT_FIELDS = ("serviceaccount", "principal", "identit")
WHOLE_ACCOUNT = re.compile(r"(?:/ns/[^/]+/sa/|\bsystem:serviceaccount:[^:]+:)([\w.-]+)$")
"""An account as SPIFFE and Kubernetes write it in full."""
RANGE_FIELDS = {"endPort": ("port", "endPort"), "end": ("start", "end")}
"""Fields with the last port of a range, and those of its first and last one.

Source: Cilium, pkg/policy/api/l4.go `PortProtocol`; network-policy-api, `PortRange`.
"""
PORT_WORDS = frozenset({"endpoint", "endpoints", "port", "ports"})
WORD = re.compile("[A-Z]?[a-z]+")
RANGE = re.compile(r"(\d+)[:-](\d+)")
PART_OF_A_LABEL = re.compile(r"\bhas\(|\b(?:starts|ends) with\b|\bcontains\b")
"""What Calico's selectors ask of a label besides its whole value."""
TOKEN = re.compile(r"[\w./-]+")
Leaf = tuple[str, Any, Mapping[str, Any]]
"""A value inside an object: the name of its field, the value, and the mapping that holds it."""


class PodTraits(NamedTuple):
    """What tells the new pods of a workload from the old ones: labels and accounts of one side, ports that they lose.

    The labels are pairs of name and value. `listens` are the numbers on which the new pods listen.
    """

    labels: frozenset[tuple[str, str]]
    accounts: frozenset[str]
    ports: frozenset[int | str]
    listens: frozenset[int] = frozenset()

    def seen_from_afar(self) -> PodTraits:
        """What policies of other namespaces know of the pods: they are callers there, by their accounts."""
        return PodTraits(frozenset(), self.accounts, frozenset())


class DifferingPods(NamedTuple):
    """Pods of a workload, those of the same or another one whose requests they come to answer, and what differs."""

    workload: Key
    replaced: Key
    traits: PodTraits


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The unread objects that stay, and name a label, an account or a port by which new pods differ from old ones."""
    change = judged.change
    standing = [key for key in judged.standing if key in change.target.objects]
    differing = (*_changed_traits(change), *_switched_traits(judged)) if standing else ()
    changed = [pair for pair in differing if any(pair.traits[:3])]
    for policy in standing if changed else ():
        obj = change.target.objects[policy]
        leaves, named = list(leaves_of(content_of(obj))), {place for place, _ in names_of_other_namespaces(obj)}
        for workload, other, traits in changed:
            near = policy.namespace in ("", workload.namespace) or workload.namespace in named
            trait = next(_named_traits(leaves, traits if near else traits.seen_from_afar()), "")
            if trait:
                differ = (
                    f"new pods of {workload} differ from the old ones"
                    if other == workload
                    else f"pods of {workload}, to which requests move, differ from those of {other}"
                )
                yield PropertyBreach(
                    "unknown-kind",
                    PROPERTY,
                    f"{policy} names {trait}, by which {differ}. Not judged: "
                    f"what {policy.kind} {policy.name} does with them",
                    tuple(dict.fromkeys((policy, workload, other))),
                    "keep the label, the account or the port, or let the policy name the old and the new one first",
                    "warning",
                )


def content_of(obj: Object) -> Object:
    """What an object says, without what says which object it is."""
    return {name: value for name, value in obj.items() if name not in ("apiVersion", "kind", "metadata", "status")}


def _changed_traits(change: Change) -> Iterator[DifferingPods]:
    for key, new in change.target.workloads.items():
        old = change.live.workloads.get(key)
        if old is not None and old.template is not new.template:
            yield DifferingPods(key, key, differing_traits(old.template, new.template))


def _switched_traits(judged: JudgedChange) -> Iterator[DifferingPods]:
    """The workloads to which requests move, each with one that had them, and what tells the pods of the two apart."""
    live, target = judged.change.live, judged.change.target
    for new, old in switched_pods(judged):
        yield DifferingPods(new, old, differing_traits(live.workloads[old].template, target.workloads[new].template))


def switched_pods(judged: JudgedChange) -> Iterator[tuple[Key, Key]]:
    """The workloads to which a Service, a route's weights or a route that comes lead, each with one that was before."""
    known: set[tuple[Key, Key]] = set()
    for before, after in (*_services_by_entry(judged), *_services_by_request(judged)):
        sides = ((judged.change.live, before), (judged.change.target, after))
        old, new = (_pods_behind(judged, snapshot, services) for snapshot, services in sides)
        for pair in ((each, other) for each in sorted(new - old) for other in sorted(old)):
            if pair not in known:
                known.add(pair)
                yield pair


def _services_by_entry(judged: JudgedChange) -> Iterator[tuple[list[Key], list[Key]]]:
    """To which Services each Service, and each route, leads before the commit and after it."""
    change = judged.change
    for entry in (*change.ops, *change.live.services):
        forms = [snapshot.routes.get(entry) for snapshot in (change.live, change.target)]
        old, new = ([key for key, positive in form.weights if positive] if form else [entry] for form in forms)
        yield old, new


def _services_by_request(judged: JudgedChange) -> Iterator[tuple[list[Key], list[Key]]]:
    """To which Services requests lead before and after, where a route comes or goes: another one had them."""
    live, target = judged.change.live.routes, judged.change.target.routes
    for request in judged.requests if live.keys() != target.keys() else ():
        answers = [judged.reference.answer(request, cut) for cut in (START, END)]
        if None not in answers:
            old, new = ([ref.service for ref in each.backends if ref.weight] for each in answers if each)
            yield old, new


def _pods_behind(judged: JudgedChange, snapshot: Snapshot, services: Iterable[Key]) -> frozenset[Key]:
    """The workloads whose pods Services of the snapshot lead to."""
    behind = [snapshot.services[key] for key in services if key in snapshot.services]
    return frozenset(
        key
        for facts in behind
        for key in judged.router.selected(facts)
        if key in snapshot.workloads and facts.takes(snapshot.workloads[key].template)
    )


def differing_traits(old: Template, new: Template) -> PodTraits:
    """What tells pods of the new template from those of the old one."""
    accounts = {_account_of(each) for each in (old, new)}
    lost = {port.number for port in old.ports - new.ports} | {name for name, _ in old.named.keys() - new.named.keys()}
    return PodTraits(
        frozenset(old.labels.items() ^ new.labels.items()),
        frozenset(accounts) if len(accounts) > 1 else frozenset(),
        frozenset(lost),
        frozenset(port.number for port in new.ports),
    )


def _account_of(template: Template) -> str:
    spec = mapping_or_empty(template.raw.get("spec"))
    return str(spec.get("serviceAccountName") or spec.get("serviceAccount") or "default")


def _named_traits(leaves: Collection[Leaf], traits: PodTraits) -> Iterator[str]:
    """Those of the traits that some value says, in words."""
    for leaf in leaves:
        yield from (f"the label {name}" for name, value in traits.labels if _says_label(leaf, name, value))
        yield from (f"the account {name}" for name in traits.accounts if _says_account(leaf, name))
        yield from (f"the port {port}" for port in traits.ports if says_port(leaf, port, traits.listens))


def _says_label(leaf: Leaf, name: str, value: str) -> bool:
    field, content, _ = leaf
    if field in {f"{source}{name}" for source in LABEL_SOURCES}:
        return bool(content == value)
    if field == "key" and content in {f"{source}{name}" for source in LABEL_SOURCES}:
        return True
    words = set(TOKEN.findall(content)) if isinstance(content, str) and content != name else set()
    return name in words and (value in words or PART_OF_A_LABEL.search(str(content)) is not None)


def says_port(leaf: Leaf, port: int | str, others: Collection[int]) -> bool:
    """Whether a value is the port of a pod, or a range that holds it, but not all the others."""
    field, content, holder = leaf
    if field in RANGE_FIELDS and isinstance(port, int):
        return _is_left(port, others, *(holder.get(name) for name in RANGE_FIELDS[field]))
    if not _speaks_of_ports(field, holder):
        return False
    if str(content) == str(port):
        return True
    ranges = RANGE.fullmatch(str(content))
    if ranges and isinstance(port, int):
        return _is_left(port, others, *ranges.groups())
    return str(content).rpartition(":")[2] == str(port)


def _speaks_of_ports(field: str, holder: Mapping[str, Any]) -> bool:
    """Whether a field holds ports by its name, as the number of a port in Istio, or by the condition beside it."""
    if PORT_WORDS & {word.lower() for word in WORD.findall(field)}:
        return True
    beside = "protocol" in holder or "name" in holder
    return (field == "number" and beside) or (field == "values" and "port" in str(holder.get("key")))


def _is_left(port: int, others: Collection[int], first: Any, last: Any) -> bool:
    """Whether the port is in the range, and some of the others are not."""
    if not (str(first).isdecimal() and str(last).isdecimal()):
        return False
    held = range(int(first), int(last) + 1)
    return port in held and not all(other in held for other in others)


def _says_account(leaf: Leaf, name: str) -> bool:
    """Whether a value names the account: in a field for accounts, in a list of names, or by the whole name of one."""
    field, content, holder = leaf
    if isinstance(content, str) and (match := WHOLE_ACCOUNT.search(content)):
        return match[1] == name
    if not any(each in field.lower().replace("-", "") for each in ACCOUNT_FIELDS):
        return content == name and (field == "names" or (field == "name" and holder.get("kind") == "ServiceAccount"))
    return isinstance(content, str) and name in re.split(r"[/.]", content)


def leaves_of(value: Any, field: str = "", holder: Mapping[str, Any] | None = None) -> Iterator[Leaf]:
    """Every value inside of another one, with the field and the mapping that hold it; and every port by its name.

    Source: Istio, security/v1beta1 `PeerAuthentication` (`portLevelMtls` has a setting for each port).
    """
    if isinstance(value, dict):
        for name, part in value.items():
            if str(name).isdigit():
                yield field, name, value
            yield from leaves_of(part, str(name), value)
    elif isinstance(value, list):
        for part in value:
            yield from leaves_of(part, field, holder)
    else:
        yield field, value, holder or {}
