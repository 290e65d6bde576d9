"""Files and folders of `environments/` with names and contents that nobody meant."""

from __future__ import annotations

import os

import pytest

from tests.cli.shop import Shop


@pytest.mark.parametrize("name", [b"\xff.yaml", b"a\nb.yaml", "a\u202eb.yaml".encode(), b"a\x1b[31mb.yaml"])
def test_a_spec_whose_name_cannot_be_shown(shop: Shop, name: bytes) -> None:
    text = shop.text("prod/swap.yaml").replace("swap", "swop")
    with open(os.fsencode(shop.root / "environments/prod") + b"/" + name, "w") as file:  # noqa: PTH123  bytes
        file.write(text)
    for words in (("check",), ("check", "--format", "json"), ("check", "--format", "sarif"), ("build",)):
        result = shop.run(*words)
        assert result.status == 1
        assert "file-name-strange" in result.out + result.err
        assert "\x1b" not in result.out + result.err


def test_an_environment_that_is_a_link_to_nothing_is_not_passed_over(shop: Shop) -> None:
    (shop.root / "environments/new").mkdir()
    (shop.root / "environments/new/environment.yaml").symlink_to("nowhere.yaml")
    result = shop.run("check")
    assert result.status == 1
    assert "the file 'environments/new/environment.yaml' does not exist" in result.err


def test_an_environment_of_another_ending_is_reported_to_need_renaming(shop: Shop) -> None:
    for name in ("prod", "lab"):
        folder = shop.root / "environments" / name
        (folder / "environment.yaml").rename(folder / "environment.yml")
    result = shop.run("check")
    assert result.status == 1
    assert "environments/lab/environment.yml to environment.yaml" in result.err


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [("[web, api]", "[web, web]", "web is listed twice"), ("Group", "[a]", "must be a single word")],
)
def test_a_group_that_nobody_meant(shop: Shop, old: str, new: str, message: str) -> None:
    shop.put("prod/pair.yaml", shop.text("prod/pair.yaml").replace(old, new))
    result = shop.run("check")
    assert result.status == 1
    assert message in result.err
