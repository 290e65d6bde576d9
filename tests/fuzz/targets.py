"""The doors that are fuzzed: how an input is made, what is run on it, and what it must hold."""

from __future__ import annotations

import contextlib
import io
import json
import random
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from compiler.cli.main import main
from compiler.diagnostics.model import Rejected
from compiler.explanations.catalog import explanations
from compiler.forge.artifact import read_plans
from tests.fuzz.mutation import edited_data, edited_text

ROOT: Final = Path(__file__).parents[2]
COMMENT_WORDS: Final = (
    *("@ada", "@acme/team", "&#64;ada", "&commat;ada", "\\@ada", "<!-- x -->", "<b>", "[x](http://y)", "word"),
    *("`", "```", "~~~", "|", "\n", " ", "- ", "> ", "# "),
)
ENVIRONMENT: Final = """\
apiVersion: shipway.dev/v1
kind: Environment
metadata: {name: live}
spec: {namespace: app, kubernetes: "1.34", traffic: {service: {}}}
"""
Input = Mapping[str, str]
"""the text of each file, by its path"""


@dataclass(frozen=True)
class Target:
    """`make` gives the input of one run; `fault` what is wrong with the product on it, or None."""

    make: Callable[[random.Random], Input]
    fault: Callable[[Path], str | None]


@cache
def small_environments() -> tuple[dict[str, str], ...]:
    """Each release of the repository's own environments and of the boutique's, with its environment and the bases."""
    return tuple(
        texts_of(root, [*(root / "environments" / "bases").glob("*.yaml"), environment, release])
        for root in (ROOT, ROOT / "tests" / "boutique")
        for environment in sorted((root / "environments").glob("*/environment.yaml"))
        for release in sorted(environment.parent.glob("*.yaml"))
        if release != environment
    )


def texts_of(root: Path, files: Sequence[Path]) -> dict[str, str]:
    return {file.relative_to(root).as_posix(): file.read_text() for file in files}


@cache
def transition_cases() -> tuple[dict[str, str], ...]:
    """Both sides of each case of the verifier."""
    folder = ROOT / "tests" / "transition" / "cases"
    return tuple(
        texts_of(case, [*(case / "from").glob("*.yaml"), *(case / "to").glob("*.yaml")])
        for case in sorted(folder.iterdir())
        if case.is_dir()
    )


def changed_file(files: dict[str, str], chance: random.Random) -> Input:
    """The files with one of them edited: by its characters once in four times, else by its data."""
    name = chance.choice(sorted(files))
    edit = edited_text if chance.random() < 0.25 else edited_data
    return files | {name: edit(files[name], chance)}


def make_specs(chance: random.Random) -> Input:
    return changed_file(chance.choice(small_environments()), chance)


def make_pair(chance: random.Random) -> Input:
    files = chance.choice(transition_cases())
    for _ in range(chance.randint(1, 2)):
        files = dict(changed_file(files, chance))
    return files


@cache
def running_manifests() -> tuple[dict[str, str], ...]:
    """What runs before it is adopted."""
    folder = ROOT / "tests" / "adopt" / "inputs"
    return tuple(texts_of(folder, [file]) for file in sorted(folder.glob("*.yaml")))


def make_running(chance: random.Random) -> Input:
    files = dict(changed_file(chance.choice(running_manifests()), chance))
    ((_, text),) = files.items()
    return {"running/all.yaml": text, "environments/live/environment.yaml": ENVIRONMENT}


def make_comment(chance: random.Random) -> Input:
    text = "".join(chance.choice(COMMENT_WORDS) for _ in range(chance.randint(1, 60)))
    return {"prod.md": f"<!-- shipway:prod -->\n{edited_text(text, chance)}"}


def ended(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(arguments)
    return status, out.getvalue(), err.getvalue()


@cache
def known_codes() -> frozenset[str]:
    return frozenset(explanations())


def fault_of_run(status: int, out: str, err: str) -> str | None:
    """A crash, output that is not JSON, or a finding without an explanation."""
    if status not in (0, 1, 2):
        return f"exit status {status}: {err[:300]}"
    if "\x1b" in out + err:
        return "a control character reaches the terminal"
    data = json.loads(out) if out else {}
    unknown = {each["code"] for each in data.get("diagnostics", data.get("findings", []))} - known_codes()
    return f"codes without an explanation: {sorted(unknown)}" if unknown else None


def fault_of_check(folder: Path) -> str | None:
    return fault_of_run(*ended("-C", str(folder), "check", "--format", "json"))


def fault_of_verify(folder: Path) -> str | None:
    for side in ("from", "to"):
        (folder / side).mkdir(exist_ok=True)
    return fault_of_run(*ended("verify", str(folder / "from"), str(folder / "to"), "--format", "json"))


def fault_of_adopt(folder: Path) -> str | None:
    arguments = ("adopt", str(folder / "running"), "--into", "live", "--dry-run", "--format", "json")
    status, out, err = ended("-C", str(folder), *arguments)
    return fault_of_run(status, out if status == 0 else "", err)


def fault_of_comment(folder: Path) -> str | None:
    """Whether a plan that a stranger wrote mentions somebody, or cannot be read without a crash."""
    try:
        plans = read_plans(folder)
    except Rejected:
        return None
    from markdown_it import MarkdownIt  # noqa: PLC0415 - this target alone needs it

    for text in plans.values():
        for token in MarkdownIt("gfm-like", {"linkify": False}).parse(text):
            for child in token.children or ():
                if child.type == "text" and _mentions(child.content):
                    return f"mentions somebody: {child.content[:100]!r}"
    return None


def _mentions(text: str) -> bool:
    before = " "
    for index, character in enumerate(text):
        if character == "@" and not (before.isalnum() or before == "`") and text[index + 1 : index + 2].isalnum():
            return text[index + 1].isascii()
        before = character
    return False


def write_input(folder: Path, files: Input) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))


TARGETS: Final[Mapping[str, Target]] = {
    "specs": Target(make_specs, fault_of_check),
    "pairs": Target(make_pair, fault_of_verify),
    "adopt": Target(make_running, fault_of_adopt),
    "comments": Target(make_comment, fault_of_comment),
}
