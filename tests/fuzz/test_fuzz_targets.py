"""What fuzzing found stays found; and a bounded run of each target is part of CI."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.__main__ import CASES, fuzz
from tests.fuzz.targets import TARGETS

KEPT = sorted(path for path in CASES.glob("*/*") if path.is_dir())
CHUNKS = [("specs", 20_000, 20), ("pairs", 20_000, 20), ("adopt", 4_000, 4)]


@pytest.mark.parametrize("case", KEPT, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_what_was_found_stays_fixed(case: Path) -> None:
    assert TARGETS[case.parent.name].fault(case) is None


@pytest.mark.parametrize("name", ["specs", "pairs", "adopt"])
def test_a_short_run(name: str, tmp_path: Path) -> None:
    assert fuzz(name, 0, 0, 100, tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "first", "runs"),
    [(name, part * (runs // parts), runs // parts) for name, runs, parts in CHUNKS for part in range(parts)],
)
def test_a_long_run(name: str, first: int, runs: int, tmp_path: Path) -> None:
    assert fuzz(name, 1, first, runs, tmp_path) == []
