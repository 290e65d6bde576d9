"""What a step waits for: a soak time from Git, a freeze, the promotion graph, an exception that has run out."""

from __future__ import annotations

import re
import time

import pytest

from tests.cli.shop import NEW, OLD, Shop

START = ("--version", "1.1.0", "--digest", NEW)


def soaking(shop: Shop) -> None:
    """drip at 50 %, whose soak time is 30 minutes, not published."""
    shop.publish("prod")
    shop.do("start", "prod/drip", *START)
    shop.do("advance", "prod/drip")


def test_a_step_that_is_not_published_has_not_begun_to_soak(shop: Shop) -> None:
    soaking(shop)
    result = shop.run("advance", "prod/drip")
    assert result.status == 1
    assert "course-soaking" in result.err
    assert "not published yet" in result.err
    assert "at: 50" in shop.text("prod/drip.yaml")


def test_a_published_step_soaks_from_its_publish(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    soaking(shop)
    monkeypatch.setenv("GIT_AUTHOR_DATE", f"@{int(time.time()) - 600} +0000")
    shop.publish("prod")
    early = shop.run("advance", "prod/drip")
    assert early.status == 1
    assert re.search(r"soaks for (19m \d+s|20m) more \(of 30m\)", early.err)
    assert re.search(r"soaks (19m \d+s|20m) more", shop.do("status", "prod/drip").out)
    assert "--now" in early.err
    shop.do("advance", "prod/drip", "--now")
    assert "at: 100" in shop.text("prod/drip.yaml")


def published_commits(shop: Shop) -> list[str]:
    return [each["commit"] for each in shop.do("history", "prod/drip", "--format", "json").data["publishes"]]


def test_what_others_publish_does_not_begin_the_soak_time_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    soaking(shop)
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z")
    shop.publish("prod")
    monkeypatch.delenv("GIT_AUTHOR_DATE")
    before = published_commits(shop)
    shop.put("prod/environment.yaml", shop.text("prod/environment.yaml") + "# a comment changes every index\n")
    shop.put("prod/roll.yaml", shop.text("prod/roll.yaml").replace("replicas: 4", "replicas: 5"))
    shop.publish("prod")
    assert published_commits(shop) == before
    shop.do("advance", "prod/drip")


def test_a_freeze_that_comes_is_published_and_keeps_the_rest_out(shop: Shop) -> None:
    shop.publish("prod")
    freeze = '  freezes: [{from: 2020-01-01, to: 2999-12-31, reason: "rest"}]\n'
    shop.put("prod/environment.yaml", shop.text("prod/environment.yaml") + freeze)
    shop.publish("prod")
    (shop.root / "environments/prod/roll.yaml").unlink()
    shop.commit()
    result = shop.run("publish", "prod")
    assert result.status == 1 and "error[frozen]" in result.err
    assert "publish refuses: prod is frozen until 2999-12-31: rest" in shop.run("plan", "prod").out


def test_a_step_that_has_soaked_goes_on(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    soaking(shop)
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z")
    shop.publish("prod")
    shop.do("advance", "prod/drip")
    assert "at: 100" in shop.text("prod/drip.yaml")


def test_a_jump_over_a_soak_time_is_refused(shop: Shop) -> None:
    shop.do("start", "prod/drip", *START)
    result = shop.run("advance", "prod/drip", "--to", "100")
    assert result.status == 1
    assert "skip the soak time" in result.err
    shop.do("advance", "prod/drip", "--to", "100", "--now")
    assert "at: 100" in shop.text("prod/drip.yaml")


def freeze(shop: Shop, to: str) -> None:
    frozen = f"  freezes: [{{from: 2020-01-01, to: {to}, reason: holidays}}]\n"
    shop.put("prod/environment.yaml", shop.text("prod/environment.yaml") + frozen)


def test_a_freeze_keeps_changes_out_and_lets_the_way_back_through(shop: Shop) -> None:
    shop.publish("prod")
    shop.do("start", "prod/drip", *START)
    shop.publish("prod")
    freeze(shop, "2999-12-31")
    for words in (("advance", "prod/drip"), ("start", "prod/swap", *START)):
        result = shop.run(*words)
        assert result.status == 1
        assert "error[frozen]: prod is frozen until 2999-12-31: holidays" in result.err
        assert "environments/prod/environment.yaml" in result.err
    shop.put("prod/roll.yaml", shop.text("prod/roll.yaml").replace("replicas: 4", "replicas: 5"))
    shop.commit()
    assert "error[frozen]" in shop.run("publish", "prod").err
    shop.put("prod/roll.yaml", shop.text("prod/roll.yaml").replace("replicas: 5", "replicas: 4"))
    shop.commit()
    shop.do("abort", "prod/drip", "--publish")


def test_a_freeze_that_is_over_holds_nothing(shop: Shop) -> None:
    freeze(shop, "2020-01-02")
    shop.do("start", "prod/swap", *START)


def test_an_exception_that_has_run_out_is_an_error(shop: Shop) -> None:
    exception = "{rule: tag-latest, release: swap, reason: legacy, owner: ada, expires: 2020-01-01}"
    shop.put("prod/environment.yaml", shop.text("prod/environment.yaml") + f"  policy: {{exceptions: [{exception}]}}\n")
    for words in (("check", "prod"), ("start", "prod/swap", *START)):
        result = shop.run(*words)
        assert result.status == 1
        assert "exception-expired" in result.err
        assert "its owner is ada" in result.err


def lab_swap(shop: Shop, version: str, digest: str) -> None:
    text = shop.text("prod/swap.yaml").replace("{host: swap.example.com}", "{path: /}")
    shop.put("lab/swap.yaml", text.replace("1.0.0", version).replace(OLD, digest))


def test_promote_carries_the_version_that_serves(shop: Shop) -> None:
    lab_swap(shop, "1.1.0", NEW)
    shop.do("promote", "swap", "--from", "lab", "--to", "prod")
    assert f'green: {{version: "1.1.0", digest: "{NEW}", change: minor}}' in shop.text("prod/swap.yaml")
    again = shop.do("promote", "swap", "--from", "lab", "--to", "prod")
    assert "nothing to do" in again.err


def test_promote_leaves_what_belongs_to_the_environment(shop: Shop) -> None:
    lab_swap(shop, "1.1.0", NEW)
    text = shop.text("lab/swap.yaml").replace('version: "1.1.0"', 'version: "1.1.0", env: {URL: lab}')
    shop.put("lab/swap.yaml", text)
    result = shop.do("promote", "swap", "--from", "lab", "--to", "prod")
    assert "not carried over, because it belongs to lab: swap env" in result.err
    assert "URL" not in shop.text("prod/swap.yaml")


def test_the_promotion_graph_holds(shop: Shop) -> None:
    lab_swap(shop, "1.0.5", OLD)
    assert "promotion-detour" in shop.run("promote", "swap", "--from", "prod", "--to", "prod").err
    assert "unknown-release" in shop.run("promote", "drip", "--from", "lab", "--to", "prod").err
    skipped = shop.run("start", "prod/swap", *START)
    assert skipped.status == 1
    assert "promotion-skipped" in skipped.err
    exception = "{rule: promotion-skipped, release: swap, reason: hotfix, owner: ada, expires: 2999-01-01}"
    shop.put("prod/environment.yaml", shop.text("prod/environment.yaml") + f"  policy: {{exceptions: [{exception}]}}\n")
    shop.do("start", "prod/swap", *START)


def test_an_exception_that_excepts_nothing_is_warned_of(shop: Shop) -> None:
    exception = "{rule: policy-digests, release: swop, reason: legacy, owner: ada, expires: 2999-01-01}"
    shop.put("prod/environment.yaml", shop.text("prod/environment.yaml") + f"  policy: {{exceptions: [{exception}]}}\n")
    text = shop.do("check", "prod").err
    assert text.count("warning[exception-idle]") == 2
    assert "did you mean `policy-digest`?" in text
    assert "did you mean `swap`?" in text
