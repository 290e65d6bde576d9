"""available, beside other Applications: no request is answered by pods that answer it neither before nor after.

Source: Gateway API and ingress-nginx take the longest path that matches, so while one route is gone and the next has
not come, a shorter one of another release takes its requests.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.router import RoutingResult
from compiler.transition.search.served_class import ServedClass

PROPERTY = "available"


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """The points at which a Service answers that does so neither before nor once all have come to what they will be.

    Another Service over the very pods is not another answer: a preview's, say, over the pods that come to serve.
    """
    item = served.guarantee
    services = _services(item.before) | _services(item.after)
    workloads = {*item.before.workloads, *item.after.workloads}
    for traffic in served.points if item.protected else ():
        answer = traffic.serving.answer
        strange = {
            each.ref.service
            for each in traffic.serving.backends
            if each.share > 0
            and each.ref.service not in services
            and not (each.workloads and workloads.issuperset(each.workloads))
        }
        if answer is not None and strange:
            names = ", ".join(sorted(key.name for key in strange))
            yield PropertyBreach(
                "answered-by-others",
                PROPERTY,
                f"Service {names} answers {traffic.request} during the sync, although it does so neither before "
                "nor after",
                (answer.route, *sorted(strange)),
                "keep the old route until the new one answers",
                cut=traffic.cut,
                request=traffic.request,
            )


def _services(serving: RoutingResult) -> set[Key]:
    return {item.ref.service for item in serving.backends if item.share > 0}
