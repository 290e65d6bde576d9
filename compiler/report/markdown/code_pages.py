"""A page for each code that Shipway can print, and the page that lists them by stage."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from compiler.explanations.catalog import explanations
from compiler.explanations.explanation import Explanation
from compiler.explanations.stages import CHAPTERS

FOLDER: Final = "reference/codes"
INDEX_HEAD: Final = """\
# Every code

An error, a warning or a verdict carries a code in brackets: `error[course-soaking]`. Each code has a page
with its meaning, the way to fix it, and the source of the rule. `shipway explain CODE` prints the same text.
"""


SESSION: Final = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
FINDING: Final = re.compile(r"^(?:error|warning)\[([\w-]+)\]: .*?(?=^\s*$|^\$ |\Z)", re.DOTALL | re.MULTILINE)


class Example(NamedTuple):
    """What a command printed of a code, and the path of the page that has the session; empty where none has."""

    printed: str
    page: str


def code_examples(pages: Mapping[str, str]) -> dict[str, Example]:
    """By code, the first finding that a session of the pages shows."""
    examples: dict[str, Example] = {}
    for path, text in pages.items():
        for session in SESSION.finditer(text):
            for finding in FINDING.finditer(session[1]):
                examples.setdefault(finding[1], Example(finding[0], path))
    return examples


def code_pages(written: Mapping[str, str], recorded: Mapping[str, str]) -> dict[str, str]:
    """Markdown by path below the documentation's folder: the list, and a page for each code.

    `written` are the pages by hand, whose sessions have examples; `recorded` has those of other codes.
    """
    examples = {code: Example(printed, "") for code, printed in recorded.items()} | code_examples(written)
    pages = {f"{FOLDER}/{code}.md": code_page(code, each, examples.get(code)) for code, each in explanations().items()}
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


def code_page(code: str, each: Explanation, example: Example | None) -> str:
    return (
        f"# {code}\n\n**{prose(each.title)}.**\n\n{prose(each.meaning)}\n\n## How to fix it\n\n{prose(each.fix)}\n\n"
        + (example_section(example) if example else "")
        + f"## Source of the rule\n\n{prose(each.source)}\n\n"
        f"In a terminal: `shipway explain {code}`. [Every code](index.md).\n"
    )


def example_section(example: Example) -> str:
    origin = f"[Where it comes from](../../{example.page})\n\n" if example.page else ""
    return f"## Example\n\n```text\n{example.printed}```\n\n{origin}"


def in_cell(text: str) -> str:
    return prose(text).replace("|", "\\|")


def prose(text: str) -> str:
    """A text as Markdown: outside of backticks, what would make tags or emphasis stands as it is written."""
    parts = text.split("`")
    parts[::2] = [outside.replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_") for outside in parts[::2]]
    return "`".join(parts)
