"""What nobody has proven: differences that no property judges, and objects that may act on what this commit changes.

The closed world: a field of a kind is judged, known to do no harm, or named here, with what it may influence
(`compiler.transition.classification`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import Key, is_service, leads_to_pods
from compiler.model.request import RouteMatch
from compiler.traffic.readers import readers_by_kind
from compiler.transition.classification import Unjudged, UnjudgedDifference, classified_forms, unjudged_differences
from compiler.transition.classification.compare import differing_leaves
from compiler.transition.classification.custom_kinds import READ_IN_PART, STANDING_BY
from compiler.transition.properties.available.mesh_routes import leads_by_lasting_services
from compiler.transition.properties.harmless.judged_elsewhere import (
    is_judged_elsewhere,
    names_of_other_namespaces,
    referenced_words,
    words_of_text,
)
from compiler.transition.properties.harmless.mesh_entries import entries_before
from compiler.transition.properties.unread.selecting_policies import content_of, leaves_of
from compiler.transition.routing.service import ServiceFacts
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.search.object_index import service_weights, write_has_effect
from compiler.transition.sync.change import Change
from compiler.transition.sync.order import hook_phases
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "available"
MAX_NAMED_OBJECTS = 3
UNNAMED_FIELDS = ("metadata", "status")
MAX_NAMED_FIELDS = 6
MAX_SHOWN_VALUE = 40
CALLED_LIKE_SERVICES = frozenset(
    {"ServiceDefaults", "ServiceExport", "ServiceIntentions", "ServiceResolver", "ServiceRouter", "ServiceSplitter"}
)
"""Kinds whose objects mean the Service of their own name (multicluster.x-k8s.io and net.gke.io; Consul)."""
Differences = tuple[UnjudgedDifference, ...]


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """What differs and is not judged, and the unjudged objects that name what this commit touches."""
    change = judged.change
    yield from _unjudged_changes(change)
    yield from _skipped_objects(change)
    yield from _unknown_backends(change)
    yield from _unjudged_bystanders(change, judged.standing)


def _unjudged_changes(change: Change) -> Iterator[PropertyBreach]:
    """One breach for all objects of a kind in which the same fields differ."""
    if not change.live.objects:
        return
    alike: dict[tuple[object, ...], list[tuple[Key, Differences]]] = {}
    for key in change.ops:
        result = tuple(_differences_of(change, key))
        if result:
            alike.setdefault((key.kind, *((each.field, each.influence, each.loss) for each in result)), []).append(
                (key, result)
            )
    for same in alike.values():
        yield _unjudged_breach(change, [key for key, _ in same], same[0][1])


def _skipped_objects(change: Change) -> Iterator[PropertyBreach]:
    """Live objects that become hooks of no phase: Argo CD no longer writes them (gitops-engine, pkg/sync/hook)."""
    for key, new in change.target.objects.items():
        old = change.live.objects.get(key)
        if old is not None and old is not new and hook_phases(new) == () and hook_phases(old) is None:
            yield PropertyBreach(
                "field-unproven",
                PROPERTY,
                f"{key} becomes a hook without a phase. Not judged: whether Argo CD keeps or deletes the live object",
                (key,),
                "remove the hook annotation, or delete the object in a commit of its own",
                "warning",
            )


def _differences_of(change: Change, key: Key) -> Iterator[UnjudgedDifference]:
    old, new = change.live.objects.get(key), change.target.objects.get(key)
    if old is not None and old == new:
        return
    if old is None:
        old = _taken_over(change, key)
    for difference in unjudged_differences(key.group, key.kind, old, new):
        stage = change.stages[change.ops[key][0][0]]
        gated = not difference.gated or stage.waits or key in stage.hooks
        declared = any(each.covers(key, difference.field) for each in change.options.inert)
        if gated and not declared and not is_judged_elsewhere(change, key, difference):
            yield difference


def _taken_over(change: Change, key: Key) -> Object | None:
    """Of a new route, the one that has served some of its requests: what the two say differently is a change for these.

    The route that goes is meant before the one that stays.
    """
    live, new, reader = change.live, change.target.routes.get(key), readers_by_kind().get(key[:2])
    if new is None or reader is None:
        return None
    served = [route.key for route in live.routes_of(reader) if _shares_requests(route.matches, new.matches)]
    first = min(served, key=lambda other: (other in change.target.objects, other), default=None)
    return None if first is None else live.objects[first]


def _shares_requests(old: Iterable[RouteMatch], new: Iterable[RouteMatch]) -> bool:
    """Whether some new match is within a path that an old one takes of the same host."""
    stems: dict[str, list[str]] = {}
    for match in old:
        stems.setdefault(match.host, []).append(match.path.rstrip("/"))
    return any(
        match.path == stem or match.path.startswith(f"{stem}/") for match in new for stem in stems.get(match.host, ())
    )


def _unjudged_breach(change: Change, keys: list[Key], differences: Differences) -> PropertyBreach:
    named = ", ".join(map(str, keys[:MAX_NAMED_OBJECTS]))
    more = f" and {len(keys) - MAX_NAMED_OBJECTS} more" if len(keys) > MAX_NAMED_OBJECTS else ""
    whole = not differences[0].field
    what = _whole_words(change, keys, differences) if whole else f": {_fields_words(differences)}"
    influences = "; ".join(dict.fromkeys(difference.influence for difference in differences))
    code = "unknown-kind" if whole else "field-unproven"
    return PropertyBreach(
        code,
        PROPERTY,
        f"{named}{more}{what}. Not judged: {influences}",
        tuple(keys),
        f"{_remedies(differences)}; if it does no harm, declare that once, with a reason (--inert "
        "KIND[:FIELD]=REASON, policy.verify.inert)",
        "warning",
        fields=tuple(difference.field for difference in differences),
    )


def _remedies(differences: Differences) -> str:
    """What its user can do to know what the difference does."""
    known = dict.fromkeys(difference.remedy for difference in differences if difference.remedy)
    return "; ".join(known) or "review the change by hand"


def _whole_words(change: Change, keys: list[Key], differences: Differences) -> str:
    """What becomes of the objects; of one that changes, in which fields."""
    verbs = (" is added", " changes", " is removed") if len(keys) == 1 else (" are added", " change", " are removed")
    if keys[0] not in change.live.objects:
        return verbs[0]
    if keys[0] not in change.target.objects:
        return verbs[2]
    old, new = differences[0].before, differences[0].after
    fields = [path for path, _, _ in differing_leaves(old, new, "") if path.partition(".")[0] not in UNNAMED_FIELDS]
    named = ", ".join(fields[:MAX_NAMED_OBJECTS])
    more = f" and {len(fields) - MAX_NAMED_OBJECTS} more fields" if len(fields) > MAX_NAMED_OBJECTS else ""
    return verbs[1] + (f" in {named}{more}" if len(keys) == 1 and named else "")


def _fields_words(differences: Differences) -> str:
    more = len(differences) - MAX_NAMED_FIELDS
    words = [*map(_field_words, differences[:MAX_NAMED_FIELDS]), *([f"{more} more fields change"] if more > 0 else [])]
    return "; ".join(words)


def _field_words(difference: UnjudgedDifference) -> str:
    if difference.loss:
        return f"{difference.field} lose {difference.loss}"
    before, after = (_shown(value) for value in (difference.before, difference.after))
    both = before and after and before != after
    return f"{difference.field} changes" + (f" from {before} to {after}" if both else "")


def _shown(value: Any) -> str:
    """A plain value as a sentence can hold it: the beginning of a long one, nothing of several lines."""
    if value is None:
        return "nothing"
    text = str(value) if isinstance(value, str | int | float) else ""
    if "\n" in text:
        return ""
    return text if len(text) <= MAX_SHOWN_VALUE else f"{text[: MAX_SHOWN_VALUE - 1]}…"


def _unjudged_bystanders(change: Change, standing: Mapping[Key, Object]) -> Iterator[PropertyBreach]:
    """Objects that stay as they are, and name a Service or workload that this commit touches."""
    concerned = _affected_workloads_and_services(change) if standing else []
    idle = _unweighted_services(change) if concerned else set()
    for key, obj in standing.items():
        words = referenced_words(obj) | ({key.name} if key.kind in CALLED_LIKE_SERVICES else set())
        away = names_of_other_namespaces(obj) if key.namespace else ()
        named = [
            other
            for other in concerned
            if (other.name in words and other.namespace == key.namespace) or (other.namespace, other.name) in away
            if _may_refer_to(other, words) and not _is_named_as_another_kind(obj, other)
        ]
        led = [other for other in concerned if _is_led_to(change, key, obj, other)]
        if led or (named and not leads_by_lasting_services(change, key, named, idle)):
            named = list(dict.fromkeys((*named, *led)))
            yield PropertyBreach(
                "unknown-kind",
                PROPERTY,
                f"{key} names {', '.join(map(str, named))}, which changes. Not judged: how {key.kind} {key.name} "
                "reacts",
                (key, *named),
                f"review the change by hand, or route with {', '.join((kind for _, kind in readers_by_kind()))} or "
                "Service",
                "warning",
            )


def _is_led_to(change: Change, key: Key, obj: Object, other: Key) -> bool:
    """Whether an entry of a mesh leads to pods of the workload, as they are or as they come."""
    forms = [snapshot.workloads[other] for snapshot in (change.live, change.target) if other in snapshot.workloads]
    return any(True for form in forms for _ in entries_before({key: obj}, other, form.template))


def standing_unread(change: Change) -> dict[Key, Object]:
    """The objects that stay, in the folder or left by it, may act on what they name, and come to do nothing else."""
    every = {**change.live.objects, **change.target.objects}
    return {key: obj for key, obj in every.items() if _acts_unread(change, key) and acts_as_before(change, key)}


def acts_as_before(change: Change, key: Key) -> bool:
    """Whether the object is not written, or only in what does no harm by itself: what else differs is named."""
    if key not in change.ops:
        return True
    both = key in change.live.objects and key in change.target.objects
    return both and next(_differences_of(change, key), None) is None


def _acts_unread(change: Change, key: Key) -> bool:
    """Whether an object of the kind may act on what it names, without a change of its own."""
    if not key.group or key.group in STANDING_BY or any(each.covers(key, "") for each in change.options.inert):
        return False
    forms = (snapshot.objects.get(key) for snapshot in (change.live, change.target))
    return key.group in READ_IN_PART or isinstance(classified_forms(*key[:2], *forms), Unjudged)


def _unknown_backends(change: Change) -> Iterator[PropertyBreach]:
    """Routes that come to lead to something other than a Service."""
    for key, route in change.target.routes.items():
        strange = sorted(str(service) for service in route.services if not leads_to_pods(service))
        if strange and key in change.ops:
            yield PropertyBreach(
                "unknown-kind",
                PROPERTY,
                f"{key} leads to {', '.join(strange)}, and Shipway does not know what answers there",
                (key,),
                "point the route at a Service",
                "warning",
            )


def _is_named_as_another_kind(obj: Object, key: Key) -> bool:
    """Whether each name that may mean the object has the kind of something else beside it: a policy's target, say."""
    leaves = leaves_of(content_of(obj))
    named = [leaf for leaf in leaves if isinstance(leaf[1], str) and key.name in words_of_text(leaf[1])]
    return bool(named) and all(
        field == "name" and str(holder.get("kind") or key.kind) != key.kind for field, _, holder in named
    )


def _may_refer_to(key: Key, words: set[str]) -> bool:
    """Whether an object may mean this one: who refers to a workload says its kind, who leads to a Service need not."""
    return key.kind == "Service" or key.kind in words


def _affected_workloads_and_services(change: Change) -> list[Key]:
    """The workloads that change, and the Services that do or before which more than a rollout happens.

    A rollout behind a Service of its own is judged with the Service's class or its routes', unless they make it idle.
    """
    pods = [key for key in {**change.live.workloads, **change.target.workloads} if change.moving(key)]
    if not pods:
        return [key for key in change.ops if is_service(key) and write_has_effect(change, key)]
    idle = _unweighted_services(change)
    keys = dict.fromkeys(pods)
    for snapshot in (change.live, change.target):
        by_label = _workloads_by_label(snapshot)
        for key, facts in snapshot.services.items():
            behind = _selected_workloads(facts, by_label)
            moving = [each for each in behind if change.moving(each)]
            plain = len(behind) == 1 and key not in idle and all(_only_rolls(change, each) for each in moving)
            if (key in change.ops and write_has_effect(change, key)) or (moving and not plain):
                keys[key] = None
    return list(keys)


def _unweighted_services(change: Change) -> set[Key]:
    """The Services to which routes lead, but with no share."""
    shares = [pair for snapshot in (change.live, change.target) for pair in service_weights(snapshot)]
    return {service for service, _ in shares} - {service for service, positive in shares if positive}


def _workloads_by_label(snapshot: Snapshot) -> dict[tuple[str, str, str], list[Key]]:
    by_label: dict[tuple[str, str, str], list[Key]] = {}
    for key, workload in snapshot.workloads.items():
        for label in workload.template.labels.items():
            by_label.setdefault((key.namespace, *label), []).append(key)
    return by_label


def _selected_workloads(facts: ServiceFacts, by_label: Mapping[tuple[str, str, str], list[Key]]) -> list[Key]:
    if not facts.selector:
        return []
    keys = [set(by_label.get((facts.key.namespace, *label), ())) for label in facts.selector.items()]
    return sorted(set.intersection(*keys))


def _only_rolls(change: Change, key: Key) -> bool:
    """Whether the pods are replaced by others of the same workload: what selects by their labels is asked elsewhere."""
    return key in change.live.workloads and key in change.target.workloads
