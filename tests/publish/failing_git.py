"""A `git` on PATH that fails at one of its calls."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

FAILURES = {"killed": "kill -9 $$", "status 1": "exit 1", "status 128": "echo fatal: broken >&2; exit 128"}


@dataclass(frozen=True)
class CountedGit:
    """A `git` on PATH that counts its calls, and fails at one of them."""

    folder: Path

    def fail_at(self, number: int, failure: str) -> None:
        (self.folder / "count").write_text("0")
        script = f"""#!/bin/sh
n=$(($(cat {self.folder}/count) + 1)); echo $n > {self.folder}/count
if [ $n = {number} ]; then {failure}; fi
exec {shutil.which("git", path=os.environ["PATH"].partition(":")[2])} "$@"
"""
        (self.folder / "git").write_text(script)
        (self.folder / "git").chmod(0o755)

    @property
    def calls(self) -> int:
        return int((self.folder / "count").read_text())


def counted_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CountedGit:
    """One that does not fail yet."""
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    made = CountedGit(programs)
    made.fail_at(0, ":")
    return made
