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


ODD_NAME = "\\e[31mred\\u009b\\u202e\\u200b"


@pytest.mark.parametrize("wanted", ["text", "json", "sarif", "github", "gitlab", "svg"])
def test_no_form_of_a_verdict_commands_a_terminal(
    wanted: str, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f'apiVersion: v1\nkind: Service\nmetadata: {{name: "{ODD_NAME}", namespace: shop}}\nspec: {{ports: []}}\n'
    for side, content in (("before", ""), ("after", text)):
        (tmp_path / side).mkdir()
        (tmp_path / side / "a.yaml").write_text(content, encoding="utf-8")
    assert main(["verify", str(tmp_path / "before"), str(tmp_path / "after"), "--format", wanted]) == 1
    printed = capsys.readouterr()
    assert not set("\x1b\x9b\u202e\u200b") & set(printed.out + printed.err)


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        (b"\xff\xfea\x00", "a.yaml:1:1", "UTF-16 or UTF-32"),
        (b"a: 1\nb: \xe9", "a.yaml:2:4", "byte 0xe9 is not UTF-8"),
        (
            b"apiVersion: v1\nkind: Service\nmetadata: {name: 5}\n",
            "a.yaml:3:11",
            "the name of this Service is not text",
        ),
        (b"apiVersion: v1\nkind: List\nitems: 5\n", "a.yaml:1:1", "this List has no list of `items`"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_folder_and_its_place(
    content: bytes, place: str, message: str, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for side in ("before", "after"):
        (tmp_path / side).mkdir()
    (tmp_path / "after/a.yaml").write_bytes(content)
    assert main(["verify", str(tmp_path / "before"), str(tmp_path / "after")]) == 1
    printed = capsys.readouterr().err
    assert f"--> {tmp_path}/after/{place}" in printed
    assert message in printed


@pytest.mark.parametrize("glob", ["{bad.yaml,other.yaml}", "b*.yaml", "{x,{bad,y}}.yaml", "*/../nothing", "{bad.yaml"])
def test_files_are_excluded_as_by_an_application(
    glob: str, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for side in ("before", "after"):
        (tmp_path / side).mkdir()
        (tmp_path / side / "a.yaml").write_text("apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: b}\n")
    (tmp_path / "after/bad.yaml").write_text("apiVersion: v1\nkind: [\nmetadata:\n")
    status, _, err = run(capsys, tmp_path / "before", tmp_path / "after", "--exclude", glob)
    assert (status, "bad.yaml" in err) == ((1, True) if glob in ("*/../nothing", "{bad.yaml") else (0, False))
