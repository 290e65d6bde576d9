"""accepted, as far as webhooks of the folder decide it, which stay as they are: what they do with what is new to them.

A webhook did the same yesterday to objects of the kind in the namespace that it took by their labels. What it does to
the first of them nobody knows. That it is there to be asked is judged as for every Service.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.manifest import Object
from compiler.model.objects import Key
from compiler.transition.facts.rules.admission_rule import POD_CONTROLLERS, pods_made_by
from compiler.transition.facts.rules.webhooks import BUILT_IN_GROUPS, WebhookRule, webhook_rules
from compiler.transition.properties.unread.standing_policies import (
    MAX_NAMED,
    first_names,
    reached_objects,
    reads_another,
)
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change

PROPERTY = "accepted"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The webhooks that are asked about an object, or about pods, of which they have seen no like."""
    change = judged.change
    asked: dict[tuple[Key, str], dict[Key, None]] = {}
    rules = webhook_rules(change.target.objects, change.target.by_kind) if change.live.objects else ()
    for configuration, rule in rules:
        for key in reached_objects(change, configuration, rule.scope):
            if _is_new_to(change, rule, key):
                asked.setdefault((configuration, rule.name), {})[key] = None
    for (configuration, name), keys in asked.items():
        yield _webhook_breach(configuration, name, list(keys))


def _is_new_to(change: Change, rule: WebhookRule, key: Key) -> bool:
    """Whether the webhook takes an object, or pods of it, and took none like them before."""
    old, new = change.live.objects.get(key), change.target.objects[key]
    if old is not None and not change.recreated(key):
        return key.group in BUILT_IN_GROUPS and _comes_to_take(rule, key, old, new)
    if key.group in BUILT_IN_GROUPS and rule.takes(key.group, key.kind, "CREATE", new):
        return not _has_taken(change, rule, key)
    makes_pods = key.kind in POD_CONTROLLERS and rule.takes("", "Pod", "CREATE", pods_made_by(new))
    return makes_pods and not _has_taken_pods(change, rule, key.namespace)


def _comes_to_take(rule: WebhookRule, key: Key, old: Object, new: Object) -> bool:
    """Whether the webhook is asked about the object from now on, or no more; labels of its pods are read elsewhere."""
    before, after = (rule.takes(key.group, key.kind, "UPDATE", obj) for obj in (old, new))
    return before != after or (after and reads_another(rule.scope, old, new))


def _has_taken(change: Change, rule: WebhookRule, key: Key) -> bool:
    alike = (other for other in change.live.of_kind(key.distinct_kind) if other[:3] == key[:3])
    return any(rule.takes(key.group, key.kind, "CREATE", change.live.objects[other]) for other in alike)


def _has_taken_pods(change: Change, rule: WebhookRule, namespace: str) -> bool:
    templates = (each.template.raw for other, each in change.live.workloads.items() if other.namespace == namespace)
    return any(rule.takes("", "Pod", "CREATE", dict(template)) for template in templates)


def _webhook_breach(configuration: Key, name: str, keys: list[Key]) -> PropertyBreach:
    return PropertyBreach(
        "unknown-kind",
        PROPERTY,
        f"{configuration} asks webhook {name} about {first_names(keys)}, or its pods, and it has seen none like them "
        "there. Not judged: whether it refuses them, or what it makes of them",
        (configuration, *keys[:MAX_NAMED]),
        "try the change with a server-side dry run; if the webhook takes it as it is, declare the configuration with a "
        "reason (--inert KIND=REASON)",
        "warning",
    )
