"""The way in of docs/adopt.md, in its own words, in a real repository: chart → adopt → plan → publish → start."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from compiler.cli.main import main
from compiler.git.demo_repositories import commit_all, new_repositories
from tests.adopt.conftest import ENVIRONMENT
from tests.adopt.test_in_place import WEB

PAGE = Path(__file__).parents[2] / "docs" / "adopt.md"


def page_words() -> list[list[str]]:
    """The arguments of each `shipway` line of the page's first block."""
    block = re.search(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    lines = [line.partition("#")[0].split() for line in block[1].splitlines()]
    return [words[1:] for words in lines if words[0] == "shipway"]


def test_the_way_in_works_as_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "specs"
    new_repositories(root, tmp_path / "deploy.git")
    (root / "environments/prod").mkdir(parents=True)
    (root / "environments/prod/environment.yaml").write_text(ENVIRONMENT.replace("live", "prod"))
    (root / "rendered.yaml").write_text(WEB)
    monkeypatch.chdir(root)
    commands = [words[0] for words in page_words()]
    assert commands == ["adopt", "adopt", "plan", "publish", "start"]
    for words in page_words():
        assert main(words) == 0, (words, capsys.readouterr().err)
        commit_all(root, words[0])
    assert main(["plan", "prod"]) == 0
    assert "1.0 → 2.0.0" in capsys.readouterr().out
    assert main(["publish", "prod"]) == 0


def test_a_publish_that_loses_more_than_today_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "specs"
    new_repositories(root, tmp_path / "deploy.git")
    (root / "environments/live").mkdir(parents=True)
    (root / "environments/live/environment.yaml").write_text(ENVIRONMENT)
    (root / "rendered.yaml").write_text(WEB)
    monkeypatch.chdir(root)
    assert main(["adopt", "rendered.yaml", "--into", "live"]) == 0
    more = WEB.replace("targetPort: http}", "targetPort: http}, {name: more, port: 81, targetPort: http}")
    (root / "rendered.yaml").write_text(more)
    commit_all(root, "one port more runs")
    assert main(["publish", "live", "--from", "rendered.yaml"]) == 1
    assert main(["publish", "live", "--from", "nowhere"]) == 2
    capsys.readouterr()
    (root / "rendered.yaml").write_text(WEB)
    assert main(["publish", "live", "--from", "rendered.yaml"]) == 0
    err = capsys.readouterr().err
    assert "each release loses this today" in err
    assert "--allow" not in err
