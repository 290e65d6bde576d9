"""A page for each code that Shipway can print, and the page that lists them by stage."""

from __future__ import annotations

import importlib
from typing import Final

from compiler.explanations.catalog import explanations
from compiler.explanations.explanation import Explanation
from compiler.explanations.stages import CHAPTERS

FOLDER: Final = "reference/codes"
INDEX_HEAD: Final = """\
# Every code

An error, a warning or a verdict carries a code in brackets: `error[course-soaking]`. Each code has a page
with its meaning, the way to fix it, and the source of the rule. `shipway explain CODE` prints the same text.
"""


def code_pages() -> dict[str, str]:
    """Markdown by path below the documentation's folder: the list, and a page for each code."""
    pages = {f"{FOLDER}/{code}.md": code_page(code, each) for code, each in explanations().items()}
    return {f"{FOLDER}/index.md": code_index(), **pages}


def code_index() -> str:
    chapters = (stage_chapter(title, stage_codes(stage)) for stage, title in CHAPTERS.items())
    return "\n".join([INDEX_HEAD, *chapters])


def stage_codes(stage: str) -> dict[str, Explanation]:
    codes: dict[str, Explanation] = importlib.import_module(f"compiler.explanations.{stage}").CODES
    return dict(sorted(codes.items()))


def stage_chapter(title: str, codes: dict[str, Explanation]) -> str:
    rows = (f"| [`{code}`]({code}.md) | {in_cell(each.title)} |\n" for code, each in codes.items())
    return f"## {title}\n\n| code | meaning |\n|---|---|\n{''.join(rows)}"


def code_page(code: str, each: Explanation) -> str:
    return (
        f"# {code}\n\n**{prose(each.title)}.**\n\n{prose(each.meaning)}\n\n## How to fix it\n\n{prose(each.fix)}\n\n"
        f"## Source of the rule\n\n{prose(each.source)}\n\n"
        f"In a terminal: `shipway explain {code}`. [Every code](index.md).\n"
    )


def in_cell(text: str) -> str:
    return prose(text).replace("|", "\\|")


def prose(text: str) -> str:
    """A text as Markdown: outside of backticks, what would make tags or emphasis stands as it is written."""
    parts = text.split("`")
    parts[::2] = [outside.replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_") for outside in parts[::2]]
    return "`".join(parts)
