"""A verb goes through the compiler once: what it decides from is lowered, and the edited specs are compiled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from compiler import pipeline
from tests.cli.shop import NEW, Shop

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


def test_specs_that_are_wrong_only_together_are_found_before_anything_is_written(shop: Shop) -> None:
    shop.put("prod/twin.yaml", shop.text("prod/swap.yaml").replace("{name: swap}", "{name: twin}"))
    before = shop.text("prod/swap.yaml")
    result = shop.run("start", "prod/swap", *START)
    assert result.status == 1
    assert "the edited spec would not compile; nothing was written" in result.err
    assert shop.text("prod/swap.yaml") == before
