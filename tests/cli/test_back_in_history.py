"""What `history` offers as the way back is the edit that leads there, and a soak time needs a clock that is right."""

from __future__ import annotations

import re

import pytest

from tests.cli.shop import NEW, Shop
from tests.git.helpers import git

pytestmark = pytest.mark.e2e

BASE = "apiVersion: shipway.dev/v1\nkind: Release\nmetadata: {name: roll}\nspec:\n  replicas: 4\n"


def backs(shop: Shop, name: str) -> list[str]:
    return re.findall(r"back: (.*)", shop.do("history", name).out)


def test_the_way_back_from_a_change_of_the_base_is_the_base_s(shop: Shop) -> None:
    shop.put("bases/roll.yaml", BASE)
    own = shop.text("prod/roll.yaml")
    shop.put(
        "prod/roll.yaml",
        own.replace("spec:\n", "spec:\n  extends: ../bases/roll.yaml\n", 1).replace("  replicas: 4\n", ""),
    )
    shop.publish("prod")
    first = git(shop.root, "rev-parse", "HEAD")
    shop.put("bases/roll.yaml", BASE.replace("4", "5"))
    shop.publish("prod")
    assert backs(shop, "prod/roll") == [f"git restore --source={first[:12]} -- environments/bases/roll.yaml"]
    git(shop.root, *backs(shop, "prod/roll")[0].split()[1:])
    assert backs(shop, "prod/roll") == []
    shop.publish("prod")
    assert "replicas: 4" in git(shop.bare, "show", "shipway/prod:prod/roll/deployment-roll.yaml")


def test_the_way_back_from_a_step_is_the_release_s(shop: Shop) -> None:
    shop.publish("prod")
    first = git(shop.root, "rev-parse", "HEAD")
    shop.do("start", "prod/swap", "--version", "1.1.0", "--digest", NEW)
    shop.publish("prod")
    assert backs(shop, "prod/swap") == [f"shipway rollback prod/swap --to {first[:12]}"]


def test_a_commit_from_the_future_tells_no_soak_time(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.do("start", "prod/drip", "--version", "1.1.0", "--digest", NEW)
    shop.publish("prod")
    shop.do("advance", "prod/drip")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_DATE", "2090-06-01T00:00:00Z")
    shop.publish("prod")
    assert "soaks 30m more" in shop.do("status", "prod/drip").out
    refused = shop.run("advance", "prod/drip")
    assert refused.status == 1
    assert "has a date in the future, so a clock is wrong" in refused.err and "--now" in refused.err
    shop.do("advance", "prod/drip", "--now")
