"""verify --kustomize: judges what kustomize builds, of folders and of revisions, and says why it cannot."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from compiler.cli.main import main

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: b}\n"
OVERLAY = "resources: [../base]\nnamePrefix: PREFIX-\n"
STUB = '#!/bin/sh\ncat "$2"/../base/a.yaml\n'


@pytest.fixture
def sides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Two repositories' overlays, and a kustomize that prints the base as it stands."""
    for side, prefix in (("old", "x"), ("new", "y")):
        for name, text in (("base/a.yaml", CONFIG), ("over/kustomization.yaml", OVERLAY.replace("PREFIX", prefix))):
            file = tmp_path / side / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
    program(tmp_path, STUB, monkeypatch)
    return tmp_path / "old" / "over", tmp_path / "new" / "over"


def program(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder / "bin" / "kustomize"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{file.parent}:/usr/bin:/bin")


def answer(capsys: pytest.CaptureFixture[str], *args: object) -> dict[str, object]:
    main(["verify", *map(str, args), "--kustomize", "--format", "json"])
    data: dict[str, object] = json.loads(capsys.readouterr().out)
    return data


def test_what_is_built_is_judged(sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", *map(str, sides)]) == 1
    assert "--kustomize" in capsys.readouterr().err
    (sides[1].parent / "base" / "a.yaml").write_text(CONFIG.replace("a: b", "a: c"))
    data = answer(capsys, *sides)
    assert data["verdict"] == "safe"
    assert isinstance(data["compared"], dict) and (data["compared"]["objects"], data["compared"]["changed"]) == (1, 1)


def test_a_folder_without_a_kustomization_is_read_as_it_stands(
    sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    data = answer(capsys, sides[0].parent / "base", sides[1])
    assert isinstance(data["compared"], dict) and data["compared"]["changed"] == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("echo nothing there >&2; exit 1", "nothing there"),
        ("printf 'apiVersion: v1\\nkind: A\\nmetadata: [\\n'", "over (kustomize build):"),
    ],
)
def test_a_build_that_fails_is_refused(
    sides: tuple[Path, Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    expected: str,
) -> None:
    program(sides[0].parents[1], f"#!/bin/sh\n{text}\n", monkeypatch)
    assert main(["verify", *map(str, sides), "--kustomize"]) == 1
    err = capsys.readouterr().err
    assert expected in err and "Traceback" not in err


def test_a_revision_is_built_with_its_bases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if not shutil.which("kubectl") and not shutil.which("kustomize"):
        pytest.skip("neither kustomize nor kubectl is installed")
    (tmp_path / "base").mkdir()
    (tmp_path / "over").mkdir()
    (tmp_path / "base" / "a.yaml").write_text(CONFIG)
    (tmp_path / "base" / "kustomization.yaml").write_text("resources: [a.yaml]\n")
    git = ["git", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], check=True)
    for prefix in "xy":
        (tmp_path / "over" / "kustomization.yaml").write_text(OVERLAY.replace("PREFIX", prefix))
        subprocess.run([*git, "add", "-A"], check=True)
        subprocess.run([*git, "commit", "-qm", prefix], check=True)
    data = answer(capsys, f"{tmp_path}@HEAD~1:over", f"{tmp_path}@HEAD:over")
    assert isinstance(data["compared"], dict) and data["compared"]["objects"] == 2
