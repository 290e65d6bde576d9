"""What no linter asks: pins that agree, a reason for each permission, one text for us and for users, short files."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from compiler.cli.main import main
from compiler.cli.workflow_files import ACTION_PLACEHOLDER, installed_action, workflow_files
from tests.workflows.runner import ROOT

USERS = workflow_files(ACTION_PLACEHOLDER)
OWN = {f".github/workflows/{path.name}": path.read_text() for path in (ROOT / ".github/workflows").glob("*.yml")}
ACTION = (ROOT / "action.yml").read_text()
GITLAB = (ROOT / "compiler/templates/gitlab-ci.yml").read_text()
USES = re.compile(r"uses: (?P<action>[\w./-]+)@(?P<commit>\S+)(?: # (?P<version>\S+))?")


def test_every_third_party_is_pinned_by_commit_with_its_version_and_all_files_agree() -> None:
    pins: dict[str, set[tuple[str, str]]] = {}
    for text in [*OWN.values(), *USERS.values(), ACTION]:
        for match in USES.finditer(text.replace(f"uses: {ACTION_PLACEHOLDER}", "")):
            assert re.fullmatch(r"[0-9a-f]{40}", match["commit"]), match[0]
            assert re.fullmatch(r"v\d+\.\d+\.\d+", match["version"] or ""), match[0]
            pins.setdefault(match["action"], set()).add((match["commit"], match["version"]))
    assert {action for action, pinned in pins.items() if len(pinned) > 1} == set()
    assert len(pins) == 7


@pytest.mark.parametrize("text", [*OWN.values(), *USERS.values()])
def test_nothing_is_permitted_but_what_a_job_names_with_its_reason(text: str) -> None:
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}
    named = [f"{name}: {level}" for job in workflow["jobs"].values() for name, level in job["permissions"].items()]
    for permission in named:
        assert re.search(rf"^ +{permission} # \S.*", text, re.MULTILINE), permission


@pytest.mark.parametrize("name", sorted(USERS))
def test_this_repository_runs_what_it_gives_to_users(name: str) -> None:
    ours, theirs = (yaml.safe_load(text) for text in (OWN[name], USERS[name]))
    (our_job,), (their_job,) = ours.pop("jobs").values(), theirs.pop("jobs").values()
    assert ours == theirs
    our_steps, their_steps = our_job["steps"], their_job["steps"]
    assert our_steps[-1].pop("uses") == "./"
    assert their_steps[-1].pop("uses") == ACTION_PLACEHOLDER
    if len(our_steps) > len(their_steps):  # an action in the same repository has to be checked out
        assert our_steps.pop(0)["uses"].startswith("actions/checkout@")
        assert our_job["permissions"].pop("contents") == "read"
    assert our_job == their_job


def test_a_plan_takes_fifteen_lines() -> None:
    assert len(USERS[".github/workflows/plan.yml"].splitlines()) <= 15


def test_a_users_pull_request_reaches_no_secret_and_no_writing_token() -> None:
    plan = yaml.safe_load(USERS[".github/workflows/plan.yml"])
    assert set(plan["jobs"]["plan"]["permissions"].values()) == {"read"}
    assert "secrets." not in USERS[".github/workflows/plan.yml"]
    comment = USERS[".github/workflows/comment.yml"]
    assert "checkout" not in comment


def test_no_expression_is_pasted_into_a_script() -> None:
    for text in [*OWN.values(), *USERS.values(), ACTION]:
        for script in scripts(yaml.safe_load(text)):
            assert "${{" not in script


@pytest.mark.parametrize("text", [*OWN.values(), *USERS.values(), ACTION, GITLAB])
def test_no_module_of_the_checkout_is_run_in_the_place_of_pythons_own(text: str) -> None:
    """`python -m venv` looks for `venv.py` in the current folder first; with `-I` or `-P` it does not."""
    assert re.findall(r"python[\d.]* (?!-[IP] )(?:-\w+ )*-[mc]\b.*", text) == []


def scripts(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["run"]] if isinstance(node.get("run"), str) else []
        return own + [script for value in node.values() for script in scripts(value)]
    return [script for value in node for script in scripts(value)] if isinstance(node, list) else []


def test_the_gitlab_example_plans_merge_requests_and_publishes_the_newest_main_one_at_a_time() -> None:
    pipeline = yaml.safe_load(GITLAB)
    assert "merge_request_event" in pipeline["plan"]["rules"][0]["if"]
    assert pipeline["publish"]["resource_group"]
    assert any("FETCH_HEAD" in line for line in pipeline["publish"]["script"])
    assert "--require-hashes" in "".join(pipeline[".shipway"]["before_script"])


@pytest.mark.parametrize(
    ("installed", "address"),
    [
        ({}, None),
        ({"url": "file:///srv/shipway", "dir_info": {}}, None),
        (
            {"url": "https://github.com/acme/shipway.git", "vcs_info": {"commit_id": "a" * 40}},
            f"acme/shipway@{'a' * 40}",
        ),
        ({"url": "ssh://git@github.com/acme/shipway", "vcs_info": {"commit_id": "a" * 40}}, f"acme/shipway@{'a' * 40}"),
        ({"url": "https://github.com/acme/shipway", "vcs_info": {"commit_id": "main"}}, None),
        ({"url": "https://git.example.com/acme/shipway", "vcs_info": {"commit_id": "a" * 40}}, None),
    ],
)
def test_the_action_is_the_commit_that_shipway_was_installed_from(
    installed: dict[str, Any], address: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Installed:
        def read_text(self, _name: str) -> str:
            return json.dumps(installed)

    monkeypatch.setattr("compiler.cli.workflow_files.distribution", lambda _name: Installed())
    assert installed_action() == address
    assert f"uses: {address or ACTION_PLACEHOLDER}" in workflow_files()[".github/workflows/plan.yml"]


def test_init_pins_the_action_that_is_given_and_no_branch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    address = f"acme/shipway@{'b' * 40}"
    assert main(["init", str(tmp_path / "specs"), "--action", address]) == 0
    assert f"uses: {address}\n" in (tmp_path / "specs/.github/workflows/publish.yml").read_text()
    assert ACTION_PLACEHOLDER not in capsys.readouterr().err
    assert main(["init", str(tmp_path / "other"), "--action", "acme/shipway@main"]) == 2
    assert not (tmp_path / "other").exists()
    assert main(["init", str(tmp_path / "other")]) == 0
    assert ACTION_PLACEHOLDER in capsys.readouterr().err
