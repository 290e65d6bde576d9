"""The plans that a pull request's own run made: data of its author, so bounded and checked, and never run."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import Final

from compiler.diagnostics.model import Rejected
from compiler.forge.refusals import forge_rejection
from compiler.report.markdown.references import PAUSE, part_references

MAX_PLAN_CHARACTERS: Final = 64_000
MAX_COMMENT_CHARACTERS: Final = 65_000
_MAX_PLANS: Final = 100
_NAME: Final = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)\.md")
# what `shipway plan` writes itself; any other character reference could hide a sign that begins a mention
_ENTITY: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|#x27|#34|#39|#124);)(?=[#\w])")
# a plan has no links, no images and no elements but these: whatever else would be one is not from `shipway plan`
_LINK: Final = re.compile(
    r"(\](?=[(:\[])|<(?!/?(?:details|summary|code|sub|br/?)>|!-- )(?=[A-Za-z/!?]))", re.IGNORECASE
)
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def read_plans(folder: Path) -> dict[str, str]:
    """The plan of each environment as Markdown, without its marker, in order of name.

    Raises Rejected for a folder that cannot be read, and for a file that no `shipway plan` wrote.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".md")
    except OSError as error:
        help_text = "name the folder that contains the unpacked artifact"
        raise forge_rejection(
            "artefact-unreadable", f"{folder}: {(error.strerror or str(error)).lower()}", help_text
        ) from None
    if len(paths) > _MAX_PLANS:
        raise forge_rejection("artefact-size", f"{folder} holds {len(paths)} plans", f"upload at most {_MAX_PLANS}")
    return dict(_plan_file(path) for path in paths)


def _plan_file(path: Path) -> tuple[str, str]:
    named = _NAME.fullmatch(path.name)
    if not named:
        raise forge_rejection(
            "artefact-name", f"{path.name!r} is not the plan of an environment", "name it `ENVIRONMENT.md`"
        )
    environment = named[1]
    first, _, rest = _plan_text(path).partition("\n")
    if first != comment_marker(environment):
        help_text = "upload what `shipway plan --format md` wrote"
        raise forge_rejection(
            "artefact-marker", f"{path.name} does not start with {comment_marker(environment)}", help_text
        )
    harmless = without_mentions(rest)
    if len(harmless) > MAX_COMMENT_CHARACTERS:
        raise _too_long(path, MAX_COMMENT_CHARACTERS)
    return environment, harmless


def _plan_text(path: Path) -> str:
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise _unreadable_plan(path, "is not a regular file")
        with path.open("rb") as file:
            raw = file.read(4 * MAX_PLAN_CHARACTERS + 1)
    except OSError as error:
        raise _unreadable_plan(path, (error.strerror or str(error)).lower()) from None
    text = raw.decode("utf-8", "replace")
    if len(text) > MAX_PLAN_CHARACTERS:
        raise _too_long(path, MAX_PLAN_CHARACTERS)
    return text


def _too_long(path: Path, most: int) -> Rejected:
    return forge_rejection("artefact-size", f"{path.name} is longer than {most} characters", "plan with --limit 64000")


def _unreadable_plan(path: Path, why: str) -> Rejected:
    return forge_rejection("artefact-unreadable", f"{path.name}: {why}", "upload what `shipway plan` wrote")


def comment_marker(environment: str) -> str:
    """The hidden first line by which a comment is found again."""
    return f"<!-- shipway:{environment} -->"


def without_mentions(text: str) -> str:
    """The text with nobody notified, nothing referred to, no link, no command of a forge, and nothing hidden.

    Its author chose the Markdown too, and what is code differs between forges: so code is not spared.
    """
    visible = _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)
    unlinked = _LINK.sub(rf"\1{PAUSE}", _ENTITY.sub("&amp;", visible))
    return part_references(unlinked)
