"""Which NetworkPolicies stand at a point of a change, and whom they keep from which pods: worked out once each."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import Key
from compiler.transition.facts.pods import PodPort, Template
from compiler.transition.routing import network_policy
from compiler.transition.routing.network_policy import Policies, PolicyPeer
from compiler.transition.routing.service import ServiceFacts
from compiler.transition.sync.change import Change, Cut
from compiler.transition.sync.snapshot import Snapshot

Forms = tuple[Snapshot | None, ...]
"""Where the form of each policy stands that isolates some pods; None: it is not there."""


class NetworkPolicies:
    """The policies of a change: answers who is kept from whom at any point, and remembers it.

    Each question looks at the policies that select its pods alone: of 160 that change in one group there are 25,000
    combinations of what is written, and of one pod's policies two.
    """

    def __init__(self, change: Change, read: Callable[[Object], Object] | None = None) -> None:
        self.change = change
        self._read = read
        self.names = tuple(
            dict.fromkeys((*change.live.of_kind("NetworkPolicy"), *change.target.of_kind("NetworkPolicy")))
        )
        self._isolating: dict[tuple[str, Template], tuple[Key, ...]] = {}
        self._forms: dict[tuple[Key, Snapshot], Object] = {}
        self._answers: dict[tuple[object, ...], bool] = {}

    @cached_property
    def by_name(self) -> NetworkPolicies:
        """What the policies say of known peers: no manifest has the addresses of pods, or labels of other folders."""
        return NetworkPolicies(self.change, network_policy.without_unknown_peers)

    def closed(
        self, facts: ServiceFacts, port: int | str, template: Template, source: PolicyPeer | None, cut: Cut
    ) -> bool:
        """Whether `source` is kept from pods of the template behind the Service's port."""
        keys, namespace = self._isolating_pods(facts.key.namespace, template), facts.key.namespace
        if not keys:
            return False
        place, forms = _pod_port(facts, port, template), self._forms_at(keys, cut)
        asked = (forms, facts, port, template, source and source.namespace)
        if asked not in self._answers:
            here = self._standing(keys, forms)
            self._answers[asked] = network_policy.blocks_ingress(here, namespace, template, place, source)
        return self._answers[asked]

    def admitted(self, facts: ServiceFacts, port: int | str, template: Template, cut: Cut) -> list[Any] | None:
        """Whom policies let in to pods of the template behind the Service's port, as they write it; None: everybody."""
        keys = self._isolating_pods(facts.key.namespace, template)
        here = self._standing(keys, self._forms_at(keys, cut))
        return network_policy.admitted_peers(here, facts.key.namespace, template, _pod_port(facts, port, template))

    def parted(
        self, caller: Key, calling: Template, facts: ServiceFacts, port: int, template: Template, cut: Cut
    ) -> bool:
        """Whether pods of `calling` are kept from those of `template` behind the Service's port."""
        namespace = facts.key.namespace
        ends = ((namespace, template), (caller.namespace, calling))
        keys = tuple(dict.fromkeys(key for end in ends for key in self._isolating_pods(*end)))
        if not keys:
            return False
        place, peer = _pod_port(facts, port, template), PolicyPeer(caller.namespace, calling.labels)
        forms = self._forms_at(keys, cut)
        asked = (forms, facts, port, template, caller, calling)
        if asked not in self._answers:
            here = self._standing(keys, forms)
            self._answers[asked] = network_policy.blocks_connection(here, peer, namespace, template, place)
        return self._answers[asked]

    def _isolating_pods(self, namespace: str, template: Template) -> tuple[Key, ...]:
        """The policies that isolate pods of the template, in any way and in any of their forms."""
        if not self.names:
            return ()
        if (namespace, template) not in self._isolating:
            own, sides = PolicyPeer(namespace, template.labels), (self.change.live, self.change.target)
            self._isolating[namespace, template] = tuple(
                key
                for key in self.names
                if key.namespace == namespace
                and any(
                    network_policy.policy_applies(way, side.objects[key], own)
                    for side in sides
                    if key in side.objects
                    for way in network_policy.DIRECTION_FIELDS
                )
            )
        return self._isolating[namespace, template]

    def _forms_at(self, keys: tuple[Key, ...], cut: Cut) -> Forms:
        return tuple(self.change.snapshot_of(key, cut) for key in keys)

    def _standing(self, keys: tuple[Key, ...], forms: Forms) -> Policies:
        return [(key, self._read_form(key, form)) for key, form in zip(keys, forms, strict=True) if form is not None]

    def _read_form(self, key: Key, form: Snapshot) -> Object:
        if self._read is None:
            return form.objects[key]
        if (key, form) not in self._forms:
            self._forms[key, form] = self._read(form.objects[key])
        return self._forms[key, form]


def _pod_port(facts: ServiceFacts, port: int | str, template: Template) -> PodPort:
    target = facts.ports[port]
    protocol = facts.protocols.get(port, "TCP")
    number = template.named.get((target, protocol), 0) if isinstance(target, str) else target
    return PodPort(number, protocol)
