"""An override of the containers fixes the image: a start that would start nothing is refused, at its line."""

from __future__ import annotations

from tests.cli.shop import NEW, OLD, Shop

PINNED = """  overrides:
    Deployment/swap-{track}:
      spec:
        template:
          spec:
            containers:
              - {{name: swap, image: "ghcr.io/acme/swap:1.0.0@{digest}"}}
"""


def test_a_start_that_starts_nothing_is_refused(shop: Shop) -> None:
    shop.put("prod/swap.yaml", shop.text("prod/swap.yaml") + PINNED.format(track="green", digest=OLD))
    before = shop.text("prod/swap.yaml")
    shop.do("check", "prod")
    result = shop.run("start", "prod/swap", "--version", "1.1.0", "--digest", NEW)
    assert result.status == 1
    assert "override-pins-image" in result.err and "environments/prod/swap.yaml:" in result.err
    assert shop.text("prod/swap.yaml") == before


def test_the_image_of_the_version_may_stand_in_an_override(shop: Shop) -> None:
    shop.put("prod/swap.yaml", shop.text("prod/swap.yaml") + PINNED.format(track="blue", digest=OLD))
    assert "override-pins-image" not in shop.run("check", "prod").err
