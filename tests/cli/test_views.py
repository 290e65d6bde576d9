"""status, history and why: what the specs and Git tell."""

from __future__ import annotations

import re
import sys

import pytest

from tests.cli.shop import NEW, Shop
from tests.git.helpers import git

START = ("--version", "1.1.0", "--digest", NEW)


def test_status_before_the_first_publish(shop: Shop) -> None:
    result = shop.do("status")
    assert "not yet" in result.out
    assert "next: shipway plan lab" in result.err


def test_status_shows_tracks_shares_step_and_publish(shop: Shop) -> None:
    shop.do("start", "prod/drip", *START)
    shop.publish("prod")
    head = git(shop.bare, "rev-parse", "shipway/prod")
    out = shop.do("status", "prod/drip").out
    assert re.search(
        rf"prod/drip +canary +canary 10 % +stable 1.0.0 90 %, canary 1.1.0 10 % +{head[:8]} +next: 50 %", out
    )
    data = shop.do("status", "prod/drip", "--format", "json").data
    row = data["releases"][0]
    assert (row["commit"], row["published"], row["confirmed"]) == (head, True, False)
    git(shop.bare, "update-ref", "refs/shipway/confirmed/prod", head)
    assert f"{head[:8]} confirmed" in shop.do("status", "prod/drip").out
    shop.do("advance", "prod/drip")
    assert f"{head[:8]}, specs differ" in shop.do("status", "prod/drip").out


def test_status_of_a_group_has_a_line_for_each_member(shop: Shop) -> None:
    lines = shop.do("status", "prod/pair").out.splitlines()
    assert lines[1].startswith("prod/pair  group")
    assert [line.split()[0] for line in lines[2:]] == ["web", "api"]


def test_status_tells_of_edits_by_hand(shop: Shop) -> None:
    shop.publish("prod")
    work = shop.root.parent / "hand"
    git(shop.root.parent, "clone", "-q", "-b", "shipway/prod", str(shop.bare), str(work))
    file = work / "prod/swap/service-swap-blue.yaml"
    file.write_text(file.read_text() + "# mine\n")
    git(work, "commit", "-q", "-am", "by hand")
    git(work, "push", "-q", "origin", "HEAD")
    assert "1 edited by hand" in shop.do("status", "prod/swap").out
    assert "edited by hand" in shop.run("plan", "prod").out


def test_status_without_its_repository_still_tells_of_the_specs(shop: Shop) -> None:
    git(shop.root, "remote", "set-url", "origin", str(shop.root.parent / "gone.git"))
    result = shop.do("status", "prod/swap")
    assert "blue 1.0.0 100 %" in result.out
    assert "warning[repository-missing]" in result.err


def test_history_has_the_way_back(shop: Shop) -> None:
    shop.publish("prod")
    first = git(shop.root, "rev-parse", "HEAD")
    shop.do("start", "prod/swap", *START)
    shop.publish("prod")
    out = shop.do("history", "prod/swap").out
    assert out.count("back: shipway rollback prod/swap --to ") == 1
    assert out.count("back: ") == 1, "nothing else is rolled back by who asks for one release"
    assert f"back: shipway rollback prod/swap --to {first[:12]}" in out
    assert "Ada" in out
    head = git(shop.bare, "rev-parse", "--short=12", "shipway/prod")
    text = shop.do("history", "prod/swap").err.splitlines()[-1]
    assert text.startswith(f"next: shipway history prod/swap --diff {head}")
    data = shop.do("history", "prod", "--format", "json").data
    assert [row["source"] for row in data["publishes"]][1] == first
    shop.do("rollback", "prod/swap", "--to", first[:12])
    assert "green" not in shop.text("prod/swap.yaml")


def test_history_shows_what_a_publish_changed(shop: Shop) -> None:
    shop.publish("prod")
    shop.do("start", "prod/drip", *START)
    shop.publish("prod")
    head = git(shop.bare, "rev-parse", "--short", "shipway/prod")
    out = shop.do("history", "prod/drip", "--diff", head).out
    assert "+ Deployment drip-canary" in out
    assert "weight: 100 → 90" in out
    assert shop.do("history", "prod/swap", "--diff", head).out == "no object changed\n"
    data = shop.do("history", "prod", "--diff", head, "--format", "json").data
    assert {change["kind"] for change in data["changes"]} >= {"Deployment", "HTTPRoute"}
    assert shop.run("history", "prod", "--diff", "--output=x").status == 2
    assert shop.run("history", "prod", "--diff", "nothing").status == 1


def test_forged_trailers_are_not_believed(shop: Shop) -> None:
    shop.publish("prod")
    work = shop.root.parent / "hand"
    git(shop.root.parent, "clone", "-q", "-b", "shipway/prod", str(shop.bare), str(work))
    forged = "nice\n\nShipway-Environment: prod\nShipway-Source: `rm`\nShipway-Releases: swap, $(x)\n"
    git(work, "commit", "-q", "--allow-empty", "-m", forged)
    git(work, "push", "-q", "origin", "HEAD")
    newest = shop.do("history", "prod").out.splitlines()[0]
    assert "specs that were not committed" in newest
    assert "`rm`" not in shop.do("history", "prod").out


@pytest.mark.parametrize(
    ("field", "file", "text", "through"),
    [
        ("Deployment/swap-blue:spec.replicas", "prod/swap.yaml", "replicas: 4", []),
        ("deployment/swap-blue:spec.template.spec.containers[swap].image", "prod/swap.yaml", "blue: {", []),
        ("Deployment/swap-blue:metadata.namespace", "prod/environment.yaml", "namespace:", ["environment"]),
        ("HTTPRoute/swap:spec.parentRefs", "prod/environment.yaml", "gatewayApi", ["provider gatewayApi"]),
        ("Deployment/swap-blue:spec.selector", "prod/swap.yaml", "blue: {", ["strategy blueGreen"]),
    ],
)
def test_why_leads_to_the_line_of_the_spec(shop: Shop, field: str, file: str, text: str, through: list[str]) -> None:
    data = shop.do("why", "prod/swap", field, "--format", "json").data
    assert data["file"] == f"environments/{file}"
    assert text in shop.text(file).splitlines()[data["line"] - 1]
    assert data["through"] == through


def test_why_takes_a_line_of_a_rendered_file(shop: Shop) -> None:
    out = shop.root / "out"
    shop.do("build", "prod", "--out", str(out))
    file = out / "prod/roll/deployment-roll.yaml"
    lines = file.read_text().splitlines()
    number = next(index for index, line in enumerate(lines, 1) if "replicas:" in line)
    result = shop.do("why", f"{file}:{number}")
    assert "Deployment roll: spec.replicas = 4" in result.out
    assert re.search(r"10 |   replicas: 4", result.out)
    assert "why-not-found" in shop.run("why", f"{file}:{len(lines) + 1}").err
    for number in range(1, len(lines) + 1, 8):
        shop.do("why", "-q", f"{file}:{number}")


@pytest.mark.parametrize(
    "words",
    [
        ("nofile.yaml:3",),
        ("prod/swap", "Deployment/none:spec"),
        ("prod/swap", "Deployment/swap-blue:spec.nothing"),
        ("prod/none", "Deployment/swap-blue:spec"),
        ("prod/swap",),
    ],
)
def test_why_says_what_it_does_not_find(shop: Shop, words: tuple[str, ...]) -> None:
    result = shop.run("why", *words)
    assert result.status == 1
    assert "why-not-found" in result.err


def test_history_says_what_each_publish_did(shop: Shop) -> None:
    shop.publish("prod")
    shop.do("start", "prod/drip", *START)
    shop.publish("prod")
    shop.do("advance", "prod/drip", "--now")
    shop.do("start", "prod/roll", *START)
    shop.publish("prod")
    out = shop.do("history", "prod").out
    assert "prod: drip (canary added with 1.1.0 at 10 %, stable 100 → 90 %)\n" in out
    assert "prod: drip (canary 10 → 50 %, 1 → 2 pods, stable 90 → 50 %), roll (main 1.0.0 → 1.1.0)\n" in out


def test_status_of_specs_that_differ_says_what_is_published(shop: Shop) -> None:
    shop.publish("prod")
    assert "published:" not in shop.do("status", "prod/roll").out
    shop.do("start", "prod/roll", *START)
    assert "published: main 1.0.0 100 %" in shop.do("status", "prod/roll").out
    (row,) = shop.do("status", "prod/roll", "--format", "json").data["releases"]
    (member,) = row["members"]
    assert [track["version"] for track in member["tracks"]] == ["1.1.0"]
    assert [track["version"] for track in member["published"]] == ["1.0.0"]


def test_status_fits_a_narrow_terminal(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.publish("prod")
    shop.do("start", "prod/drip", *START)
    table = shop.do("status", "prod").out
    monkeypatch.setenv("COLUMNS", "60")
    assert shop.do("status", "prod").out == table, "a pipe has no width"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "200")
    assert shop.do("status", "prod").out == table
    monkeypatch.setenv("COLUMNS", "60")
    lines = shop.do("status", "prod").out.splitlines()
    assert max(map(len, lines)) <= 60
    at = lines.index("prod/drip  canary, canary 10 %")
    head = git(shop.bare, "rev-parse", "--short=8", "shipway/prod")
    assert lines[at + 1 : at + 5] == [
        "  stable 1.0.0 90 %, canary 1.1.0 10 %",
        f"  {head}, specs differ",
        "  published: stable 1.0.0 100 %, next: 50 %",
        "prod/head  canary, released",
    ]


def test_plan_of_one_release_shows_that_one_and_names_the_rest(shop: Shop) -> None:
    shop.publish("prod")
    shop.do("start", "prod/swap", *START)
    shop.do("start", "prod/roll", *START)
    result = shop.do("plan", "prod/swap")
    assert "swap" in result.out and "roll" not in result.out
    assert "note: a publish also changes prod/roll" in result.err
    assert "next: shipway plan -C" in result.err
    units = shop.do("plan", "prod/swap", "--format", "json").data["environments"][0]["units"]
    assert [unit["name"] for unit in units] == ["swap"]
    assert "did you mean `swap`?" in shop.run("plan", "prod/swop").err


def test_what_is_published_now_is_no_way_back(shop: Shop) -> None:
    shop.publish("prod")
    first = shop.do("history", "prod/swap", "--format", "json").data["publishes"]
    assert [row["back"] for row in first] == [[]]
    source = shop.do("history", "prod", "--format", "json").data["publishes"][0]["source"]
    shop.do("start", "prod/swap", *START)
    shop.publish("prod")
    newest, older = shop.do("history", "prod/swap", "--format", "json").data["publishes"]
    assert newest["back"] == []
    assert older["back"] == [f"shipway rollback prod/swap --to {source[:12]}"]
