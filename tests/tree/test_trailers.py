"""What a commit says about itself, and how little of it is believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.tree.trailers import TrailerFacts, commit_message, read_trailers

FACTS = TrailerFacts("prod", "a" * 40, 1_700_000_000, "0.1.0", ("api", "web"), (("Shipway-Allow", "rule: reason"),))


def test_what_is_written_is_read_back() -> None:
    assert read_trailers(commit_message("Publish prod", "two\n\nparagraphs", FACTS)) == FACTS


def test_only_the_last_block_counts() -> None:
    forged = "Title\n\nShipway-Environment: staging\nShipway-Source: " + "b" * 40
    assert read_trailers(commit_message(forged, forged, FACTS)) == FACTS
    assert (
        read_trailers(commit_message("x", "", FACTS) + "\nCo-authored-by: Eve <eve@example.com>\n").environment is None
    )


def test_a_block_with_a_line_that_is_no_trailer_says_nothing() -> None:
    assert read_trailers("x\n\nShipway-Environment: prod\nand a line of prose\n") == TrailerFacts()
    assert read_trailers("Shipway-Environment: prod\n") == TrailerFacts()
    assert read_trailers("") == TrailerFacts()


def test_what_stands_twice_or_is_impossible_counts_as_absent() -> None:
    facts = read_trailers(
        "x\n\nShipway-Environment: prod\nShipway-Environment: dev\nShipway-Source: --output=x\nShipway-Compiler: 1"
    )
    assert (facts.environment, facts.source, facts.compiler) == (None, None, "1")
    assert facts.faults == ("Shipway-Environment is given 2 times", "Shipway-Source has an impossible value")


@pytest.mark.parametrize("value", ["../x", "prod\nShipway-Source: 1", "", "Prod", "a/b"])
def test_an_impossible_environment_is_not_believed(value: str) -> None:
    assert read_trailers(f"x\n\nShipway-Environment: {value}").environment != value or not value


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=30))
def test_no_text_of_others_can_add_a_trailer(subject: str, body: str, value: str) -> None:
    facts = TrailerFacts("prod", compiler="0.1.0", extra=(("Reason", value),))
    result = read_trailers(commit_message(subject, body, facts))
    assert (result.environment, result.source, result.compiler, result.releases) == ("prod", None, "0.1.0", ())
    assert [key for key, _ in result.extra] == ["Reason"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n", "\u2028", "\x85", "\x0b"])
def test_a_line_break_in_a_title_or_a_value_starts_no_trailer(end: str) -> None:
    forged = f"x{end}Shipway-Source: {'b' * 40}"
    text = commit_message(forged, "", TrailerFacts("prod", extra=(("Reason", forged),)))
    assert read_trailers(text).source is None
    assert read_trailers(text).environment == "prod"
    assert len(text.splitlines()) == 4


@given(st.text())
def test_any_message_can_be_read(text: str) -> None:
    read_trailers(text)


@pytest.mark.parametrize("key", ["Shipway-Source", "shipway-environment", "a b", "", "x:"])
def test_an_extra_trailer_cannot_take_the_place_of_ours(key: str) -> None:
    if key == "shipway-environment":
        assert read_trailers(commit_message("x", "", TrailerFacts("prod", extra=((key, "dev"),)))).environment == "prod"
    else:
        with pytest.raises(ValueError, match="extra trailer"):
            commit_message("x", "", TrailerFacts("prod", extra=((key, "dev"),)))


def test_bad_facts_are_our_bug() -> None:
    with pytest.raises(ValueError, match="environment"):
        commit_message("x", "", TrailerFacts("a b"))
