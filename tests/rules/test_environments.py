"""Two environments of one repository of specs, published to one folder: refused before anything is compiled."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiler.cli.release_selection import chosen_environments
from compiler.diagnostics.model import Rejected
from tests.pipeline.specs import environment


def write(root: Path, name: str, gitops: str) -> None:
    folder = root / "environments" / name
    folder.mkdir(parents=True)
    text = environment("service", f"  gitops: {gitops}\n").replace("name: prod", f"name: {name}")
    (folder / "environment.yaml").write_text(text)


@pytest.mark.parametrize("one", ["{branch: main, path: x}", "{repository: https://g/a.git, branch: main, path: x}"])
def test_one_place_for_two_is_refused_at_both(tmp_path: Path, one: str) -> None:
    write(tmp_path, "a", one)
    write(tmp_path, "b", one)
    with pytest.raises(Rejected) as caught:
        chosen_environments(tmp_path, ["b"])
    (finding,) = caught.value.diagnostics
    assert finding.code == "target-shared"
    assert finding.loc is not None
    assert finding.loc.file == "environments/b/environment.yaml"
    assert finding.related[0].loc.file == "environments/a/environment.yaml"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("{branch: main, path: x}", "{branch: main, path: x/y}"),
        ("{branch: main, path: x/y/z}", "{branch: main, path: x}"),
        ("{branch: main, path: x}", "{branch: main, path: X}"),
        ("{branch: main}", "{branch: main, path: a/b}"),
        ("{repository: https://g/a, path: x, branch: m}", "{repository: https://g/a.git/, path: x, branch: m}"),
    ],
)
def test_a_folder_inside_another_is_refused(tmp_path: Path, one: str, other: str) -> None:
    write(tmp_path, "a", one)
    write(tmp_path, "b", other)
    with pytest.raises(Rejected) as caught:
        chosen_environments(tmp_path, [])
    assert [each.code for each in caught.value.diagnostics] == ["target-shared"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("{}", "{}"),
        ("{branch: main}", "{branch: main}"),
        ("{path: x}", "{path: x}"),
        ("{branch: main, path: x}", "{branch: main, path: xy}"),
        ("{branch: main, path: x/a}", "{branch: main, path: x/b}"),
        ("{branch: main, path: x}", "{repository: https://g/a.git, branch: main, path: x}"),
    ],
)
def test_places_of_their_own_are_right(tmp_path: Path, one: str, other: str) -> None:
    write(tmp_path, "a", one)
    write(tmp_path, "b", other)
    assert chosen_environments(tmp_path, []) == ["a", "b"]


def test_what_cannot_be_read_is_left_to_its_compilation(tmp_path: Path) -> None:
    write(tmp_path, "a", "{branch: main, path: x}")
    write(tmp_path, "b", "{branch: [1], path: x}")
    write(tmp_path, "c", "{branch: main, path: x")
    assert chosen_environments(tmp_path, ["a"]) == ["a"]


@pytest.mark.parametrize(
    ("parents", "fix"),
    [
        ("[b, B]", "did you mean `b`?"),
        ("[b, production]", "the other environments are: b"),
        ("[a]", "the other environments are: b"),
    ],
)
def test_an_environment_promotes_from_another_that_there_is(tmp_path: Path, parents: str, fix: str) -> None:
    write(tmp_path, "a", f"{{}}\n  promotesFrom: {parents}")
    write(tmp_path, "b", "{}")
    with pytest.raises(Rejected) as caught:
        chosen_environments(tmp_path, [])
    (finding,) = caught.value.diagnostics
    assert (finding.code, finding.help) == ("promotion-unknown", fix)
    assert finding.loc is not None
    assert finding.loc.file == "environments/a/environment.yaml"


def test_an_environment_that_promotes_from_another(tmp_path: Path) -> None:
    write(tmp_path, "a", "{}\n  promotesFrom: [b]")
    write(tmp_path, "b", "{}")
    assert chosen_environments(tmp_path, []) == ["a", "b"]
