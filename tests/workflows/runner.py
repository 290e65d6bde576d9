"""Enough of a GitHub runner to run Shipway's workflows for real: composite actions, `run` steps, plain expressions.

The third parties' actions are stood in for by what they do here: a clone, a copied folder, nothing.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
_COMPARISON = re.compile(r"([\w.]+) (==|!=) '([^']*)'")


@dataclass
class Finished:
    """How a job ended: the output of each step that ran, by name."""

    outputs: dict[str, str] = field(default_factory=dict)
    failed: str | None = None

    @property
    def success(self) -> bool:
        return self.failed is None


def _clones_nothing(_ref: str, _into: Path) -> None:
    """For jobs that check nothing out."""


@dataclass
class Runner:
    """One machine: `folder` is its own, `programs` has `shipway`; `clone(ref, into)` is what checkout does.

    Artifacts outlive a job.
    """

    folder: Path
    programs: Path
    server: str
    api: str
    token: str
    clone: Callable[[str, Path], None] = _clones_nothing
    artifacts: dict[str, Path] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)

    def run(self, workflow: Path, event: Mapping[str, Any]) -> Finished:
        """Runs the workflow's one job for an event in a new workspace."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for name in ("workspace", "temp/shipway/bin"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "temp/shipway/bin/shipway").symlink_to(self.programs / "shipway")
        (self.folder / "event.json").write_text(json.dumps(event))
        (job,) = yaml.safe_load(workflow.read_text())["jobs"].values()
        return _Job(self, self._context(event), Finished()).all(job["steps"])

    def _context(self, event: Mapping[str, Any]) -> dict[str, Any]:
        github = {"event": event, "server_url": self.server, "token": self.token, "action_path": str(ROOT)}
        return {
            "github": github,
            "secrets": self.secrets,
            "runner": {"temp": str(self.folder / "temp")},
            "inputs": {"environments": "", "plan": "", **event.get("inputs", {})},
        }


@dataclass
class _Job:
    runner: Runner
    context: dict[str, Any]
    finished: Finished

    def all(self, steps: list[dict[str, Any]]) -> Finished:
        for step in steps:
            if self._wanted(step.get("if", "")):
                self._step(step)
        return self.finished

    def _wanted(self, condition: str) -> bool:
        always, terms = "always()" in condition, condition.replace("always()", "").strip(" &").split(" && ")
        return (always or self.finished.success) and all(self._holds(term) for term in terms if term)

    def _holds(self, term: str) -> bool:
        result = _COMPARISON.fullmatch(term)
        assert result, f"the runner does not know the condition {term!r}"
        return bool(self._value(result[1]) == result[3]) == (result[2] == "==")

    def _step(self, step: dict[str, Any]) -> None:
        if "run" in step:
            self._shell(step)
            return
        action, given = step["uses"].partition("@")[0], step.get("with", {})
        inputs = {name: self._text(str(value)) for name, value in given.items()}
        if action in ("OWNER/shipway", "./"):
            self._composite(inputs)
        else:
            _ACTIONS[action](self.runner, inputs)

    def _composite(self, inputs: dict[str, str]) -> None:
        action = yaml.safe_load((ROOT / "action.yml").read_text())
        unknown = inputs.keys() - action["inputs"].keys()
        assert not unknown, f"the action has no input {unknown}"
        defaults = {name: self._text(str(each.get("default", ""))) for name, each in action["inputs"].items()}
        self.context["inputs"] = defaults | inputs
        self.all(action["runs"]["steps"])

    def _shell(self, step: dict[str, Any]) -> None:
        if step["name"].startswith("Install Shipway"):
            return  # the tests' own Shipway stands in its place; test_install runs this step for real
        assert step["shell"] == "bash"
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.runner.folder / "workspace" / self._text(step.get("working-directory", ".")),
            env=self._environment({name: self._text(str(value)) for name, value in step.get("env", {}).items()}),
            capture_output=True,
            text=True,
            check=False,
        )
        self.finished.outputs[step["name"]] = done.stdout + done.stderr
        if done.returncode != 0:
            self.finished.failed = step["name"]

    def _environment(self, own: Mapping[str, str]) -> dict[str, str]:
        folder = self.runner.folder
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.runner.api,
            "GITHUB_EVENT_PATH": str(folder / "event.json"),
            "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
            "RUNNER_TEMP": str(folder / "temp"),
            **own,
        }

    def _text(self, text: str) -> str:
        return _EXPRESSION.sub(lambda values: str(self._value(values[1])), text)

    def _value(self, path: str) -> Any:
        result: Any = self.context
        for part in path.split("."):
            result = result[part]
        return result


def _checkout(runner: Runner, inputs: Mapping[str, str]) -> None:
    runner.clone(inputs.get("ref", ""), runner.folder / "workspace")


def _upload(runner: Runner, inputs: Mapping[str, str]) -> None:
    kept = runner.folder.with_name("artifacts") / inputs["name"]
    shutil.rmtree(kept, ignore_errors=True)
    if any(Path(inputs["path"]).iterdir()):
        runner.artifacts[inputs["name"]] = Path(shutil.copytree(inputs["path"], kept))


def _download(runner: Runner, inputs: Mapping[str, str]) -> None:
    assert inputs["run-id"]
    shutil.copytree(runner.artifacts[inputs["name"]], inputs["path"])


_ACTIONS: dict[str, Callable[[Runner, Mapping[str, str]], None]] = {
    "actions/checkout": _checkout,
    "actions/setup-python": lambda _runner, _inputs: None,
    "actions/upload-artifact": _upload,
    "actions/download-artifact": _download,
}
