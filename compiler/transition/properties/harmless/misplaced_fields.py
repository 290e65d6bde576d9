"""Fields at places where Kubernetes has none, which the API server leaves out of what it stores.

Source: Argo CD gitops-engine, pkg/utils/kube/resource_ops.go `newApplyOptionsCommon` (a client-side apply asks for no
`fieldValidation`, so that unknown fields are dropped with a warning); `kubectl replace` and a server-side apply refuse.
"""

from __future__ import annotations

from compiler.model.manifest import Object
from compiler.model.objects import Key
from compiler.transition.classification import UnjudgedDifference
from compiler.transition.classification.objects import DROPPED
from compiler.transition.facts.api_versions import schema_version
from compiler.transition.sync.change import Change
from compiler.validate import undeclared_fields

REFUSING = frozenset({"ServerSideApply=true", "Replace=true"})


def is_left_out_when_written(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether the API server drops a field that its schemas do not have, where it has it before, after or both.

    Nobody knows what a version has that is newer than the newest one here: only a version that somebody states counts.
    """
    if change.options.kubernetes_assumed:
        return False
    old, new = change.live.objects.get(key), change.target.objects.get(key)
    if difference.influence != DROPPED or old is None or new is None or change.options.of_write(new, old) & REFUSING:
        return False
    holders = [obj for obj, value in ((old, difference.before), (new, difference.after)) if value is not None]
    return all(_is_undeclared(change, obj, difference.field) for obj in holders)


def _is_undeclared(change: Change, obj: Object, field: str) -> bool:
    unknown = undeclared_fields(obj, schema_version(change.options.kubernetes))
    return any(_written_path(each.path) == field for each in unknown)


def _written_path(path: tuple[str | int, ...]) -> str:
    """A path as differences name it: the places in lists left out."""
    return "".join("[]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
