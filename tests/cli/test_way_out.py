"""A step's way back is named by the command that was judged."""

from __future__ import annotations

from typing import Any

from tests.cli.shop import NEW, Shop


def course(shop: Shop, name: str) -> list[dict[str, Any]]:
    units = shop.do("plan", "prod", "--format", "json").data["environments"][0]["units"]
    return next(each["course"] for each in units if each["name"] == name)


def test_each_step_says_by_what_command_it_is_left(shop: Shop) -> None:
    shop.publish("prod")
    shop.do("start", "prod/swap", "--version", "1.1.0", "--digest", NEW)
    shop.do("start", "prod/drip", "--version", "1.1.0", "--digest", NEW)
    shop.commit()
    for name in ("swap", "drip"):
        first, *ahead = course(shop, name)
        assert first["back"] is None
        assert {step["back"] for step in ahead} <= {"git revert COMMIT", f"shipway abort prod/{name}"}
    assert "shipway abort prod/drip" in [step["back"] for step in course(shop, "drip")]
    text = " ".join(shop.do("plan", "prod", "-v").out.split())
    assert "undo by `shipway abort prod/drip`" in text and "undo by `git revert COMMIT`" in text
