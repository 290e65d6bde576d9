"""What could make a kept answer a wrong one, each by itself; and caches that fail, which cost time alone."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from compiler.cache import answers, digests, entry
from compiler.cli import answer_inputs
from compiler.publish import output_folder, written_folders
from tests.cache.test_kept_answers import GITOPS, Repository, cold, entries, kept, rewrite

__all__ = ["cold", "kept"]  # fixtures
ENVIRONMENT = "environments/prod/environment.yaml"


def same_as_without(kept: Repository, cold: Repository, *words: str) -> None:
    assert kept.run(*words) == cold.run(*words)
    assert kept.files() == cold.files()


def test_an_environment_in_the_place_of_a_file_is_seen(kept: Repository, cold: Repository) -> None:
    for each in (kept, cold):
        (each.root / "environments/qa").write_text("")
        each.run("check")
        (each.root / "environments/qa").unlink()
        (each.root / "environments/qa").mkdir()
        (each.root / "environments/qa/environment.yaml").write_text((each.root / ENVIRONMENT).read_text())
    assert kept.run("check")[0] == 1
    same_as_without(kept, cold, "check")


def test_an_environment_that_could_not_be_read_is_seen_once_it_can(kept: Repository) -> None:
    (kept.root / "environments/qa").mkdir()
    (kept.root / "environments/qa/environment.yaml").write_text("kind: [")
    assert kept.run("check", "prod")[0] == 0
    text = (kept.root / ENVIRONMENT).read_text().replace("name: prod", "name: qa")
    one_place = GITOPS.replace(".git}", ".git, path: prod}")
    (kept.root / "environments/qa/environment.yaml").write_text(text.replace(GITOPS, one_place))
    assert not kept.again("check", "prod")


def test_a_repository_of_this_machine_is_looked_for_in_each_run(kept: Repository) -> None:
    rewrite(kept.root, ENVIRONMENT, "https://git.example.com/a.git", "./link")
    for name in ("one", "two"):
        (kept.root / name).mkdir()
        (kept.root / "link").unlink(missing_ok=True)
        (kept.root / "link").symlink_to(name)
        kept.run("build")
        assert f"{kept.root}/{name}" in "".join(kept.files().values())


def test_a_base_and_a_file_of_one_name_are_distinguished(kept: Repository, cold: Repository) -> None:
    for each in (kept, cold):
        spec = "environments/prod/based.yaml"
        rewrite(each.root, spec, "extends: bases/web.yaml", "extends: ../../bases/web.yaml")
        rewrite(each.root, spec, "container: {", "container: {config: {files: {a.conf: {path: bases/web.yaml}}}, ")
        (each.root / "environments/prod/bases").mkdir()
        (each.root / "environments/prod/bases/web.yaml").write_text("a")
        assert each.run("build")[0] == 0
        rewrite(each.root, "bases/web.yaml", "http}", "http, env: {A: changed}}")
    same_as_without(kept, cold, "build")
    assert "changed" in kept.files()["out/prod/based/deployment-based.yaml"]


def test_an_edit_between_writing_and_keeping_is_found(kept: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    def edited(folder: str, without: frozenset[str]) -> dict[str, bytes]:
        Path(folder, "README.md").write_text("edited")
        return digests.settled_folder_states(folder, without)

    monkeypatch.setattr(written_folders, "settled_folder_states", edited)
    assert kept.run("build")[0] == 0
    assert not kept.again("build")


def test_an_edit_after_the_state_changes_it(kept: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    def edited_later(folder: str, without: frozenset[str]) -> dict[str, bytes]:
        states, path = digests.settled_folder_states(folder, without), Path(folder, "README.md")
        path.write_text(path.read_text())  # size, inode and text stay, so that the check that follows sees no edit
        return states

    monkeypatch.setattr(written_folders, "settled_folder_states", edited_later)
    kept.run("build")
    assert not kept.again("build")


def test_an_edit_of_a_folder_that_was_left_unread_is_found_next(
    kept: Repository, cold: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def edited_meanwhile(folder: str, without: frozenset[str]) -> dict[str, bytes]:
        assert "web" in without
        Path(folder, "web/deployment-web.yaml").write_text("edited")
        return digests.settled_folder_states(folder, without)

    for each in (kept, cold):
        each.run("build")
        rewrite(each.root, "environments/prod/api.yaml", 'version: "1', 'version: "2')
    monkeypatch.setattr(written_folders, "settled_folder_states", edited_meanwhile)
    assert kept.run("build")[0] == cold.run("build")[0] == 0
    monkeypatch.undo()
    (cold.root / "out/prod/web/deployment-web.yaml").write_text("edited")
    assert kept.run("build")[0] == 1
    same_as_without(kept, cold, "build")


def test_nothing_of_an_unchanged_folder_is_read_again(kept: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.run("build")
    rewrite(kept.root, "environments/prod/api.yaml", 'version: "1', 'version: "2')
    read: list[str] = []
    regular_file = output_folder._read_regular_file

    def noted(path: str) -> bytes:
        read.append(Path(path).parent.name)
        return regular_file(path)

    monkeypatch.setattr(output_folder, "_read_regular_file", noted)
    kept.run("build")
    assert set(read) == {"api", "prod"}


def test_a_file_system_that_counts_seconds_is_not_trusted(kept: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "_SECOND_NS", 1)  # every time is a whole number of them
    kept.run("build")
    assert not kept.again("build")


def test_a_spec_that_comes_while_the_command_runs_is_seen(kept: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    listings = answer_inputs.folder_listings

    def with_new_spec(folder: str) -> dict[str, list[str]]:
        Path(folder, "prod/new.yaml").write_text("kind: [")
        return listings(folder)

    monkeypatch.setattr(answer_inputs, "folder_listings", with_new_spec)
    assert kept.run("check")[0] == 0
    assert not kept.again("check")
    assert kept.run("check")[0] == 1


def test_an_answer_of_yesterday_is_none_of_today(kept: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_inputs, "current_day", lambda: answers.current_day() + 1)  # midnight passed meanwhile
    kept.run("check")
    monkeypatch.undo()
    assert not kept.again("check")


def test_a_state_does_not_depend_on_who_holds_its_values(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    folder = str(tmp_path.resolve())
    assert digests.settled_folder_states(folder) == digests.folder_states(folder)


def refused(number: int) -> Callable[[str, int], int]:
    def opener(path: str, flags: int) -> int:
        raise OSError(number, os.strerror(number), path)

    return opener


@pytest.mark.parametrize(
    "opener",
    [
        pytest.param(refused(errno.EROFS), id="read-only"),
        pytest.param(refused(errno.EDQUOT), id="quota"),
        pytest.param(lambda path, flags: os.open("/dev/full", os.O_WRONLY), id="full"),  # each write fails, as there
    ],
)
@pytest.mark.parametrize("before", [True, False])
def test_a_cache_that_takes_nothing_costs_time_alone(
    kept: Repository,
    cold: Repository,
    monkeypatch: pytest.MonkeyPatch,
    opener: Callable[[str, int], int],
    before: bool,
) -> None:
    if before:
        same_as_without(kept, cold, "build")
    monkeypatch.setattr(entry, "_for_this_user", opener)
    for version in ("2", "3"):
        for each in (kept, cold):
            rewrite(each.root, "environments/prod/api.yaml", 'version: "1"', f'version: "1{version}"')
        for words in (("build",), ("build",), ("check",)):
            same_as_without(kept, cold, *words)
    assert not [path for path in entries(kept) if "." in path.name]  # nothing half written


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_without_the_right_to_write_costs_time_alone(kept: Repository, cold: Repository) -> None:
    Path(kept.cache).mkdir(0o500)
    for _ in range(2):
        same_as_without(kept, cold, "build")


def test_runs_at_once_share_a_cache(kept: Repository, cold: Repository) -> None:
    code = "from compiler.cli.main import run; run()"
    variables = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "SHIPWAY_CACHE": kept.cache}
    expected = cold.run("check")
    for _ in range(2):
        runs = [
            subprocess.Popen(
                [sys.executable, "-c", code, "check"],
                cwd=kept.root,
                env=variables,
                text=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            for _ in range(3)
        ]
        messages = [(each.communicate(), each.returncode) for each in runs]
        assert [(status, out, err) for (out, err), status in messages] == [expected] * 3
    assert len(entries(kept)) == 1
    assert kept.again("check")
