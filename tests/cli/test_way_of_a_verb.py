"""A verb goes through the compiler once: it decides from what is lowered, and compiles what it edits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from compiler import pipeline
from tests.cli.shop import NEW, Shop
from tests.pipeline.calls import entered_functions

START = ("--version", "1.1.0", "--digest", NEW)


def counted(calls: Counter[str], name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def count(*args: Any) -> Any:
        calls[name] += 1
        return function(*args)

    return count


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ([], ["start", "prod/swap", *START]),
        (["start", "prod/swap", *START], ["advance", "prod/swap"]),
        (["start", "prod/swap", *START], ["abort", "prod/swap"]),
    ],
)
def test_objects_are_made_once_for_one_edit(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, before: list[str], words: list[str]
) -> None:
    if before:
        shop.do(*before)
    calls: Counter[str] = Counter()
    for name in ("compile_documents", "assemble_release", "validate_release"):
        monkeypatch.setattr(pipeline, name, counted(calls, name, getattr(pipeline, name)))
    shop.do(*words)
    releases = len(list((shop.root / "environments/prod").glob("*.yaml"))) - len(("environment", "pair"))
    assert calls == {"compile_documents": 1, "assemble_release": releases, "validate_release": releases}


WAY = {
    "read_sources": "source",
    "read_documents": "spec",
    "check_documents": "rules",
    "lower": "strategies",
    "exposures_of": "traffic",
    "advance_move": "course",
    "set_value": "edit",
    "check_together": "rules",
    "assemble_release": "assemble",
    "validate_release": "validate",
}
"""The picture of a verb's way in ARCHITECTURE.md: where each stage is entered, and its folder."""
BESIDE = {"cli", "diagnostics", "model", "support", "pipeline.py"}
"""What every command goes through."""
ASKED = {"plan": "freezes and previews", "report": "the difference that is shown", "tree": "how YAML writes a value"}


def test_a_verb_goes_the_way_of_its_picture_and_through_nothing_else(shop: Shop) -> None:
    shop.do("start", "prod/swap", *START)
    entered = entered_functions(lambda: shop.do("advance", "prod/swap"))
    assert list(dict.fromkeys(name for _, name in entered if name in WAY)) == list(WAY)
    assert {name: folder for folder, name in reversed(entered) if name in WAY} == WAY
    assert {folder for folder, _ in entered} - ASKED.keys() == {*WAY.values(), *BESIDE}


def test_what_is_not_edited_is_read_checked_and_lowered_once(shop: Shop) -> None:
    shop.do("start", "prod/swap", *START)
    functions = Counter(name for _, name in entered_functions(lambda: shop.do("advance", "prod/swap")))
    releases = len(list((shop.root / "environments/prod").glob("*.yaml"))) - len(("environment", "pair"))
    once = {"read_environment_document": 1, "read_group": 1, "check_together": 1, "assemble_release": releases}
    edited_twice = dict.fromkeys(("read_release", "release_problems", "compile_release"), releases + 1)
    assert {name: functions[name] for name in once | edited_twice} == once | edited_twice


def test_specs_that_are_wrong_only_together_are_found_before_anything_is_written(shop: Shop) -> None:
    shop.put("prod/twin.yaml", shop.text("prod/swap.yaml").replace("{name: swap}", "{name: twin}"))
    before = shop.text("prod/swap.yaml")
    result = shop.run("start", "prod/swap", *START)
    assert result.status == 1
    assert "the edited spec would not compile; nothing was written" in result.err
    assert shop.text("prod/swap.yaml") == before
