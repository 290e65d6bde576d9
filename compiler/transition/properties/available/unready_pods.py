"""available, for Services that lead to pods which are not ready (`publishNotReadyAddresses`).

Source: Kubernetes, pkg/apis/core/types.go `ServiceSpec.PublishNotReadyAddresses`: made for headless Services, by which
the members of a StatefulSet find each other before they are ready. A route's Service is judged with its requests.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change

PROPERTY = "available"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The Services that come to lead to unready pods, and those that do while their pods are replaced."""
    change = judged.change
    for key, facts in change.target.services.items():
        before = change.live.services.get(key)
        if facts.unready and facts.selects_pods and before is not None:
            moving = [pods for pods in judged.router.selected(facts) if change.moving(pods)]
            if not before.unready or (moving and not facts.headless):
                yield _unready_published(change, key, moving)


def _unready_published(change: Change, key: Key, moving: list[Key]) -> PropertyBreach:
    while_replaced = f" while those of {moving[0]} are replaced" if moving else ""
    return PropertyBreach(
        "unready-published",
        PROPERTY,
        f"{key} sends its clients to pods that are not ready (publishNotReadyAddresses){while_replaced}",
        (key, *moving),
        "remove publishNotReadyAddresses, or give the members their own headless Service",
        "warning",
        change.moment(key, *moving),
    )
