"""Two versions of a file, line beside line; and a picture's shapes, which tile."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest

from compiler.model.verdict import PodCounts
from compiler.report.html.page_data import embedded
from compiler.report.line_diff import DiffRow, diff_rows, unified_lines
from compiler.report.story import pods_text, serving_text
from compiler.report.svg.picture import BAR, PODS_TOP, TRAFFIC, TRAFFIC_TOP, Column, Picture, draw_columns, tones_of


def text(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


NUMBERS = [str(n) for n in range(1, 41)]


def rebuilt(rows: tuple[DiffRow, ...], before: list[str], after: list[str]) -> Iterator[bool]:
    """Whether each row quotes the lines that it numbers, and gaps count exactly what is left out."""
    old = new = 1
    for row in rows:
        if row.tag == "gap":
            yield before[old - 1 : old - 1 + row.skipped] == after[new - 1 : new - 1 + row.skipped]
            old, new = old + row.skipped, new + row.skipped
            continue
        if row.old is not None:
            yield (row.old, before[row.old - 1]) == (old, row.before)
            old += 1
        if row.new is not None:
            yield (row.new, after[row.new - 1]) == (new, row.after)
            new += 1
    yield (old, new) == (len(before) + 1, len(after) + 1)


def test_a_line_that_changes_stands_among_three_others() -> None:
    after = [*NUMBERS[:19], "twenty", *NUMBERS[20:]]
    result = diff_rows(text(*NUMBERS), text(*after))
    assert [row.tag for row in result] == ["gap", *["equal"] * 3, "change", *["equal"] * 3, "gap"]
    assert list(unified_lines(result)) == [
        "@@ 16 lines @@", " 17", " 18", " 19", "-20", "+twenty", " 21", " 22", " 23", "@@ 17 lines @@",
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(300))
def test_rows_always_tell_the_truth(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - cases, not secrets
    before = [chance.choice("abcdefgh") for _ in range(chance.randrange(1, 40))]
    after = list(before)
    for _ in range(chance.randrange(0, 6)):
        place = chance.randrange(0, len(after) + 1)
        after[place : place + chance.randrange(0, 3)] = [chance.choice("abxyz") for _ in range(chance.randrange(0, 3))]
    if after:
        assert all(rebuilt(diff_rows(text(*before), text(*after)), before, after))


def test_what_is_new_or_gone_as_a_whole() -> None:
    assert [row.tag for row in diff_rows(None, text("a", "b"))] == ["insert", "insert"]
    assert list(unified_lines(diff_rows(text("a"), None))) == ["-a"]
    assert diff_rows(None, None) == ()


def test_long_files_and_long_lines_are_cut_and_say_so() -> None:
    result = diff_rows(None, text(*NUMBERS), limit=10)
    assert (len(result), result[-1].tag, result[-1].skipped) == (11, "gap", 30)
    (line,) = diff_rows(None, text("x" * 300_000))
    assert line.after == "x" * 600 + "… (299,400 more characters)"


def test_files_that_share_nothing_take_no_time() -> None:
    old, new = [f"a{n}" for n in range(20_000)], [f"b{n}" for n in range(20_000)]
    start = time.process_time()
    assert diff_rows(text(*old), text(*new))
    assert time.process_time() - start < 1


@pytest.mark.parametrize("evil", ["</script>", "<!-- <script x", "</script x", "]]>", "&lt;", "\u2028"])
def test_data_in_a_page_cannot_end_its_element(evil: str) -> None:
    answer = embedded({"a": evil})
    assert "<" not in answer and ">" not in answer and "&" not in answer
    assert json.loads(answer) == {"a": evil}


def bars(picture: Picture, tops: range) -> list[tuple[float, float]]:
    actual = [shape.attributes for shape in picture.shapes if str(shape.attributes.get("class", "")).startswith("bar")]
    places = [(float(each["y"]), float(each["height"])) for each in actual]
    return sorted(place for place in places if place[0] in tops or int(place[0]) in tops)


def test_shares_tile_the_column() -> None:
    shares = {"stable": 62.5, "canary": 25.0, "third": 12.5}
    picture = draw_columns([Column("now", "", shares, {})], "x")
    result = bars(picture, range(TRAFFIC_TOP, TRAFFIC_TOP + TRAFFIC))
    assert [height for _, height in result] == [TRAFFIC * share / 100 for share in (12.5, 25, 62.5)]
    assert result[0][0] == TRAFFIC_TOP
    for (top, height), (following, _) in pairwise(result):
        assert top + height == pytest.approx(following)
    assert result[-1][0] + result[-1][1] == TRAFFIC_TOP + TRAFFIC


def test_pods_are_stacked_to_the_scale_of_the_fullest_state() -> None:
    picture = draw_columns([Column("a", "", {}, {"x": 2}), Column("b", "", {}, {"x": 2, "y": 6})], "x")
    heights = [height for _, height in bars(picture, range(PODS_TOP, PODS_TOP + 72))]
    assert sum(heights) == pytest.approx(56 * (2 + 8) / 8)


def test_no_two_tracks_have_one_tone_while_there_are_any() -> None:
    names = ["web-blue", "web-green", "api blue", "api green", "stable", "canary", "v1", "v2"]
    tones = tones_of(names)
    assert len(set(tones.values())) == len(names)
    assert (tones["web-blue"], tones["stable"]) == ("t0", "t2")
    assert tones_of(["nobody"]) == {"nobody": "lost"}


def test_bars_are_as_wide_as_their_column_leaves_them() -> None:
    picture = draw_columns([Column("a", "", {"x": 100.0}, {"x": 1})], "x")
    assert {shape.attributes["width"] for shape in picture.shapes if shape.attributes.get("class") == "bar t5"} == {BAR}


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ({"web-blue@1": 75.0, "web-green@1": 25.0}, "web-blue 75 %, web-green 25 %"),
        ({"web-green@2": 100.0}, "web-green (contract 2) 100 %"),
        ({"none@-": 100.0}, "nobody 100 %"),
        ({}, "no request is served"),
        ({"web@1": 0.0}, "no request is served"),
    ],
)
def test_who_serves_in_words(shares: dict[str, float], expected: str) -> None:
    assert serving_text(shares) == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (PodCounts(4, 2, 6), "6 ready (4 old, 2 new)"),
        (PodCounts(6, 0, 6), "6 ready"),
        (PodCounts(0, 2, 2), "2 ready (new)"),
        (PodCounts(0, 0, 0), "no pod ready"),
    ],
)
def test_pods_in_words(count: PodCounts, expected: str) -> None:
    assert pods_text(count) == expected
