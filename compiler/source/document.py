"""A file that was read: its data, and where in which file each part of it stands."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compiler.diagnostics.model import Diagnostic, Loc, Path, Problem, Related

SourceSpan = tuple[str, int, int, int, int]
"""File, line and column of a value, line and column of its key (of the value itself for an item of a list)."""


Files = Mapping[str, str]
"""The text of each file that a spec names, by the path it is named with."""


class LazyPositions(Mapping[Path, SourceSpan]):
    """Places that are looked for when the first of them is asked for: of most documents, never."""

    __slots__ = ("_find", "_found")

    def __init__(self, find: Callable[[], Mapping[Path, SourceSpan]]) -> None:
        self._find = find
        self._found: Mapping[Path, SourceSpan] | None = None

    def __getitem__(self, path: Path) -> SourceSpan:
        return self._places()[path]

    def __iter__(self) -> Iterator[Path]:
        return iter(self._places())

    def __len__(self) -> int:
        return len(self._places())

    def __reduce__(self) -> tuple[Any, ...]:
        """What was found is left behind: it is as easily found again."""
        return LazyPositions, (self._find,)

    def _places(self) -> Mapping[Path, SourceSpan]:
        if self._found is None:
            self._found = self._find()
        return self._found


class UnreadableStreamError(Exception):
    """The rest of the stream cannot be read; why is already among the composer's findings."""


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML document as plain data, with the place of every key and value, and the texts of all files in it.

    `data` is dict, list, str, int, float, bool and None only; keys are strings. After an overlay the places of one
    document lie in several files, each of which is in `texts`.
    """

    file: str
    data: Any
    positions: Mapping[Path, SourceSpan]
    texts: Mapping[str, str]

    def __reduce__(self) -> tuple[Any, ...]:
        """As a worker sends it: plain data through marshal, in a third of the time that pickle takes."""
        return _unpickled_document, (self.file, marshal.dumps(self.data), self.positions, self.texts)

    def locate(self, path: Path, on_key: bool = False) -> Loc:
        """Where the value at `path` stands, or its key; for a path that is not there, its nearest ancestor's key."""
        place = self.positions.get(path)
        if place is not None:
            return _key_location(place) if on_key else Loc(*place[:3])
        for length in range(len(path) - 1, 0, -1):
            place = self.positions.get(path[:length])
            if place is not None:
                return _key_location(place)
        return self._start()

    def deepest(self, path: Path, below: Path) -> Path:
        """`path`, followed by as much of `below` as the document has there."""
        for part in below:
            if (*path, part) not in self.positions:
                break
            path = (*path, part)
        return path

    def diagnose(self, problem: Problem) -> Diagnostic:
        """The problem as a finding, at a line instead of a path."""
        return Diagnostic(
            code=problem.code,
            message=problem.message,
            loc=self.locate(problem.path, problem.on_key),
            help=problem.help,
            severity=problem.severity,
            related=tuple(Related(self.locate(path), message) for path, message in problem.related),
        )

    def _start(self) -> Loc:
        place = self.positions.get(())
        return Loc(*place[:3]) if place is not None else Loc(self.file, 1, 1)


class UnparsedDocument(Document):
    """The document of a release that was read before from the same texts: parsed when its data or a place is asked for.

    `release` is its name, `digest` that of its texts and of the files that it names.
    """

    release: str
    digest: bytes

    def __init__(
        self, file: str, texts: Mapping[str, str], release: str, digest: bytes, parse: Callable[[], Document]
    ) -> None:
        for name, value in (("file", file), ("texts", texts), ("release", release), ("digest", digest)):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_parse", parse)

    def __getattr__(self, name: str) -> Any:
        """Only what is not there yet comes here."""
        if name not in ("data", "positions"):
            raise AttributeError(name)
        parsed = self._parse()
        object.__setattr__(self, "data", parsed.data)
        object.__setattr__(self, "positions", parsed.positions)
        return getattr(parsed, name)


def _unpickled_document(
    file: str, data: bytes, positions: Mapping[Path, SourceSpan], texts: Mapping[str, str]
) -> Document:
    return Document(file, marshal.loads(data), positions, texts)  # noqa: S302  from a process that this one forked


def _key_location(place: SourceSpan) -> Loc:
    file, _, _, line, column = place
    return Loc(file, line, column)
