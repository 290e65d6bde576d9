"""rollback: to a track, to a version that served, to a revision; and at night with --publish."""

from __future__ import annotations

import pytest

from tests.cli.shop import NEW, OLD, Shop
from tests.git.helpers import git

pytestmark = pytest.mark.e2e

START = ("--version", "1.1.0", "--digest", NEW)


def released(shop: Shop, name: str) -> None:
    """1.1.0 released to the end, a commit of the specs each step."""
    shop.do("start", name, *START)
    shop.commit("start")
    shop.do("advance", name)
    shop.commit("switch")
    shop.do("finish", name)
    shop.commit("finish")


def test_an_open_course_is_rolled_back_by_aborting_it(shop: Shop) -> None:
    shop.do("start", "prod/drip", *START)
    gone, come = shop.edit("rollback", "prod/drip")
    assert len(gone) == 1 and "aborted: true" in come.pop()
    assert "nothing to do" in shop.do("rollback", "prod/drip").err


def test_a_version_that_a_track_still_holds_is_reached_by_aborting(shop: Shop) -> None:
    shop.do("start", "prod/swap", *START)
    shop.do("advance", "prod/swap")
    shop.do("rollback", "prod/swap", "--to", "1.0.0")
    assert "active: blue" in shop.text("prod/swap.yaml")
    assert "aborted: true" in shop.text("prod/swap.yaml")


@pytest.mark.parametrize("to", [(), ("--to", "1.0.0")])
def test_a_finished_release_goes_back_by_its_history(shop: Shop, to: tuple[str, ...]) -> None:
    shop.put("prod/swap.yaml", shop.text("prod/swap.yaml").replace("replicas: 4", "replicas: 5"))
    before = shop.text("prod/swap.yaml")
    shop.commit("five pods")
    released(shop, "prod/swap")
    shop.put("prod/swap.yaml", shop.text("prod/swap.yaml").replace("replicas: 5", "replicas: 6"))
    result = shop.do("rollback", "prod/swap", *to)
    assert "goes back to 1.0.0" in result.err
    after = shop.text("prod/swap.yaml")
    assert "replicas: 6" in after, "the rest of the spec stays"
    assert 'blue: {version: "1.0.0"' in after and "green" not in after
    assert before != after
    shop.do("check", "prod")


def test_a_finished_canary_goes_back_beside_the_version_that_serves(shop: Shop) -> None:
    shop.do("start", "prod/drip", *START)
    shop.do("advance", "prod/drip", "--to", "100", "--now")
    shop.do("finish", "prod/drip")
    shop.publish("prod")
    gone, come = shop.edit("rollback", "prod/drip", "--to", "1.0.0")
    assert gone == set()
    assert come == {f'canary: {{version: "1.0.0", digest: "{OLD}", change: minor}}', "at: 10"}
    shop.publish("prod")


def test_a_finished_blue_green_goes_back_in_one_commit_that_is_proven(shop: Shop) -> None:
    shop.publish("prod")
    for verb in (("start", "prod/swap", *START), ("advance", "prod/swap"), ("finish", "prod/swap")):
        shop.do(*verb)
        shop.publish("prod")
    shop.do("rollback", "prod/swap", "--to", "1.0.0", "--publish")
    assert "blue 1.0.0 100 %" in shop.do("status", "prod/swap").out


def test_a_revision_brings_the_whole_spec_back(shop: Shop) -> None:
    before, first = shop.text("prod/swap.yaml"), git(shop.root, "rev-parse", "HEAD")
    released(shop, "prod/swap")
    assert "nothing to do" in shop.do("rollback", "prod/swap", "--to", "HEAD").err
    shop.do("rollback", "prod/swap", "--to", first[:10])
    assert shop.text("prod/swap.yaml") == before


def test_a_group_goes_back_by_revision(shop: Shop) -> None:
    names = ("pair", "web", "api")
    before = {name: shop.text(f"prod/{name}.yaml") for name in names}
    shop.do("start", "prod/pair", "--member", f"api=2.0.0@{NEW}")
    shop.commit()
    shop.do("advance", "prod/pair")
    shop.commit()
    shop.do("finish", "prod/pair")
    shop.commit()
    shop.do("rollback", "prod/pair", "--to", "HEAD~3")
    assert {name: shop.text(f"prod/{name}.yaml") for name in names} == before


def test_a_finished_group_goes_back_to_what_it_served_together(shop: Shop) -> None:
    names = ("pair", "web", "api")
    before = {name: shop.text(f"prod/{name}.yaml") for name in names}
    shop.do("start", "prod/pair", "--member", f"api=2.0.0@{NEW}")
    for verb in ("advance", "finish"):
        shop.commit()
        shop.do(verb, "prod/pair")
    shop.commit()
    shop.put("prod/web.yaml", shop.text("prod/web.yaml").replace("replicas: 4", "replicas: 6"))
    text = shop.do("rollback", "prod/pair").err
    assert "goes back to web 1.0.0, api 1.0.0" in text
    assert {name: shop.text(f"prod/{name}.yaml").replace("replicas: 6", "replicas: 4") for name in names} == before
    assert "replicas: 6" in shop.text("prod/web.yaml"), "what is not of the course stays"


def test_the_undo_of_a_finish_names_the_specs_that_are_published_and_works(shop: Shop) -> None:
    shop.do("start", "prod/pair", "--member", f"api=2.0.0@{NEW}")
    shop.publish("prod")
    shop.do("advance", "prod/pair")
    shop.publish("prod")
    published = git(shop.root, "rev-parse", "HEAD")
    shop.do("finish", "prod/pair")
    plan = shop.do("plan", "prod", "--format", "json").data
    (undo,) = [unit["undo"] for unit in plan["environments"][0]["units"] if unit["undo"]]
    assert undo["command"] == f"shipway rollback prod/pair --to {published[:12]}"
    shop.do(*undo["command"].split()[1:])
    assert not [
        unit for unit in shop.do("plan", "prod", "--format", "json").data["environments"][0]["units"] if unit["changes"]
    ]


def test_the_undo_of_an_abort_is_not_the_abort(shop: Shop) -> None:
    shop.do("start", "prod/drip", *START)
    shop.publish("prod")
    shop.do("abort", "prod/drip")
    plan = shop.do("plan", "prod", "--format", "json").data
    (undo,) = [unit["undo"] for unit in plan["environments"][0]["units"] if unit["undo"]]
    assert undo["command"].startswith("shipway rollback prod/drip --to ") and undo["changes"]


def test_what_is_unknown_is_answered_with_what_there_is(shop: Shop) -> None:
    released(shop, "prod/swap")
    result = shop.run("rollback", "prod/swap", "--to", "1.0.7")
    assert result.status == 1
    assert "1.0.0 (" in result.err and "1.1.0 (" in result.err


def test_nothing_served_before(shop: Shop) -> None:
    result = shop.run("rollback", "prod/swap")
    assert result.status == 1
    assert "rollback-no-history" in result.err


def test_abort_publishes_at_once(shop: Shop) -> None:
    shop.publish("prod")
    shop.do("start", "prod/drip", *START)
    shop.publish("prod")
    before = git(shop.bare, "rev-parse", "shipway/prod")
    result = shop.do("abort", "prod/drip", "--publish")
    assert git(shop.bare, "rev-parse", "shipway/prod~1") == before
    assert git(shop.root, "log", "-1", "--format=%s").startswith("prod/drip: all requests go to stable")
    assert git(shop.root, "branch", "--show-current") == "main"
    message = git(shop.bare, "log", "-1", "--format=%B", "shipway/prod")
    assert git(shop.root, "rev-parse", "HEAD") in message, "the trailers name the commit of the edit"
    messages = [line for line in result.err.splitlines() if line.startswith("next:")]
    assert messages == [f"next: git -C {shop.root} push origin HEAD"], "else the next publish is of older specs"


@pytest.mark.parametrize("verb", ["abort", "rollback"])
@pytest.mark.parametrize("committed", [True, False])
def test_an_abort_that_was_not_published_yet_is_published(shop: Shop, verb: str, committed: bool) -> None:
    shop.do("start", "prod/drip", *START)
    shop.publish("prod")
    shop.do("abort", "prod/drip")
    if committed:
        shop.commit()
    before = git(shop.bare, "rev-parse", "shipway/prod")
    shop.do(verb, "prod/drip", "--publish", "--dry-run")
    assert git(shop.bare, "rev-parse", "shipway/prod") == before
    shop.do(verb, "prod/drip", "--publish")
    assert git(shop.bare, "rev-parse", "shipway/prod~1") == before
    assert git(shop.root, "status", "--porcelain") == ""
    source = git(shop.bare, "log", "-1", "--format=%B", "shipway/prod")
    assert git(shop.root, "rev-parse", "HEAD") in source


def test_json_of_a_publishing_verb_is_one_document(shop: Shop) -> None:
    shop.do("start", "prod/drip", *START)
    shop.publish("prod")
    data = shop.do("abort", "prod/drip", "--publish", "--format", "json").data
    assert data["changed"] and data["published"][0]["commit"] == git(shop.bare, "rev-parse", "shipway/prod")


@pytest.mark.parametrize("edited", ["labels: [app]", "labels: {app: roll}"])
def test_a_plan_over_a_shapeless_edit_by_hand_says_so(shop: Shop, edited: str) -> None:
    shop.publish("prod")
    work = shop.root.parent / "hand"
    git(shop.root.parent, "clone", "-q", "-b", "shipway/prod", str(shop.bare), str(work))
    strange = f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: roll, {edited}}}\n"
    (work / "prod/roll/deployment-roll.yaml").write_text(strange)
    git(work, "commit", "-q", "-am", "by hand")
    git(work, "push", "-q")
    shop.do("start", "prod/roll", "--version", "1.1.0", "--digest", NEW)
    result = shop.run("plan", "prod")
    assert result.status == 1
    assert "publish refuses: `roll/deployment-roll.yaml` was edited by hand" in result.out


def test_specs_of_another_branch_do_not_take_back_what_is_published_unsaid(shop: Shop) -> None:
    shop.publish("prod")
    shop.do("start", "prod/swap", *START, "--commit")
    theirs = git(shop.root, "rev-parse", "--short=12", "HEAD")
    shop.do("publish", "prod")
    git(shop.root, "switch", "-q", "main")
    expected = "publish refuses: the specs at"
    assert expected in " ".join(refused_plan(shop).split())
    shop.do("start", "prod/head", *START, "--commit")
    expected = f"the environment was published from {theirs}, which is not in the history of"
    assert f"publish refuses: {expected}" in " ".join(refused_plan(shop).split())
    refused = shop.run("publish", "prod")
    assert refused.status == 1 and f"error[publish-source-apart]: {expected}" in refused.err
    shop.do("publish", "prod", "--allow", "publish-source-apart", "--reason", "swap waits for a fix")
    body = git(shop.bare, "log", "-1", "--format=%B", "shipway/prod")
    assert "Shipway-Allowed: publish-source-apart: swap waits for a fix" in body


def refused_plan(shop: Shop) -> str:
    result = shop.run("plan", "prod")
    assert result.status == 1
    assert "✗ refused  prod" in result.out
    return result.out


@pytest.mark.parametrize("own_branch", [False, True])
def test_a_published_commit_stands_for_the_specs_that_it_came_from(shop: Shop, own_branch: bool) -> None:
    if own_branch:
        git(shop.root, "remote", "remove", "origin")
    shop.publish("prod")
    (first,) = shop.do("history", "prod", "--format", "json").data["publishes"]
    released(shop, "prod/swap")
    shop.publish("prod")
    before = shop.text("prod/swap.yaml")
    shop.do("rollback", "prod/swap", "--to", first["commit"][:12])
    assert 'blue: {version: "1.0.0"' in shop.text("prod/swap.yaml") != before
    assert shop.run("rollback", "prod/swap", "--to", "12345678").status == 1


def retired(shop: Shop) -> None:
    """`both` after a whole major course: v2 alone serves."""
    shop.put("prod/both.yaml", shop.text("prod/both.yaml").replace(", sunset: 2030-01-01", ""))
    shop.publish("prod")
    shop.do("start", "prod/both", *START, "--change", "major")
    finish_both(shop)


def finish_both(shop: Shop) -> None:
    """Publishes the two versions, and retires v1."""
    shop.publish("prod")
    shop.do("confirm", "prod")
    shop.do("finish", "prod/both")
    shop.publish("prod")
    shop.do("confirm", "prod")
    assert "v1:" not in shop.text("prod/both.yaml")


@pytest.mark.parametrize("to", [(), ("--to", "1.0.0"), ("--to", "HEAD~2")])
def test_a_retired_version_comes_back_beside_the_one_that_serves(shop: Shop, to: tuple[str, ...]) -> None:
    retired(shop)
    shop.do("rollback", "prod/both", *to)
    text = shop.text("prod/both.yaml")
    assert 'v1: {version: "1.0.0"' in text and 'v2: {version: "1.1.0"' in text
    shop.publish("prod")


@pytest.mark.parametrize("to", [(), ("--to", "1.0.0"), ("--to", "HEAD~1")])
def test_a_version_that_never_served_alone_comes_back_too(shop: Shop, to: tuple[str, ...]) -> None:
    """Both versions were there from the first publish on, as after a move from another tool."""
    both = f'v1: {{version: "1.0.0", digest: "{OLD}"}}\n      v2: {{version: "2.0.0", digest: "{OLD}"}}\n'
    head = shop.text("prod/both.yaml").partition("      v1:")[0]
    shop.put("prod/both.yaml", f"{head}      {both}")
    git(shop.root, "checkout", "-q", "--orphan", "fresh")
    finish_both(shop)
    shop.do("rollback", "prod/both", *to)
    assert 'v1: {version: "1.0.0"' in shop.text("prod/both.yaml") and 'v2: {version: "2.0.0"' in shop.text(
        "prod/both.yaml"
    )
    shop.publish("prod")


def test_finish_says_what_it_does_to_clients_that_were_promised_no_date(shop: Shop) -> None:
    shop.put("prod/both.yaml", shop.text("prod/both.yaml").replace(", sunset: 2030-01-01", ""))
    shop.publish("prod")
    shop.do("start", "prod/both", *START, "--change", "major")
    shop.publish("prod")
    result = shop.do("finish", "prod/both")
    assert "its requests get no answer after this commit" in result.err
    assert "no `sunset` announced the date to its clients" in result.err
