"""Fuzzes one door of the product: `python -m tests.fuzz specs --runs 20000 --seed 1`.

Run K of seed S has always the same input. Where a run fails, its input is kept below `tests/fuzz/cases/TARGET/`, and
the test suite runs it again from then on. Exit status: 0 nothing was found, 1 something was.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

from tests.fuzz.targets import TARGETS, Target, write_input

CASES = Path(__file__).parent / "cases"


def fuzz(name: str, seed: int, first: int, runs: int, keep: Path) -> list[str]:
    """Runs `first` to `first + runs - 1`; what failed, one line each. Keeps the inputs of those below `keep`."""
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        for index in range(first, first + runs):
            fault = one_run(TARGETS[name], seed, index, Path(folder) / "input")
            if fault is not None:
                write_input(keep / name / f"seed-{seed}-run-{index}", TARGETS[name].make(chance_of(seed, index)))
                failures.append(f"{name}: seed {seed}, run {index}: {fault}")
    return failures


def one_run(target: Target, seed: int, index: int, folder: Path) -> str | None:
    write_input(folder, target.make(chance_of(seed, index)))
    return target.fault(folder)


def chance_of(seed: int, index: int) -> random.Random:
    return random.Random(f"{seed}/{index}")  # noqa: S311 - repeatable, and no secret


def run() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, metavar="K", help="the first run (default: 0)")
    parser.add_argument("--runs", type=int, default=1000, metavar="N", help="how many runs (default: 1000)")
    parser.add_argument("--keep", type=Path, default=CASES, metavar="DIR", help="where inputs that fail are kept")
    args = parser.parse_args()
    failures = fuzz(args.target, args.seed, args.first, args.runs, args.keep)
    sys.stdout.writelines(f"{line}\n" for line in failures)
    sys.stdout.write(f"{args.target}: {args.runs} runs, {len(failures)} failed\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(run())
