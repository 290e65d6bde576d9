"""Hosts that an Ingress serves as aliases of its own, and that get rules of their own.

Source: ingress-nginx, internal/ingress/controller/controller.go `createServers`: an alias that is the host of a rule is
none any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from compiler.model.manifest import Object
from compiler.model.objects import Key, annotations_of
from compiler.traffic.ingress_nginx import PREFIX
from compiler.traffic.ingress_nginx.routes import IngressFacts
from compiler.traffic.reader import ConvergedObjects, GateChange, Route


def lost_aliases(written: Sequence[Key], before: ConvergedObjects, after: ConvergedObjects) -> Iterator[GateChange]:
    """The aliases of Ingresses that stay, whose hosts come to be those of rules."""
    known, changed = _ruled_hosts(before.routes), frozenset(written)
    came = {host: key for host, key in _ruled_hosts(after.routes).items() if host not in known and key in changed}
    for key, facts in before.routes.items() if came else ():
        if isinstance(facts, IngressFacts) and key in after.routes:
            for alias in _aliases_of(before.objects[key]) & came.keys():
                yield GateChange(
                    "field-unproven",
                    f"{alias}, an alias of {key} (server-alias), gets rules of its own in {came[alias]}. Not judged: "
                    "whether these take all its requests, for the alias counts no more",
                    (came[alias], key),
                    "let the new rules take every path of the host, or keep the alias and write no rules for it",
                    "warning",
                    came[alias],
                )


def _aliases_of(ingress: Object) -> frozenset[str]:
    return frozenset(
        part.strip() for part in str(annotations_of(ingress).get(f"{PREFIX}server-alias") or "").split(",")
    )


def _ruled_hosts(routes: Mapping[Key, Route]) -> dict[str, Key]:
    """The hosts of rules that make a server, each with an Ingress that has one."""
    mains = [facts for facts in routes.values() if isinstance(facts, IngressFacts) and facts.canary is None]
    return {rule.match.host: facts.key for facts in mains for rule in facts.path_rules}
