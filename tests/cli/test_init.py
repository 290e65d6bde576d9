"""`init` in a folder that holds something already: it adds what is missing, and overwrites nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from compiler.cli.main import main
from compiler.strategies import STRATEGIES
from tests.git.helpers import git
from tests.pipeline.specs import environment, release

ADDRESS = f"acme/shipway@{'b' * 40}"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def new(tmp_path: Path) -> dict[str, bytes]:
    """What a new repository holds."""
    assert main(["init", "-q", str(tmp_path / "new")]) == 0
    return contents(tmp_path / "new")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "repository"
    made.mkdir()
    return made


def test_what_is_there_stays_and_what_is_missing_comes(
    folder: Path, new: dict[str, bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "README.md").write_text("mine")
    (folder / ".github/workflows").mkdir(parents=True)
    (folder / ".github/workflows/plan.yml").write_text("terraform")
    assert main(["init", "-C", str(folder)]) == 0
    output = capsys.readouterr()
    after = contents(folder)
    assert after == {**new, "README.md": b"mine", ".github/workflows/plan.yml": b"terraform"}
    assert set(output.out.splitlines()) == {
        str(folder / name) for name in after if name not in ("README.md", ".github/workflows/plan.yml")
    }
    for name in ("README.md", ".github/workflows/plan.yml"):
        assert f"note: {folder / name} exists already, and is not changed" in output.err.splitlines()


def test_a_second_init_changes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(folder)]) == 0
    before = contents(folder)
    capsys.readouterr()
    assert main(["init", str(folder)]) == 0
    output = capsys.readouterr()
    assert contents(folder) == before
    assert output.out == ""
    assert "nothing to add: every file exists" in output.err
    assert "stays as it is" not in output.err


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"node_modules/\n", b"node_modules/\n/out/\n/site/\n"),
        (b"node_modules/", b"node_modules/\n/out/\n/site/\n"),
        (b"a\r\nb\r\n", b"a\r\nb\r\n/out/\r\n/site/\r\n"),
        (b"", b"/out/\n/site/\n"),
        (b"out/\n# \xff\n", b"out/\n# \xff\n/site/\n"),
        (b"site\n/out\n!keep\n", b"site\n/out\n!keep\n"),
    ],
)
def test_gitignore_is_merged_without_loss(before: bytes, after: bytes, folder: Path) -> None:
    (folder / ".gitignore").write_bytes(before)
    assert main(["init", "-q", str(folder)]) == 0
    assert (folder / ".gitignore").read_bytes() == after


def test_an_environment_of_its_own_gets_no_example_beside_it(folder: Path) -> None:
    (folder / "environments/live").mkdir(parents=True)
    (folder / "environments/live/environment.yaml").write_text(environment("service").replace("prod", "live"))
    (folder / "environments/live/api.yaml").write_text(release('rolling: {version: "1"}'))
    assert main(["init", "-q", str(folder)]) == 0
    assert [path.name for path in (folder / "environments").iterdir()] == ["live"]
    assert (folder / ".github/workflows/publish.yml").is_file()
    assert main(["check", "-q", "-C", str(folder)]) == 0


def test_a_dry_run_names_what_would_come_and_writes_nothing(
    folder: Path, new: dict[str, bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / ".gitignore").write_text("a\n")
    assert main(["init", "--dry-run", str(folder)]) == 0
    output = capsys.readouterr()
    assert sorted(output.out.splitlines()) == sorted(str(folder / name) for name in new)
    assert "dry run: nothing was written" in output.err
    assert contents(folder) == {".gitignore": b"a\n"}


@pytest.mark.parametrize(
    ("made", "words", "expected"),
    [
        ((), (), ".github/workflows/plan.yml"),
        ((), ("--ci", "gitlab"), ".gitlab-ci.yml"),
        ((), ("--ci", "none"), None),
        ((".gitlab/CODEOWNERS",), (), ".gitlab-ci.yml"),
        ((".gitlab-ci.yml",), (), ".gitlab/shipway.yml"),
        ((".gitlab-ci.yml",), ("--ci", "github"), ".github/workflows/plan.yml"),
        ((".gitlab-ci.yml", ".github/workflows/test.yml"), (), ".github/workflows/plan.yml"),
    ],
)
def test_the_ci_is_the_one_that_is_asked_for_or_that_is_there(
    made: tuple[str, ...],
    words: tuple[str, ...],
    expected: str | None,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in made:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("theirs")
    assert main(["init", str(folder), "--action", ADDRESS, *words]) == 0
    output = capsys.readouterr()
    written = [line for line in output.out.splitlines() if "/.git" in line and not line.endswith(".gitignore")]
    assert bool(written) == (expected is not None)
    assert expected is None or str(folder / expected) in written
    assert all((folder / name).read_text() == "theirs" for name in made)
    assert ("add `include: .gitlab/shipway.yml`" in output.err) == (expected == ".gitlab/shipway.yml")
    assert "OWNER/shipway" not in output.err


@pytest.mark.parametrize("strategy", [*STRATEGIES])
def test_the_example_in_prod_has_the_strategy_that_is_asked_for_and_a_new_version_can_start(
    folder: Path, strategy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(folder), "--strategy", strategy]) == 0
    assert f"{folder / 'README.md'} lists the commands to a first release" in capsys.readouterr().err
    spec = yaml.safe_load((folder / "environments/prod/hello.yaml").read_text())
    assert list(spec["spec"]["strategy"]) == [strategy]
    for words in (["check"], ["start", "prod/hello", "--version", "9.0"], ["check"]):
        assert main([*words, "-C", str(folder)]) == 0
    assert "9.0" in (folder / "environments/prod/hello.yaml").read_text()


def test_gitlabs_pipeline_names_the_copy_that_is_given(folder: Path) -> None:
    assert main(["init", "-q", str(folder), "--ci", "gitlab", "--action", ADDRESS]) == 0
    text = (folder / ".gitlab-ci.yml").read_text()
    assert f"https://github.com/acme/shipway /tmp/shipway && git -C /tmp/shipway checkout -q {'b' * 40}\n" in text
    assert "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH" in text
    assert {"plan", "publish", "pilot"} <= yaml.safe_load(text).keys()


def test_below_the_top_of_a_repository_the_workflows_have_to_move(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(folder, "init", "-q")
    assert main(["init", str(folder)]) == 0
    assert "working-directory" not in capsys.readouterr().err
    assert main(["init", str(folder / "deploy")]) == 0
    assert "move them there, and give the action `working-directory`" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["README.md", ".gitignore", "environments/prod/hello.yaml"])
def test_a_link_is_not_followed(name: str, folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).symlink_to(outside)
    assert main(["init", "-q", str(folder)]) == 0
    assert not outside.exists()
    outside.write_text("x")
    assert main(["init", "-q", str(folder)]) == 0
    assert outside.read_text() == "x"


def test_a_file_where_a_folder_must_be_ends_it_with_nothing_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "schemas").write_text("x")
    (folder / ".gitignore").write_text("a")
    assert main(["init", str(folder)]) == 1
    assert "error[output-unwritable]" in capsys.readouterr().err
    assert contents(folder) == {"schemas": b"x", ".gitignore": b"a"}


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_an_ignore_file_that_may_not_be_written_ends_it_with_nothing_written(folder: Path) -> None:
    (folder / ".gitignore").write_text("a")
    (folder / ".gitignore").chmod(0o444)
    assert main(["init", str(folder)]) == 1
    assert contents(folder) == {".gitignore": b"a"}
