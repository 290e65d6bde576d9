"""accepted, for deletions: webhooks and policies of the folder that are asked before an object goes may keep it.

Source: Kubernetes, docs/reference/access-authn-authz/extensible-admission-controllers.md (`operations`: DELETE);
Argo CD gitops-engine, pkg/sync/sync_context.go `pruneObject` (a deletion that is refused fails the operation).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key
from compiler.transition.facts.rules.admission_policies import admission_rules
from compiler.transition.facts.rules.webhooks import webhook_rules
from compiler.transition.properties.unread.standing_policies import MAX_NAMED, first_names, stays_unread
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change

PROPERTY = "accepted"
DELETE = "DELETE"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """What stays as it is, and is asked whether objects that this sync deletes may go."""
    change = judged.change
    deleted = [key for key, (_, op) in change.ops.items() if op.action in ("prune", "recreate")]
    deleted = [key for key in deleted if key in change.live.objects]
    asked: dict[Key, dict[Key, None]] = {}
    for judge, key in _judges_of(change, deleted) if deleted else ():
        asked.setdefault(judge, {})[key] = None
    for judge, keys in asked.items():
        yield _deletion_breach(change, judge, list(keys))


def _judges_of(change: Change, deleted: list[Key]) -> Iterator[tuple[Key, Key]]:
    """(who is asked, what is deleted); who changes is judged by itself."""
    objects = change.target.objects
    for judge, hook in webhook_rules(objects, change.target.by_kind):
        for key in deleted if stays_unread(change, judge) else ():
            asked = hook.takes(key.group, key.kind, DELETE, change.live.objects[key])
            if asked and hook.scope.may_reach(key.namespace, objects):
                yield judge, key
    for judge, rule in admission_rules(objects):
        for key in deleted if stays_unread(change, judge) else ():
            near = judge.namespace in ("", key.namespace)
            if near and rule.looks_at(key.kind, DELETE) and rule.may_reach(key.namespace, objects):
                yield judge, key


def _deletion_breach(change: Change, judge: Key, keys: list[Key]) -> PropertyBreach:
    return PropertyBreach(
        "unknown-kind",
        PROPERTY,
        f"{judge} is asked before {first_names(keys)} is deleted. Not judged: whether it lets it go; if it does not, "
        "the sync fails",
        (judge, *keys[:MAX_NAMED]),
        "try kubectl delete --dry-run=server; if it may go, declare the object that is asked with a reason (--inert "
        "KIND=REASON)",
        "warning",
        change.deleted_at(keys[0]),
    )
