"""Each example on the page of a code is what a command prints of a small input.

`UPDATE_DOCS=1 pytest tests/docs/test_examples.py` writes what is printed now into `docs/examples/`.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import yaml

from compiler.cli.main import main
from compiler.explanations.catalog import explanations
from tests.docs.conftest import DOCS, with_one_commit
from tests.docs.example_cases import VERIFIED
from tests.docs.example_inputs import CHECKED
from tests.docs.example_repositories import ENVIRONMENT, RECORDED
from tests.docs.example_specs import written_specs

EXAMPLES = DOCS / "examples"
CASES = DOCS.parent / "tests/transition/cases"


def printed_finding(code: str, words: Sequence[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The command, and the first finding of the code that it prints."""
    capsys.readouterr()
    main(list(words))
    output = capsys.readouterr()
    match = re.search(
        rf"^(?:error|warning)\[{code}\]: .*?(?=^\s*$|\Z)", output.out + output.err, re.DOTALL | re.MULTILINE
    )
    assert match is not None, output.out + output.err
    return f"$ shipway {' '.join(words)}\n{match[0]}"


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def shell(line: str) -> str:
    return subprocess.run(["bash", "-euc", line], check=True, capture_output=True, text=True).stdout


def compared(code: str, printed: str) -> None:
    file = EXAMPLES / f"{code}.txt"
    if os.environ.get("UPDATE_DOCS"):
        EXAMPLES.mkdir(exist_ok=True)
        file.write_text(printed, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == printed


@pytest.fixture(autouse=True)
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHIPWAY_CACHE", "")
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.parametrize("code", CHECKED)
def test_the_example_of_a_spec(code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_files(tmp_path, written_specs(CHECKED[code]))
    compared(code, printed_finding(code, CHECKED[code].command, capsys))


@pytest.mark.parametrize("code", RECORDED)
def test_the_example_after_other_commands(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given, specs = RECORDED[code], tmp_path / "specs"
    monkeypatch.setattr("compiler.forge.api.time.sleep", lambda _: None)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    write_files(specs, written_specs(given))
    monkeypatch.chdir(specs)
    for line in given.before:
        name, _, value = line.removeprefix("export ").partition("=")
        if line.startswith("shipway "):
            assert main(shlex.split(line)[1:]) == 0, capsys.readouterr().err
        elif line.startswith("export "):
            monkeypatch.setenv(name, value)
        else:
            shell(line)
    words = [shell(f"echo {word}").strip() if word.startswith("$(") else word for word in given.command]
    printed = printed_finding(code, words, capsys).replace(str(tmp_path), "/srv")
    compared(code, with_one_commit(printed))


@pytest.mark.parametrize("code", VERIFIED)
def test_the_example_of_two_folders(code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = CASES / VERIFIED[code]
    for side, name in (("from", "before"), ("to", "after")):
        shutil.copytree(case / side, tmp_path / name) if (case / side).is_dir() else (tmp_path / name).mkdir()
    options = yaml.safe_load((case / "case.yaml").read_text(encoding="utf-8")).get("syncOptions") or []
    given = [word for option in options for word in ("--sync-option", option)]
    compared(code, printed_finding(code, ["verify", *given, "before", "after"], capsys))


def test_no_example_is_left_over() -> None:
    assert (
        {file.stem for file in EXAMPLES.iterdir()}
        == CHECKED.keys() | VERIFIED.keys() | RECORDED.keys()
        <= explanations().keys()
    )
