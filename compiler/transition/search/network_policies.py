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

WrittenPolicies = tuple[frozenset[Key], frozenset[Key]]
"""The policies that are written at a point, and those of them that are away."""


class NetworkPolicies:
    """The policies of a change: answers who is kept from whom at any point, and remembers it."""

    def __init__(self, change: Change, read: Callable[[Object], Object] | None = None) -> None:
        self.change = change
        self._read = read
        self.names = tuple(
            dict.fromkeys((*change.live.of_kind("NetworkPolicy"), *change.target.of_kind("NetworkPolicy")))
        )
        self.moving = tuple(key for key in self.names if key in change.ops)
        self._standing_at: dict[WrittenPolicies, Policies] = {}
        self._answers: dict[tuple[object, ...], bool] = {}

    @cached_property
    def by_name(self) -> NetworkPolicies:
        """What the policies say of known peers: no manifest has the addresses of pods, or labels of other folders."""
        return NetworkPolicies(self.change, network_policy.without_unknown_peers)

    def closed(
        self, facts: ServiceFacts, port: int | str, template: Template, source: PolicyPeer | None, cut: Cut
    ) -> bool:
        """Whether `source` is kept from pods of the template behind the Service's port."""
        place, namespace = _pod_port(facts, port, template), facts.key.namespace
        asked = (facts, port, template, source and source.namespace)
        return self._once(
            asked, cut, lambda here: network_policy.blocks_ingress(here, namespace, template, place, source)
        )

    def admitted(self, facts: ServiceFacts, port: int | str, template: Template, cut: Cut) -> list[Any] | None:
        """Whom policies let in to pods of the template behind the Service's port, as they write it; None: everybody."""
        here = self._standing(self._written(cut), cut)
        return network_policy.admitted_peers(here, facts.key.namespace, template, _pod_port(facts, port, template))

    def parted(
        self, caller: Key, calling: Template, facts: ServiceFacts, port: int, template: Template, cut: Cut
    ) -> bool:
        """Whether pods of `calling` are kept from those of `template` behind the Service's port."""
        place, end = _pod_port(facts, port, template), PolicyPeer(caller.namespace, calling.labels)
        asked = (facts, port, template, caller, calling)
        return self._once(
            asked, cut, lambda here: network_policy.blocks_connection(here, end, facts.key.namespace, template, place)
        )

    def _once(self, asked: tuple[object, ...], cut: Cut, answer: Callable[[Policies], bool]) -> bool:
        if not self.names:
            return False
        written = self._written(cut)
        if (written, *asked) not in self._answers:
            self._answers[written, *asked] = answer(self._standing(written, cut))
        return self._answers[written, *asked]

    def _written(self, cut: Cut) -> WrittenPolicies:
        written = frozenset(key for key in self.moving if self.change.written(key, cut))
        return written, written & cut.gone

    def _standing(self, written: WrittenPolicies, cut: Cut) -> Policies:
        if written not in self._standing_at:
            snapshots = [(key, self.change.snapshot_of(key, cut)) for key in self.names]
            standing = [(key, snapshot.objects[key]) for key, snapshot in snapshots if snapshot is not None]
            read = self._read
            self._standing_at[written] = [(key, read(policy)) for key, policy in standing] if read else standing
        return self._standing_at[written]


def _pod_port(facts: ServiceFacts, port: int | str, template: Template) -> PodPort:
    target = facts.ports[port]
    protocol = facts.protocols.get(port, "TCP")
    number = template.named.get((target, protocol), 0) if isinstance(target, str) else target
    return PodPort(number, protocol)
