"""versioned: where a new track answers, beside one whose path was chosen."""

from __future__ import annotations

from tests.cli.shop import NEW, Shop

MAJOR = ("--version", "2.0.0", "--digest", NEW, "--change", "major")


def at(shop: Shop, path: str) -> None:
    shop.put("prod/both.yaml", shop.text("prod/both.yaml").replace("sunset:", f"path: {path}, sunset:"))


def test_the_version_in_a_path_is_counted_up(shop: Shop) -> None:
    at(shop, "/fraud/v1")
    shop.do("start", "prod/both", *MAJOR)
    assert "path: /fraud/v2" in shop.text("prod/both.yaml")


def test_a_path_without_a_version_asks_for_the_new_one(shop: Shop) -> None:
    at(shop, "/fraud")
    refused = shop.run("start", "prod/both", *MAJOR)
    assert refused.status == 1 and "from the path of v1, /fraud" in refused.err and "--path /v2" in refused.err
    shop.do("start", "prod/both", *MAJOR, "--path", "/scores")
    assert "path: /scores" in shop.text("prod/both.yaml")


def test_a_path_goes_with_a_new_track(shop: Shop) -> None:
    result = shop.run("start", "prod/swap", "--version", "2.0.0", "--path", "/x")
    assert result.status == 1 and "course-version-invalid" in result.err


def test_a_track_without_a_path_answers_below_the_release_s(shop: Shop) -> None:
    text = shop.text("prod/both.yaml").replace("host: both.example.com", "host: both.example.com, path: /fraud")
    shop.put("prod/both.yaml", text)
    shop.do("start", "prod/both", *MAJOR)
    shop.do("build", "prod/both", "--out", str(shop.root / "out"))
    routes = "".join(file.read_text() for file in (shop.root / "out/prod/both").glob("httproute-*.yaml"))
    assert "value: /fraud/v1\n" in routes and "value: /fraud/v2\n" in routes


def test_a_host_that_no_router_reads_is_named(shop: Shop) -> None:
    shop.put("lab/pods.yaml", shop.text("lab/pods.yaml").replace("{path: /}", "{host: lab.example.com, path: /x}"))
    result = shop.do("check", "lab")
    assert result.err.count("warning[expose-unrouted]") == 1
    assert "`host` has no effect" in result.err
