"""The page of limits says how much is tested; each figure holds."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from compiler.explanations.catalog import explanations
from tests.docs.conftest import DOCS
from tests.docs.test_sessions import PAGES
from tests.transition import test_reference
from tests.transition.mutation.courses import steps
from tests.transition.mutation.mutants import mutants

ROW = re.compile(r"^\| (?P<what>[^|:,]+)[^|]* \| (?P<least>\d+) \|", re.MULTILINE)
CASES = DOCS.parent / "tests/transition/cases"


def compared_transitions() -> int:
    marks = getattr(test_reference.test_agreement, "pytestmark", ())
    (mark,) = [each for each in marks if each.name == "parametrize"]
    return 100 * len(mark.args[1])


COUNTS: dict[str, Callable[[], int]] = {
    "transitions with a verdict": lambda: len(list(CASES.glob("*/case.yaml"))),
    "small random transitions": compared_transitions,
    "mutants": lambda: sum(1 for step in steps() for _ in mutants(step)),
    "codes of errors": lambda: len(explanations()),
    "codes whose page shows what a command prints of a small input": lambda: len(list((DOCS / "examples").iterdir())),
    "pages of this documentation whose sessions a test runs": lambda: len(PAGES),
}
SAID = dict(ROW.findall((DOCS / "limits.md").read_text(encoding="utf-8")))


def test_every_figure_is_counted() -> None:
    assert SAID.keys() == COUNTS.keys()


@pytest.mark.parametrize("what", COUNTS)
def test_a_figure_holds(what: str) -> None:
    assert COUNTS[what]() >= int(SAID[what])
