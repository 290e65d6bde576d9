"""Which fields of live objects an Application keeps when it syncs (`RespectIgnoreDifferences=true`).

Source: Argo CD, controller/sync.go `normalizeTargetResources`; util/argo/normalizers/diff_normalizer.go, where group
and kind are patterns, and a name or namespace that is left out stands for all; util/argo/managedfields (`Normalize`:
of what differs, all that the manager has written).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from compiler.model.objects import Key, list_or_empty, mapping_items, pointer_path

ANY_ITEM = "[]"
JQ_STEP = re.compile(r'\.?(?:([A-Za-z_][\w-]*)|"([^"]*)"|\["([^"]*)"\]|\[(\d+)\]|(\[\]))')
REPLICAS = ("spec", "replicas")
WRITTEN_BY = {"kube-controller-manager": REPLICAS}
"""What managers write of the objects that a folder has, beside annotations of their own and the status: the count that
an HPA asks for. Of any other one it may be anything.
"""


class IgnoredField(NamedTuple):
    """One entry of `ignoreDifferences`, for one of its paths; `[]` in the path stands for every item of a list.

    `manager` is who must have written the field.
    """

    group: str
    kind: str
    namespace: str
    name: str
    path: tuple[str, ...]
    manager: str = ""

    def covers(self, key: Key) -> bool:
        """Whether the entry speaks of this object."""
        named = self.name in ("", key.name) and self.namespace in ("", key.namespace)
        return named and fnmatchcase(key.group, self.group) and fnmatchcase(key.kind, self.kind)

    @property
    def field(self) -> str:
        """The path as findings write it."""
        path = ".".join(self.path).replace(f".{ANY_ITEM}", ANY_ITEM)
        return path or (f"what {self.manager} has written" if self.manager else "any field")


def ignored_fields(spec: Mapping[str, object]) -> Iterator[IgnoredField]:
    """What an Application's spec ignores, but for `replicas` where it surely does: that has rules of its own."""
    for entry in mapping_items(spec.get("ignoreDifferences")):
        for path, surely in _entry_paths(entry):
            if not (surely and path == REPLICAS):
                yield IgnoredField(*_entry_scope(entry), path)
        for manager in map(str, list_or_empty(entry.get("managedFieldsManagers"))):
            yield IgnoredField(*_entry_scope(entry), WRITTEN_BY.get(manager, ()), manager)


def ignored_replicas(spec: Mapping[str, object]) -> Iterator[IgnoredField]:
    """The entries of an Application's spec that ignore `replicas`."""
    for entry in mapping_items(spec.get("ignoreDifferences")):
        if (REPLICAS, True) in _entry_paths(entry):
            yield IgnoredField(*_entry_scope(entry), REPLICAS)


def _entry_scope(entry: Mapping[str, Any]) -> tuple[str, str, str, str]:
    group, kind, namespace, name = (str(entry.get(field) or "") for field in ("group", "kind", "namespace", "name"))
    return group, kind, namespace, name


def _entry_paths(entry: Mapping[str, Any]) -> list[tuple[tuple[str, ...], bool]]:
    """The paths of an entry, each with whether all that is there is ignored: an expression may choose among it."""
    pointers = [(pointer_path(str(each)), True) for each in list_or_empty(entry.get("jsonPointers"))]
    return [*pointers, *(_expression_path(str(each)) for each in list_or_empty(entry.get("jqPathExpressions")))]


def ignored_values(value: Any, path: tuple[str, ...]) -> list[Any]:
    """The values of an object at a path; one that is not there has none."""
    if not path:
        return [value]
    if isinstance(value, list):
        items = value if path[0] == ANY_ITEM else value[int(path[0]) :][:1] if path[0].isdecimal() else []
        return [each for item in items for each in ignored_values(item, path[1:])]
    if not isinstance(value, dict):
        return []
    inner = value.values() if path[0] == ANY_ITEM else [value[path[0]]] if path[0] in value else []
    return [each for item in inner for each in ignored_values(item, path[1:])]


def _expression_path(expression: str) -> tuple[tuple[str, ...], bool]:
    """The path that an expression follows, and whether it does nothing else.

    What stands behind a `|` chooses from there on; of any other expression nobody knows what it ignores.
    """
    path: list[str] = []
    text = expression.strip()
    end = 0
    while (step := JQ_STEP.match(text, end)) and step.end() > end:
        path.append(next(part for part in step.groups() if part is not None))
        end = step.end()
    rest = text[end:].removeprefix("?").strip()
    return (tuple(path) if not rest or rest.startswith("|") else ()), not rest
