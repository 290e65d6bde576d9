"""Specs laid over their bases: what wins, and in which file it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from compiler.diagnostics import Diagnostic, Loc, Rejected
from compiler.source import excerpts, load_spec


def write(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".yaml").write_text(text)
    return root


def spec(root: Path, upper: str, lower: str) -> dict[str, Any]:
    write(root, prod__r=f"spec:\n  extends: ../base.yaml\n{upper}", base=f"spec:\n{lower}")
    data = load_spec(root, "prod/r.yaml").data["spec"]
    assert isinstance(data, dict)
    return data


def refusal(root: Path, file: str) -> Diagnostic:
    with pytest.raises(Rejected) as caught:
        load_spec(root, file)
    (finding,) = caught.value.diagnostics
    return finding


def test_maps_merge_and_lists_replace(tmp_path: Path) -> None:
    merged = spec(
        tmp_path,
        "  container: {args: [c], limits: {memory: 2Gi}}\n",
        "  container: {image: i, args: [a, b], limits: {cpu: 1}}\n",
    )
    assert merged == {"container": {"image": "i", "args": ["c"], "limits": {"cpu": 1, "memory": "2Gi"}}}
    assert list(merged["container"]) == ["image", "args", "limits"]


def test_null_deletes_at_any_depth(tmp_path: Path) -> None:
    merged = spec(
        tmp_path,
        "  a: null\n  b: {x: ~, y: 2}\n  never: ~\n  new: {z: ~, w: 1}\n",
        "  a: 1\n  b: {x: 1}\n",
    )
    assert merged == {"b": {"y": 2}, "new": {"w": 1}}


@pytest.mark.parametrize(
    ("path", "lower", "upper"),
    [
        ("strategy", "{rolling: {version: a}}", "{canary: {version: b}}"),
        ("autoscale", "{min: 1, max: 2}", "{min: 3}"),
        ("expose: {tls", "{secretName: s}}", "{inline: {crt: c}}}"),
        ("container: {env: {A", "{secret: s}}}", "{field: f}}}"),
        ("container: {probes: {readiness", "{path: /up}}}", "{tcp: true}}}"),
    ],
)
def test_choices_replace_whole(tmp_path: Path, path: str, lower: str, upper: str) -> None:
    merged = spec(tmp_path, f"  {path}: {upper}\n", f"  {path}: {lower}\n")
    alone = spec(tmp_path, f"  {path}: {upper}\n", "  other: 1\n")
    assert merged == {key: value for key, value in alone.items() if key != "other"}


def test_replicas_and_autoscale_exclude_each_other(tmp_path: Path) -> None:
    assert spec(tmp_path, "  replicas: 3\n", "  autoscale: {min: 1}\n") == {"replicas": 3}
    assert spec(tmp_path, "  autoscale: {min: 1}\n", "  replicas: 3\n") == {"autoscale": {"min": 1}}
    assert spec(tmp_path, "  replicas: ~\n", "  autoscale: {min: 1}\n") == {"autoscale": {"min": 1}}


def test_every_value_keeps_the_place_of_the_file_that_won(tmp_path: Path) -> None:
    write(
        tmp_path,
        prod__r="kind: Release\nspec:\n  extends: ../bases/a.yaml\n  x: {mine: 1}\n  l:\n    - 1\n",
        bases__a="spec:\n  extends: b.yaml\n  x: {middle: 1}\n",
        bases__b="kind: Release\nspec:\n  x: {mine: 0, lowest: 1}\n  l: [7, 8]\n",
    )
    document = load_spec(tmp_path, "prod/r.yaml")
    assert document.data == {"kind": "Release", "spec": {"x": {"mine": 1, "lowest": 1, "middle": 1}, "l": [1]}}
    assert document.locate(("spec", "x", "mine")) == Loc("prod/r.yaml", 4, 13)
    assert document.locate(("spec", "x", "middle")) == Loc("bases/a.yaml", 3, 15)
    assert document.locate(("spec", "x", "lowest"), on_key=True) == Loc("bases/b.yaml", 3, 16)
    assert document.locate(("spec", "l", 0)) == Loc("prod/r.yaml", 6, 7)
    assert document.locate(("spec", "l", 1)) == Loc("prod/r.yaml", 5, 3)
    assert set(document.texts) == {"prod/r.yaml", "bases/a.yaml", "bases/b.yaml"}


def test_a_circle_is_named_in_full(tmp_path: Path) -> None:
    write(
        tmp_path,
        r="spec: {extends: a.yaml}\n",
        a="spec: {extends: sub/b.yaml}\n",
        sub__b="spec:\n  extends: ../a.yaml\n",
    )
    problems = refusal(tmp_path, "r.yaml")
    assert (problems.code, problems.loc) == ("extends-cycle", Loc("sub/b.yaml", 2, 12))
    assert "a.yaml → sub/b.yaml → a.yaml" in problems.message
    assert [related.loc for related in problems.related] == [Loc("a.yaml", 1, 17)]


def test_a_spec_that_extends_itself(tmp_path: Path) -> None:
    assert refusal(write(tmp_path, r="spec: {extends: ./r.yaml}\n"), "r.yaml").code == "extends-cycle"


def test_a_long_chain_is_refused(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number}.yaml").write_text(f"spec: {{extends: {number + 1}.yaml}}\n")
    assert refusal(tmp_path, "0.yaml").code == "extends-too-long"


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ("none.yaml", "file-missing"),
        ("../outside.yaml", "file-outside"),
        ("/etc/passwd", "file-outside"),
        ("[a.yaml]", "extends-not-a-path"),
        ("~", "extends-not-a-path"),
        ("7", "extends-not-a-path"),
        ("environment.yaml", "extends-kind"),
        (".", "file-not-regular"),
    ],
)
def test_a_bad_base_is_refused_where_it_is_named(tmp_path: Path, named: str, code: str) -> None:
    write(tmp_path, r=f"kind: Release\nspec:\n  extends: {named}\n", environment="kind: Environment\n")
    problems = refusal(tmp_path, "r.yaml")
    assert (problems.code, problems.loc) == (code, Loc("r.yaml", 3, 12))


def test_an_error_inside_a_base_is_located_in_the_base(tmp_path: Path) -> None:
    write(tmp_path, r="spec: {extends: base.yaml}\n", base="spec:\n  a: 010\n")
    problems = refusal(tmp_path, "r.yaml")
    assert problems.loc == Loc("base.yaml", 2, 6)
    assert excerpts(tmp_path, (problems, Diagnostic("x", "m", Loc("gone", 1, 1), ""))) == {
        "base.yaml": "spec:\n  a: 010\n"
    }


def test_a_spec_that_is_no_map_is_left_to_the_models(tmp_path: Path) -> None:
    assert load_spec(write(tmp_path, r="spec: 3\n"), "r.yaml").data == {"spec": 3}


def test_a_map_laid_over_a_word_replaces_it(tmp_path: Path) -> None:
    assert spec(tmp_path, "  a: {b: 1}\n", "  a: word\n") == {"a": {"b": 1}}


def test_a_base_named_from_the_top_where_none_is_beside_the_file(tmp_path: Path) -> None:
    spec = "apiVersion: v1\nkind: Release\nspec: {extends: bases/web.yaml, replicas: 2}\n"
    files = {"environments/prod/web.yaml": spec, "bases/web.yaml": "kind: Release\nspec: {replicas: 1, a: top}\n"}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert load_spec(tmp_path, "environments/prod/web.yaml").data["spec"] == {"replicas": 2, "a": "top"}
    beside = tmp_path / "environments/prod/bases/web.yaml"
    beside.parent.mkdir()
    beside.write_text("kind: Release\nspec: {a: beside}\n", encoding="utf-8")
    assert load_spec(tmp_path, "environments/prod/web.yaml").data["spec"] == {"replicas": 2, "a": "beside"}
