"""`shipway comment` in a job of GitLab's, against a server on loopback: one note per environment, edited in place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from compiler.cli.main import main
from tests.forge.fake_gitlab import HEAD, TOKEN, GitLab, merge_request_forge


@pytest.fixture
def gitlab(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitLab]:
    with merge_request_forge() as (made, variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("compiler.forge.api.time.sleep", lambda _: None)
        yield made


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    folder = tmp_path / "plans"
    folder.mkdir()
    for name in ("dev", "prod"):
        (folder / f"{name}.md").write_text(f"<!-- shipway:{name} -->\nsafe\n/merge @ada !3\n")
    return folder


def test_each_environment_gets_one_note_that_names_its_commit_and_pipeline(
    gitlab: GitLab, plans: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["comment", str(plans)]) == 0
    assert capsys.readouterr().out == "dev: commented !5\nprod: commented !5\n"
    first, second = (note["body"] for note in gitlab.notes)
    assert first.startswith("<!-- shipway:dev -->\nsafe\n")
    assert second.startswith("<!-- shipway:prod -->\n")
    assert f"Planned at {HEAD}" in first
    assert "https://gitlab.example.com/acme/deploy/-/pipelines/9" in first


def test_nothing_in_a_plan_is_a_command_or_a_mention(gitlab: GitLab, plans: Path) -> None:
    assert main(["comment", str(plans)]) == 0
    for note in gitlab.notes:
        assert not any(line.startswith("/") for line in note["body"].splitlines())
        assert "@ada" not in note["body"]
        assert "!3" not in note["body"]


def test_a_note_is_edited_in_place_and_left_alone_where_it_says_the_same(gitlab: GitLab, plans: Path) -> None:
    for number in range(150):  # more than a page of other notes
        gitlab.add(f"talk {number}", "ada")
    gitlab.add("<!-- shipway:prod -->\na quote", "ada")
    main(["comment", str(plans)])
    (plans / "prod.md").write_text("<!-- shipway:prod -->\nunsafe\n")
    main(["comment", str(plans)])
    assert len(gitlab.notes) == 153
    assert "unsafe" in gitlab.notes[-1]["body"]
    assert gitlab.notes[150]["body"] == "<!-- shipway:prod -->\na quote"
    before = len([each for each in gitlab.requests if not each.startswith("GET")])
    main(["comment", str(plans)])
    assert len([each for each in gitlab.requests if not each.startswith("GET")]) == before


@pytest.mark.parametrize(
    ("variable", "value", "code"),
    [
        ("SHIPWAY_COMMENT_TOKEN", "", "forge-token"),
        ("SHIPWAY_COMMENT_TOKEN", "wrong", "forge-refused"),
        ("CI_MERGE_REQUEST_IID", "", "forge-event"),
        ("CI_COMMIT_SHA", "main", "forge-event"),
        ("CI_API_V4_URL", "http://gitlab.example.com/api/v4", "forge-address"),
    ],
)
def test_what_is_missing_is_named_and_the_token_is_not(
    variable: str,
    value: str,
    code: str,
    gitlab: GitLab,
    plans: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(variable, value)
    assert main(["comment", str(plans)]) == 1
    text = capsys.readouterr().err
    assert f"error[{code}]" in text
    assert TOKEN not in text
    assert gitlab.notes == []
