"""Folders that Argo CD renders: a Kustomization that lists files is read as it stands, all others are refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from compiler.cli.main import main

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME}\ndata: {a: b}\n"
HEAD = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"


def write(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        file = folder / name.replace("__", "/").replace("_yaml", ".yaml")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


def answer(capsys: pytest.CaptureFixture[str], before: Path, after: Path, *more: str) -> dict[str, object]:
    main(["verify", str(before), str(after), "--format", "json", *more])
    data: dict[str, object] = json.loads(capsys.readouterr().out)
    return data


def codes(data: dict[str, object]) -> set[str]:
    result = data.get("diagnostics", [])
    assert isinstance(result, list)
    return {each["code"] for each in result}


@pytest.mark.parametrize("head", [HEAD, ""], ids=["with a kind", "without a kind"])
@pytest.mark.parametrize(
    "text",
    [
        "resources: [a.yaml]\nimages: [{name: web, newTag: '2'}]\n",
        "resources: [a.yaml]\npatches: [{path: p.yaml}]\n",
        "resources: [a.yaml, '../base']\n",
        "resources: [a.yaml]\nconfigMapGenerator: [{name: c, files: [c.txt]}]\n",
        "resources: [a.yaml]\ncomponents: [c]\n",
        "resources: [a.yaml]\npatches: [{path: ../p.yaml}]\n",
        "resources: [a.yaml]\npatchesStrategicMerge: [gone.yaml]\n",
        "resources: [a.yaml, 'https://example.com/b?ref=1']\n",
        "resources: a.yaml\n",
    ],
)
def test_a_kustomization_that_does_more_than_list_files_is_refused(
    head: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    object_text = CONFIG.replace("NAME", "a")
    before = write(tmp_path / "before", a_yaml=object_text)
    after = write(tmp_path / "after", a_yaml=object_text, kustomization_yaml=head + text)
    assert codes(answer(capsys, before, after)) == {"manifests-unrendered"}
    assert answer(capsys, before, after, "--exclude", "kustomization.yaml")["verdict"] == "safe"


EDITED = HEAD + "resources: [a.yaml]\nnamespace: web\npatches: [{path: p.yaml}]\n"


def test_files_that_both_sides_edit_alike_are_judged_as_they_stand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {"kustomization_yaml": EDITED, "p_yaml": "metadata: {name: a}\ndata: {x: y}\n"}
    before = write(tmp_path / "before", a_yaml=CONFIG.replace("NAME", "a"), **texts)
    after = write(tmp_path / "after", a_yaml=CONFIG.replace("NAME", "a").replace("b}", "c}"), **texts)
    data = answer(capsys, before, after)
    assert data["verdict"] in ("safe", "unknown")
    assert isinstance(data["compared"], dict) and data["compared"]["objects"] == 1
    assert "kustomize edits these files" in json.dumps(data["notes"])


@pytest.mark.parametrize("file", ["kustomization_yaml", "p_yaml"])
def test_edits_that_differ_between_the_sides_are_refused(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {"a_yaml": CONFIG.replace("NAME", "a"), "kustomization_yaml": EDITED, "p_yaml": "data: {x: y}\n"}
    before = write(tmp_path / "before", **texts)
    after = write(tmp_path / "after", **{**texts, file: texts[file] + "# changed\n"})
    assert codes(answer(capsys, before, after)) == {"manifests-unrendered"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[a.yaml]", "yaml-not-a-mapping"),
        ("5", "yaml-not-a-mapping"),
        ("a: 1\n---\nb: 2\n", "manifests-unrendered"),
        ("", "manifests-unrendered"),
    ],
)
def test_what_is_no_kustomization_is_refused(
    text: str, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path, a_yaml=CONFIG.replace("NAME", "a"), kustomization_yaml=text)
    assert codes(answer(capsys, folder, folder)) == {code}


def test_a_chart_is_refused_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = {"Chart_yaml": "apiVersion: v2\nname: web\n", "values_yaml": "replicas: 1\n"}
    template = "apiVersion: v1\nkind: ConfigMap\nmetadata: {{ .Values.meta }}\n"
    folder = write(tmp_path, **texts, templates__a_yaml=template)
    refusals = answer(capsys, folder, folder)["diagnostics"]
    assert isinstance(refusals, list)
    assert [each["code"] for each in refusals] == ["manifests-unrendered"]


def test_what_a_plain_kustomization_leaves_out_is_no_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    objects = {f"{name}_yaml": CONFIG.replace("NAME", name) for name in "ab"}
    inner = {"inner__c_yaml": CONFIG.replace("NAME", "c"), "inner__kustomization_yaml": "resources: [c.yaml]\n"}
    before = write(
        tmp_path / "before", **objects, **inner, kustomization_yaml=HEAD + "resources: [a.yaml, b.yaml, inner]\n"
    )
    after = write(tmp_path / "after", **objects, **inner, kustomization_yaml=HEAD + "resources: [a.yaml, ./inner/]\n")
    compared = answer(capsys, before, after)["compared"]
    assert isinstance(compared, dict)
    assert (compared["objects"], compared["changed"]) == (3, 1)
