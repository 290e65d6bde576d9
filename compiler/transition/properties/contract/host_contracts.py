"""contract, across classes: the classes of one host that move from one contract to another move in one instant.

They are a client and its API: a page of one contract must not call an API pod of the other. A client sends the same
headers with all its requests, so only classes of equal headers and query are compared.

Source: the transition model ("two switches can never be one instant").
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from compiler.model.objects import Key, is_service
from compiler.model.request import Request
from compiler.transition.properties.contract import answers
from compiler.transition.search.breach import PropertyBreach, request_class_too_large
from compiler.transition.search.cuts import group_cuts, units_by_owner, write_groups
from compiler.transition.search.guarantee import Guarantee, converged_contracts, guarantee_for
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.search.relevance import decided_services, is_visible, relevance_of
from compiler.transition.search.router import Router
from compiler.transition.search.traffic_state import TrafficState
from compiler.transition.sync.change import START, Change, Cut

PROPERTY = "contract"
PLAIN = ((), ())
"""No headers, and no query."""
HostContractAnswers = list[tuple[TrafficState, answers.ContractAnswer]]


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """Hosts that are divided between contracts, at any of the points that the sync reaches."""
    templates = (template for result in judged.router.index.templates.values() for template in result)
    if len({template.contract for template in templates}) < 2:
        return
    for result in _populations(judged.requests):
        if len(result) > 1:
            yield from _host_breaches(judged, result)


def _populations(requests: Sequence[Request]) -> Iterator[list[Request]]:
    """The classes that one client may ask for: with its headers, and of other paths those that tell none apart."""
    populations: dict[tuple[str, str], dict[tuple[object, ...], list[Request]]] = {}
    for request in requests:
        if request.service is None:
            of_host = populations.setdefault((request.entry, request.host), {})
            of_host.setdefault((request.headers, request.query), []).append(request)
    for of_host in populations.values():
        plain = of_host.get(PLAIN, [])
        for sent, own in of_host.items():
            paths = {request.path for request in own}
            yield own if sent == PLAIN else [*own, *(each for each in plain if each.path not in paths)]


def _host_breaches(judged: JudgedChange, requests: Sequence[Request]) -> Iterator[PropertyBreach]:
    router, reference = judged.router, judged.reference
    known = (guarantee_for(reference, request) for request in requests)
    items = [item for item in known if not _keeps_its_contracts(reference, item)]
    before = frozenset().union(*(item.contracts for item in items))
    after = frozenset().union(*(_target_contracts(reference, item) for item in items))
    if len(before) != 1 or len(after) != 1 or before == after or len(_live_contracts(router, items)) > 1:
        return
    for cuts in _host_cuts(router, [item.request for item in items], judged.last):
        if cuts is None:
            yield request_class_too_large(requests[0])
            return
        breach = next(filter(None, (_contract_split(router, items, cut) for cut in cuts)), None)
        if breach is not None:
            yield breach
            return


def _keeps_its_contracts(reference: Router, item: Guarantee) -> bool:
    """Whether a class has the contracts that it had: what else the host serves does not move with the others."""
    return bool(item.contracts) and item.contracts == _target_contracts(reference, item)


def _live_contracts(router: Router, items: Sequence[Guarantee]) -> frozenset[str]:
    """Those of the live objects at rest: of more than one, a commit in between has parted the clients already."""
    answers = ((item.request, router.serve(item.request, START)) for item in items)
    live = router.change.live
    return frozenset().union(*(converged_contracts(router, request, answer, live) for request, answer in answers))


def _host_cuts(router: Router, requests: Sequence[Request], last: int) -> Iterator[list[Cut] | None]:
    """The points of each group that two of the classes can tell apart; None: too many.

    Two classes are looked at, each through one Service: so what decides one class, or one Service, is a unit. A Service
    that is deleted only takes answers away: what is there before it goes shows all that can be split.
    """
    change, decided, workloads = router.change, dict[Key, dict[object, None]](), dict[Key, None]()
    for request in requests:
        relevance = relevance_of(router, request)
        workloads.update(dict.fromkeys(relevance.workloads))
        for key, things in decided_services(router, relevance).items():
            if key in change.ops and is_visible(router, request, key) and not _is_pruned_service(change, key):
                own = things if len(things) == 1 else (request,)
                decided.setdefault(key, {}).update(dict.fromkeys(own))
    for group in write_groups(change, (*decided, *workloads), last):
        yield group_cuts(change, group, *units_by_owner((key, decided[key]) for key in group.others))


def _is_pruned_service(change: Change, key: Key) -> bool:
    return is_service(key) and change.ops[key][1].action == "prune"


def _target_contracts(reference: Router, item: Guarantee) -> frozenset[str]:
    return converged_contracts(reference, item.request, item.after, reference.change.target)


def _contract_split(router: Router, items: Sequence[Guarantee], cut: Cut) -> PropertyBreach | None:
    """The classes of which one is answered by the new contract while another still is by the old."""
    points = [TrafficState(router, item, cut, router.serve(item.request, cut)) for item in items]
    seen: HostContractAnswers = [
        (traffic, result) for traffic in points for result in answers.contract_answers(traffic)
    ]
    if len({result[0] for _, result in seen}) < 2:
        return None
    for (one, (first, key, state)), (two, (second, other, moment)) in itertools.combinations(seen, 2):
        together = key != other or state is moment
        if first != second and together and one is not two:
            return PropertyBreach(
                "host-split",
                PROPERTY,
                f"{one.request} is answered by contract {first} while {two.request} is answered by contract {second}",
                tuple(dict.fromkeys((*one.route, *two.route, key, other))),
                "switch both with one object: one route whose Services stay the same",
                cut=cut,
                request=one.request,
                pod_states={key: state, other: moment},
            )
    return None
