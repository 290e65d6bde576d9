"""The values that carry a finding from the rule that made it to the edge that prints it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Loc:
    """A place in a file: `line` and `column` count from 1; `file` is relative to the folder of `-C`."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that takes part in a finding, and what it contributes."""

    loc: Loc
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding, located: what the edge renders as text, JSON, SARIF or an annotation."""

    code: str
    message: str
    loc: Loc | None
    help: str
    severity: Severity = "error"
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding that speaks of a path in a spec (`("spec", "replicas")`), not yet of lines.

    Rules make these; `Document.diagnose` turns them into `Diagnostic`s, so that no rule knows about positions.
    `on_key` puts the caret under the key instead of the value.
    """

    code: str
    message: str
    path: Path
    help: str
    severity: Severity = "error"
    related: tuple[tuple[Path, str], ...] = ()
    on_key: bool = False


class Rejected(Exception):  # noqa: N818  it carries findings, warnings among them, not one error
    """Input that a stage refuses: all of the stage's findings at once, at least one of them an error."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__(f"{len(diagnostics)} finding(s), first: {diagnostics[0].message}")
        self.diagnostics = tuple(diagnostics)

    def __reduce__(self) -> tuple[type[Rejected], tuple[tuple[Diagnostic, ...]]]:
        return Rejected, (self.diagnostics,)


def has_errors(diagnostics: Iterable[Diagnostic | Problem]) -> bool:
    return any(diagnostic.severity == "error" for diagnostic in diagnostics)


def accepted(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings, none of them an error. Raises Rejected with all of them where one is."""
    findings = tuple(diagnostics)
    if has_errors(findings):
        raise Rejected(findings)
    return findings
