"""The console script: what a run said is said again while all is as it was; else the command line is loaded."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # typing takes 3 ms, and a kept answer needs none of it
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType
    from typing import Final, NoReturn


KEEPING_COMMANDS: Final = frozenset({"build", "check", "plan", "publish"})
"""The commands that keep what they rendered, which look at the compiler before they load it. Answers are kept of
`build` and `check` alone: those depend on nothing but the specs and the output folder.
"""


def run() -> NoReturn:
    """Exits with main's status."""
    if not KEEPING_COMMANDS.isdisjoint(sys.argv[1:]):
        from compiler.cache.answers import kept_answer  # noqa: PLC0415 - the other commands need it not

        answer = kept_answer(sys.argv[1:])
        if answer is not None:
            repeat_answer(answer)
    program().run_process(main, sys.argv[1:])
    raise AssertionError


def main(argv: Sequence[str]) -> int:
    """Runs one command; returns its exit status (design.md, "Commands")."""
    return int(program().run_program(argv))


def repeat_answer(answer: str) -> NoReturn:
    """Writes it to standard error, where notices go, and ends the process as it stands."""
    try:
        sys.stderr.write(answer)
        sys.stderr.flush()
    finally:
        os._exit(0)


def program() -> ModuleType:
    from compiler.cli import program as module  # noqa: PLC0415 - with argparse it takes 30 ms

    return module
