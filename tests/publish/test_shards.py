"""`--shard I/N`: an environment divided among machines is the environment of one run, byte for byte."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from compiler.support.parallel import Shard
from tests.pipeline.specs import environment, release
from tests.publish.conftest import Workspace

ROLLING = 'rolling: {version: "1.0.0"}'
NAMES = [f"svc-{number}" for number in range(9)]
MEMBERS = ("front", "back")
COUNTS = (2, 3, 7)
SHIPWAY = (sys.executable, "-c", "from compiler.cli.main import run; run()")


def exposed(name: str, version: str = "1.0.0") -> str:
    more = f"replicas: 2\n  expose: {{host: {name}.example.com, path: /}}"
    return release(f'rolling: {{version: "{version}"}}', name, more=more)


@pytest.fixture
def environment_of_many(workspace: Workspace) -> Workspace:
    """Nine releases and a group of two, committed and not published."""
    (workspace.specs / "environments/prod/api.yaml").unlink()
    workspace.write("environment", environment())
    for name in NAMES:
        workspace.write(name, exposed(name))
    for name in MEMBERS:
        more = f"replicas: 2\n  expose: {{host: {name}.example.com, path: /}}" if name == "front" else "replicas: 2"
        workspace.write(name, release('blueGreen: {blue: {version: "1.0.0"}}', name, more=more))
    workspace.write(
        "shop",
        "apiVersion: shipway.dev/v1\nkind: Group\nmetadata: {name: shop}\n"
        "spec: {entry: front, members: [front, back], active: blue}\n",
    )
    workspace.commit("many")
    return workspace


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def parts(count: int) -> Iterator[str]:
    return (f"{number}/{count}" for number in range(1, count + 1))


def published_tree(workspace: Workspace) -> str:
    return workspace.git("rev-parse", "shipway/prod^{tree}")


@pytest.mark.parametrize("count", COUNTS)
def test_the_parts_are_the_whole(environment_of_many: Workspace, tmp_path: Path, count: int) -> None:
    workspace = environment_of_many
    assert workspace.run("build", "--out", str(tmp_path / "whole")).status == 0
    whole = files_below(tmp_path / "whole")
    seen: list[str] = []
    for part in parts(count):
        apart = tmp_path / part.replace("/", "-")
        assert workspace.run("build", "--shard", part, "--out", str(apart)).status == 0
        assert workspace.run("build", "--shard", part, "--out", str(tmp_path / "together")).status == 0
        seen += files_below(apart) if apart.exists() else []
    assert sorted(seen) == sorted(whole), "each file is in one part"
    assert files_below(tmp_path / "together") == whole


def test_a_group_is_in_one_part(environment_of_many: Workspace, tmp_path: Path) -> None:
    for part in parts(7):
        folder = tmp_path / part.replace("/", "-")
        environment_of_many.run("build", "--shard", part, "--out", str(folder))
        assert len({name for name in MEMBERS if (folder / "prod" / name).is_dir()}) in (0, 2)


@pytest.mark.parametrize("order", list(itertools.permutations(parts(3)))[::2])
def test_published_parts_lead_to_the_tree_of_one_run(environment_of_many: Workspace, order: tuple[str, ...]) -> None:
    workspace = environment_of_many
    for part in order:
        done = workspace.run("publish", "prod", "--shard", part)
        assert done.status == 0, done.err
    tree = published_tree(workspace)
    again = workspace.run("publish", "prod")
    assert again.status == 0 and "nothing to do" in again.err
    assert published_tree(workspace) == tree


def test_a_change_and_a_removal_in_parts(environment_of_many: Workspace) -> None:
    workspace = environment_of_many
    assert workspace.run("publish", "prod").status == 0
    assert workspace.run("confirm", "prod").status == 0
    (workspace.specs / "environments/prod/svc-0.yaml").unlink()
    workspace.edit("svc-1", "1.0.0", "1.1.0")
    workspace.edit("svc-2", "1.0.0", "1.1.0")
    workspace.commit("one goes, two change")
    plans = [json.loads(workspace.run("plan", "--shard", part, "--format", "json").out) for part in parts(3)]
    changed = [
        unit["name"] for plan in plans for each in plan["environments"] for unit in each["units"] if unit["changes"]
    ]
    assert sorted(changed) == ["svc-1", "svc-2"], "each change is in the plan of one part"
    for part in parts(3):
        done = workspace.run("publish", "prod", "--shard", part)
        assert done.status == 0, done.err
    assert "svc-0" not in workspace.git("ls-tree", "--name-only", "shipway/prod", "prod/")
    again = workspace.run("publish", "prod")
    assert "nothing to do" in again.err, again.out


@pytest.mark.slow  # four processes, which lose races to each other
def test_parts_are_published_at_once(environment_of_many: Workspace) -> None:
    workspace = environment_of_many
    command = [*SHIPWAY, "publish", "prod", "-C", str(workspace.specs), "--shard"]
    running = [
        subprocess.Popen([*command, part], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for part in parts(4)
    ]
    for each in running:
        _, text = each.communicate(timeout=120)
        assert each.returncode == 0, text
    again = workspace.run("publish", "prod")
    assert "nothing to do" in again.err, again.out


def test_what_a_part_plans_is_what_it_publishes(environment_of_many: Workspace) -> None:
    workspace = environment_of_many
    (plan,) = json.loads(workspace.run("plan", "--shard", "2/3", "--format", "json").out)["environments"]
    other = workspace.run("publish", "prod", "--shard", "1/3", "--plan", plan["digest"])
    assert other.status == 1 and "plan-differs" in other.err
    done = workspace.run("publish", "prod", "--shard", "2/3", "--plan", plan["digest"])
    assert done.status == 0, done.err


def test_each_error_is_found_by_a_part(environment_of_many: Workspace) -> None:
    workspace = environment_of_many
    workspace.edit("svc-3", "replicas: 2", "replicas: 2\n  overrides: {Deployment/svc-3: {spec: {replica: 3}}}")
    whole = workspace.run("check")
    answers = [workspace.run("check", "--shard", part) for part in parts(3)]
    assert whole.status == 1
    assert sorted(each.status for each in answers) == [0, 0, 1]
    assert next(each.err for each in answers if each.status) == whole.err


def test_counts_of_parts_add_up(environment_of_many: Workspace) -> None:
    workspace = environment_of_many

    def counts(*words: str) -> list[int]:
        line = workspace.run("check", *words).err.splitlines()[0].rpartition(": all valid")[0]
        return [int(each.split()[0]) for each in line.rpartition(": ")[2].split(", ")]

    whole = counts()
    assert [sum(each) for each in zip(*(counts("--shard", part) for part in parts(3)), strict=True)][1:] == whole[1:]


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "a/b", "1/0", "1/3/5"])
def test_what_is_not_a_part(workspace: Workspace, text: str) -> None:
    answer = workspace.run("build", "--shard", text)
    assert answer.status == 2 and "--shard" in answer.err


def test_one_release_is_not_divided(workspace: Workspace) -> None:
    answer = workspace.run("build", "prod/api", "--shard", "1/2")
    assert answer.status == 1 and "shard-of-release" in answer.err


def test_one_release_is_not_tried_again_in_parts(workspace: Workspace) -> None:
    answer = workspace.run("publish", "--again", "prod/api", "--shard", "1/2")
    assert answer.status == 2 and "--again is for one release" in answer.err


def test_a_name_stays_in_its_part() -> None:
    """Machines with different versions must divide alike."""
    assert [Shard(number, 4).holds("prod/web") for number in range(1, 5)] == [False, True, False, False]
