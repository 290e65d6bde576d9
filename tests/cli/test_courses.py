"""Whole courses by verbs only, on real repositories; each edit touches only the lines that it has to."""

from __future__ import annotations

import pytest

from tests.cli.shop import NEW, OLD, Shop
from tests.git.helpers import git

START = ("--version", "1.1.0", "--digest", NEW)


def test_blue_green(shop: Shop) -> None:
    shop.publish("prod")
    before = shop.text("prod/swap.yaml")
    assert shop.edit("start", "prod/swap", *START) == (
        set(),
        {f'green: {{version: "1.1.0", digest: "{NEW}", change: minor}}'},
    )
    shop.publish("prod")
    assert shop.edit("advance", "prod/swap") == ({"active: blue"}, {"active: green"})
    shop.publish("prod")
    assert shop.edit("finish", "prod/swap") == ({f'blue: {{version: "1.0.0", digest: "{OLD}"}}   # the first'}, set())
    shop.publish("prod")
    assert "released" in shop.do("status", "prod/swap").out
    assert shop.text("prod/swap.yaml") != before


def test_blue_green_abort_after_the_switch_and_finish(shop: Shop) -> None:
    before = shop.text("prod/swap.yaml")
    shop.do("start", "prod/swap", *START)
    shop.do("advance", "prod/swap")
    gone, come = shop.edit("abort", "prod/swap")
    assert "active: blue" in come and any("aborted: true" in line for line in come)
    assert "active: green" in gone
    shop.do("check", "prod")
    shop.do("finish", "prod/swap")
    assert shop.text("prod/swap.yaml") == before


def test_canary_by_weight_round_trip(shop: Shop) -> None:
    before = shop.text("prod/drip.yaml")
    assert shop.edit("start", "prod/drip", *START)[1] == {
        f'canary: {{version: "1.1.0", digest: "{NEW}", change: minor}}',
        "at: 10",
    }
    shop.publish("prod")
    assert shop.edit("advance", "prod/drip") == ({"at: 10"}, {"at: 50"})
    shop.publish("prod")
    assert shop.edit("advance", "prod/drip", "--now") == ({"at: 50"}, {"at: 100"})
    shop.publish("prod")
    shop.do("finish", "prod/drip")
    assert shop.text("prod/drip.yaml") == before.replace(OLD, NEW).replace("1.0.0", "1.1.0")
    shop.publish("prod")


def test_canary_abort_and_finish_leave_the_file_as_it_was(shop: Shop) -> None:
    before = shop.text("prod/drip.yaml")
    shop.do("start", "prod/drip", *START)
    shop.do("abort", "prod/drip")
    shop.do("check", "prod")
    shop.do("finish", "prod/drip")
    assert shop.text("prod/drip.yaml") == before


def test_canary_by_pods(shop: Shop) -> None:
    shop.publish("lab")
    shop.do("start", "lab/pods", *START)
    shop.publish("lab")
    assert shop.edit("advance", "lab/pods") == ({"at: 20"}, {"at: 50"})
    shop.publish("lab")
    shop.do("advance", "lab/pods", "--to", "100 %")
    shop.do("finish", "lab/pods")
    assert "1.0.0" not in shop.text("lab/pods.yaml")
    shop.do("check", "lab")


def test_canary_by_header_with_a_major_change_has_no_finish(shop: Shop) -> None:
    shop.do("start", "prod/head", *START, "--change", "major")
    shop.do("advance", "prod/head")
    result = shop.run("finish", "prod/head")
    assert result.status == 1
    assert "course-no-finish" in result.err
    shop.do("abort", "prod/head")
    shop.do("finish", "prod/head")


def test_versioned(shop: Shop) -> None:
    shop.publish("prod")
    gone, come = shop.edit("start", "prod/both", *START, "--change", "major")
    assert (gone, come) == (set(), {f'v2: {{version: "1.1.0", digest: "{NEW}", change: major}}'})
    shop.publish("prod")
    early = shop.run("finish", "prod/both")
    assert early.status == 1
    assert "course-too-early" in early.err
    assert "2030-01-01" in early.err
    shop.do("finish", "prod/both", "--now")
    assert "v1:" not in shop.text("prod/both.yaml")
    shop.do("check", "prod")


def test_rolling_and_its_abort(shop: Shop) -> None:
    shop.publish("prod")
    gone, come = shop.edit("start", "prod/roll", *START)
    assert gone == {'version: "1.0.0"   # quoted', f'digest: "{OLD}"'}
    assert 'version: "1.1.0"   # quoted' in come
    shop.publish("prod")
    shop.do("abort", "prod/roll")
    assert 'version: "1.0.0"   # quoted' in shop.text("prod/roll.yaml")
    again = shop.do("abort", "prod/roll")
    assert "nothing to do" in again.err
    shop.publish("prod")
    assert "rolled back" in shop.do("status", "prod/roll").out


def test_group_moves_as_one(shop: Shop) -> None:
    shop.publish("prod")
    alone = shop.run("start", "prod/pair", "--member", f"api=2.0.0@{NEW}", "--change", "major")
    assert alone.status == 1
    assert "web would keep the old contract" in alone.err
    members = ("--member", f"api=2.0.0@{NEW}", "--member", f"web=3.0.0@{NEW}")
    shop.do("start", "prod/pair", *members, "--change", "major")
    assert 'green: {version: "2.0.0"' in shop.text("prod/api.yaml")
    assert 'green: {version: "3.0.0"' in shop.text("prod/web.yaml")
    shop.publish("prod")
    assert shop.edit("advance", "prod/pair") == ({"active: blue"}, {"active: green"})
    shop.publish("prod")
    shop.do("finish", "prod/pair")
    assert "blue:" not in shop.text("prod/api.yaml") + shop.text("prod/web.yaml")
    shop.publish("prod")


def test_group_abort_takes_all_members_back(shop: Shop) -> None:
    before = {name: shop.text(f"prod/{name}.yaml") for name in ("pair", "web", "api")}
    shop.do("start", "prod/pair", "--member", f"api=2.0.0@{NEW}")
    assert 'green: {version: "1.0.0"' in shop.text("prod/web.yaml"), "the other member comes along as it is"
    shop.do("advance", "prod/pair")
    shop.do("abort", "prod/pair")
    shop.do("check", "prod")
    shop.do("finish", "prod/pair")
    assert {name: shop.text(f"prod/{name}.yaml") for name in before} == before


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("advance", "prod/swap"), "course-not-open"),
        (("abort", "prod/swap"), "course-not-open"),
        (("start", "prod/swap"), "course-version-missing"),
        (("start", "prod/swap", "--version", "a b"), "course-version-invalid"),
        (("start", "prod/swap", "--version", "1.1.0", "--env", "A"), "course-version-invalid"),
        (("start", "prod/web", *START), "course-in-group"),
        (("start", "prod/pair", *START), "course-version-missing"),
        (("start", "prod/pair", "--member", "wbe=1"), "course-member-unknown"),
        (("start", "prod/roll", *START, "--change", "major"), "course-refused"),
        (("start", "prod/drip", *START, "--change", "major"), "course-refused"),
        (("start", "prod/swapp", *START), "unknown-release"),
        (("start", "prdo/swap", *START), "unknown-environment"),
        (("start", "prod", *START), "name-incomplete"),
        (("rollback", "prod/swap", "--to", "9.9.9"), "rollback-unknown"),
        (("rollback", "prod/swap", "--to", "--upload-pack=x"), ""),
    ],
)
def test_what_the_course_does_not_allow_is_refused_with_a_reason(shop: Shop, words: tuple[str, ...], code: str) -> None:
    files = {path: path.read_bytes() for path in shop.root.rglob("*.yaml")}
    result = shop.run(*words)
    assert result.status == (1 if code else 2)
    if code:
        assert f"error[{code}]" in result.err
        assert "help: " in result.err
    assert {path: path.read_bytes() for path in shop.root.rglob("*.yaml")} == files


def test_verbs_are_idempotent(shop: Shop) -> None:
    shop.do("start", "prod/drip", *START)
    assert "nothing to do" in shop.do("start", "prod/drip", *START).err
    assert "nothing to do" in shop.do("advance", "prod/drip", "--to", "10").err
    shop.do("abort", "prod/drip")
    assert "nothing to do" in shop.do("abort", "prod/drip").err
    shop.do("finish", "prod/drip")
    assert "nothing to do" in shop.do("finish", "prod/drip").err


def test_a_canary_under_way_is_not_swapped_for_another(shop: Shop) -> None:
    shop.do("start", "prod/drip", *START)
    shop.publish("prod")
    other = shop.run("start", "prod/drip", "--version", "1.2.0", "--digest", NEW.replace("1", "2"))
    assert other.status == 1
    assert "1.1.0 is under way" in other.err


def test_an_inherited_strategy_is_overridden_in_the_release(shop: Shop) -> None:
    base = shop.text("prod/drip.yaml")
    shop.put("bases/drip.yaml", base)
    own = "apiVersion: shipway.dev/v1\nkind: Release\nmetadata: {name: drip}\nspec:\n  extends: ../bases/drip.yaml\n"
    shop.put("prod/drip.yaml", own)
    shop.do("start", "prod/drip", *START)
    assert shop.text("prod/drip.yaml").startswith(own)
    assert "steps:" in shop.text("prod/drip.yaml"), "a strategy replaces the base's whole"
    assert shop.text("bases/drip.yaml") == base
    shop.do("advance", "prod/drip")
    shop.do("check", "prod")


def test_an_edit_that_would_not_compile_is_not_written(shop: Shop) -> None:
    shop.put("prod/environment.yaml", shop.text("prod/environment.yaml") + "  policy: {requireDigest: true}\n")
    before = shop.text("prod/swap.yaml")
    result = shop.run("start", "prod/swap", "--version", "1.1.0")
    assert result.status == 1
    assert "would be invalid" in result.err
    assert 'green: {version: "1.1.0"' in result.err, "the line that was not written is shown"
    assert shop.text("prod/swap.yaml") == before


def test_dry_run_writes_nothing_and_names_the_command_that_does(shop: Shop) -> None:
    before = shop.text("prod/swap.yaml")
    result = shop.do("start", "prod/swap", *START, "--dry-run")
    assert shop.text("prod/swap.yaml") == before
    assert "+      green:" in result.out
    assert f"next: shipway start prod/swap --version 1.1.0 --digest {NEW}" in result.err


def test_a_dry_run_that_finds_nothing_to_do_does_not_ask_for_the_same_again(shop: Shop) -> None:
    result = shop.do("finish", "prod/swap", "--dry-run")
    assert "nothing to do" in result.err
    assert result.err.splitlines()[-1].startswith("next: shipway plan prod")


def test_json(shop: Shop) -> None:
    data = shop.do("start", "prod/swap", *START, "--format", "json").data
    assert data["format"] == 1
    assert data["changed"] is True
    assert "environments/prod/swap.yaml" in data["diffs"]


def test_commit_makes_a_branch_and_takes_nothing_else_along(shop: Shop) -> None:
    (shop.root / "note.txt").write_text("mine")
    git(shop.root, "add", "note.txt")
    shop.do("start", "prod/swap", *START, "--commit")
    assert git(shop.root, "branch", "--show-current") == "start-prod-swap-1-1-0"
    assert git(shop.root, "show", "--name-only", "--format=%s").splitlines() == [
        "prod/swap: starts 1.1.0 as green beside blue, without requests",
        "",
        "environments/prod/swap.yaml",
    ]
    assert git(shop.root, "status", "--porcelain") == "A  note.txt"


def test_a_commit_says_each_thing_once(shop: Shop) -> None:
    shop.do("start", "prod/swap", *START, "--commit")
    message = git(shop.root, "log", "-1", "--format=%B")
    assert message == "prod/swap: starts 1.1.0 as green beside blue, without requests"
    shop.commit()
    shop.do("start", "prod/pair", "--member", f"web=1.1.0@{NEW}", "--commit")
    subject, _, *body = git(shop.root, "log", "-1", "--format=%B").splitlines()
    assert (subject, [line.split(":")[0] for line in body]) == ("prod/pair: start", ["web", "api"])


def test_commit_refuses_a_file_with_changes_of_its_own(shop: Shop) -> None:
    shop.put("prod/swap.yaml", shop.text("prod/swap.yaml") + "# mine\n")
    result = shop.run("start", "prod/swap", *START, "--commit")
    assert result.status == 1
    assert "course-file-dirty" in result.err
    assert "green" not in shop.text("prod/swap.yaml")


def test_a_strategy_taken_over_from_a_base_goes_on_naming_the_base_s_files(shop: Shop) -> None:
    text = shop.text("prod/swap.yaml").replace("  strategy:\n", "  extends: ../bases/swap.yaml\n  strategy:\n")
    above, below, strategy = text.partition("  strategy:\n")
    named = strategy.replace('version: "1.0.0"', 'version: "1.0.0", config: {files: {a.txt: {path: files/a.txt}}}')
    shop.put("prod/swap.yaml", above)
    shop.put("bases/swap.yaml", f"kind: Release\nspec:\n{below}{named}")
    shop.put("bases/files/a.txt", "of the base")
    shop.put("prod/files/a.txt", "another")
    shop.do("start", "prod/swap", *START)
    assert 'path: "../bases/files/a.txt"' in shop.text("prod/swap.yaml")
    shop.do("check", "prod")
