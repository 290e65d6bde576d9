"""The verifier's properties: one table each for the two things that are judged, and values that stay as they are."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest

from compiler.transition import properties
from compiler.transition.properties import BESIDE_OTHERS, OF_EACH_CLASS, OF_THE_CHANGE

FOLDER: Final = Path(str(properties.__file__)).parent
VERIFIER: Final = sorted(FOLDER.parent.rglob("*.py"))
CHANGING: Final = re.compile(r"(dict|list|set|defaultdict|deque|Counter|Mutable\w+)\b")


def asked_for(module: Any) -> tuple[str, ...]:
    return tuple(str(each.annotation) for each in inspect.signature(module.breaches).parameters.values())


@pytest.mark.parametrize(
    ("table", "subject"),
    [(OF_EACH_CLASS, "ServedClass"), (BESIDE_OTHERS, "ServedClass"), (OF_THE_CHANGE, "JudgedChange")],
    ids=["each class", "beside others", "the change"],
)
def test_a_table_has_one_signature(table: tuple[ModuleType, ...], subject: str) -> None:
    assert {asked_for(module) for module in table} == {(subject,)}
    assert {str(inspect.signature(module.breaches).return_annotation) for module in table} == {
        "Iterator[PropertyBreach]"
    }


def test_every_property_is_in_a_table() -> None:
    listed = {module.__name__.rpartition(".")[2] for module in (*OF_EACH_CLASS, *BESIDE_OTHERS, *OF_THE_CHANGE)}
    written = {file.stem for file in FOLDER.rglob("*.py") if re.search(r"^def breaches\(", file.read_text(), re.M)}
    assert written == listed


def frozen_classes(module: Path) -> Iterator[ast.ClassDef]:
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.ClassDef) and any("frozen=True" in ast.unparse(each) for each in node.decorator_list):
            yield node


def test_a_frozen_class_holds_nothing_that_changes() -> None:
    classes = [each for module in VERIFIER for each in frozen_classes(module)]
    assert len(classes) > 20
    fields = [field for each in classes for field in each.body if isinstance(field, ast.AnnAssign)]
    assert [ast.unparse(field) for field in fields if CHANGING.match(ast.unparse(field.annotation))] == []


def test_nothing_is_remembered_by_the_number_of_an_object() -> None:
    nodes = [(module.name, node) for module in VERIFIER for node in ast.walk(ast.parse(module.read_text()))]
    calls = [(name, node.func) for name, node in nodes if isinstance(node, ast.Call)]
    assert [name for name, called in calls if isinstance(called, ast.Name) and called.id == "id"] == []
