"""What the system refuses is the system's: a status of 1 and a line that says what, never a bug of ours."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

SHIPWAY = (sys.executable, "-c", "from compiler.cli.main import run; run()")
FULL = Path("/dev/full")


def run(*words: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*SHIPWAY, *words], check=False, text=True, **{"stderr": subprocess.PIPE, **options})  # type: ignore[call-overload,no-any-return]  # whatever a test gives


@pytest.mark.skipif(not FULL.exists(), reason="Linux has it")
@pytest.mark.parametrize("words", [("explain", "file-edited"), ("schema", "release")])
def test_a_full_disk_behind_the_output(words: tuple[str, ...]) -> None:
    with FULL.open("w", encoding="utf-8") as full:
        ended = run(*words, stdout=full)
    assert ended.returncode == 1
    assert ended.stderr.startswith("error[system-refused]: no space left on device\n")
    assert "ignored" not in ended.stderr


@pytest.mark.parametrize("words", [("init", "x" * 300), ("check", "-C", "x" * 300)])
def test_a_name_that_is_too_long(tmp_path: Path, words: tuple[str, ...]) -> None:
    ended = run(*words, cwd=tmp_path)
    assert ended.returncode == 1
    assert "error[" in ended.stderr
    assert "file name too long" in ended.stderr


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_stream_that_is_closed(number: int) -> None:
    ended = run("explain", "file-edited", stdout=subprocess.DEVNULL, preexec_fn=lambda: os.close(number))
    assert (ended.returncode, ended.stderr) == (0, "" if number == 2 else "next: shipway check\n")


def test_without_a_temporary_folder_a_bug_is_still_reported_in_a_line(tmp_path: Path) -> None:
    code = (
        "import os, sys, tempfile; from compiler.cli.failures import report_internal_error; "
        "tempfile.tempdir = '/nowhere/at/all'; report_internal_error(ValueError('x'))"
    )
    ended = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, cwd=tmp_path)
    assert (ended.returncode, "Traceback" in ended.stderr) == (0, False)
    assert "a bug of ours: ValueError: x" in ended.stderr


def test_a_new_repository_is_whole_or_not_there(tmp_path: Path) -> None:
    small = (4096, resource.getrlimit(resource.RLIMIT_FSIZE)[1])
    full = run("init", "a b", cwd=tmp_path, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, small))
    assert (full.returncode, "file too large" in full.stderr) == (1, True)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    again = run("init", "a b", cwd=tmp_path, stdout=subprocess.DEVNULL)
    assert (again.returncode, again.stderr.splitlines()[-1]) == (0, "next: cd 'a b' && shipway build")
