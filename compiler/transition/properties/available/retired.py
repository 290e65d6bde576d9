"""available, for requests that are given up, for good or in passing: nobody takes them, or a rule for a shorter path.

Source: the transition model (a rule that is removed altogether is a retirement, and is named); routers take the
longest path that matches, so what a rule gives up falls to the next shorter one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from compiler.model.objects import Key
from compiler.model.request import Request, RouteAction, host_matches, named_part
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.guarantee import (
    Guarantee,
    becomes_unread,
    is_served_elsewhere,
    keeps_host,
    still_asks,
)
from compiler.transition.search.router import RoutingResult
from compiler.transition.search.served_class import ServedClass
from compiler.transition.sync.change import END, START, Change
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "available"
APPLICATION_LABELS = ("app.kubernetes.io/name", "app")
"""Source: Kubernetes, docs/concepts/overview/working-with-objects/common-labels"""


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """A class that was served and is no more, and one that falls to the pods of another path."""
    item, reference = served.guarantee, served.judged.reference
    if item.served and item.request.moves and keeps_host(reference, item.request):
        yield _parted_from_its_host(item)
    if (
        item.served
        and item.after.answer is None
        and not item.protected
        and not becomes_unread(served.change, item.before)
    ):
        if item.request.service is not None or not is_served_elsewhere(reference, item.request):
            yield _no_longer_served(item)
    elif item.protected and _falls_through(served.change, item):
        yield from _fallen_through(served, item)
    elif item.protected:
        yield from _fallen_in_passing(served)


def _no_longer_served(item: Guarantee) -> PropertyBreach:
    return PropertyBreach(
        "no-longer-served",
        PROPERTY,
        f"no longer served: {item.request}",
        _concerned(item.before),
        "if no client sends these requests any more, there is nothing to do; otherwise keep a rule for them",
        "warning",
        END,
        item.request,
    )


def _parted_from_its_host(item: Guarantee) -> PropertyBreach:
    taken = f", while {item.after.answer.route} takes it up elsewhere" if item.after.answer else ""
    return PropertyBreach(
        "no-longer-served",
        PROPERTY,
        f"no longer served where the rest of its host stays: {item.request}{taken}",
        _concerned(item.before),
        "move all paths of a host to another provider in one commit, or keep the rule until its clients have moved",
        "warning",
        END,
        item.request,
    )


def _falls_through(change: Change, item: Guarantee) -> bool:
    """Whether a rule for a shorter path or a wider host, to other Services that were there before, takes the class."""
    before, after = item.before.answer, item.after.answer
    if before is None or after is None:
        return False
    old, new = (_answering_services(answer) for answer in (before, after))
    answered = bool(old) or before.itself == "redirect"
    if not answered or not new or old & new or not new <= change.live.services.keys():
        return False
    shorter = len(after.path) < len(before.path) and before.path.startswith(after.path.rstrip("/"))
    named, left = _host_lengths(change, item.request, before, after)
    return shorter or left < named


def _answering_services(answer: RouteAction) -> set[Key]:
    return {ref.service for ref in answer.backends if ref.weight}


def _host_lengths(change: Change, request: Request, before: RouteAction, after: RouteAction) -> tuple[int, int]:
    """How much of a request's host the routes of both answers name: all of it, the part after a wildcard, nothing."""
    settled = (change.live, change.baseline)
    target = (change.target,) if after.route in change.target.routes else settled
    return _host_length(settled, request, before), _host_length(target, request, after)


def _host_length(snapshots: Iterable[Snapshot], request: Request, answer: RouteAction) -> int:
    forms = (snapshot.routes.get(answer.route) for snapshot in snapshots)
    hosts = (match.host for route in forms if route is not None for match in route.matches)
    return max((len(named_part(host)) for host in hosts if host_matches(host, request.host)), default=0)


def _applications(change: Change, serving: RoutingResult) -> set[str]:
    """The applications behind a class, as the usual labels of their pods name them; an unlabeled one counts for itself.

    A version that goes back to the one before it answers these requests as they were answered before it came.
    """
    names = set()
    for ref in serving.answer.backends if serving.answer else ():
        snapshots = (change.live, change.baseline, change.target)
        service = next((each.services[ref.service] for each in snapshots if ref.service in each.services), None)
        selector = service.selector if service is not None else {}
        names.add(next((selector[label] for label in APPLICATION_LABELS if label in selector), str(ref.service)))
    return names


def _fallen_through(served: ServedClass, item: Guarantee) -> Iterator[PropertyBreach]:
    """An error where another application answers; a warning where another version of the same one does.

    So it is where a redirect goes with its rule, where the rule of a wider host takes the class and the pods stay, or
    that of every host: what is retired falls to it on purpose, a default page say.
    """
    change, before, after = served.change, item.before.answer, item.after.answer
    if before is None or after is None:
        return
    stays = bool(_answering_services(before) & change.target.services.keys())
    within_one = _applications(change, item.before) == _applications(change, item.after)
    old, new = _host_lengths(change, item.request, before, after)
    by_host = new < old and (stays or new <= len("*"))
    detached = before.route != after.route and still_asks(served.judged.reference, item.request, before.route)
    retired = before.itself == "redirect" and not detached
    if not (stays and within_one):
        yield replace(_rule_lost(item), severity="warning" if within_one or by_host or retired else "error")


def _fallen_in_passing(served: ServedClass) -> Iterator[PropertyBreach]:
    """The first point at which a rule that leads elsewhere answers: to another application, or by a redirect.

    It is one for a shorter path, a wider host or fewer headers. A redirect that is permanent, clients remember.
    """
    change, item = served.change, served.guarantee
    ends = [serving for serving in (item.before, item.after, *_earlier_answers(served)) if serving.answer is not None]
    known = {service for each in ends if each.answer for service in _answering_services(each.answer)}
    for point in served.points:
        answer = point.serving.answer
        if answer is None or _answering_services(answer) & known:
            continue
        own = {name for each in ends for name in _applications(change, each)}
        redirects = answer.itself == "redirect" and not any(each.answer and each.answer.itself for each in ends)
        others = _answering_services(answer) and own.isdisjoint(_applications(change, point.serving))
        if others or redirects:
            then = "redirects them" if redirects else "leads to another application's pods"
            yield PropertyBreach(
                "route-lost",
                PROPERTY,
                f"{item.request} has no rule of its own at that moment, and matches the one for {answer.path} in "
                f"{answer.route}, which {then}",
                _concerned(point.serving),
                "keep the old rule until the new one is there: remove it in a later wave or commit",
                cut=point.cut,
                request=item.request,
            )
            return


def _earlier_answers(served: ServedClass) -> list[RoutingResult]:
    """Who answers the class where this sync begins, if that is no commit at rest, and in the commits between."""
    judged, request = served.judged, served.guarantee.request
    unfinished = () if judged.router is judged.reference else (judged.router, *judged.between)
    return [router.serve(request, START) for router in unfinished]


def _rule_lost(item: Guarantee) -> PropertyBreach:
    answer = item.after.answer
    place = f"{answer.path}, whose pods serve other paths" if answer else ""
    if answer and item.before.answer and len(answer.path) >= len(item.before.answer.path):
        place = f"a wider host in {answer.route}, whose pods serve other hosts"
    return PropertyBreach(
        "route-lost",
        PROPERTY,
        f"{item.request} loses its rule and now matches the one for {place}",
        _concerned(item.after),
        "keep the rule until no client sends these requests, or let the other rule lead to pods that answer them",
        cut=END,
        request=item.request,
    )


def _concerned(serving: RoutingResult) -> tuple[Key, ...]:
    route = (serving.answer.route,) if serving.answer else ()
    return tuple(dict.fromkeys((*route, *(backend.ref.service for backend in serving.backends))))
