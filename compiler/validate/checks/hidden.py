"""The text that makes Argo CD ignore a whole file, wherever it stands."""

from __future__ import annotations

import marshal
from collections.abc import Iterator

from compiler.diagnostics.model import Path
from compiler.manifest import Object
from compiler.validate.finding import Finding, found, written

_MARK = "+argocd:skip-file-rendering"
_BYTES = _MARK.encode()


def check_hidden(obj: Object) -> Iterator[Finding]:
    """Each key or text with the mark (Argo CD: reposerver/repository/repository.go); it also deletes what it hides."""
    # One search through all the object's texts costs 2 µs; a walk through the object costs 20.
    if _BYTES in marshal.dumps(obj):
        for path in _places(obj, ()):
            yield found("file-hidden", path, f"`{written(path)}` holds the text `{_MARK}`")


def _places(value: object, path: Path) -> Iterator[Path]:
    if isinstance(value, str):
        if _MARK in value:
            yield path
    elif isinstance(value, dict):
        for key, inner in value.items():
            if _MARK in key:
                yield (*path, key)
            yield from _places(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _places(inner, (*path, index))
