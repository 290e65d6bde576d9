"""shipway site: the pages tell what the specs and Git do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.shop import NEW, Shop
from tests.git.helpers import git


def test_the_site_shows_courses_and_history(shop: Shop, tmp_path: Path) -> None:
    shop.do("start", "prod/drip", "--version", "1.1.0", "--digest", NEW)
    shop.publish("prod")
    head = git(shop.bare, "rev-parse", "shipway/prod")
    shop.do("advance", "prod/drip")
    shop.publish("prod")
    out = tmp_path / "pages"
    result = shop.do("site", "--out", str(out))
    assert f"{out / 'index.html'}" in result.out.splitlines()
    assert f"next: open {out / 'index.html'}" in result.err
    index, history = (out / "index.html").read_text(), (out / "history-prod.html").read_text()
    assert "shipway advance prod/drip" in index and "canary 50 %" in index
    assert head[:12] in history and "Ada" in history and "shipway rollback prod/drip --to" in history


def test_specs_that_differ_do_not_pass_for_what_is_published(shop: Shop, tmp_path: Path) -> None:
    shop.publish("prod")
    shop.do("start", "prod/roll", "--version", "1.1.0", "--digest", NEW)
    text = shop.do("site", "prod", "--out", str(tmp_path / "pages")).err
    index = (tmp_path / "pages/index.html").read_text()
    assert index.count("published: main 1.0.0 100 %") == 1
    assert text.startswith("1 environment as of")


def test_a_repository_out_of_reach_leaves_the_specs(shop: Shop, tmp_path: Path) -> None:
    git(shop.root, "remote", "set-url", "origin", str(shop.root.parent / "gone.git"))
    shop.do("site", "prod", "--out", str(tmp_path / "pages"))
    index = (tmp_path / "pages/index.html").read_text()
    assert "swap" in index and "published nowhere" in index and 'class="warned"' in index


def test_the_site_leads_to_the_plan_the_preview_and_the_forge(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git itself takes the forge's address for the bare repository."""
    address = "https://github.com/acme/specs.git"
    config = tmp_path / "gitconfig"
    config.write_text(f'[user]\n\tname = Ada\n\temail = a@b.c\n[url "{shop.bare}"]\n\tinsteadOf = {address}\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    git(shop.root, "remote", "set-url", "origin", address)
    shop.publish("prod")
    out = tmp_path / "pages"
    shop.do("site", "prod", "--out", str(out))
    assert not (out / "plan-prod.html").exists()
    shop.do("start", "prod/swap", "--version", "1.1.0", "--digest", NEW)
    shop.commit()
    shop.do("site", "prod", "--out", str(out))
    index, history = (out / "index.html").read_text(), (out / "history-prod.html").read_text()
    assert 'href="plan-prod.html">plan' in index and "1.1.0" in (out / "plan-prod.html").read_text()
    assert "X-Shipway-Preview: true" in index
    published, source = git(shop.bare, "rev-parse", "shipway/prod"), git(shop.root, "rev-parse", "HEAD~1")
    for page in (index, history):
        assert f'href="https://github.com/acme/specs/commit/{published}"' in page
    assert f'href="https://github.com/acme/specs/commit/{source}"' in history


def test_what_is_not_the_site_s_own_stays(shop: Shop, tmp_path: Path) -> None:
    out = tmp_path / "pages"
    out.mkdir()
    (out / "index.html").write_text("mine")
    refused = shop.run("site", "--out", str(out))
    assert refused.status == 1 and "index.html" in refused.err
    assert [file.name for file in out.iterdir()] == ["index.html"] and (out / "index.html").read_text() == "mine"
    (out / "index.html").rename(out / "mine.html")
    shop.do("site", "--out", str(out))
    shop.do("start", "prod/roll", "--version", "1.1.0", "--digest", NEW)
    shop.do("site", "--out", str(out))
    assert "1.1.0" in (out / "index.html").read_text()
    assert (out / "mine.html").read_text() == "mine"
    (out / "index.html").write_text("edited by hand")
    assert shop.run("site", "--out", str(out)).status == 1
    assert (out / "index.html").read_text() == "edited by hand"
