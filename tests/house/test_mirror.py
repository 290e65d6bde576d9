"""Tests mirror the code: a folder of tests for each folder of the compiler, and a reason for every other one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).parents[1]
COMPILER: Final = TESTS.parent / "compiler"

WITHOUT_TESTS: Final = {
    "templates": "what `init` writes: `workflows/` runs it, `cli/test_init.py` writes it",
}
OF_NO_FOLDER: Final = {
    "benchmarks": "`benchmarks/`",
    "boutique": "a whole product's specs, from the files to the tree",
    "docs": "`docs/`: what its pages show is run",
    "fuzz": "made input, for several stages",
    "house": "how the code is written",
    "packaging": "the wheel, the image, the lock files",
    "pipeline": "`pipeline.py`",
    "readme": "`README.md`",
    "walk": "random walks through all verbs",
    "workflows": "`.github/workflows/`, and what `init` writes of them",
}


def folders(path: Path) -> set[str]:
    return {each.name for each in path.iterdir() if each.is_dir() and any(each.rglob("*.py"))}


def test_every_folder_of_the_compiler_has_a_folder_of_tests() -> None:
    assert folders(COMPILER) - folders(TESTS) == WITHOUT_TESTS.keys()


def test_every_folder_of_tests_is_one_of_the_compiler_or_has_a_reason() -> None:
    assert folders(TESTS) - folders(COMPILER) == OF_NO_FOLDER.keys()
