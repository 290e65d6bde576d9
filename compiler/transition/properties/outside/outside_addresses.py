"""What nobody has proven: requests that come to a Service without pods of its own, by written addresses or a name.

Whether anything listens there, no manifest says; where requests of before went there, these have shown it. Source:
Kubernetes, docs/concepts/services-networking/service.md (Services without selectors; ExternalName).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.request import BackendRef
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.guarantee import guarantee_for
from compiler.transition.search.router import ResolvedBackend, RoutingResult
from compiler.transition.search.served_class import ServedClass
from compiler.transition.sync.change import END

PROPERTY = "available"


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """The Services of the folder that come to answer a class which must stay served."""
    item = served.guarantee
    if item.after.answer is None or not item.protected or item.request.service is not None:
        return
    new = [each for each in item.after.positive if _is_elsewhere(each) and each.ref.weight]
    for each in new:
        if _port_reached(each.ref) not in _ports_reached(item.before) and not _answered_others(served, each.ref):
            yield PropertyBreach(
                "pods-outside",
                PROPERTY,
                f"{item.request} comes to be sent to {each.ref.service}, which has no pods of its own. Not judged: "
                "whether anything answers at its addresses or its name",
                (item.after.answer.route, each.ref.service),
                "let a part of the requests that may be lost go there first, and see that it is answered",
                "warning",
                END,
                item.request,
            )
            return


def _is_elsewhere(backend: ResolvedBackend) -> bool:
    facts = backend.facts
    return backend.unmanaged and facts is not None and (facts.external or not facts.selects_pods)


def _port_reached(ref: BackendRef) -> tuple[object, object]:
    return ref.service, ref.port


def _ports_reached(serving: RoutingResult) -> set[tuple[object, object]]:
    return {_port_reached(each.ref) for each in serving.positive if each.fault is None}


def _answered_others(served: ServedClass, ref: BackendRef) -> bool:
    """Whether requests of another class went there before the commit."""
    reference = served.judged.reference
    return any(
        _port_reached(ref) in _ports_reached(guarantee_for(reference, each).before) for each in served.judged.requests
    )
