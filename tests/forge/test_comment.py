"""`shipway comment` against a forge on loopback: one comment per environment, and an artifact that is not believed."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.forge.artifact import without_mentions
from tests.forge.conftest import HEAD, Job
from tests.forge.fake_forge import Forge


def written(forge: Forge) -> list[str]:
    return [request for request in forge.requests if not request.startswith("GET")]


def test_each_environment_gets_one_comment_that_names_its_commit_and_run(job: Job) -> None:
    job.plan("prod", "safe")
    job.plan("dev", "nothing much")
    assert job.comment() == 0
    dev, prod = job.forge.bodies()
    assert dev.startswith("<!-- shipway:dev -->\nnothing much\n")
    assert prod.startswith("<!-- shipway:prod -->\nsafe\n")
    assert f"Planned at {HEAD}" in prod
    assert "https://forge.example/acme/deploy/actions/runs/7" in prod


def test_a_quiet_comment_is_written_in_silence(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    job.plan("prod", "safe")
    assert job.comment("-q") == 0
    assert len(job.forge.comments) == 1
    assert capsys.readouterr() == ("", "")


def test_the_comment_is_edited_in_place_and_left_alone_when_it_says_the_same(job: Job) -> None:
    job.plan("prod", "safe")
    job.comment()
    job.plan("prod", "unsafe")
    job.comment()
    assert len(job.forge.comments) == 1
    assert "unsafe" in job.forge.bodies()[0]
    before = len(written(job.forge))
    job.comment()
    assert len(written(job.forge)) == before


def test_an_environment_that_no_longer_changes_says_so_and_one_that_never_did_gets_no_comment(job: Job) -> None:
    job.plan("prod", "safe")
    job.comment()
    (job.plans / "prod.md").unlink()
    assert job.comment() == 0
    assert "Nothing changes in **prod** anymore." in job.forge.bodies()[0]
    assert len(job.forge.comments) == 1


def test_a_run_that_failed_without_a_plan_does_not_claim_that_nothing_changes(job: Job) -> None:
    job.plan("prod", "safe")
    job.comment()
    (job.plans / "prod.md").unlink()
    job.happens(lambda event: event["workflow_run"].update(conclusion="failure"))
    job.comment()
    assert "the run failed" in job.forge.bodies()[0]


def test_a_marker_in_somebody_elses_comment_is_a_quote(job: Job) -> None:
    theirs = "<!-- shipway:prod -->\nI am not the robot"
    job.forge.add_comment(theirs, login="mallory")
    job.plan("prod", "safe")
    job.comment()
    assert job.forge.bodies()[0] == theirs
    assert len(job.forge.comments) == 2


def test_the_own_comment_is_found_behind_hundreds_of_others(job: Job) -> None:
    for number in range(230):
        job.forge.add_comment(f"comment {number}", login="ada")
    job.forge.add_comment("<!-- shipway:prod -->\r\nold")
    job.plan("prod", "new")
    job.comment()
    assert len(job.forge.comments) == 231
    assert "new" in job.forge.bodies()[-1]


def test_a_head_that_has_moved_on_gets_no_comment(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    job.forge.pulls[0]["head"]["sha"] = "b" * 40
    job.plan("prod", "safe")
    assert job.comment() == 0
    assert job.forge.comments == []
    assert "nothing to comment" in capsys.readouterr().err


def test_a_pull_request_event_names_its_pull_request_itself(job: Job) -> None:
    def turn(event: dict[str, object]) -> None:
        del event["workflow_run"]
        event["pull_request"] = {"number": 5, "head": {"sha": HEAD}}

    job.happens(turn)
    job.plan("prod", "safe")
    assert job.comment() == 0
    assert not any("/pulls" in request for request in job.forge.requests)
    assert len(job.forge.comments) == 1


def test_a_pull_request_that_changes_workflows_is_reported_to_judge_itself(job: Job) -> None:
    job.forge.files = ["environments/prod/web.yaml"] * 120 + [".github/workflows/plan.yml"]
    job.plan("prod", "safe")
    job.comment()
    assert "changes the workflows" in job.forge.bodies()[0]


@pytest.mark.parametrize(
    "file", ["action.yml", "tools/shipway/action.yaml", "compiler/x.py", "requirements.lock", "hatch.toml"]
)
def test_a_change_of_the_repositorys_own_action_is_warned_of_too(job: Job, file: str) -> None:
    job.forge.files = ["environments/prod/web.yaml", file]
    job.plan("prod", "safe")
    job.comment()
    assert "changes the workflows" in job.forge.bodies()[0]


def test_a_branch_with_a_hostile_name_is_data_in_a_query(job: Job) -> None:
    name = "x&state=all#../../$(id) --upload-pack=y"
    job.happens(lambda event: event["workflow_run"].update(head_branch=name))
    job.forge.open_pull(9, f"ada:{name}", HEAD)
    job.plan("prod", "safe")
    assert job.comment() == 0
    assert any("/issues/9/comments" in request for request in written(job.forge))


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("..prod.md", "<!-- shipway:prod -->\nx", "artefact-name"),
        ("Prod`.md", "<!-- shipway:prod -->\nx", "artefact-name"),
        ("prod.md", "x", "artefact-marker"),
        ("prod.md", "<!-- shipway:dev -->\nx", "artefact-marker"),
        ("prod.md", "", "artefact-marker"),
        ("prod.md", "<!-- shipway:prod -->\n" + "x" * 64_000, "artefact-size"),
        ("prod.md", "<!-- shipway:prod -->\n" + "x" * 3_000_000, "artefact-size"),
    ],
)
def test_what_no_plan_wrote_is_refused(
    job: Job, name: str, text: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (job.plans / name).write_text(text)
    assert job.comment() == 1
    assert code in capsys.readouterr().err
    assert job.forge.comments == []


def test_a_link_in_the_artifact_is_not_followed(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    (job.plans / "prod.md").symlink_to(job.event)
    assert job.comment() == 1
    assert "artefact-unreadable" in capsys.readouterr().err


def test_a_missing_folder_and_too_many_plans_are_refused(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(101):
        job.plan(f"e{number}", "x")
    assert job.comment() == 1
    assert "artefact-size" in capsys.readouterr().err
    for path in job.plans.iterdir():
        path.unlink()
    job.plans.rmdir()
    assert job.comment() == 1
    assert "artefact-unreadable" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("hello @everyone", "hello @\u200beveryone"),
        ("(@acme/team)", "(@\u200bacme/team)"),
        ("ada@example.com image@sha256:0", "ada@example.com image@sha256:0"),
        ("```diff\n+ @ada\n```\n@ada", "```diff\n+ @\u200bada\n```\n@\u200bada"),
        ("````\n```\n@ada\n````\n@ada", "````\n```\n@\u200bada\n````\n@\u200bada"),
        ("~~~\n```\n@ada\n~~~\n@ada", "~~~\n```\n@\u200bada\n~~~\n@\u200bada"),
        ("```a`b\n@ada", "```a`b\n@\u200bada"),
        ("a\x00b\u202ec", "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"),
    ],
)
def test_nobody_is_notified_and_nothing_is_hidden(text: str, shown: str) -> None:
    assert without_mentions(text) == shown


def test_a_passing_error_is_tried_again_and_a_lasting_one_is_reported(
    job: Job, capsys: pytest.CaptureFixture[str]
) -> None:
    job.plan("prod", "safe")
    job.forge.failures = [502, 429]
    assert job.comment() == 0
    job.forge.failures = [503, 503, 503]
    assert job.comment() == 1
    assert "forge-unreachable" in capsys.readouterr().err
    job.forge.failures = [403]
    assert job.comment() == 1
    text = capsys.readouterr().err
    assert "forge-refused" in text
    assert "403 as the test wishes" in text


def test_a_redirect_is_refused_for_it_would_carry_the_token_away(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    job.plan("prod", "safe")
    job.forge.failures = [302]
    assert job.comment() == 1
    assert "forge-refused" in capsys.readouterr().err
    assert not any("elsewhere" in request for request in job.forge.requests)


def test_no_token_and_no_safe_address_are_refused(
    job: Job, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    assert job.comment() == 1
    assert "forge-token" in capsys.readouterr().err
    monkeypatch.setenv("GITHUB_TOKEN", "x")
    monkeypatch.setenv("GITHUB_API_URL", "http://forge.example")
    assert job.comment() == 1
    assert "forge-address" in capsys.readouterr().err


def test_a_forge_that_is_gone_is_reported(
    job: Job, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:1")
    assert job.comment() == 1
    assert "forge-unreachable" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"repository": {"full_name": "../x"}}', "[" * 100_000, "null"])
def test_an_event_of_another_kind_is_refused(job: Job, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    job.event.write_text(text)
    assert job.comment() == 1
    assert "forge-event" in capsys.readouterr().err


def test_the_event_is_named_or_in_the_environment(
    job: Job, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GITHUB_EVENT_PATH")
    assert job.comment() == 2
    assert job.comment("--event", str(job.event)) == 0
    assert job.comment("--event", str(job.plans / "none.json")) == 1
    assert "forge-event" in capsys.readouterr().err


@pytest.mark.parametrize(
    "answer",
    [
        {},
        [],
        "x",
        None,
        7,
        [None],
        [{}],
        [7],
        {"message": "x"},
        [{"number": "5", "head": {"sha": HEAD}}],
        [{"head": None}],
    ],
)
@pytest.mark.parametrize("request_", ["GET pulls", "GET files", "GET comments", "POST comments"])
def test_an_answer_without_the_usual_fields_is_no_traceback(
    job: Job, request_: str, answer: object, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    method, _, kind = request_.partition(" ")
    usual = job.forge.answer

    def odd(verb: str, target: str, body: Any) -> tuple[int, Any]:
        return (
            (200, answer) if verb == method and target.partition("?")[0].endswith(kind) else usual(verb, target, body)
        )

    monkeypatch.setattr(job.forge, "answer", odd)
    job.plan("prod", "safe")
    assert job.comment() in (0, 1)
    assert "internal error" not in capsys.readouterr().err


def test_changes_of_the_action_itself_are_warned_of(job: Job) -> None:
    job.forge.files = ["action.yml"]
    job.plan("prod", "safe")
    job.comment()
    assert "WARNING" in job.forge.bodies()[0]
