"""A second start corrects the first one, as long as nothing of that is published."""

from __future__ import annotations

import pytest

from tests.cli.shop import NEW, OLD, Shop

pytestmark = pytest.mark.e2e

WRONG = "sha256:" + "9" * 64


@pytest.mark.parametrize("name", ["roll", "swap", "drip", "head", "both"])
def test_a_second_start_gives_what_the_right_one_would_have_given(shop: Shop, name: str) -> None:
    major = ("--change", "major") if name == "both" else ()
    shop.publish("prod")
    rest = shop.text(f"prod/{name}.yaml")
    shop.do("start", f"prod/{name}", "--version", "1.1.0", "--digest", NEW, *major)
    right = shop.text(f"prod/{name}.yaml")
    shop.put(f"prod/{name}.yaml", rest)
    shop.do("start", f"prod/{name}", "--version", "1.0.9", "--digest", WRONG, *major)
    result = shop.do("start", f"prod/{name}", "--version", "1.1.0", "--digest", NEW, *major)
    assert shop.text(f"prod/{name}.yaml") == right
    if name != "swap":
        assert "takes back the start of 1.0.9" in result.err


def test_what_is_published_is_not_taken_back(shop: Shop) -> None:
    for name in ("drip", "roll"):
        shop.do("start", f"prod/{name}", "--version", "1.0.9", "--digest", WRONG)
    shop.publish("prod")
    refused = shop.run("start", "prod/drip", "--version", "1.1.0", "--digest", NEW)
    assert refused.status == 1 and "1.0.9 is under way" in refused.err
    shop.do("start", "prod/roll", "--version", "1.1.0", "--digest", NEW)
    assert "1.0.9" in shop.text("prod/roll.yaml").partition("previous:")[2]
    assert OLD not in shop.text("prod/roll.yaml")
