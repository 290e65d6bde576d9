"""One word is one thing: what a module defines, and the words that the code is written in."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
COMPILER: Final = ROOT / "compiler"
MODULES: Final = sorted(COMPILER.rglob("*.py"))
TESTS: Final = [path for path in sorted((ROOT / "tests").rglob("*.py")) if path != Path(__file__)]

PROTOCOLS: Final = {
    "run": "a command",
    "arguments": "a command",
    "check": "a strategy, a provider",
    "lower": "a strategy",
    "position": "a strategy",
    "start": "a strategy",
    "ahead": "a strategy",
    "abort": "a strategy",
    "tracks": "a strategy",
    "tracks_of": "a strategy",
    "peak": "a strategy",
    "watched": "a strategy",
    "render": "a provider",
    "services_of": "a provider",
    "backends_of": "a provider",
    "secrets_of": "a provider",
    "breaches": "a property of a transition",
    "during": "a controller",
}
"""Names that each module of a registry defines, for they are how the registry calls it."""

IDIOM: Final = frozenset(
    [
        "Desk",
        "Wish",
        "deeds",
        "strangers",
        "mend",
        "mended",
        "said",
        "told",
        "Walls",
        "walls",
        "fences",
        "Shelf",
        "shelf",
        "owed",
        "astray",
        "companions",
        "amounts",
        "standings",
        "carrying_out",
        "hindrances",
        "witness",
        "found",
        "incoming",
    ]
)
"""Words of nobody's field, as whole parts of a name."""

IDIOM_IN_TEXTS: Final = re.compile(
    r"\b(Desk|Wish|deeds|strangers|mend(s|ed)?|Shelf|owed|astray|companions|standings|hindrances)\b"
)
"""Of these words, those that no comment, docstring or message needs either."""

BRITISH: Final = re.compile(
    r"\b[\w-]*(colour|behaviour|neighbour|artefact(?!-)|honour|favour|licence|centre\b|cancell|modell|labell|travell"
    r"|catalogue|judgement|whilst|amongst|defence|offence|(initial|normal|serial|optim|organ|recogn|summar|util|minim"
    r"|maxim|quant|general|special|custom|final|character|standard|synchron|author)is(e|ed|es|ing|ation)\b)[\w-]*",
    re.I,
)
PUBLISHED_CODES: Final = frozenset({"repository-unauthorised", "share-quantised"})
"""Users have these in their exceptions and pipelines."""


def definitions(module: Path) -> Iterator[str]:
    for node in ast.parse(module.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name


def names_in(module: Path) -> Iterator[str]:
    """Every name that the module binds."""
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def test_a_name_is_defined_in_one_module() -> None:
    places = defaultdict(list)
    for module in MODULES:
        for name in definitions(module):
            places[name].append(module.relative_to(COMPILER).as_posix())
    shared = {name: where for name, where in places.items() if len(set(where)) > 1}
    assert shared.keys() - PROTOCOLS.keys() == set(), shared
    assert PROTOCOLS.keys() - shared.keys() == set(), "these names are not shared any more"


def test_the_pipeline_is_the_only_loose_module() -> None:
    assert {path.name for path in COMPILER.glob("*.py")} == {"__init__.py", "pipeline.py"}


def test_few_imports_are_inside_functions() -> None:
    lazy = [line for module in MODULES for line in module.read_text().splitlines() if "PLC0415" in line]
    assert len(lazy) < 30


POINTERS: Final = re.compile(
    r"as above|\b[Ll]ikewise\b|(\"\"\"|# )[Tt]he same\b|\b(have|has) the same[.\"]|[.:] The same\b", re.M
)
"""Comments that make a reader look for what they mean."""


def shown_path(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def with_findings(modules: Iterable[Path], findings: Callable[[Path], list[str]]) -> dict[str, list[str]]:
    """The modules that have any, with what was found in them."""
    return {shown_path(module): wrong for module in modules if (wrong := findings(module))}


def matches(form: re.Pattern[str], but: frozenset[str] = frozenset()) -> Callable[[Path], list[str]]:
    return lambda module: [match[0] for match in form.finditer(module.read_text()) if match[0] not in but]


def idiom_of(module: Path) -> list[str]:
    # the name of a test is a sentence, in which something may well be found
    idiom = IDIOM - {"found"} if module.is_relative_to(ROOT / "tests") else IDIOM
    return [name for name in names_in(module) if idiom & {name, *name.strip("_").split("_")}]


def test_names_are_words_of_the_field() -> None:
    assert with_findings([*MODULES, *TESTS], idiom_of) == {}


def test_spelling_is_american() -> None:
    assert with_findings([*MODULES, *TESTS], matches(BRITISH, but=PUBLISHED_CODES)) == {}


def test_texts_are_written_in_words_of_the_field() -> None:
    assert with_findings([*MODULES, *TESTS], matches(IDIOM_IN_TEXTS)) == {}


def test_comments_say_what_they_mean() -> None:
    assert with_findings([*MODULES, *TESTS], matches(POINTERS)) == {}
