"""What nobody has proven: fields that go together with the option by which they came, and that a patch then forgets.

A client-side apply takes away what the object's last-applied annotation has and the manifest has not; neither a
server-side apply of Argo CD nor `kubectl create` writes that annotation. Source: Kubernetes, apimachinery
pkg/util/managedfields/internal/lastappliedupdater.go (of the manager kubectl alone); Argo CD gitops-engine,
pkg/utils/kube/resource_ops.go `CreateResource` (`save-config` is false).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import Key
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange

PROPERTY = "available"
WITHOUT_ANNOTATION = frozenset({"ServerSideApply=true", "Replace=true"})
WITHOUT_EFFECT_ON_PODS = frozenset({"metadata", "status"})


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The objects that come to be applied by the client, and lose a field in the same commit."""
    change = judged.change
    for key, (_, op) in change.ops.items():
        old, new = change.live.objects.get(key), change.target.objects.get(key)
        if old is None or new is None or op.action != "apply" or change.options.of_write(new) & WITHOUT_ANNOTATION:
            continue
        before = change.options.of_write(old) & WITHOUT_ANNOTATION
        field = next(_removed_fields(old, new, ()), "") if before else ""
        if field:
            yield _forgotten_field(key, field, min(before))


def _removed_fields(old: Object, new: Object, path: tuple[str, ...]) -> Iterator[str]:
    for name, before in old.items():
        after = new.get(name)
        if not path and name in WITHOUT_EFFECT_ON_PODS:
            continue
        if before is not None and after is None:
            yield ".".join((*path, name))
        elif isinstance(before, dict) and isinstance(after, dict):
            yield from _removed_fields(before, after, (*path, name))
        elif before != after and isinstance(before, list) and isinstance(after, list):
            yield from _removed_fields(_by_name(before), _by_name(after), (*path, name))


def _by_name(items: list[Any]) -> dict[str, Any]:
    """The entries of a list that have names, by these."""
    return {str(item["name"]): item for item in items if isinstance(item, Mapping) and item.get("name")}


def _forgotten_field(key: Key, field: str, option: str) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"{key}: {field} goes together with {option}, by which it came. Not judged: whether it goes, for a client-side "
        "apply does not know that the manifest had it",
        (key,),
        f"take {field} out in an earlier commit than {option}",
        "warning",
    )
