"""The plan's `undo` is the edit that really brings back what is published, wherever the change came from."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from compiler import __version__
from tests.cli.shop import NEW, Shop
from tests.git.helpers import git

pytestmark = pytest.mark.e2e

MORE_MEMORY = ("limits: {memory: 128Mi}", "limits: {memory: 192Mi}")
BASE = "../bases/roll.yaml"


def replaced(shop: Shop, file: str, old: str, new: str) -> None:
    assert old in shop.text(file)
    shop.put(file, shop.text(file).replace(old, new))


def undos(shop: Shop) -> dict[str, Any]:
    (planned,) = shop.run("plan", "prod", "--format", "json").data["environments"]
    return {unit["name"]: unit["undo"] for unit in planned["units"] if unit["undo"]}


def assert_brings_everything_back(shop: Shop, command: str) -> None:
    words = shlex.split(command)
    if words[0] == "git":
        git(shop.root, *words[1:])
    else:
        shop.do(*words[1:])
    assert undos(shop) == {}, "nothing is left to change"


def published_with_base(shop: Shop) -> str:
    """`roll` with its resources in a base that it extends, published; the commit of the specs."""
    resources = "    resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 128Mi}}\n"
    replaced(shop, "prod/roll.yaml", resources, "")
    replaced(shop, "prod/roll.yaml", "spec:\n", f"spec:\n  extends: {BASE}\n")
    shop.put("bases/roll.yaml", f"spec:\n  container:\n{resources}")
    shop.publish("prod")
    return git(shop.root, "rev-parse", "HEAD")[:12]


@pytest.mark.parametrize("committed", [False, True])
def test_a_change_of_the_spec_alone_is_rolled_back(shop: Shop, committed: bool) -> None:
    shop.publish("prod")
    source = git(shop.root, "rev-parse", "HEAD")[:12]
    replaced(shop, "prod/roll.yaml", *MORE_MEMORY)
    if committed:
        shop.commit()
    way = undos(shop)["roll"]
    assert (way["command"], way["note"]) == (f"shipway rollback prod/roll --to {source}", "")
    assert_brings_everything_back(shop, way["command"])


@pytest.mark.parametrize("committed", [False, True])
def test_a_change_of_a_base_is_undone_in_the_base(shop: Shop, committed: bool) -> None:
    source = published_with_base(shop)
    replaced(shop, "bases/roll.yaml", *MORE_MEMORY)
    if committed:
        shop.commit()
    way = undos(shop)["roll"]
    assert way["command"] == f"git restore --source={source} -- environments/bases/roll.yaml"
    assert way["verdict"]["verdict"] == "safe" and way["changes"]
    assert_brings_everything_back(shop, way["command"])


def test_a_change_of_the_environment_is_undone_in_the_environment(shop: Shop) -> None:
    shop.publish("prod")
    source = git(shop.root, "rev-parse", "HEAD")[:12]
    replaced(shop, "prod/environment.yaml", "gateway: public", "gateway: other")
    shop.commit()
    ways = undos(shop)
    assert set(ways) == {"roll", "swap", "drip", "head", "both", "pair"}
    assert {way["command"] for way in ways.values()} == {
        f"git restore --source={source} -- environments/prod/environment.yaml"
    }
    assert_brings_everything_back(shop, ways["roll"]["command"])


def test_a_change_of_base_and_spec_is_undone_in_both(shop: Shop) -> None:
    source = published_with_base(shop)
    replaced(shop, "bases/roll.yaml", *MORE_MEMORY)
    replaced(shop, "prod/roll.yaml", "replicas: 4", "replicas: 5")
    shop.commit()
    way = undos(shop)["roll"]
    files = "environments/bases/roll.yaml environments/prod/roll.yaml"
    assert way["command"] == f"git restore --source={source} -- {files}"
    assert_brings_everything_back(shop, way["command"])


def test_a_spec_that_got_another_name_is_undone_with_its_folder(shop: Shop) -> None:
    shop.publish("prod")
    (shop.root / "environments/prod/roll.yaml").rename(shop.root / "environments/prod/rolling.yaml")
    replaced(shop, "prod/rolling.yaml", *MORE_MEMORY)
    shop.commit()
    command = undos(shop)["roll"]["command"]
    assert command.endswith(" -- environments/prod")
    assert_brings_everything_back(shop, command)


def test_an_abort_is_not_the_way_back_from_a_change_of_a_base(shop: Shop) -> None:
    shop.do("start", "prod/drip", "--version", "1.1.0", "--digest", NEW)
    shop.publish("prod")
    replaced(shop, "prod/environment.yaml", "gateway: public", "gateway: other")
    command = undos(shop)["drip"]["command"]
    assert command.startswith("git restore ")
    assert_brings_everything_back(shop, command)


def test_what_another_compiler_changed_is_brought_back_by_that_compiler(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.publish("prod")
    work = shop.root.parent / "hand"
    git(shop.root.parent, "clone", "-q", "-b", "shipway/prod", str(shop.bare), str(work))
    file = work / "prod/roll/deployment-roll.yaml"
    file.write_text(file.read_text().replace("memory: 128Mi", "memory: 192Mi"))
    message = git(work, "log", "-1", "--format=%B").replace(f"Compiler: {__version__}", "Compiler: 0.0.9")
    git(work, "commit", "-q", "-am", message)
    git(work, "push", "-q")
    planned = shop.run("plan", "prod", "--format", "json").data["environments"][0]["units"]
    (way,) = [unit["undo"] for unit in planned if unit["undo"]]
    assert way["command"] == ""
    assert way["note"].startswith("build with Shipway 0.0.9, which published it")
    text = shop.run("plan", "prod").out
    assert "build with Shipway 0.0.9" in " ".join(text.split())


def test_without_a_change_of_specs_or_compiler_there_is_no_way_back(shop: Shop) -> None:
    shop.publish("prod")
    work = shop.root.parent / "hand"
    git(shop.root.parent, "clone", "-q", "-b", "shipway/prod", str(shop.bare), str(work))
    file = work / "prod/roll/deployment-roll.yaml"
    file.write_text(file.read_text().replace("memory: 128Mi", "memory: 192Mi"))
    git(work, "commit", "-q", "-am", "by hand")
    git(work, "push", "-q")
    planned = shop.run("plan", "prod", "--format", "json").data["environments"][0]["units"]
    (way,) = [unit["undo"] for unit in planned if unit["undo"]]
    assert way["command"] == "" and way["note"].startswith("none: ")
    assert way["verdict"]["verdict"] == "unknown"


def test_what_no_commit_holds_has_no_way_back(shop: Shop) -> None:
    replaced(shop, "prod/roll.yaml", "replicas: 4", "replicas: 5")
    shop.do("publish", "prod")
    replaced(shop, "prod/roll.yaml", *MORE_MEMORY)
    way = undos(shop)["roll"]
    assert way["command"] == "" and way["note"].startswith("none: ")


def test_rollback_to_specs_that_differ_in_a_base_alone_says_what_differs(shop: Shop) -> None:
    source = published_with_base(shop)
    replaced(shop, "bases/roll.yaml", *MORE_MEMORY)
    shop.commit()
    text = shop.do("rollback", "prod/roll", "--to", source).err
    assert f"git restore --source={source} -- environments/bases/roll.yaml" in text
