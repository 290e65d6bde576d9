"""What nobody has proven: policies that nobody reads, stay as they are, and target a route or a Service to which
requests come, or which they leave for another one.

Source: Gateway API, GEP-713 (a policy applies to what its `targetRefs` name: to nothing where that is not there); GKE,
gateway-resources (a HealthCheckPolicy or GCPBackendPolicy targets a Service, and others get what is usual).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key, mapping_items, nested_value
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.guarantee import guarantee_for
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.search.router import RoutingResult

PROPERTY = "available"
Moved = tuple[Key, Key]


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The unread objects that target what had the requests or what gets them, and not both; each once."""
    targets = {key: named for key in judged.standing if (named := _targets(judged, key))}
    moves = sorted(set(_moves(judged))) if targets else []
    for policy, named in targets.items():
        apart = next(((old, new) for old, new in moves if _is_target(old, named) != _is_target(new, named)), None)
        if apart is not None:
            yield _detached(judged, policy, apart, apart[0] if _is_target(apart[0], named) else apart[1])


def _detached(judged: JudgedChange, policy: Key, moved: Moved, target: Key) -> PropertyBreach:
    old, new = moved
    return PropertyBreach(
        "unknown-kind",
        PROPERTY,
        f"{policy} targets {target}, and requests pass from {old} to {new}. Not judged: what {policy.kind} "
        f"{policy.name} does with the requests of its target",
        (policy, old, new),
        "let the policy target both, in an earlier commit",
        "warning",
        judged.change.moment(new, old),
    )


def _is_target(key: Key, named: frozenset[Key]) -> bool:
    return key._replace(group="") in named


def _targets(judged: JudgedChange, policy: Key) -> frozenset[Key]:
    """What the object targets, without the group of its kind; nothing where it does not stay."""
    obj = judged.change.target.objects.get(policy)
    if obj is None or policy not in judged.change.live.objects:
        return frozenset()
    several = nested_value(obj, "spec", "targetRefs")
    refs = [nested_value(obj, "spec", "targetRef"), *(several if isinstance(several, list) else ())]
    return frozenset(
        Key("", str(ref.get("kind")), str(ref.get("namespace") or policy.namespace), str(ref.get("name")))
        for ref in mapping_items(refs)
    )


def _moves(judged: JudgedChange) -> Iterator[Moved]:
    """The routes and the Services from which requests pass to another one in this commit, with that."""
    routes = (*judged.change.live.routes, *judged.change.target.routes)
    if not any(key in judged.change.ops for key in routes):
        return
    for request in judged.requests:
        item = guarantee_for(judged.reference, request) if request.service is None else None
        if item is not None and item.protected and item.before.answer and item.after.answer:
            yield item.before.answer.route, item.after.answer.route
            before, after = _backed_services(item.before), _backed_services(item.after)
            yield from ((old, new) for old in before for new in after - before)


def _backed_services(serving: RoutingResult) -> frozenset[Key]:
    return frozenset(each.ref.service for each in serving.backends if each.share > 0)
