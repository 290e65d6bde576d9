"""Which fields of live objects an Application keeps when it syncs (`RespectIgnoreDifferences=true`).

Source: Argo CD, controller/sync.go `normalizeTargetResources`; util/argo/normalizers/diff_normalizer.go, where group
and kind are patterns, and a name or namespace that is left out stands for all.
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


class IgnoredField(NamedTuple):
    """One entry of `ignoreDifferences`, for one of its paths; `[]` in the path stands for every item of a list."""

    group: str
    kind: str
    namespace: str
    name: str
    path: tuple[str, ...]

    def covers(self, key: Key) -> bool:
        """Whether the entry speaks of this object."""
        named = self.name in ("", key.name) and self.namespace in ("", key.namespace)
        return named and fnmatchcase(key.group, self.group) and fnmatchcase(key.kind, self.kind)

    @property
    def field(self) -> str:
        """The path as findings write it."""
        return ".".join(self.path).replace(f".{ANY_ITEM}", ANY_ITEM)


def ignored_fields(spec: Mapping[str, object]) -> Iterator[IgnoredField]:
    """The fields that an Application's spec ignores by a path, but for `replicas`, which has rules of its own.

    Of an expression that does more than follow a path, the path at its beginning.
    """
    for entry in mapping_items(spec.get("ignoreDifferences")):
        pointers = [pointer_path(str(each)) for each in list_or_empty(entry.get("jsonPointers"))]
        expressions = [_expression_path(str(each)) for each in list_or_empty(entry.get("jqPathExpressions"))]
        group, kind, namespace, name = (str(entry.get(field) or "") for field in ("group", "kind", "namespace", "name"))
        for path in (*pointers, *expressions):
            if path != REPLICAS:
                yield IgnoredField(group, kind, namespace, name, path)


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


def _expression_path(expression: str) -> tuple[str, ...]:
    path: list[str] = []
    end = 0
    while (step := JQ_STEP.match(expression, end)) and step.end() > end:
        path.append(next(part for part in step.groups() if part is not None))
        end = step.end()
    return tuple(path)
