"""available, as far as policies of the folder change what is written, and stay as they are: what they make of it.

What a policy wrote into an object yesterday it writes today too, unless the commit changes what decides about it, or
what it writes. How pods get ready is no matter: each state of a rollout is explored.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import Key, nested_value
from compiler.transition.classification import Inert, KindTable, classified_kind
from compiler.transition.classification.compare import classified_path
from compiler.transition.classification.shared.labels import SELECTED
from compiler.transition.classification.shared.pods import POD_TEMPLATE, ROLLOUT
from compiler.transition.facts.rules.admission_rule import ANYTHING, POD_CONTROLLERS, pods_made_by
from compiler.transition.facts.rules.mutations import (
    ITEM,
    UNREAD,
    FieldWrite,
    MutationRule,
    differing_paths,
    mutation_rules,
)
from compiler.transition.properties.unread.standing_policies import MAX_NAMED, first_names, reached_objects
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change

PROPERTY = "available"
Path = tuple[str, ...]


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The policies that may make something else of what the commit writes, or of the pods of a workload."""
    change = judged.change
    asked: dict[Key, dict[Key, None]] = {}
    selected = _SelectedLabels(change)
    rules = mutation_rules(change.target.objects, change.target.by_kind) if change.live.objects else ()
    for policy, rule in rules:
        for key in reached_objects(change, policy, rule.scope):
            if _may_change(change, rule, key, selected):
                asked.setdefault(policy, {})[key] = None
    for policy, keys in asked.items():
        yield _mutation_breach(policy, list(keys))


class _SelectedLabels:
    """The names of labels by which something of the folder selects, before or after the commit."""

    def __init__(self, change: Change) -> None:
        self._change = change

    @cached_property
    def names(self) -> frozenset[str]:
        sides = (self._change.live, self._change.target)
        return frozenset(name for side in sides for obj in side.objects.values() for name in _words_of(obj.get("spec")))


def _words_of(value: Any, *, selecting: bool = False) -> Iterator[str]:
    """Every word of what selects by labels, whoever reads it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            below = selecting or name.lower().endswith("selector") or name in ("matchLabels", "matchExpressions")
            if below:
                yield str(name)
            yield from _words_of(inner, selecting=below)
    elif isinstance(value, list):
        for inner in value:
            yield from _words_of(inner, selecting=selecting)
    elif selecting:
        yield from str(value).replace("=", " ").replace("!", " ").split()


def _may_change(change: Change, rule: MutationRule, key: Key, selected: _SelectedLabels) -> bool:
    """Whether a rule may make something of the object, or of its pods, that nobody here has judged."""
    old, new = change.live.objects.get(key), change.target.objects[key]
    before = None if old is None or change.recreated(key) else old
    if rule.scope.looks_at(key.kind, "CREATE" if before is None else "UPDATE"):
        table = classified_kind(key.group, key.kind)
        fields = table.fields if isinstance(table, KindTable) else {}
        if not isinstance(table, Inert) and _makes_another(rule, before, new, fields, selected):
            return True
    if key.kind not in POD_CONTROLLERS or not rule.scope.looks_at("Pod", "CREATE"):
        return False
    pods = pods_made_by(new)
    return bool(pods) and _makes_another(rule, before and pods_made_by(before), pods, POD_TEMPLATE, selected)


def _makes_another(rule: MutationRule, old: Object | None, new: Object, fields: Any, selected: _SelectedLabels) -> bool:
    writes = [each for each in rule.writes if not _is_harmless(each, fields, selected) and not _says(new, each)]
    if old is None or not writes:
        return bool(writes)
    if any(_contradicts(new, each) for each in writes):
        return True
    deciding = (*rule.scope.paths, *(each.path for each in writes))
    differing = list(differing_paths(_written_part(old), _written_part(new)))
    return any(_overlap(path, other) for path in deciding for other in differing)


def _written_part(obj: Object) -> Object:
    return {name: value for name, value in obj.items() if name != "status"}


def _overlap(path: Path, other: Path) -> bool:
    return all(one == two for one, two in zip(path, other, strict=False))


def _is_harmless(write: FieldWrite, fields: Any, selected: _SelectedLabels) -> bool:
    """Whether no request depends on the field, but for whether new pods get ready."""
    if write.path == ANYTHING:
        return False
    known = classified_path(fields, write.path)
    if known is SELECTED:
        return write.path[-1] not in selected.names
    return known is ROLLOUT or isinstance(known, Inert)


def _says(obj: Any, write: FieldWrite) -> bool:
    """Whether the manifest says already what the rule writes."""
    return write.path != ANYTHING and _holds_value(obj, write.path, write)


def _holds_value(value: Any, path: Path, write: FieldWrite) -> bool:
    if not path:
        return value is not None and (write.adds_only or bool(value == write.value))
    if path[0] == ITEM:
        return isinstance(value, list) and bool(value) and all(_holds_value(item, path[1:], write) for item in value)
    return isinstance(value, dict) and _holds_value(value.get(path[0]), path[1:], write)


def _contradicts(obj: Object, write: FieldWrite) -> bool:
    """Whether the manifest says something else: it is not what the cluster holds."""
    if write.adds_only or write.value is UNREAD or ITEM in write.path:
        return False
    return nested_value(obj, *write.path) not in (None, write.value)


def _mutation_breach(policy: Key, keys: list[Key]) -> PropertyBreach:
    return PropertyBreach(
        "unknown-kind",
        PROPERTY,
        f"{policy} changes {first_names(keys)}, or its pods, when they are written. Not judged: what it makes of them",
        (policy, *keys[:MAX_NAMED]),
        "compare with a server-side dry run; if what the policy writes does no harm, declare it with a reason (--inert "
        "KIND=REASON)",
        "warning",
    )
