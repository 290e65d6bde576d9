"""What pages show and no session runs: data can be read, shell lines can be parsed, and commands take their options."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from compiler.cli.commands import COMMANDS
from compiler.cli.program import parser_for
from compiler.explanations.catalog import explanations
from tests.docs.test_links import FENCE, PAGES, ROOT

BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"(?:^\s*|&& |; )shipway (?P<words>[^`\n]*)")
INLINE = re.compile(r"`(shipway [^`\n]+)`")
END = re.compile(r"\s(?:[|&;>]|\d>|#).*|[|;]$|\)$")
TEXTS = {page.relative_to(ROOT).as_posix(): page.read_text(encoding="utf-8") for page in PAGES}
ABBREVIATED = re.compile(r"…|\bCOMMAND\b|\{\w+\}|VERBS?\b|\[")
"""A command with a part left out."""


def blocks(language: str) -> Iterator[tuple[str, str]]:
    for page, text in TEXTS.items():
        yield from ((page, match["text"]) for match in BLOCK.finditer(text) if match["language"] == language)


def shown_commands() -> set[tuple[str, str]]:
    """Where, and what is written after `shipway`: lines of shell and console blocks, and code in the text."""
    lines = [(page, line.removeprefix("$ ")) for kind in ("sh", "console") for page, text in blocks(kind)
             for line in text.splitlines() if kind == "sh" or line.startswith("$ ")]  # fmt: skip
    prose = [(page, match) for page, text in TEXTS.items() for match in INLINE.findall(FENCE.sub("", text))]
    fixes = [(code, match) for code, each in explanations().items() for match in INLINE.findall(each.fix)]
    return {(where, END.sub("", match["words"]).strip()) for where, text in (*lines, *prose, *fixes)
            for match in COMMAND.finditer(text)}  # fmt: skip


@pytest.mark.parametrize(("page", "text"), [*blocks("yaml")])
def test_yaml_can_be_read(page: str, text: str) -> None:
    assert [each for each in yaml.safe_load_all(text) if each is not None], page


@pytest.mark.parametrize(("page", "text"), [*blocks("json")])
def test_json_can_be_read(page: str, text: str) -> None:
    assert json.loads(text), page


@pytest.mark.parametrize(("page", "text"), [*blocks("sh")])
def test_the_shell_can_parse_its_lines(page: str, text: str) -> None:
    done = subprocess.run(["bash", "-n"], input=text, text=True, capture_output=True, check=False)
    assert done.returncode == 0, f"{page}: {done.stderr}"


def test_commands_take_the_options_that_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = []
    for where, text in sorted(shown_commands()):
        words = shlex.split(text.replace("@COMMIT", f"@{40 * '0'}"))
        if not words or ABBREVIATED.search(text) or words == ["--version"]:
            continue
        if not any(word in COMMANDS for word in words):
            wrong.append(f"{where}: shipway {text}: no such command")
        elif len(words) > 1:  # a name alone names the command
            try:
                parser_for(words).parse_args(words)
            except SystemExit as stop:
                if stop.code:
                    wrong.append(f"{where}: shipway {text}: {capsys.readouterr().err.strip().splitlines()[-2:]}")
    assert wrong == []


def test_a_wrong_option_would_be_found() -> None:
    with pytest.raises(SystemExit):
        parser_for(["plan"]).parse_args(["plan", "--formt", "md"])


def test_the_pages_are_found() -> None:
    assert {"README.md", "docs/start.md"} <= TEXTS.keys()
    assert len(shown_commands()) > 100
    assert Path(ROOT / "docs").is_dir()
