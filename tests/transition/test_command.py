"""`shipway verify` as its users see it."""

from __future__ import annotations

import json
import pathlib
import subprocess

import pytest

from compiler.cli.main import main
from compiler.report.json.verdict import verdict_json_data
from compiler.transition import SyncOptions, verify
from tests.transition.test_cases import CASES, objects

UNSAFE, SAFE = CASES / "bg-switch-and-prune", CASES / "rolling-defaults"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = main(["verify", *(str(argument) for argument in arguments)])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_the_status_is_that_of_the_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, SAFE / "from", SAFE / "to")[0] == 0
    status, out, err = run(capsys, UNSAFE / "from", UNSAFE / "to")
    assert (status, err) == (1, "")
    assert out.startswith("unsafe: 1 error")
    assert run(capsys, UNSAFE / "from", UNSAFE / "to", "--sync-option", "PruneLast=true")[0] == 0


def test_json_is_the_library_s_answer_with_places(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, UNSAFE / "from", UNSAFE / "to", "--format", "json")
    data = json.loads(out)
    wanted = verdict_json_data(verify(objects(UNSAFE / "from"), objects(UNSAFE / "to"), SyncOptions()))
    places = [finding.pop("location") for finding in data["findings"]]
    for finding in wanted["findings"]:
        del finding["location"]
    assert (status, data) == (1, wanted)
    assert places[0].endswith("to/httproute-recommender.yaml:1:1")


@pytest.mark.parametrize(
    ("wanted", "part"),
    [("github", "::error file="), ("sarif", '"ruleId": "backend-empty"'), ("svg", "<svg "), ("text", "help: ")],
)
def test_every_format(capsys: pytest.CaptureFixture[str], wanted: str, part: str) -> None:
    status, out, _ = run(capsys, UNSAFE / "from", UNSAFE / "to", "--format", wanted)
    assert status == 1
    assert part in out


def test_an_empty_folder_is_a_first_install(capsys: pytest.CaptureFixture[str], tmp_path: pathlib.Path) -> None:
    assert run(capsys, tmp_path, SAFE / "to")[0] == 0


def test_two_files_of_many_documents(capsys: pytest.CaptureFixture[str], tmp_path: pathlib.Path) -> None:
    for side in ("from", "to"):
        texts = [file.read_text() for file in sorted((UNSAFE / side).iterdir())]
        (tmp_path / side).write_text("---\n".join(texts))
    assert run(capsys, tmp_path / "from", tmp_path / "to")[0] == 1


def test_two_revisions(capsys: pytest.CaptureFixture[str], tmp_path: pathlib.Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(["git", "-C", str(tmp_path), *arguments], check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    for side in ("from", "to"):
        folder = tmp_path / "prod" / "web"
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        for file in (UNSAFE / side).iterdir():
            (folder / file.name).write_text(file.read_text())
        git("add", "-A")
        git("commit", "-q", "-m", side)
    status, out, _ = run(capsys, f"{tmp_path}@HEAD~1:prod", f"{tmp_path}@HEAD:prod", "--format", "json")
    assert status == 1
    assert json.loads(out)["findings"][0]["location"] == "prod/web/httproute-recommender.yaml:1:1"
    assert run(capsys, f"{tmp_path}@nowhere:prod", f"{tmp_path}@HEAD:prod")[0] == 1


def test_the_options_of_an_application_file(capsys: pytest.CaptureFixture[str], tmp_path: pathlib.Path) -> None:
    file = tmp_path / "application.yaml"
    file.write_text("kind: Application\nspec: {syncPolicy: {syncOptions: [PruneLast=true]}}\n")
    assert run(capsys, UNSAFE / "from", UNSAFE / "to", "--application", file)[0] == 0
    file.write_text("kind: AppProject\n")
    status, _, err = run(capsys, UNSAFE / "from", UNSAFE / "to", "--application", file)
    assert (status, "application-missing" in err) == (1, True)


@pytest.mark.parametrize(
    "arguments",
    [("nowhere", "."), (".", "nowhere"), (".", ".", "--sync-option", "PruneLast"), (".", ".", "--lag", "-1")],
)
def test_usage(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert err.startswith("shipway verify: ")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"apiVersion: v1\nkind: A\nmetadata: [", "yaml-"),
        (b"kind: X\n---\napiVersion: v1\nkind: A\nmetadata: {name: a}\n", "object-malformed"),
        (b"\xff\xfe", "yaml-encoding"),
    ],
)
def test_bad_input_is_located(
    capsys: pytest.CaptureFixture[str], tmp_path: pathlib.Path, content: bytes, code: str
) -> None:
    (tmp_path / "x.yaml").write_bytes(content)
    status, out, err = run(capsys, tmp_path, tmp_path)
    assert (status, out) == (1, "")
    assert code in err
    assert "x.yaml:" in err
    assert "Traceback" not in err


def test_the_way_back_says_each_thing_once(capsys: pytest.CaptureFixture[str], tmp_path: pathlib.Path) -> None:
    """What breaks two properties on the way back is one warning."""
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n"
    for side, text in (
        ("from", config),
        ("to", f"{config}---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: shop}}\n"),
    ):
        (tmp_path / side).mkdir()
        (tmp_path / side / "x.yaml").write_text(text)
    _, out, _ = run(capsys, tmp_path / "from", tmp_path / "to")
    assert out.count("warning[not-reversible]") == 1
