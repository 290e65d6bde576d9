"""Every code that the stage emits is explained."""

from __future__ import annotations

import re
from pathlib import Path

import compiler.forge
from compiler.explanations.forge import CODES


def test_every_emitted_code_is_explained_and_every_explained_code_is_emitted() -> None:
    folder = Path(compiler.forge.__file__).parent
    texts = [path.read_text() for path in folder.glob("*.py") if path.name != "codes.py"]
    emitted = {code for text in texts for code in re.findall(r"forge_rejection\(\s*\"([a-z-]+)\"", text)}
    assert emitted == set(CODES)
