"""Whatever manifests of others hold, the verifier answers: any leaf replaced by anything."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest

from compiler.transition import verify
from tests.transition.test_cases import CASES, NAMES, objects

NASTY: list[Any] = [None, "", [], {}, "x", "²", "9" * 30, "a/b", [None], 10**12, "-5%", -1, True, 1.5, [[]], {"a": {}}]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path[:1] != ("metadata",) or len(path) > 2:
        yield path
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from places(value[key], (*path, key))


def spoil(chosen: random.Random, obj: Any) -> None:
    found = [place for place in places(obj) if len(place) > 1]
    if not found:
        return
    path = chosen.choice(found)
    for part in path[:-1]:
        obj = obj[part]
    obj[path[-1]] = copy.deepcopy(chosen.choice(NASTY))


@pytest.mark.parametrize("seed", range(8))
def test_any_leaf_may_be_anything(seed: int) -> None:
    chosen = random.Random(seed)  # noqa: S311 - which leaf is spoilt is no secret
    for _ in range(80):
        folder = CASES / chosen.choice(NAMES)
        before, after = objects(folder / "from"), objects(folder / "to")
        for obj in chosen.sample([*before, *after], min(2, len(before) + len(after))):
            spoil(chosen, obj)
        assert verify(before, after).verdict in ("safe", "unsafe", "unknown")
