"""What a course that is under way does not allow, and what the answer offers instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.shop import NEW, Shop
from tests.git.helpers import git

START = ("--version", "1.1.0", "--digest", NEW)


def refusal(shop: Shop, *words: str) -> str:
    result = shop.run(*words)
    assert result.status == 1
    assert "help: " in result.err
    return result.err


def test_steps_come_in_their_order(shop: Shop) -> None:
    shop.do("start", "prod/swap", *START)
    early = refusal(shop, "finish", "prod/swap")
    assert "course-not-done" in early and "shipway advance prod/swap" in early
    shop.do("advance", "prod/swap", "--to", "switch")
    late = refusal(shop, "advance", "prod/swap")
    assert "course-needs-finish" in late and "shipway finish prod/swap" in late


@pytest.mark.parametrize("name", ["roll", "swap", "drip", "both"])
def test_without_a_course_the_commands_that_lead_back_name_the_release(shop: Shop, name: str) -> None:
    message = refusal(shop, "abort", f"prod/{name}")
    assert f"`shipway history prod/{name}`" in message
    assert f"`shipway rollback prod/{name} --to REV`" in message


def test_what_comes_first_names_the_release(shop: Shop) -> None:
    for name, change in (("drip", "minor"), ("both", "major")):
        shop.do("start", f"prod/{name}", *START, "--change", change)
    shop.publish("prod")
    other = ("--version", "1.2.0", "--digest", NEW)
    assert "`shipway abort prod/drip`" in refusal(shop, "start", "prod/drip", *other)
    shop.do("abort", "prod/both")
    assert "`shipway finish prod/both`" in refusal(shop, "start", "prod/both", *other)


def test_an_unknown_step_gets_a_guess(shop: Shop) -> None:
    shop.do("start", "prod/swap", *START)
    assert "did you mean `switch`?" in refusal(shop, "advance", "prod/swap", "--to", "swich")
    assert "the later steps are: switch" in refusal(shop, "advance", "prod/swap", "--to", "75")


def test_an_aborted_version_may_be_started_again(shop: Shop) -> None:
    shop.do("start", "prod/drip", *START)
    shop.do("abort", "prod/drip")
    shop.do("start", "prod/drip", *START)
    assert "aborted" not in shop.text("prod/drip.yaml")


def test_an_aborted_version_path_is_removed_before_another_starts(shop: Shop) -> None:
    shop.do("start", "prod/both", *START, "--change", "major")
    shop.do("abort", "prod/both")
    assert "v2 is aborted" in refusal(shop, "start", "prod/both", "--version", "1.2.0", "--digest", NEW)
    shop.do("finish", "prod/both")
    shop.do("start", "prod/both", "--version", "1.2.0", "--digest", NEW)
    assert 'v1: {version: "1.2.0"' in shop.text("prod/both.yaml")


def test_members_that_stand_apart_do_not_move(shop: Shop) -> None:
    shop.do("start", "prod/pair", "--member", f"api=1.1.0@{NEW}")
    text = shop.text("prod/web.yaml")
    shop.put("prod/web.yaml", "".join(line for line in text.splitlines(True) if "green" not in line))
    message = refusal(shop, "advance", "prod/pair")
    assert "course-apart" in message and "web released, api started" in message
    assert "web released, api started" in shop.do("status", "prod/pair").out


def test_a_group_without_a_course(shop: Shop) -> None:
    assert "shipway start prod/pair --member web=VERSION@DIGEST" in refusal(shop, "advance", "prod/pair")
    assert "rollback-no-history" in refusal(shop, "rollback", "prod/pair")
    assert "rollback-unknown" in refusal(shop, "rollback", "prod/pair", "--to", "1.0.0")


def test_a_revision_without_the_file(shop: Shop) -> None:
    file = shop.root / "environments/prod/swap.yaml"
    text = file.read_text()
    file.unlink()
    shop.commit("without")
    file.write_text(text)
    shop.commit("again")
    assert "did not exist in" in refusal(shop, "rollback", "prod/swap", "--to", "HEAD~1")


def test_history_with_specs_that_no_longer_read_is_passed_over(shop: Shop) -> None:
    text = shop.text("prod/swap.yaml")
    for broken in (
        "a: [",
        "spec: 3",
        text.replace("blueGreen", "greenBlue"),
        text.replace("active: blue", "active: 3"),
    ):
        shop.put("prod/swap.yaml", broken)
        shop.commit("broken")
    shop.put("prod/swap.yaml", text)
    shop.commit("fixed")
    for words in (("start", "prod/swap", *START), ("advance", "prod/swap"), ("finish", "prod/swap")):
        shop.do(*words)
        shop.commit("step")
    shop.do("rollback", "prod/swap", "--to", "1.0.0")
    assert 'blue: {version: "1.0.0"' in shop.text("prod/swap.yaml")


def test_a_group_is_promoted_as_one(shop: Shop) -> None:
    for name in ("web", "api", "pair"):
        text = shop.text(f"prod/{name}.yaml").replace("{host: web.example.com}", "{path: /}")
        shop.put(f"lab/{name}.yaml", text.replace("1.0.0", "1.1.0"))
    result = shop.do("promote", "pair", "--from", "lab", "--to", "prod", "--dry-run", "--change", "minor")
    assert "environments/prod/web.yaml" in result.out and "environments/prod/api.yaml" in result.out
    assert "next: shipway promote pair --from lab --to prod --change minor -C" in result.err
    shop.do("promote", "pair", "--from", "lab", "--to", "prod")
    assert all('green: {version: "1.1.0"' in shop.text(f"prod/{name}.yaml") for name in ("web", "api"))


def test_a_merge_under_way_keeps_the_commit_back(shop: Shop, tmp_path: Path) -> None:
    head = git(shop.root, "rev-parse", "HEAD")
    (shop.root / ".git/MERGE_HEAD").write_text(f"{head}\n")
    message = refusal(shop, "start", "prod/swap", *START, "--commit")
    assert "commit-refused" in message
    assert "the edit is in the file" in message


def test_views_of_what_was_never_published(shop: Shop) -> None:
    assert "nothing was published yet" in shop.do("history").out
    assert "nothing was published yet" in refusal(shop, "history", "prod", "--diff", "HEAD")
    assert "name the environment" in refusal(shop, "history", "--diff", "HEAD")
    assert "unknown-release" in refusal(shop, "status", "prod/nothing")
    assert "unknown-release" in refusal(shop, "history", "prod/nothing")


def test_a_start_from_steps_that_may_not_be_synced_says_how_to_confirm_them(shop: Shop) -> None:
    shop.publish("prod")
    shop.do("start", "prod/drip", *START)
    for verb, *now in (("advance",), ("advance", "--now"), ("finish",)):
        shop.publish("prod")
        shop.do(verb, "prod/drip", *now)
    shop.publish("prod")
    shop.do("start", "prod/drip", "--version", "1.2.0", "--digest", NEW)
    plan = shop.run("plan", "prod")
    assert plan.status == 1
    assert "goes straight here from" in plan.out and "`shipway confirm prod`" in " ".join(plan.out.split())
    assert "next: shipway explain capacity-dip" in plan.err
    shop.do("confirm", "prod")
    shop.do("plan", "prod")
