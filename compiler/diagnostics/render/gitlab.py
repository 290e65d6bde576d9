"""Findings as GitLab's Code Quality report, which a merge request shows beside the lines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Final

from compiler.diagnostics.model import Diagnostic, Severity
from compiler.diagnostics.order import in_display_order
from compiler.diagnostics.render.cells import sanitized_line

SEVERITIES: Final[dict[Severity, str]] = {"error": "blocker", "warning": "minor"}
UNLOCATED: Final = "environments"
"""Where a finding is shown that has no place: the format demands one."""


def gitlab(diagnostics: Iterable[Diagnostic]) -> str:
    """One issue a finding. Its fingerprint does not depend on the line, so that a finding that only moved is not new.

    Source: GitLab's documentation, Code Quality, "Code Quality report format".
    """
    seen: Counter[str] = Counter()
    issues = []
    for diagnostic in in_display_order(diagnostics):
        key = "\0".join((diagnostic.code, path_of(diagnostic), diagnostic.message))
        issues.append(issue_data(diagnostic, fingerprint(key, seen[key])))
        seen[key] += 1
    return json.dumps(issues, indent=2) + "\n"


def issue_data(diagnostic: Diagnostic, mark: str) -> dict[str, Any]:
    helps = f"; {diagnostic.help}" if diagnostic.help else ""
    return {
        "description": sanitized_line(f"{diagnostic.message}{helps}"),
        "check_name": diagnostic.code,
        "fingerprint": mark,
        "severity": SEVERITIES[diagnostic.severity],
        "location": {
            "path": path_of(diagnostic),
            "lines": {"begin": diagnostic.loc.line if diagnostic.loc is not None else 1},
        },
    }


def path_of(diagnostic: Diagnostic) -> str:
    return sanitized_line(diagnostic.loc.file) if diagnostic.loc is not None else UNLOCATED


def fingerprint(key: str, occurrence: int) -> str:
    return sha256(f"{key}\0{occurrence}".encode("utf-8", "backslashreplace")).hexdigest()
