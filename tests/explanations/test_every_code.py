"""Every code that the compiler names is explained, whole; and no explanation is left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

import compiler
from compiler.explanations.catalog import STAGES, explanations
from compiler.explanations.stages import CHAPTERS

CODES: Final = explanations()
FOLDER: Final = Path(compiler.__file__).parent
CARRIERS: Final = {
    *("Diagnostic", "Problem", "Finding", "ObjectFinding", "PropertyBreach", "RouteConflict", "BackendFault"),
    *("object_finding", "report", "rejection", "verb_rejection", "forge_rejection", "ScalarError"),
}
"""What takes a code as its first argument."""
COMPOSED: Final = {"strategy-unknown", "traffic-unknown", "unknown-environment", "unknown-release"}
"""Codes that are put together from a word: `{key}-unknown`, `unknown-{what}`."""
CODE: Final = re.compile(r"[a-z]+(-[a-z0-9]+)+")


@cache
def trees() -> tuple[ast.Module, ...]:
    """What is parsed for two tests, and for none where the file is only collected."""
    return tuple(ast.parse(p.read_text()) for p in FOLDER.rglob("*.py") if "explanations" not in p.parts)


def named() -> Iterator[str]:
    """The codes that stand where one is reported."""
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                function = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                code = node.args[0].value
                if function in CARRIERS and isinstance(code, str) and CODE.fullmatch(code):
                    yield code


def texts() -> set[str]:
    constants = (node.value for tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str)}


def test_every_code_is_explained() -> None:
    reported = set(named())
    assert len(reported) > 300
    assert reported - CODES.keys() == set()


def test_no_explanation_is_left_over() -> None:
    assert CODES.keys() - texts() <= COMPOSED


def test_every_stage_has_a_chapter() -> None:
    assert set(STAGES) == CHAPTERS.keys()


@pytest.mark.parametrize("code", CODES)
def test_an_explanation_is_whole(code: str) -> None:
    explanation = CODES[code]
    assert explanation.title
    assert not explanation.title.endswith(".")
    assert explanation.meaning.endswith(".")
    assert explanation.fix
    assert explanation.source
