"""available, for requests that are given up: nobody takes them any more, or a rule for a shorter path does.

Source: the transition model (a rule that is removed altogether is a retirement, and is named); routers take the
longest path that matches, so what a rule gives up falls to the next shorter one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from compiler.model.objects import Key
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.guarantee import Guarantee, is_served_elsewhere
from compiler.transition.search.router import RoutingResult
from compiler.transition.search.served_class import ServedClass
from compiler.transition.sync.change import END, Change

PROPERTY = "available"
APPLICATION_LABELS = ("app.kubernetes.io/name", "app")
"""Source: Kubernetes, docs/concepts/overview/working-with-objects/common-labels"""


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """A class that was served and is no more, and one that falls to the pods of another path."""
    item, reference = served.guarantee, served.judged.reference
    if item.served and item.after.answer is None and not item.protected:
        if item.request.service is not None or not is_served_elsewhere(reference, item.request):
            yield _no_longer_served(item)
    elif item.protected and _falls_through(served.change, item):
        within_one = _applications(served.change, item.before) == _applications(served.change, item.after)
        yield replace(_fallen_through(item), severity="warning" if within_one else "error")


def _no_longer_served(item: Guarantee) -> PropertyBreach:
    return PropertyBreach(
        "no-longer-served",
        PROPERTY,
        f"no longer served: {item.request}",
        _concerned(item.before),
        "nothing to do where no client sends these requests any more; otherwise keep a rule for them",
        "warning",
        END,
        item.request,
    )


def _falls_through(change: Change, item: Guarantee) -> bool:
    """Whether a rule for a shorter path, which leads to other Services that were there before, takes the class over."""
    before, after = item.before.answer, item.after.answer
    if before is None or after is None or not before.path.startswith(after.path.rstrip("/")):
        return False
    old, new = ({ref.service for ref in answer.backends if ref.weight} for answer in (before, after))
    gone = bool(old) and not old & change.target.services.keys()
    return (
        len(after.path) < len(before.path)
        and bool(new)
        and not old & new
        and gone
        and new <= change.live.services.keys()
    )


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


def _fallen_through(item: Guarantee) -> PropertyBreach:
    path = item.after.answer.path if item.after.answer else ""
    return PropertyBreach(
        "route-lost",
        PROPERTY,
        f"{item.request} loses its rule and falls to that for {path}, whose pods serve other paths",
        _concerned(item.after),
        "keep the rule until no client sends these requests, or let the shorter path lead to pods that answer them",
        cut=END,
        request=item.request,
    )


def _concerned(serving: RoutingResult) -> tuple[Key, ...]:
    route = (serving.answer.route,) if serving.answer else ()
    return tuple(dict.fromkeys((*route, *(backend.ref.service for backend in serving.backends))))
