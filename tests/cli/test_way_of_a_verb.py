"""A verb goes through the compiler once: it decides from what is read, and compiles what it edits."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.cli.shop import NEW, Shop
from tests.pipeline.calls import entered_functions

START = ("--version", "1.1.0", "--digest", NEW)


STAGES = {
    "read_sources": "source",
    "read_documents": "spec",
    "ahead": "strategies",
    "set_value": "edit",
    "check_documents": "rules",
    "lower": "strategies",
    "exposures_of": "traffic",
    "check_together": "rules",
    "assemble_release": "assemble",
    "validate_release": "validate",
}
"""Where each stage is entered, and its folder."""
BEFORE = ["read_sources", "read_documents", "ahead"]
AFTER = [
    *("read_documents", "check_documents", "lower", "exposures_of", "check_together"),
    *("assemble_release", "validate_release"),
]
"""The picture of a verb's way in ARCHITECTURE.md, before and after its edit."""
BESIDE = {"cli", "course", "diagnostics", "model", "support", "pipeline.py"}
"""What every command goes through, and the verbs themselves."""
ASKED = {"plan": "freezes and previews", "report": "the difference that is shown", "tree": "how YAML writes a value"}
RULES_BEFORE_THE_EDIT = {"check_environments", "check_groups", "memberships", "expired_exceptions"}
"""No rule of a release: which environments and groups there are, and whether the policy lets a course go on."""
REGISTRIES = {"provider_models", "providers"}
EACH_ONCE = ("release_problems", "exposures_of", "check_routes", "assemble_release", "validate_release")
"""What each release goes through."""


def entered_before_and_after_the_edit(shop: Shop) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The functions that `advance` enters."""
    shop.do("start", "prod/swap", *START)
    entered = entered_functions(lambda: shop.do("advance", "prod/swap"))
    edit = entered.index(("edit", "set_value"))
    return entered[:edit], entered[edit:]


def stages_entered(entered: list[tuple[str, str]]) -> list[str]:
    return list(dict.fromkeys(name for folder, name in entered if STAGES.get(name) == folder))


def test_a_verb_goes_the_way_of_its_picture_and_through_nothing_else(shop: Shop) -> None:
    before, after = entered_before_and_after_the_edit(shop)
    first = [
        list(dict.fromkeys(name for folder, name in part if STAGES.get(name) == folder)) for part in (before, after)
    ]
    assert first == [BEFORE, ["set_value", *AFTER]]
    assert {folder for folder, _ in [*before, *after]} - ASKED.keys() == {*STAGES.values(), *BESIDE}


def test_a_step_is_decided_from_what_is_read(shop: Shop) -> None:
    before, _ = entered_before_and_after_the_edit(shop)
    assert not {"assemble", "validate", "report", "tree"} & {folder for folder, _ in before}
    assert {name for folder, name in before if folder == "traffic"} <= REGISTRIES
    checks = {name for folder, name in before if folder == "rules" and name.startswith(("check_", "release_"))}
    assert checks <= RULES_BEFORE_THE_EDIT
    assert not {"lower", "compile_release"} & {name for _, name in before}


START_SWAP = ["start", "prod/swap", *START]
START_PAIR = ["start", "prod/pair", "--member", f"web=1.1.0@{NEW}"]


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ([START_SWAP], ["advance", "prod/swap"]),
        ([START_PAIR], ["advance", "prod/pair"]),
        ([START_SWAP, ["advance", "prod/swap"]], ["finish", "prod/swap", "--now"]),
        ([START_SWAP], ["abort", "prod/swap"]),
        ([START_SWAP], ["rollback", "prod/swap"]),
    ],
    ids=["advance", "advance of a group", "finish", "abort", "rollback"],
)
def test_every_release_is_checked_and_made_once(shop: Shop, before: list[list[str]], words: list[str]) -> None:
    for each in before:
        shop.do(*each)
    shop.commit()
    entered = Counter(name for _, name in entered_functions(lambda: shop.do(*words)))
    releases = len(list((shop.root / "environments/prod").glob("*.yaml"))) - len(("environment", "pair"))
    assert {name: entered[name] for name in EACH_ONCE} == dict.fromkeys(EACH_ONCE, releases)
    assert (entered["check_documents"], entered["check_together"]) == (1, 1)


def test_start_compares_previews_and_checks_whom_it_promotes_from(shop: Shop) -> None:
    entered = Counter(name for _, name in entered_functions(lambda: shop.do(*START_SWAP)))
    releases = len(list((shop.root / "environments/prod").glob("*.yaml"))) - len(("environment", "pair"))
    assert (entered["assemble_release"], entered["validate_release"]) == (releases, releases)
    assert entered["release_problems"] == releases + len(["lab/pods"])
    assert entered["exposures_of"] == releases + len(["how swap was reached before"])


def test_only_what_is_edited_is_read_again(shop: Shop) -> None:
    shop.do("start", "prod/swap", *START)
    functions = Counter(name for folder, name in entered_functions(lambda: shop.do("advance", "prod/swap")))
    releases = len(list((shop.root / "environments/prod").glob("*.yaml"))) - len(("environment", "pair"))
    assert (functions["read_release"], functions["read_group"]) == (releases + 1, 1)


@pytest.mark.parametrize("words", [["advance", "prod/swap"], ["start", "prod/swap", *START], ["abort", "prod/roll"]])
def test_specs_that_are_wrong_as_they_stand_are_refused_as_that(shop: Shop, words: list[str]) -> None:
    wrong = shop.text("prod/drip.yaml").replace("steps: [10, {at: 50, pause: 30m}, 100]", "steps: [50, 10]")
    shop.put("prod/drip.yaml", wrong)
    result = shop.run(*words)
    assert result.status == 1
    assert "steps-not-growing" in result.err
    assert "edited" not in result.err
    assert "course-" not in result.err


def test_a_strategy_that_is_wrong_decides_no_step(shop: Shop) -> None:
    wrong = shop.text("prod/swap.yaml").replace("active: blue", "active: green")
    shop.put("prod/swap.yaml", wrong)
    result = shop.run("advance", "prod/swap")
    assert (result.status, result.err.count("error[")) == (1, 1), result.err


def test_a_group_whose_members_are_unknown_decides_no_step(shop: Shop) -> None:
    shop.put("prod/pair.yaml", shop.text("prod/pair.yaml").replace("[web, api]", "[web, apu]"))
    result = shop.run("advance", "prod/pair")
    assert result.status == 1
    assert "group-member-unknown" in result.err


def test_specs_that_are_wrong_only_together_are_found_before_anything_is_written(shop: Shop) -> None:
    shop.put("prod/twin.yaml", shop.text("prod/swap.yaml").replace("{name: swap}", "{name: twin}"))
    before = shop.text("prod/swap.yaml")
    result = shop.run("start", "prod/swap", *START)
    assert result.status == 1
    assert "the edited spec would be invalid; nothing was written" in result.err
    assert shop.text("prod/swap.yaml") == before
