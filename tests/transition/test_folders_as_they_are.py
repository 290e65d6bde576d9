"""Folders as Argo CD reads them: what it ignores or takes does not stop the judgment, and is a note."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from compiler.cli.main import main
from tests.transition.test_cases import CASES

SAFE = CASES / "rolling-defaults"
OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra, namespace: ml}\ndata: {a: b}\n"


def verified(capsys: pytest.CaptureFixture[str], before: Path, after: Path, *more: str) -> dict[str, object]:
    main(["verify", str(before), str(after), "--format", "json", *more])
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    return answer


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Path, Path]:
    for side in ("from", "to"):
        (tmp_path / side).mkdir()
        for file in (SAFE / side).iterdir():
            (tmp_path / side / file.name).write_text(file.read_text())
    return tmp_path / "from", tmp_path / "to"


@pytest.mark.parametrize(
    ("name", "text", "note"),
    [
        ("values.yaml", "replicas: 3\n", "values.yaml: Argo CD ignores this file"),
        ("broken.yaml", "a: [\n", "broken.yaml: Argo CD ignores this file"),
        ("list.yaml", "- a\n", "list.yaml: Argo CD ignores this file"),
        ("twice.yaml", f"{OBJECT}---\n{OBJECT}", "Argo CD takes the last one"),
        ("key.yaml", OBJECT + "data: {a: c}\n", "the key 'data' is given twice; Argo CD reads the last one"),
        ("tag.yaml", OBJECT.replace("b}", "!Ref b}"), "Argo CD ignores the tag !Ref"),
    ],
)
@pytest.mark.parametrize("side", [0, 1])
def test_what_argo_cd_ignores_or_takes(
    sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str], side: int, name: str, text: str, note: str
) -> None:
    for folder in sides:
        (folder / "extra.yaml").write_text(OBJECT)
    (sides[side] / ("extra.yaml" if "kind" in text else name)).write_text(text)
    answer = verified(capsys, *sides)
    assert answer["verdict"] == "safe"
    assert any(note.replace(name, "") in each for each in answer["notes"]), answer["notes"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("values.yaml", "replicas: 3\n"),
        ("extra.yaml", f"{OBJECT}---\n{OBJECT}"),
        ("extra.yaml", OBJECT + "data: {a: c}\n"),
    ],
)
@pytest.mark.parametrize("before", ["", "# moved by a line\n"])
def test_what_holds_for_a_file_of_both_sides_is_noted_once(
    sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str], name: str, text: str, before: str
) -> None:
    for folder, start in zip(sides, (before, ""), strict=True):
        (folder / name).write_text(start + text)
    notes = verified(capsys, *sides)["notes"]
    assert isinstance(notes, list)
    assert [str(sides[1] / name) in note for note in notes] == [True]


MARK = "# +argocd:skip-file-rendering\n"


def marked(folder: Path, kind: str) -> None:
    for file in folder.iterdir():
        if f"kind: {kind}\n" in file.read_text():
            file.write_text(MARK + file.read_text())


def test_a_file_that_asks_to_be_skipped_is_pruned(sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    marked(sides[1], "Deployment")
    answer = verified(capsys, *sides)
    assert answer["verdict"] == "unsafe"
    assert any("Argo CD skips this file" in note for note in answer["notes"])  # type: ignore[attr-defined]


def test_a_file_that_was_skipped_before_was_never_there(
    sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in sides:
        (folder / "extra.yaml").write_text(MARK + OBJECT)
    answer = verified(capsys, *sides)
    assert answer["verdict"] == "safe"
    assert len(answer["notes"]) == 1  # type: ignore[arg-type]


def test_what_kustomize_lists_is_not_skipped(sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    for folder in sides:
        names = sorted(file.name for file in folder.iterdir())
        (folder / "kustomization.yaml").write_text("resources:\n" + "".join(f"- {name}\n" for name in names))
    marked(sides[1], "Deployment")
    assert verified(capsys, *sides)["verdict"] == "safe"


def test_the_last_of_two_equal_keys_counts(sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    deployment = next(file for file in sides[1].iterdir() if "kind: Deployment" in file.read_text())
    deployment.write_text(deployment.read_text().rstrip() + "\nspec: {selector: {matchLabels: {app: other}}}\n")
    answer = verified(capsys, *sides)
    assert answer["verdict"] == "unsafe"


@pytest.mark.parametrize("text", ["apiVersion: v1\nkind: A\nmetadata: [\n", f"{OBJECT}---\nkind: A\n"])
def test_what_argo_cd_cannot_read_is_refused(
    sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str], text: str
) -> None:
    (sides[1] / "broken.yaml").write_text(text)
    assert main(["verify", *map(str, sides)]) == 1
    assert "broken.yaml:" in capsys.readouterr().err
    assert main(["verify", *map(str, sides), "--exclude", "broken.*"]) == 0


@pytest.fixture
def rolling(sides: tuple[Path, Path]) -> tuple[Path, Path]:
    """Another image of a Deployment whose pods have no preStop pause: it loses requests whenever it rolls."""
    for side in sides:
        for file in side.iterdir():
            obj = yaml.safe_load(file.read_text())
            if obj["kind"] == "Deployment":
                for container in obj["spec"]["template"]["spec"]["containers"]:
                    container.pop("lifecycle", None)
                file.write_text(yaml.safe_dump(obj))
    return sides


def test_a_change_is_compared_with_a_plain_change_of_the_images(
    rolling: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = rolling
    answer = verified(capsys, before, after, "--baseline")
    baseline = answer["baseline"]
    assert isinstance(baseline, dict)
    assert (answer["verdict"], baseline["standing"], baseline["added"]) == ("unsafe", "no worse", [])
    assert {each["code"] for each in baseline["known"]} == {"drain-too-short"}
    assert main(["verify", str(before), str(after), "--baseline"]) == 0
    first = capsys.readouterr().out.splitlines()
    assert first[0] == "no worse than a plain change of the images today"
    assert "drain-too-short" in first[1]


def test_what_a_change_adds_stands_first(rolling: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    before, after = rolling
    for file in after.iterdir():
        obj = yaml.safe_load(file.read_text())
        if obj["kind"] == "Deployment":
            obj["spec"]["strategy"] = {"type": "Recreate"}
            file.write_text(yaml.safe_dump(obj))
    worse = verified(capsys, before, after, "--baseline")["baseline"]
    assert isinstance(worse, dict)
    assert worse["standing"] == "worse"
    assert main(["verify", str(before), str(after), "--baseline"]) == 1
    assert capsys.readouterr().out.splitlines()[1].startswith("  adds: error[")


def test_a_loss_for_good_is_worse_than_one_of_a_moment(
    rolling: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """One replica that may be unavailable loses requests whenever it rolls; without replicas they stay lost."""
    for side, replicas in zip(rolling, (1, 0), strict=True):
        for file in side.iterdir():
            obj = yaml.safe_load(file.read_text())
            if obj["kind"] == "Deployment":
                obj["spec"] |= {
                    "replicas": replicas,
                    "strategy": {"rollingUpdate": {"maxUnavailable": 1, "maxSurge": 0}},
                }
                file.write_text(yaml.safe_dump(obj))
    baseline = verified(capsys, *rolling, "--baseline")["baseline"]
    assert isinstance(baseline, dict)
    assert (baseline["standing"], [each["code"] for each in baseline["added"]][:1]) == ("worse", ["backend-empty"])
    assert main(["verify", *map(str, rolling), "--baseline"]) == 1


def test_what_gets_better_is_reported(rolling: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    before, after = rolling
    for file in (SAFE / "to").iterdir():
        (after / file.name).write_text(file.read_text())
    baseline = verified(capsys, before, after, "--baseline")["baseline"]
    assert isinstance(baseline, dict)
    assert baseline["standing"] == "better"


def test_a_process_that_ends_gracefully_by_itself_is_declared_with_a_reason(
    rolling: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    finding = verified(capsys, *rolling)["findings"][0]  # type: ignore[index]
    kind, name = finding["objects"][0].split(" ")
    declared = f"{kind.rpartition('/')[2]}/{name}=its server drains on SIGTERM (the platform team)"
    answer = verified(capsys, *rolling, "--graceful", declared)
    assert answer["verdict"] == "safe"
    premises = answer["premises"]
    assert isinstance(premises, list)
    assert any("ends gracefully, as declared: its server drains" in each for each in premises)
    assert main(["verify", ".", ".", "--graceful", "Deployment/x=y"]) == 2


@pytest.mark.parametrize("text", ["{% if a %}\nkind: A\n", "apiVersion: v1\nkind: A\nmetadata: [\n", "{}"])
def test_what_cannot_be_read_on_both_sides_is_left_out(
    sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str], text: str
) -> None:
    """FROM is what the cluster holds, so Argo CD does not read this file; one that breaks stops its sync."""
    for side in sides:
        (side / "broken.json").write_text(text)
    answer = verified(capsys, *sides)
    assert answer["verdict"] == "safe"
    assert "left out, because Argo CD cannot read it" in str(answer["notes"])
    (sides[0] / "broken.json").unlink()
    assert main(["verify", *map(str, sides)]) == 1


def test_a_file_named_kustomization_without_ending_lists_the_files(
    sides: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    for side in sides:
        (side / "extra.yaml").write_text(OBJECT)
        names = sorted(file.name for file in side.iterdir() if file.name != "extra.yaml")
        (side / "Kustomization").write_text(f"resources: [{', '.join(names)}]\n")
    answer = verified(capsys, *sides)
    assert answer["verdict"] == "safe"
    assert "ConfigMap ml/extra" not in str(answer)
    (sides[1] / "Kustomization").write_text("resources: [https://example.com/base]\n")
    assert main(["verify", *map(str, sides)]) == 1
    assert "manifests-unrendered" in capsys.readouterr().err


def test_files_without_an_object_on_both_sides_prove_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for side, replicas in (("from", 3), ("to", 0)):
        (tmp_path / side).mkdir()
        (tmp_path / side / "values.yaml").write_text(f"replicas: {replicas}\n")
    assert main(["verify", str(tmp_path / "from"), str(tmp_path / "to")]) == 2
    assert "has an object" in capsys.readouterr().err


def test_two_folders_without_files_are_the_same(tmp_path: Path) -> None:
    for side in ("from", "to"):
        (tmp_path / side).mkdir()
    assert main(["verify", str(tmp_path / "from"), str(tmp_path / "to")]) == 0
