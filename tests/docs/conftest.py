"""A page of docs/ as what it says to do: files to write, commands to run, and what they print."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(
    r"```(?:yaml|python)\n# (?P<file>environments/\S+|\w+\.py)\n(?P<spec>.*?)```"
    r"|```console\n(?P<session>.*?)```"
    r"|<!-- run\n(?P<hidden>.*?)-->",
    re.DOTALL,
)
COMMAND = re.compile(r"^\$ (?P<words>[^\n]*)\n(?P<said>(?:(?!\$ )[^\n]*\n)*)", re.MULTILINE)


@dataclass(frozen=True)
class Folder:
    """Where a reader stands: `place` moves with `cd`."""

    root: Path
    place: Path
    programs: Path
    """where `shipway` is"""

    def run(self, words: str) -> tuple[str, Folder]:
        """What the command prints, both streams as a terminal shows them, and the folder after it."""
        end = self.root / ".place"
        script = f"{words}\nstatus=$?\npwd > '{end}'\nexit $status"
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.place,
            env=reader_environment(self.root, self.programs),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.stdout, replace(self, place=Path(end.read_text(encoding="utf-8").strip()))


def reader_environment(root: Path, programs: Path) -> dict[str, str]:
    """The variables of a reader who has installed Shipway and has told Git a name."""
    who = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in WHO.items()}
    path = os.pathsep.join([str(programs), str(Path(sys.executable).parent), os.environ["PATH"]])
    plain = {"HOME": str(root), "GIT_CONFIG_GLOBAL": os.devnull, "COLUMNS": "80", "LC_ALL": "C.UTF-8"}
    # unbuffered: both streams in the order in which they are written
    return {"PATH": path, "PYTHONUNBUFFERED": "1", "SHIPWAY_CACHE": "", **plain, **who}


WHO = {"NAME": "Ada", "EMAIL": "ada@example.com"}


def same_on_every_run(text: str) -> str:
    """What differs from run to run in a constant form: folders, commits, digests, times."""
    text = re.sub(r"(?<![\w.])/\S*?(?:deploy\.git|…)\s+(shipway/\w+)(:\w+,)?(\s+(on|the))?", shown_target, text)
    text = re.sub(r"sha256:[0-9a-f]{64}", "sha256:84f0…", text)
    text = with_one_commit(text)
    text = re.sub(r"\b\d{4}-\d\d-\d\d\b( \d\d:\d\d\b)?", "2026-06-01", text)
    text = re.sub(r"\b\d+m \d+s\b", "9m 58s", text)
    text = re.sub(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", "2026-06-01T10:00:00+00:00", text)
    text = re.sub(r"\berrors 0\.\d+ > (\S+) \(\d+ requests, \d+s\)", r"errors 0.104 > \1 (1731 requests, 20s)", text)
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def with_one_commit(text: str) -> str:
    """The text with the same digits for each commit: one in a thousand is abbreviated to letters alone."""
    return re.sub(r"\b[0-9a-f]{7,40}\b", "1c0ffee", text)


def shown_target(match: re.Match[str]) -> str:
    return f"/srv/deploy.git {match[1]}{match[2] or ''}{' ' + match[4] if match[4] else ''}"


def replayed(text: str, root: Path, programs: Path) -> Iterator[tuple[re.Match[str], str]]:
    """Does what a page says from its top: each console block with what it prints now."""
    folder = Folder(root, root, programs)
    for block in BLOCK.finditer(text):
        if block["file"]:
            file = folder.place / block["file"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block["spec"], encoding="utf-8")
        elif block["hidden"]:
            result, folder = folder.run(f"set -e\n{block['hidden']}")
            assert not result, result
        else:
            printed = []
            for command in COMMAND.finditer(block["session"]):
                result, folder = folder.run(command["words"])
                printed.append(f"$ {command['words']}\n{same_on_every_run(result)}")
            yield block, "".join(printed)
