"""Diagnostics in the format that was asked for; loaded only where there are some."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from compiler import __version__
from compiler.diagnostics.model import Diagnostic
from compiler.diagnostics.render.github import github
from compiler.diagnostics.render.gitlab import gitlab
from compiler.diagnostics.render.json import diagnostics_json
from compiler.diagnostics.render.sarif import sarif
from compiler.diagnostics.render.text import diagnostics_text
from compiler.source import excerpts


def write_diagnostics(
    diagnostics: Sequence[Diagnostic], root: Path, texts: Mapping[str, str] | None, color: bool
) -> None:
    """Writes them as text to standard error, with the lines that they are about; `texts` None: read from `root`."""
    known = dict(texts) if texts is not None else excerpts(root, tuple(diagnostics))
    sys.stderr.write(diagnostics_text(diagnostics, known, color))


def diagnostics_document(diagnostics: Sequence[Diagnostic], wanted: str) -> str:
    """The diagnostics as a document of the format `wanted`: json, github, gitlab or sarif."""
    if wanted == "json":
        return diagnostics_json(diagnostics)
    if wanted == "github":
        return github(diagnostics)
    if wanted == "gitlab":
        return gitlab(diagnostics)
    from compiler.explanations.catalog import explanations  # noqa: PLC0415 - every stage's codes, for SARIF's rules

    return sarif(diagnostics, explanations(), __version__)
