"""Which NetworkPolicies stand at a point of a change, and whom they keep from which pods: worked out once each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from compiler.model.objects import Key
from compiler.transition.facts.pods import Template
from compiler.transition.routing import network_policy
from compiler.transition.routing.network_policy import PodPort, Policies, PolicyPeer
from compiler.transition.routing.service import ServiceFacts
from compiler.transition.sync.change import Change, Cut

WrittenPolicies = tuple[frozenset[Key], frozenset[Key]]
"""The policies that are written at a point, and those of them that are away."""


@dataclass(frozen=True, slots=True, eq=False)
class NetworkPolicies:
    """The policies of a change: all `names`, and those that it writes."""

    change: Change
    standing: dict[WrittenPolicies, Policies] = field(default_factory=dict)
    answers: dict[tuple[object, ...], bool] = field(default_factory=dict)
    names: list[Key] = field(default_factory=list)
    moving: list[Key] = field(default_factory=list)

    def __post_init__(self) -> None:
        sides = (self.change.live, self.change.target)
        self.names.extend({key: None for side in sides for key in side.of_kind("NetworkPolicy")})
        self.moving.extend(key for key in self.names if key in self.change.ops)

    def closed(
        self, facts: ServiceFacts, port: int | str, template: Template, source: PolicyPeer | None, cut: Cut
    ) -> bool:
        """Whether `source` is kept from pods of the template behind the Service's port."""
        place, namespace = _pod_port(facts, port, template), facts.key.namespace
        asked = (id(facts), port, id(template), source and source.namespace)
        return self._once(
            asked, cut, lambda here: network_policy.blocks_ingress(here, namespace, template, place, source)
        )

    def parted(
        self, caller: Key, calling: Template, facts: ServiceFacts, port: int, template: Template, cut: Cut
    ) -> bool:
        """Whether pods of `calling` are kept from those of `template` behind the Service's port."""
        place, end = _pod_port(facts, port, template), PolicyPeer(caller.namespace, calling.labels)
        asked = (id(facts), port, id(template), caller, id(calling))
        return self._once(
            asked, cut, lambda here: network_policy.blocks_connection(here, end, facts.key.namespace, template, place)
        )

    def _once(self, asked: tuple[object, ...], cut: Cut, answer: Callable[[Policies], bool]) -> bool:
        if not self.names:
            return False
        written = self._written(cut)
        if (written, *asked) not in self.answers:
            self.answers[written, *asked] = answer(self._standing(written, cut))
        return self.answers[written, *asked]

    def _written(self, cut: Cut) -> WrittenPolicies:
        written = frozenset(key for key in self.moving if self.change.written(key, cut))
        return written, written & cut.gone

    def _standing(self, written: WrittenPolicies, cut: Cut) -> Policies:
        if written not in self.standing:
            sides = [(key, self.change.side_of(key, cut)) for key in self.names]
            self.standing[written] = [(key, side.objects[key]) for key, side in sides if side is not None]
        return self.standing[written]


def _pod_port(facts: ServiceFacts, port: int | str, template: Template) -> PodPort:
    target = facts.ports[port]
    number = template.named.get(target, 0) if isinstance(target, str) else target
    return PodPort(number, facts.protocols.get(port, "TCP"))
