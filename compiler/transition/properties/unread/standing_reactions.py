"""available, as far as policies of the folder write other objects once they see what the commit writes or deletes.

What a policy made of an object yesterday it makes again today, unless the commit changes what it reads of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key
from compiler.transition.facts.rules.admission_rule import POD_CONTROLLERS, pods_made_by
from compiler.transition.facts.rules.reactions import ReactionRule, reaction_rules
from compiler.transition.properties.unread.standing_policies import MAX_NAMED, first_names, reads_another, stays_unread
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change

PROPERTY = "available"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The policies that stay as they are, and react to what the commit writes or deletes."""
    change = judged.change
    seen: dict[Key, dict[Key, None]] = {}
    rules = reaction_rules(change.target.objects, change.target.by_kind) if change.live.objects else ()
    for policy, rule in rules:
        for key in change.ops if stays_unread(change, policy) else ():
            near = policy.namespace in ("", key.namespace)
            if near and rule.scope.may_reach(key.namespace, change.target.objects) and _reacts(change, rule, key):
                seen.setdefault(policy, {})[key] = None
    for policy, keys in seen.items():
        yield _reaction_breach(policy, list(keys))


def _reacts(change: Change, rule: ReactionRule, key: Key) -> bool:
    old, new = change.live.objects.get(key), change.target.objects.get(key)
    if old is not None and (new is None or change.recreated(key)):
        return rule.withdraws and any(rule.scope.looks_at(key.kind, each) for each in ("CREATE", "UPDATE", "DELETE"))
    if new is None or rule.harmless:
        return False
    if old is None:
        makes_pods = key.kind in POD_CONTROLLERS and rule.scope.looks_at("Pod", "CREATE")
        return makes_pods or rule.scope.looks_at(key.kind, "CREATE")
    if rule.scope.looks_at(key.kind, "UPDATE") and (rule.rewrites or reads_another(rule.scope, old, new)):
        return True
    before, after = pods_made_by(old), pods_made_by(new)
    rolls = before != after and rule.scope.looks_at("Pod", "CREATE")
    return rolls and (rule.rewrites or reads_another(rule.scope, before, after))


def _reaction_breach(policy: Key, keys: list[Key]) -> PropertyBreach:
    return PropertyBreach(
        "unknown-kind",
        PROPERTY,
        f"{policy} writes or deletes objects once it sees {first_names(keys)}, or its pods. Not judged: which, and "
        "what that does",
        (policy, *keys[:MAX_NAMED]),
        "look at what the policy generates, mutates or deletes; if it does no harm, declare it with a reason (--inert "
        "KIND=REASON)",
        "warning",
    )
