"""Findings as SARIF 2.1.0, which code-scanning services read."""

from __future__ import annotations

import json as _json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from compiler.diagnostics.model import Diagnostic, Loc
from compiler.diagnostics.order import in_display_order
from compiler.explanations.explanation import Explanation

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(diagnostics: Iterable[Diagnostic], explanations: Mapping[str, Explanation], version: str) -> str:
    """One run of Shipway `version`: the rules of the findings, explained, and one result for each finding.

    Columns count Unicode code points, as `Loc` does. Ends with a newline. Source: OASIS SARIF 2.1.0, chapters 3.13
    to 3.30.
    """
    ordered = in_display_order(diagnostics)
    codes = sorted({diagnostic.code for diagnostic in ordered})
    driver = {
        "name": "shipway",
        "version": version,
        "rules": [_sarif_rule(code, explanations.get(code)) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(diagnostic, codes.index(diagnostic.code)) for diagnostic in ordered],
    }
    return _json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _sarif_rule(code: str, explanation: Explanation | None) -> dict[str, Any]:
    if explanation is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": explanation.title},
        "fullDescription": {"text": explanation.meaning},
        "help": {"text": f"{explanation.fix}\nSource: {explanation.source}"},
    }


def _result(diagnostic: Diagnostic, rule: int) -> dict[str, Any]:
    text = f"{diagnostic.message}\nhelp: {diagnostic.help}" if diagnostic.help else diagnostic.message
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": diagnostic.severity,
        "message": {"text": text},
        "locations": [_location(diagnostic.loc)] if diagnostic.loc is not None else [],
    }
    if diagnostic.related:
        result["relatedLocations"] = [
            {"id": number, "message": {"text": each.message}, **_location(each.loc)}
            for number, each in enumerate(diagnostic.related, start=1)
        ]
    return result


def _location(loc: Loc) -> dict[str, Any]:
    artifact = {"uri": quote(loc.file, errors="replace")}
    region = {"startLine": loc.line, "startColumn": loc.column}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}
