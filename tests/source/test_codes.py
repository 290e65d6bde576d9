"""Every code that the reader's source names is explained, and every explanation is of a code it can emit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import compiler.edit
import compiler.source
from compiler.explanations.edit import CODES as EDIT_CODES
from compiler.explanations.explanation import Explanation
from compiler.explanations.pipeline import CODES as PIPELINE_CODES
from compiler.explanations.source import CODES as SOURCE_CODES

_CODE = re.compile(r'"((?:yaml|file|extends|edit)-[a-z0-9-]+)"')


@pytest.mark.parametrize(("package", "codes"), [(compiler.source, SOURCE_CODES), (compiler.edit, EDIT_CODES)])
def test_codes_and_explanations_agree(package: object, codes: dict[str, Explanation]) -> None:
    folder = Path(str(getattr(package, "__file__", ""))).parent
    named: set[str] = set()
    for file in folder.glob("*.py"):
        named |= set(_CODE.findall(file.read_text()))
    assert named - PIPELINE_CODES.keys() == codes.keys()
