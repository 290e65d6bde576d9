"""The README against reality: its sessions are run and compared, its spec is the one they run on.

`UPDATE_README=1 pytest tests/readme` draws its picture anew. Sessions are excerpts, and edited by hand.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from compiler.cli.commands import COMMANDS
from compiler.cli.main import main
from compiler.cli.workflow_files import ACTION_PLACEHOLDER, workflow_files
from compiler.git.demo_repositories import commit_all, new_repositories

README = Path(__file__).parents[2] / "README.md"
PICTURE = README.parent / "docs" / "loss.svg"
LOSS = Path(__file__).with_name("loss")
SESSION = re.compile(r"```console\n\$ shipway (?P<words>[^\n]*)\n(?P<said>.*?)```", re.DOTALL)
SPEC = re.compile(r"```yaml\n# (?P<file>environments/\S+)\n(?P<text>.*?)```", re.DOTALL)
GREEN = re.compile(r"\n +green: [^\n]*")


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """A repository that published the README's release before its green version came."""
    root = tmp_path / "specs"
    new_repositories(root, tmp_path / "deploy.git")
    (root / "environments" / "prod").mkdir(parents=True)
    for match in SPEC.finditer(README.read_text(encoding="utf-8")):
        (root / match["file"]).write_text(GREEN.sub("", match["text"]), encoding="utf-8")
    commit_all(root, "1.4.2 serves")
    assert main(["publish", "-q", "-C", str(root)]) == 0
    (root / match["file"]).write_text(match["text"], encoding="utf-8")
    commit_all(root, "1.5.0 comes")
    return root


def sessions() -> Iterator[re.Match[str]]:
    yield from SESSION.finditer(README.read_text(encoding="utf-8"))


def test_the_sessions_print_what_the_readme_shows(specs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = list(sessions())
    assert result
    for session in result:
        capsys.readouterr()
        main([*session["words"].split(), "-q", "-C", str(specs)])
        text = capsys.readouterr().out
        assert shown_excerpt(text, session["said"]), text


def shown_excerpt(text: str, shown: str) -> bool:
    """Whether the lines shown are lines that were said, in order and together; `…` alone stands for lines left out."""
    rest = text
    for number, part in enumerate(re.split(r"^…\n", shown, flags=re.MULTILINE)):
        place = rest.find(part) if number else (0 if rest.startswith(part) else -1)
        if place < 0:
            return False
        rest = rest[place + len(part) :]
    return True


def test_an_excerpt_is_distinguished_from_what_is_missing() -> None:
    assert shown_excerpt("a\nb\nc\n", "a\n…\nc\n")
    assert shown_excerpt("a\nb\nc\n", "a\nb\n")
    assert not shown_excerpt("a\nb\nc\n", "a\nc\n")
    assert not shown_excerpt("a\nb\nc\n", "b\n")
    assert not shown_excerpt("a\nb\nc\n", "c\n…\na\n")


def test_the_plan_takes_about_ten_lines() -> None:
    assert all(session["said"].count("\n") <= 12 for session in sessions())


def test_the_picture_is_what_verify_draws(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    match = re.search(r"`shipway (verify before/ after/ [^`]*)`", README.read_text(encoding="utf-8"))
    assert match is not None
    monkeypatch.chdir(LOSS)
    assert main([*match[1].split(), "--format", "svg"]) == 1
    drawn = capsys.readouterr().out
    if os.environ.get("UPDATE_README"):
        PICTURE.write_text(drawn, encoding="utf-8")
    assert drawn == PICTURE.read_text(encoding="utf-8")
    assert "nobody" in drawn


def test_the_workflow_is_the_one_that_init_writes() -> None:
    written = workflow_files(ACTION_PLACEHOLDER)[".github/workflows/plan.yml"]
    assert f"```yaml\n# .github/workflows/plan.yml\n{written}```" in README.read_text(encoding="utf-8")


def test_every_command_that_the_readme_names_exists() -> None:
    named = set(re.findall(r"`shipway ([a-z]+)", README.read_text(encoding="utf-8")))
    assert named <= set(COMMANDS)
    assert {"verify", "start", "plan"} & named


def test_the_readme_is_short_enough_to_be_read() -> None:
    assert 400 <= len(README.read_text(encoding="utf-8").split()) <= 800


def test_the_demo_runs_as_the_readme_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "shipway demo\n" in README.read_text(encoding="utf-8")
    assert main(["demo", "--dir", str(tmp_path / "demo")]) == 0
    output = capsys.readouterr()
    assert output.out.count("$ shipway publish") >= 8
    assert "~ prod/recommender/httproute-recommender.yaml" in output.out
    assert "error[route-lost]" in output.err
    assert (tmp_path / "demo" / "plan.html").is_file()
    assert output.err.rstrip().splitlines()[-1].startswith("next: shipway plan")


def test_the_demo_leaves_a_folder_with_something_in_it_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x", encoding="utf-8")
    assert main(["demo", "--dir", str(tmp_path)]) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_the_spec_gets_its_route_in_the_environment_that_init_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "-q", str(tmp_path)]) == 0
    (_, result) = SPEC.finditer(README.read_text(encoding="utf-8"))
    (tmp_path / result["file"]).write_text(result["text"], encoding="utf-8")
    assert main(["build", "-C", str(tmp_path), "--out", str(tmp_path / "out")]) == 0
    assert "warning" not in capsys.readouterr().err
    assert (tmp_path / "out/prod/recommender/httproute-recommender.yaml").is_file()
    assert (tmp_path / "out/prod/hello/httproute-hello.yaml").is_file()
