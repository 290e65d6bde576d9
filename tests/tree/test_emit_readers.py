"""Whatever a string holds, every reader gets it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.tree.yaml import emit

pytestmark = pytest.mark.e2e

Reader = Callable[[bytes], Any]
Nasty = Callable[[int], list[str]]

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
PLAIN_DATA = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def everywhere(texts: list[str]) -> dict[str, Any]:
    """The texts as values, items, keys, and at every mix of nesting."""
    nested = [[text, {text: [[text], {"deep": text}]}] for text in texts]
    return {"items-of-a-list": texts, "keys": {text: text for text in texts}, "nested": nested}


def test_nasty_strings_come_back_as_they_were(reader: Reader, nasty: Nasty) -> None:
    data = everywhere(nasty(400))
    assert reader(emit(data)) == data


@pytest.mark.slow
def test_a_hundred_thousand_nasty_strings_come_back_as_they_were(reader: Reader, nasty: Nasty) -> None:
    texts = nasty(100_000)
    for start in range(0, len(texts), 1000):
        data = everywhere(texts[start : start + 1000])
        assert reader(emit(data)) == data


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(TEXT, PLAIN_DATA, max_size=5))
def test_any_plain_data_comes_back_with_its_types(reader: Reader, data: dict[str, Any]) -> None:
    back = reader(emit(data))
    assert back == data
    assert repr(back) == repr(data)


@pytest.mark.parametrize("count", [2_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_kubectl_reads_nasty_strings_as_they_were(kubectl: Reader, nasty: Nasty, count: int) -> None:
    data = {f"k{index}": text for index, text in enumerate(nasty(count))}
    manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "data": data}
    assert kubectl(emit(manifest))["data"] == data
