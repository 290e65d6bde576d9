"""available, for what routes, policies and webhooks name beside their Services: it is there as long as they name it.

Source: Gateway API, httproute_types.go `HTTPRouteFilter` (a filter that cannot be resolved is never skipped: its
requests get an error), `HTTPRequestMirrorFilter` (ResolvedRefs=False, which Argo CD shows as Degraded); Envoy Gateway,
Traefik and Istio answer 500, 404 and 503 for what they cannot resolve; Kubernetes, apiserver pkg/admission/plugin/
webhook (`failurePolicy: Fail` refuses what it cannot ask about).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key, NamedObject
from compiler.traffic.readers import readers_by_kind
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.guarantee import guarantee_for
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import END, START, Change, Cut
from compiler.transition.sync.existence import is_generated_in
from compiler.transition.sync.made_secrets import lost_secrets
from compiler.transition.sync.secret_makers import is_made_by_an_operator

PROPERTY = "available"
SHOWING_CERTIFICATES = frozenset({"IngressRoute", "IngressRouteTCP"})
"""Kinds whose Secrets hold certificates alone: Traefik shows another one until they are there."""


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The references that lead nowhere once the sync is done, or on its way."""
    change = judged.change
    before = change.live.named
    untouched = {key: named for key, named in before.items() if key not in change.ops}
    after = {**untouched, **change.target.named}  # what Prune=false keeps is in no target
    known = frozenset(each.key for named in before.values() for each in named)
    lost = lost_secrets(change)
    for key, named in after.items():
        for each in sorted(named):
            if each.key in lost:
                yield _lost_with_its_maker(change, key, each, lost[each.key])
            else:
                yield from _unresolved(judged, key, each, known, new=each not in before.get(key, ()))
    for key, named in before.items():
        given_up = named - after.get(key, frozenset()) if key in change.ops else frozenset()
        if given_up and _has_requests(judged, key):
            yield from _pruned_too_early(change, key, given_up)


def _unresolved(
    judged: JudgedChange, key: Key, named: NamedObject, known: frozenset[Key], *, new: bool
) -> Iterator[PropertyBreach]:
    change, other = judged.change, named.key
    if other in change.target.objects:
        if new and key in change.live.objects and _comes_later(change, key, other):
            yield _unresolved_breach(change, key, other, f"{key} names {other}, which is written only later")
        if change.recreated(other) and other in change.live.objects and _is_named_while_away(change, key, other, new):
            text = f"{key} names {other}, which is deleted before it is created anew"
            yield _unresolved_breach(change, key, other, text, warn=not named.serves)
    elif other in change.live.objects:
        if other in change.ops:  # it stays where no prune takes it away
            text = f"{key} names {other}, which is deleted"
            yield _unresolved_breach(change, key, other, text, warn=not named.serves or key not in change.live.objects)
    elif new and not named.outside and other not in known and str(other) not in change.options.outside:
        if _is_made(change, key, other):
            return
        serves = named.serves and key in change.live.objects and _is_passed(judged, key, other)
        if serves and _is_of_another_folder(change, other):
            yield _unknown_reference(key, other)
        else:
            text = f"{key} names {other}, which is in no folder"
            yield _unresolved_breach(change, key, other, text, warn=not serves)


def _is_made(change: Change, key: Key, other: Key) -> bool:
    """Whether operators make the Secret, and did; till then `certificates` judges what clients of a route see."""
    if other.kind != "Secret":
        return False
    sides = (change.live, change.target)
    before, after = (is_generated_in(side, other) or is_made_by_an_operator(side, other) for side in sides)
    return after and (before or key.kind in SHOWING_CERTIFICATES)


def _is_passed(judged: JudgedChange, key: Key, other: Key) -> bool:
    """Whether requests that must be answered come to pass what a route names; True of what is no route that is read."""
    route, reader = judged.change.target.routes.get(key), readers_by_kind().get(key[:2])
    if route is None or reader is None or key not in judged.change.live.routes:
        return True
    return any(
        answer.route == key
        and reader.leads_through(answer, other)
        and guarantee_for(judged.reference, request).protected
        for request in judged.requests
        if (answer := judged.reference.answer(request, END)) is not None
    )


def _lost_with_its_maker(change: Change, key: Key, named: NamedObject, maker: Key) -> PropertyBreach:
    text = f"{key} names {named.key}, which goes with {maker}, from which it is made"
    return _unresolved_breach(change, key, maker, text, warn=not named.serves or key not in change.live.objects)


def _is_of_another_folder(change: Change, other: Key) -> bool:
    """Whether the object stands in a namespace of which the folder has nothing: others keep it, if it is there."""
    sides = (change.live.objects, change.target.objects)
    return bool(other.namespace) and not any(key.namespace == other.namespace for side in sides for key in side)


def _unknown_reference(key: Key, other: Key) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"{key} comes to name {other}, of whose namespace this folder holds nothing. Not judged: whether it exists",
        (key, other),
        f"use --outside if {other} exists in the cluster",
        "warning",
    )


def _is_named_while_away(change: Change, key: Key, other: Key, new: bool) -> bool:
    """Whether the object names the other one at the moment when that is deleted, and not yet created anew."""
    holder = change.snapshot_of(key, change.deleted_at(other))
    return holder is change.target or (holder is change.live and not new)


def _comes_later(change: Change, key: Key, other: Key) -> bool:
    """Whether the other object is new, and in a later pass."""
    if other in change.live.objects or other not in change.ops or key not in change.ops:
        return False
    return change.ops[other][0][0] > change.ops[key][0][0]


def _has_requests(judged: JudgedChange, key: Key) -> bool:
    """Whether the object is no route, or takes requests before the commit that must be answered all the way."""
    reference = judged.reference
    if key not in judged.change.live.routes:
        return True
    answers = ((request, reference.answer(request, START)) for request in judged.requests)
    taken = (request for request, answer in answers if answer is not None and answer.route == key)
    return any(guarantee_for(reference, request).protected for request in taken)


def _pruned_too_early(change: Change, key: Key, given_up: frozenset[NamedObject]) -> Iterator[PropertyBreach]:
    """What an object stops to name, or goes with, and what is deleted before that is written, or in one group."""
    for each in sorted(given_up):
        other = each.key
        goes = key not in change.target.objects
        stays = other in change.target.objects and not change.recreated(other)
        if stays or other not in change.ops or (goes and key not in change.live.routes):
            continue
        if each.serves and change.ops[other][0] <= change.ops[key][0]:
            verb = "deleted" if goes else "written"
            yield _unresolved_breach(
                change, key, other, f"{other} may be deleted while {key} still names it, before {key} is {verb}"
            )


def _unresolved_breach(change: Change, key: Key, other: Key, text: str, *, warn: bool = False) -> PropertyBreach:
    place = min((change.ops[each][0] for each in (key, other) if each in change.ops), default=(0, 0))
    written = frozenset(each for each in (key, other) if each in change.ops and change.ops[each][0] == place)
    return PropertyBreach(
        "reference-unresolved",
        PROPERTY,
        f"{text}: {_consequence(key, warn=warn)}",
        (key, other),
        f"add {other} before anything names it, and keep it until nothing does; use --outside if it exists in the "
        "cluster",
        "warning" if warn else "error",
        Cut(place, written),
    )


def _consequence(key: Key, *, warn: bool) -> str:
    if key.kind == "StatefulSet":
        return "its pods lose the DNS names by which others find them"
    if key.kind in ("PersistentVolume", "StorageClass"):
        return "a pod that comes to another node cannot mount the volume"
    return "the object becomes Degraded" if warn else "its requests get an error"
