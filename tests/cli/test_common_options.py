"""-C, -q and -v, before a command's name and behind it; and what check says of the folders it finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiler.cli.main import main
from tests.pipeline.specs import environment, release


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "environments" / "prod"
    folder.mkdir(parents=True)
    (folder / "environment.yaml").write_text(environment("service"))
    (folder / "api.yaml").write_text(release('rolling: {version: "1"}'))
    return tmp_path


def test_the_folder_is_named_before_or_behind_the_command(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-C", str(root), "check"]) == main(["check", "-C", str(root)]) == 0
    before, behind = capsys.readouterr().err.split("next: ")[1:]
    assert before.splitlines()[0] == behind.splitlines()[0] == f"shipway build -C {root}"


def test_quiet_says_nothing_and_verbose_names_each_release(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-q", "check", "-C", str(root)]) == 0
    assert capsys.readouterr() == ("", "")
    assert main(["check", "-v", "-C", str(root)]) == 0
    first, total, _ = capsys.readouterr().err.splitlines()
    assert first == "prod/api: rolling, released, 4 objects from environments/prod/api.yaml"
    assert total == "1 environment, 1 release, 5 objects: all valid"


def test_a_quiet_build_names_no_file(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "-q", "-C", str(root), "--out", str(tmp_path / "out")]) == 0
    assert capsys.readouterr() == ("", "")
    assert main(["build", "-C", str(root), "--out", str(tmp_path / "again")]) == 0
    written = capsys.readouterr().out.splitlines()
    assert f"{tmp_path}/again/prod/api/.shipway" in written
    assert {path.replace("/again/", "/out/") for path in written} == {
        str(path) for path in (tmp_path / "out").rglob("*") if path.is_file()
    }


def test_a_copied_folder_that_keeps_its_name_is_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "environments" / "prod").rename(root / "environments" / "qa")
    assert main(["check", "-C", str(root)]) == 1
    assert (
        "error[environment-name]: the environment is named prod, but its folder is named qa" in capsys.readouterr().err
    )


def test_commands_work_below_the_folder_of_the_specs(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root / "environments" / "prod")
    assert main(["check"]) == 0
    assert capsys.readouterr().err.splitlines()[-1] == "next: shipway build"
    assert main(["check", "prod/api", "-C", ".."]) == 0
    assert capsys.readouterr().err.splitlines()[-1] == "next: shipway build -C .."
    assert main(["start", "prod/api", "--version", "2.0.0", "--digest", "sha256:" + "2" * 64]) == 0
    assert "2.0.0" in (root / "environments/prod/api.yaml").read_text()


def test_where_nothing_above_has_environments_the_folder_itself_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "-C", str(tmp_path)]) == 1
    assert f"{tmp_path} has no environments/<name>/environment.yaml" in capsys.readouterr().err


def test_the_folder_stands_before_a_pipe(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    environment = root / "environments/prod/environment.yaml"
    environment.write_text(environment.read_text() + "  gitops: {repository: 'https://git.example.com/deploy.git'}\n")
    assert main(["bootstrap", "prod", "-C", str(root)]) == 0
    hint = capsys.readouterr().err.splitlines()[-1]
    assert hint == f"next: shipway bootstrap prod -q -C {root} | kubectl apply -n argocd -f -"


def test_a_release_where_an_environment_is_asked_for(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["publish", "prod/api", "-C", str(root)]) == 1
    assert "help: did you mean `prod`?" in capsys.readouterr().err


def test_a_build_into_the_specs_is_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(root.rglob("*"))
    for out in (root / "environments", root / "environments" / "prod" / "out"):
        assert main(["build", "--out", str(out), "-C", str(root)]) == 1
        assert "error[out-in-specs]" in capsys.readouterr().err
    assert sorted(root.rglob("*")) == before
