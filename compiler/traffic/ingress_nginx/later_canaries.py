"""Canaries of ingress-nginx that do nothing during a whole change: an older one stands at each of their locations.

Source: ingress-nginx, controller.go `mergeAlternativeBackend`: of the canaries of a location the first counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compiler.model.objects import Key
from compiler.model.request import BackendRef, RouteMatch
from compiler.traffic.ingress_nginx.routes import IngressFacts

Location = tuple[str, RouteMatch]
"""A class of Ingresses, and a host with a path."""


def later_canaries(before: Sequence[IngressFacts], after: Sequence[IngressFacts]) -> frozenset[Key]:
    """The canaries, in every form, at whose locations another one stands before and after that comes first."""
    old, new = ({facts.key: facts for facts in side} for side in (before, after))
    both = [*before, *after]
    mains = frozenset(rule.backend for facts in both if facts.canary is None for rule in facts.rules)
    first: dict[Location, Key] = {}
    for key in sorted(old.keys() & new.keys()):
        kept = set(_divided(old[key], mains)) & set(_divided(new[key], mains))
        for location in kept:
            first.setdefault(location, key)
    return frozenset(facts.key for facts in both) - {
        facts.key for facts in both if not _is_overshadowed(facts, first, new=facts.key not in old)
    }


def _divided(facts: IngressFacts, mains: frozenset[BackendRef]) -> Iterator[Location]:
    """The locations at which the Ingress is a canary, whatever leads there."""
    for rule in facts.rules if facts.canary is not None else ():
        if rule.backend not in mains:
            yield facts.class_name, rule.match


def _is_overshadowed(facts: IngressFacts, first: dict[Location, Key], *, new: bool) -> bool:
    """Whether an older canary stands at all locations of this one; those that come are younger than those that stay."""
    if facts.canary is None:
        return False
    owners = [first.get((facts.class_name, rule.match)) for rule in facts.rules]
    return all(owner is not None and owner != facts.key and (new or owner < facts.key) for owner in owners)
