"""shipway publish: what it refuses, what it writes, and that nothing is written when it refuses."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from compiler.git.demo_repositories import commit_all
from tests.pipeline.specs import release
from tests.publish.conftest import BLUE, Workspace

GREEN = ', green: {version: "1.1.0", change: minor}}'


def test_one_commit_with_trailers_and_then_nothing_to_do(workspace: Workspace) -> None:
    first = workspace.run("publish")
    assert first.status == 0
    assert "+ prod/api/deployment-api-blue.yaml" in first.out
    body = workspace.git("log", "-1", "--format=%B", "shipway/prod")
    assert "Shipway-Environment: prod" in body
    assert "Shipway-Releases: api" in body
    again = workspace.run("publish")
    assert (again.status, again.out) == (0, "")
    assert "nothing to do" in again.err
    assert workspace.heads().count("\n") == 0


def test_every_line_ends_with_the_next_command(workspace: Workspace) -> None:
    """The first publish leads to Argo CD's objects, which nobody has applied yet; each later one to the status."""
    assert workspace.run("publish").err.rstrip().splitlines()[-1].startswith("next: shipway bootstrap prod")
    assert workspace.run("publish").err.rstrip().splitlines()[-1].startswith("next: shipway status")


def test_an_unsafe_change_is_refused_and_nothing_is_written(workspace: Workspace) -> None:
    workspace.run("publish")
    before = workspace.heads()
    workspace.edit("api", "path: /api", "path: /other")
    workspace.commit()
    refused = workspace.run("publish")
    assert refused.status == 1
    assert "error[route-lost]" in refused.err
    assert "environments/prod/api.yaml:" in refused.err
    assert "help:" in refused.err
    assert workspace.heads() == before


def test_an_exception_is_recorded_in_the_commit(workspace: Workspace) -> None:
    workspace.run("publish")
    workspace.edit("api", "path: /api", "path: /other")
    workspace.commit()
    allowed = workspace.run("publish", "--allow", "route-lost", "--reason", "clients moved last week")
    assert allowed.status == 0
    assert "Shipway-Allowed: route-lost api: clients moved last week" in workspace.git(
        "log", "-1", "--format=%B", "shipway/prod"
    )


def test_an_exception_of_the_policy_has_an_owner_and_an_end(workspace: Workspace) -> None:
    workspace.run("publish")
    workspace.edit("api", "path: /api", "path: /other")
    exception = "{rule: route-lost, release: api, reason: moved, owner: ml, expires: 2999-01-01}"
    text = (workspace.specs / "environments/prod/environment.yaml").read_text(encoding="utf-8")
    workspace.write("environment", text + f"  policy: {{exceptions: [{exception}]}}\n")
    workspace.commit()
    assert workspace.run("publish").status == 0
    assert "(ml)" in workspace.git("log", "-1", "--format=%B", "shipway/prod")
    workspace.edit("environment", "2999-01-01", "2001-01-01")
    workspace.edit("api", "path: /other", "path: /third")
    workspace.commit()
    refused = workspace.run("publish")
    assert refused.status == 1
    assert "expired" in refused.err


@pytest.mark.parametrize("words", [("--allow", "route-lost"), ("--reason", "because")])
def test_an_exception_needs_its_reason(workspace: Workspace, words: tuple[str, ...]) -> None:
    assert workspace.run("publish", *words).status == 2


def test_reviewed_is_published(workspace: Workspace) -> None:
    workspace.run("publish")
    workspace.edit("api", '"1.0.0"}}', '"1.0.0"}' + GREEN)
    workspace.commit()
    plan = json.loads(workspace.run("plan", "prod", "--format", "json").out)
    digest = plan["environments"][0]["digest"]
    wrong = workspace.run("publish", "prod", "--plan", "sha256:" + "0" * 64)
    assert (wrong.status, "error[plan-differs]" in wrong.err) == (1, True)
    assert workspace.run("publish", "prod", "--plan", digest).status == 0
    assert workspace.run("publish", "prod", "--plan", digest).status == 0, "published already: nothing is to do"


def test_the_track_that_serves_is_not_rolled_in_place(workspace: Workspace) -> None:
    workspace.run("publish")
    workspace.edit("api", '"1.0.0"', '"1.0.1"')
    workspace.commit()
    refused = workspace.run("publish")
    assert refused.status == 1
    assert "error[serving-track-changed]" in refused.err
    assert "`shipway start prod/api --version 1.0.1`" in refused.err


def test_a_release_does_not_change_its_group_unnoticed(workspace: Workspace) -> None:
    workspace.run("publish")
    workspace.edit("api", "expose: {host: api.example.com, path: /api}", "expose: {}")
    workspace.edit("api", "active: blue, ", "")
    web = release('blueGreen: {blue: {version: "1.0.0"}}', name="web", more="expose: {host: shop.example.com}")
    workspace.write("web", web)
    group = "apiVersion: shipway.dev/v1\nkind: Group\nmetadata: {name: shop}\n"
    workspace.write("shop", f"{group}spec: {{entry: web, members: [web, api], active: blue}}\n")
    workspace.commit()
    refused = workspace.run("publish")
    assert refused.status == 1
    assert "error[group-membership-changed]" in refused.err
    assert "--cascade=false" in refused.err


def test_a_label_of_the_specs_own_is_no_group(workspace: Workspace) -> None:
    workspace.edit("api", "{name: api}", "{name: api, labels: {app.kubernetes.io/part-of: shop}}")
    workspace.commit()
    assert workspace.run("publish").status == 0
    workspace.edit("api", "replicas: 4", "replicas: 5")
    workspace.commit()
    published = workspace.run("publish")
    assert (published.status, published.err.count("group-membership-changed")) == (0, 0), published.err


def test_an_attempt_is_a_new_commit_of_the_same_release(workspace: Workspace) -> None:
    workspace.run("publish")
    assert workspace.run("publish", "--again", "prod/api").status == 0
    assert "shipway.dev/attempt" in (workspace.specs / "environments/prod/api.yaml").read_text(encoding="utf-8")
    manifest = workspace.git("show", "shipway/prod:prod/api/deployment-api-blue.yaml")
    assert manifest.count('shipway.dev/attempt: "2"') == 1, "not on the pods: nothing is restarted"
    workspace.run("publish", "--again", "prod/api")
    assert 'shipway.dev/attempt: "3"' in workspace.git("show", "shipway/prod:prod/api/deployment-api-blue.yaml")


def test_skipped_commits_are_starting_points_until_one_is_confirmed(workspace: Workspace) -> None:
    workspace.run("publish")
    workspace.edit("api", '"1.0.0"}}', '"1.0.0"}' + GREEN)
    workspace.commit()
    workspace.run("publish")
    workspace.edit("api", "active: blue", "active: green")
    workspace.commit()
    plan = workspace.run("plan", "prod")
    assert "no commit is confirmed" in plan.out
    confirmed = workspace.run("plan", "prod", "--confirmed", "shipway/prod")
    assert "no commit is confirmed" not in confirmed.out


def push_by_hand(workspace: Workspace, clone: Path, file: str, content: bytes) -> None:
    """Somebody commits another content of a published file, and pushes it."""
    (clone / file).write_bytes(content)
    commit_all(clone, "by hand")
    workspace.git("--git-dir", str(clone / ".git"), "push", "-q", "origin", "shipway/prod")


def test_an_earlier_state_that_cannot_be_read_is_unproven_until_one_is_confirmed(workspace: Workspace) -> None:
    workspace.run("publish")
    clone, file = workspace.specs.parent / "clone", "prod/api/deployment-api-blue.yaml"
    workspace.git("clone", "-q", "-b", "shipway/prod", str(workspace.bare), str(clone))
    good = (clone / file).read_bytes()
    push_by_hand(workspace, clone, file, b"a: [\n")
    push_by_hand(workspace, clone, file, good)
    workspace.edit("api", "replicas: 4", "replicas: 5")
    workspace.commit()
    before = workspace.heads()
    refused = workspace.run("publish")
    assert (refused.status, workspace.heads()) == (1, before)
    assert "error[earlier-state-unreadable]" in refused.err
    assert "api/deployment-api-blue.yaml" in refused.err
    planned = json.loads(workspace.run("plan", "prod", "--format", "json").out)
    assert [unit["verdict"]["verdict"] for unit in planned["environments"][0]["units"]] == ["unknown"]
    workspace.run("confirm", "prod")
    assert workspace.run("publish").status == 0


def test_specs_outside_a_repository(workspace: Workspace) -> None:
    (workspace.specs / ".git").rename(workspace.specs / "not-git")
    refused = workspace.run("publish")
    assert refused.status == 1
    assert "error[repository-missing]" in refused.err


def test_a_hand_edit_in_the_published_tree_is_refused_and_shown(workspace: Workspace) -> None:
    workspace.run("publish")
    clone = workspace.specs.parent / "clone"
    workspace.git("clone", "-q", "-b", "shipway/prod", str(workspace.bare), str(clone))
    path = clone / "prod/api/deployment-api-blue.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("replicas: 4", "replicas: 9"), encoding="utf-8")
    commit_all(clone, "by hand")
    workspace.git("--git-dir", str(clone / ".git"), "push", "-q", "origin", "shipway/prod")
    workspace.edit("api", "replicas: 4", "replicas: 5")
    workspace.commit()
    refused = workspace.run("publish")
    assert refused.status == 1
    assert "deployment-api-blue.yaml" in refused.err


def test_json_for_machines(workspace: Workspace) -> None:
    answer = json.loads(workspace.run("publish", "--format", "json").out)
    (prod,) = answer["environments"]
    assert answer["format"] == 1
    assert prod["changed"] is True
    assert "prod/api/service-api-blue.yaml" in prod["written"]


def test_a_whole_course_is_published_step_by_step(workspace: Workspace) -> None:
    digest = "sha256:" + "5" * 64
    workspace.run("publish")
    for words in (
        ("start", "prod/api", "--version", "1.1.0", "--digest", digest),
        ("advance", "prod/api"),
        ("finish", "prod/api"),
    ):
        assert workspace.run(*words).status == 0
        workspace.commit(words[0])
        answer = workspace.run("publish", "prod")
        assert answer.status == 0, answer.err
    files = workspace.git("ls-tree", "--name-only", "shipway/prod:prod/api").splitlines()
    assert "deployment-api-green.yaml" in files
    assert "deployment-api-blue.yaml" not in files


def test_a_reviewed_plan_is_not_published_on_another_state(workspace: Workspace) -> None:
    """Equal specs from another published state are another change: a reviewer has not seen it."""
    workspace.run("publish", "prod")
    workspace.edit("api", "replicas: 4", "replicas: 6")
    workspace.commit()
    reviewed = json.loads(workspace.run("plan", "prod", "--format", "json").out)["environments"][0]["digest"]
    workspace.edit("api", "replicas: 6", "replicas: 5")
    workspace.commit()
    assert workspace.run("publish", "prod").status == 0
    workspace.edit("api", "replicas: 5", "replicas: 6")
    workspace.commit()
    before = workspace.heads()
    refused = workspace.run("publish", "prod", "--plan", reviewed)
    assert (refused.status, "error[plan-differs]" in refused.err, workspace.heads()) == (1, True, before)


def test_an_abort_from_a_clone_is_not_undone_by_the_next_merge(workspace: Workspace, tmp_path: Path) -> None:
    workspace.run("publish")
    night = Workspace(tmp_path / "night", workspace.bare, workspace.capture)
    shutil.copytree(workspace.specs, night.specs)
    night.edit("api", "replicas: 4", "replicas: 6")
    night.commit("in the night")
    assert night.run("publish").status == 0
    before = workspace.heads()
    workspace.edit("api", "replicas: 4", "replicas: 5")
    workspace.commit("an unrelated merge")
    refused = workspace.run("publish")
    assert (refused.status, "error[publish-source-apart]" in refused.err, workspace.heads()) == (1, True, before)
    assert "publish refuses: the environment was published from" in workspace.run("plan").out


def test_a_confirmed_commit_is_where_later_plans_start(workspace: Workspace) -> None:
    workspace.run("publish")
    workspace.edit("api", '"1.0.0"}}', '"1.0.0"}' + GREEN)
    workspace.commit()
    workspace.run("publish")
    confirmed = workspace.run("confirm", "prod")
    assert confirmed.status == 0
    assert "prod: later plans start from" in confirmed.err
    assert confirmed.out.split() == ["refs/shipway/confirmed/prod", workspace.git("rev-parse", "shipway/prod")]
    workspace.edit("api", "active: blue", "active: green")
    workspace.commit()
    assert "no commit is confirmed" not in workspace.run("plan", "prod").out
    unknown = workspace.run("confirm", "prod", "main")
    assert (unknown.status, "Traceback" in unknown.err) == (1, False)


def test_a_secret_that_the_spec_names_exists_in_the_cluster(workspace: Workspace) -> None:
    workspace.run("publish")
    workspace.edit("api", "preset: bentoml", "preset: bentoml, env: {TOKEN: {secret: api-token, key: token}}")
    workspace.commit()
    answer = workspace.run("publish")
    assert (answer.status, answer.err.count("error[")) == (0, 0)


def test_a_spec_that_git_ignores_is_in_no_commit_so_none_is_named(workspace: Workspace) -> None:
    (workspace.specs / ".gitignore").write_text("local.yaml\n", encoding="utf-8")
    workspace.commit()
    workspace.write("local", release(BLUE, name="local"))
    assert workspace.run("publish").status == 0
    assert "Shipway-Source" not in workspace.git("log", "-1", "--format=%B", "shipway/prod")


def test_an_attempt_is_of_a_release(workspace: Workspace) -> None:
    refused = workspace.run("publish", "--again", "prod")
    assert (refused.status, "error[name-incomplete]" in refused.err) == (1, True)


def test_specs_that_are_in_no_commit_are_published_with_a_note(workspace: Workspace) -> None:
    assert "note:" not in workspace.run("publish").err
    workspace.edit("api", "replicas: 4", "replicas: 5")
    text = workspace.run("publish").err
    assert "note: prod was published from specs that are not committed: commit them" in text
    assert "note:" not in workspace.run("publish").err, "nothing is published, so nothing is to be said"


def test_json_tells_why_nothing_was_published(workspace: Workspace) -> None:
    workspace.run("publish")
    workspace.edit("api", "path: /api", "path: /other")
    workspace.commit()
    refused = workspace.run("publish", "--format", "json")
    answer = json.loads(refused.out)
    assert (refused.status, answer["environments"]) == (1, [])
    (finding,) = {each["code"] for each in answer["diagnostics"]}
    assert finding == "route-lost"


def test_edits_that_are_not_committed_hide_no_newer_source(workspace: Workspace) -> None:
    older = workspace.commit("older")
    workspace.edit("api", "replicas: 4", "replicas: 5")
    workspace.commit("newer")
    workspace.run("publish")
    workspace.edit("api", "replicas: 5", "replicas: 6")
    published = workspace.run("publish")
    assert published.status == 0
    assert "specs that are not committed" in published.err
    for replicas in ("replicas: 4", "replicas: 3"):
        subprocess.run(["git", "-C", str(workspace.specs), "checkout", "-q", "-f", older], check=True)
        workspace.edit("api", "replicas: 4", replicas)
        assert "publish refuses: the specs at" in workspace.run("plan").out
        refused = workspace.run("publish")
        assert (refused.status, "error[publish-older-source]" in refused.err) == (1, True)


def test_a_wrong_release_does_not_keep_a_commit_from_being_confirmed(workspace: Workspace) -> None:
    assert workspace.run("publish", "prod").status == 0
    workspace.write("api", "kind: Release\nspec: {replicas: many}\n")
    assert workspace.run("check", "prod").status == 1
    done = workspace.run("confirm", "prod")
    assert done.status == 0, done.err
    assert workspace.git("rev-parse", "refs/shipway/confirmed/prod") == workspace.git("rev-parse", "shipway/prod")
    workspace.write("environment", "kind: Environment\nspec: {traffic: {service: {}}}\n")
    assert "error[" in workspace.run("confirm", "prod").err
