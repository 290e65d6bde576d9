"""-q: a command that changes something says nothing; one that is a question gives its answer and nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from compiler.cli.commands import COMMANDS
from compiler.cli.main import main
from tests.cli.shop import NEW, Shop

pytestmark = pytest.mark.e2e

START = ("start", "prod/swap", "--version", "1.1.0", "--digest", NEW)
MANIFEST = """apiVersion: apps/v1
kind: Deployment
metadata: {name: old, namespace: prod}
spec:
  selector: {matchLabels: {app: old}}
  template:
    metadata: {labels: {app: old}}
    spec: {containers: [{name: old, image: "ghcr.io/acme/old:1", resources: {requests: {cpu: 1, memory: 1Gi}}}]}
"""
CHANGES: dict[str, Sequence[Sequence[str]]] = {
    "check": [["check"]],
    "build": [["build", "--out", "{other}/out"]],
    "publish": [["publish"], ["publish"]],
    "confirm": [["confirm", "prod"]],
    "start": [START],
    "advance": [START, ["publish"], ["advance", "prod/swap"]],
    "abort": [START, ["abort", "prod/swap"]],
    "finish": [START, ["publish"], ["advance", "prod/swap"], ["publish"], ["finish", "prod/swap"]],
    "rollback": [START, ["publish"], ["advance", "prod/swap"], ["publish"], ["rollback", "prod/swap", "--publish"]],
    "promote": [["promote", "roll", "--from", "lab", "--to", "prod"]],
    "adopt": [["adopt", "{other}/old.yaml", "--into", "prod"]],
    "site": [["site", "--out", "{other}/site"]],
    "init": [["init", "{other}/new"]],
    "docs": [["docs", "--write", "{other}/docs"]],
    "schema": [["schema", "--write", "{other}/schemas"]],
}
QUESTIONS: dict[str, Sequence[str]] = {
    "verify": ["verify", "{other}/old.yaml", "{other}/old.yaml"],
    "bootstrap": ["bootstrap", "prod"],
    "plan": ["plan"],
    "status": ["status"],
    "history": ["history"],
    "why": ["why", "prod/swap", "Deployment/swap-blue:spec.replicas"],
    "start": [*START, "--dry-run"],
    "adopt": ["adopt", "{other}/old.yaml", "--into", "prod", "--dry-run"],
    "completion": ["completion", "bash"],
    "schema": ["schema", "release"],
    "docs": ["docs", "concepts"],
    "explain": ["explain", "route-lost"],
}
ELSEWHERE = {"demo": "shows what it does", "comment": "tests/forge", "pilot": "tests/pilot", "why-moved": "tests/pilot"}


def words_in(shop: Shop, words: Sequence[str]) -> list[str]:
    return [word.replace("{other}", str(shop.root.parent)) for word in words]


@pytest.fixture
def published(shop: Shop) -> Shop:
    (shop.root.parent / "old.yaml").write_text(MANIFEST, encoding="utf-8")
    shop.put(
        "lab/roll.yaml",
        shop.text("prod/roll.yaml").replace("1.0.0", "1.1.0").replace("host: roll.example.com", "path: /"),
    )
    shop.publish()
    return shop


@pytest.mark.parametrize("command", CHANGES)
def test_a_command_that_changes_something_says_nothing(command: str, published: Shop) -> None:
    for words in CHANGES[command]:
        done = published.run(*words_in(published, words), "-q")
        assert (done.status, done.out, done.err) == (0, "", "")
        published.commit()


@pytest.mark.parametrize("command", QUESTIONS)
def test_a_question_is_answered_and_nothing_else_is_printed(command: str, published: Shop) -> None:
    words = words_in(published, QUESTIONS[command])
    loud, quiet = published.do(*words), published.do(*words, "-q")
    assert quiet.status == loud.status
    assert (quiet.out, quiet.err) == (loud.out, "")
    assert quiet.out


@pytest.mark.parametrize("words", [("check",), ("publish",), START, ("history",)], ids=lambda words: str(words[0]))
def test_data_that_was_asked_for_is_written(words: Sequence[str], published: Shop) -> None:
    done = published.do(*words, "--format", "json", "-q")
    assert isinstance(json.loads(done.out), dict)
    assert done.err == ""


@pytest.mark.parametrize("command", ["check", "build", "plan", "publish"])
def test_what_is_wrong_is_reported(command: str, published: Shop) -> None:
    published.put("prod/swap.yaml", published.text("prod/swap.yaml").replace("replicas: 4", "replicas: four"))
    published.commit()
    done = published.run(command, "prod", "-q")
    assert done.status == 1
    assert "error[" in done.err
    assert "next:" not in done.err


def test_every_command_is_tested() -> None:
    assert set(COMMANDS) == CHANGES.keys() | QUESTIONS.keys() | ELSEWHERE.keys()


def test_the_help_says_what_quiet_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["publish", "--help"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "print only errors, warnings and what was asked for: a report, a dry run, --format json" in text


def test_a_new_repository_is_made_in_silence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "-q", str(tmp_path / "specs")]) == 0
    assert capsys.readouterr() == ("", "")
