"""accepted, as far as policies of the folder decide it, which stay as they are: what they refuse nobody works out.

A policy took what the cluster holds; what reads the same of it takes the new form too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import Key, nested_value
from compiler.transition.facts.rules.admission_policies import admission_rules
from compiler.transition.facts.rules.admission_rule import POD_CONTROLLERS, AdmissionRule, pods_made_by
from compiler.transition.properties.unread.unknown import acts_as_before
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change

PROPERTY = "accepted"
MAX_NAMED = 3
READ_BESIDE_SPEC = ("labels", "annotations")


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The policies that may refuse what the commit writes, or the pods of a workload that it writes."""
    change = judged.change
    if not change.live.objects:
        return
    asked: dict[Key, dict[Key, None]] = {}
    for policy, rule in admission_rules(change.target.objects):
        for key in reached_objects(change, policy, rule):
            if _may_refuse(change, rule, key):
                asked.setdefault(policy, {})[key] = None
    for policy, keys in asked.items():
        yield _policy_breach(policy, list(keys))


def reached_objects(change: Change, policy: Key, rule: AdmissionRule) -> Iterator[Key]:
    """The objects that the commit writes where a rule of a policy may look, if the policy stays as it is."""
    for key in change.ops if stays_unread(change, policy) else ():
        near = key in change.target.objects and policy.namespace in ("", key.namespace)
        if near and rule.may_reach(key.namespace, change.target.objects):
            yield key


def stays_unread(change: Change, policy: Key) -> bool:
    """Whether the policy stays, or changes only in what does no harm by itself, and nobody has declared it harmless."""
    return acts_as_before(change, policy) and not any(each.covers(policy, "") for each in change.options.inert)


def _may_refuse(change: Change, rule: AdmissionRule, key: Key) -> bool:
    old, new = change.live.objects.get(key), change.target.objects[key]
    if old is None or change.recreated(key):
        return rule.looks_at(key.kind, "CREATE") or (key.kind in POD_CONTROLLERS and rule.looks_at("Pod", "CREATE"))
    if rule.looks_at(key.kind, "UPDATE") and reads_another(rule, old, new):
        return True
    makes_pods = key.kind in POD_CONTROLLERS and rule.looks_at("Pod", "CREATE")
    return makes_pods and reads_another(rule, pods_made_by(old), pods_made_by(new))


def reads_another(rule: AdmissionRule, old: Object, new: Object) -> bool:
    """Whether something of an object that decides for the rule differs between two forms of it."""
    return any(_read_value(old, path) != _read_value(new, path) for path in rule.paths)


def _read_value(obj: Object, path: tuple[str, ...]) -> Any:
    """The value at a path; of all of an object what its writer says."""
    if path:
        return nested_value(obj, *path)
    written = [nested_value(obj, "metadata", name) for name in READ_BESIDE_SPEC]
    return written, {name: value for name, value in obj.items() if name not in ("metadata", "status")}


def first_names(keys: Sequence[Key]) -> str:
    """The first few of the keys, and how many more there are."""
    more = f" and {len(keys) - MAX_NAMED} more" if len(keys) > MAX_NAMED else ""
    return ", ".join(map(str, keys[:MAX_NAMED])) + more


def _policy_breach(policy: Key, keys: list[Key]) -> PropertyBreach:
    return PropertyBreach(
        "unknown-kind",
        PROPERTY,
        f"{policy} is asked about {first_names(keys)}. Not judged: whether it refuses the new form, or its pods",
        (policy, *keys[:MAX_NAMED]),
        "try the change with a server-side dry run; if the policy takes it, declare the policy with a reason (--inert "
        "KIND=REASON)",
        "warning",
    )
