"""contract, for clients that stay: a class that one contract answered is answered by another one at once.

An error where both contracts had requests of their own before, and have some afterwards: clients choose between them
by host, path or header, and nobody tells those of one that they get the other now. Only classes count that clients can
choose between: those of one host, and of hosts whose pods
have a label in common. Where one takes the place of another
that goes, that is a switch or a forwarding, which may be meant: a warning, and so is a match of before that leads to
a contract which nobody had. A rule that is new and more specific moves those alone who ask for it. Pods of a group are
released with their clients.

Source: the transition model (a client version never meets an API version that it does not speak).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace

from compiler.model.objects import Key
from compiler.model.request import RouteMatch, match_takes
from compiler.traffic.readers import readers_by_kind
from compiler.transition.facts.pods import CONTRACT
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.guarantee import Guarantee, guarantee_for
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.search.router import Router, RoutingResult
from compiler.transition.search.union_find import UnionFind
from compiler.transition.sync.change import END
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "contract"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The classes that pass from one contract to another."""
    reference = judged.reference
    templates = (template for result in judged.router.index.templates.values() for template in result)
    if len({template.contract for template in templates}) < 2:
        return
    items = [guarantee_for(reference, each) for each in judged.requests if not each.entry.startswith("service ")]
    for alternatives in _alternatives(reference, items):
        had = frozenset().union(*(item.contracts for item in alternatives))
        have = frozenset().union(*(item.contracts_after for item in alternatives))
        for item in alternatives:
            came, went = item.contracts_after - item.contracts, item.contracts - item.contracts_after
            if not (item.protected and came and went) or _in_group(reference, item):
                continue
            chosen = went <= have and came <= had
            if chosen or not went <= have or _has_its_old_match(reference, item):
                yield replace(_moved(item, went, came), severity="error" if chosen else "warning")


def _has_its_old_match(reference: Router, item: Guarantee) -> bool:
    """Whether the match that takes the class afterwards took requests before, in whatever route."""
    change, answer = reference.change, item.after.answer
    reader = None if answer is None else readers_by_kind().get(answer.route[:2])
    route = None if answer is None else change.target.routes.get(answer.route)
    if answer is None or reader is None or route is None:
        return True
    taking = [each for each in route.matches if each.path == answer.path and match_takes(each, item.request)]
    most = max((len(_asked(each)) for each in taking), default=0)
    known = {match for each in change.baseline.routes_of(reader) for match in each.matches}
    return all(each in known for each in taking if len(_asked(each)) == most)


def _asked(match: RouteMatch) -> tuple[object, ...]:
    """What the match asks of a request beyond host and path."""
    condition = match.condition
    return (*condition.headers, *condition.query, *([condition.method] if condition.method else ()))


def _alternatives(reference: Router, items: Sequence[Guarantee]) -> Iterable[list[Guarantee]]:
    """The classes by what clients can choose between: those of a host, and of hosts whose pods share a label."""
    groups, together = UnionFind(), dict[Hashable, list[Guarantee]]()
    for item in items:
        groups.join(item.request.host, *_labels_behind(reference, item))
    for item in items:
        together.setdefault(groups.root(item.request.host), []).append(item)
    return together.values()


def _labels_behind(reference: Router, item: Guarantee) -> Iterator[tuple[str, str, str]]:
    """The labels of the pods that answer before or after, with their namespace; which contract they speak is none."""
    for key in (*item.before.workloads, *item.after.workloads):
        for template in reference.index.templates[key]:
            yield from ((key.namespace, *label) for label in template.labels.items() if label[0] != CONTRACT)


def _in_group(reference: Router, item: Guarantee) -> bool:
    """Whether the pods behind belong to a group, whose clients are released with it."""
    keys = {*item.before.workloads, *item.after.workloads}
    snapshots: tuple[Snapshot, ...] = (reference.change.baseline, reference.change.target)
    return any(key in each.workloads and each.workloads[key].template.group for key in keys for each in snapshots)


def _moved(item: Guarantee, went: frozenset[str], came: frozenset[str]) -> PropertyBreach:
    old, new = " and ".join(sorted(went)), " and ".join(sorted(came))
    return PropertyBreach(
        "clients-moved",
        PROPERTY,
        f"{item.request} is answered by contract {old} now, and by contract {new} after this commit: all its "
        "clients meet the other contract at once",
        _route_and_services(item.after),
        f"leave these requests to contract {old}, and give contract {new} a host, a path or a header of its own",
        cut=END,
        request=item.request,
    )


def _route_and_services(serving: RoutingResult) -> tuple[Key, ...]:
    route = (serving.answer.route,) if serving.answer else ()
    return tuple(dict.fromkeys((*route, *serving.workloads)))
