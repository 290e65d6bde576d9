"""The word that a user probably meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.support.suggest import did_you_mean, edits

FIELDS = ["replicas", "strategy", "expose", "blueGreen", "canary", "host", "path", "env", "cpu", "maxSurge"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("replcias", "replicas"),
        ("replica", "replicas"),
        ("blue-green", "blueGreen"),
        ("BLUEGREEN", "blueGreen"),
        ("max_surge", "maxSurge"),
        ("hots", "host"),
        ("envs", "env"),
        ("gpu", "cpu"),
        ("stratgey", "strategy"),
        ("zzz", None),
        ("volumes", None),
        ("x", None),
        ("", None),
        ("x" * 10_000, None),
        ("host", None),
    ],
)
def test_slips_are_corrected_and_other_words_left_alone(word: str, meant: str | None) -> None:
    assert did_you_mean(word, FIELDS) == meant


def test_the_nearest_wins_and_the_first_of_equals() -> None:
    assert did_you_mean("canaryy", ["canarz", "canary"]) == "canary"
    assert did_you_mean("cat", ["bat", "hat"]) == "bat"


@given(st.text("abc", max_size=8), st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_edits_measure_a_distance(one: str, other: str, third: str) -> None:
    assert edits(one, other) == edits(other, one)
    assert (edits(one, other) == 0) == (one == other)
    assert abs(len(one) - len(other)) <= edits(one, other) <= max(len(one), len(other))
    assert edits(one + third, other + third) <= edits(one, other)


def test_a_swap_of_neighbors_is_one_edit() -> None:
    assert edits("ab", "ba") == 1
    assert edits("replcias", "replicas") == 1
