"""What helps a user on: explanations, schemas, a first repository, completion, examples."""

from __future__ import annotations

import ast
import importlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from compiler.cli.commands import COMMANDS
from compiler.cli.completion import completions
from compiler.cli.main import main
from compiler.explanations.catalog import STAGES, explanations
from compiler.source import parse
from compiler.spec.schema import schemas
from compiler.strategies import strategy_models
from compiler.traffic.providers import provider_models

ROOT = Path(__file__).parents[2]
SCHEMAS = schemas(strategy_models(), provider_models())
CODE = re.compile(r"[a-z]+(-[a-z0-9]+)+|frozen|redirected")
CARRIERS = {"Problem", "Diagnostic", "Finding", "Breach", "Fault", "refuse", "refused", "clash"}


def emitted(file: Path) -> set[str]:
    """The codes that a module's calls of findings name as literals, first or second among their arguments."""
    collected = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            named = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
            first = [*node.args[:1], *named] if name.strip("_") in CARRIERS else named
            collected |= {
                each.value
                for each in first
                if isinstance(each, ast.Constant) and isinstance(each.value, str) and CODE.fullmatch(each.value)
            }
    return collected


def test_every_code_that_is_emitted_is_explained() -> None:
    known = explanations()
    missing = {
        code: str(file.relative_to(ROOT))
        for file in sorted((ROOT / "compiler").rglob("*.py"))
        for code in emitted(file)
        if code not in known
    }
    assert missing == {}


def test_every_table_of_codes_is_in_the_explanations() -> None:
    tables = {str(file.parent.relative_to(ROOT / "compiler")) for file in (ROOT / "compiler").glob("*/codes.py")}
    tables |= {file.parent.parent.name for file in (ROOT / "compiler").glob("*/codes/__init__.py")}
    assert tables <= set(STAGES)


@pytest.mark.parametrize("code", sorted(explanations()))
def test_an_explanation_says_all_four_things(code: str) -> None:
    each = explanations()[code]
    assert CODE.fullmatch(code)
    assert all((each.title, each.meaning, each.fix, each.source))
    assert not each.title.endswith(".") and len(each.title) < 100


def test_explain(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "yaml-duplicate-key"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("yaml-duplicate-key: ") and "How to fix it: " in text and "Source: " in text
    assert main(["explain", "error[course-soaking]:".rstrip(":")]) == 0
    assert capsys.readouterr().out.startswith("course-soaking: ")
    assert main(["explain", "yaml-duplicate-keys"]) == 1
    assert "did you mean `yaml-duplicate-key`?" in capsys.readouterr().err
    assert main(["explain"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(explanations())
    assert main(["explain", "--format", "json"]) == 0
    assert set(json.loads(capsys.readouterr().out)["codes"]) == set(explanations())


def test_schemas_in_the_repository_are_those_of_the_models() -> None:
    on_disk = {file.name: file.read_bytes() for file in (ROOT / "schemas").iterdir()}
    assert on_disk == SCHEMAS, "run: shipway schema --write schemas"


@pytest.mark.parametrize("file", sorted((ROOT / "environments").rglob("*.yaml")), ids=lambda file: str(file.name))
def test_the_specs_here_meet_their_schema(file: Path) -> None:
    data = parse(file.read_text(), file.name).data
    schema = json.loads(SCHEMAS[f"{data['kind'].lower()}.json"])
    jsonschema.Draft202012Validator(schema).validate(data)


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("release", "strategy", {"rolling": {"version": "1"}, "canary": {"stable": {"version": "1"}}}),
        ("release", "strategy", {"bluGreen": {}}),
        ("release", "replica", 3),
        ("release", "replicas", "3"),
        ("release", "container", {"image": "a", "env": {"NOT A NAME": "x"}}),
        ("release", "pods", {"labels": {"-team": "x"}}),
        ("release", "pods", {"models": [{"name": "m", "mountPath": "/m"}]}),
        ("environment", "namespaceLabels", {"a b": "x"}),
        ("environment", "traffic", {"istio": {}}),
    ],
)
def test_schemas_refuse_what_the_compiler_refuses(kind: str, path: str, value: object) -> None:
    specs: dict[str, dict[str, object]] = {
        "release": {"container": {"image": "a"}, "strategy": {"rolling": {"version": "1"}}},
        "environment": {"namespace": "a", "kubernetes": "1.34", "traffic": {"service": {}}},
    }
    data = {"apiVersion": "shipway.dev/v1", "kind": kind.title(), "metadata": {"name": "a"}, "spec": specs[kind]}
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMAS[f"{kind}.json"]))
    validator.validate(data)
    specs[kind][path] = value
    assert not validator.is_valid(data)


@pytest.mark.parametrize("kind", ["Environment", "Release", "Group"])
def test_one_schema_for_every_kind_says_what_the_kinds_own_one_says(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["schema", "any"]) == 0
    text = capsys.readouterr().out
    assert "maxProperties" not in text and set(re.findall(r'"\$ref": "([^#"]*)', text)) == {""}
    whole = jsonschema.Draft202012Validator(json.loads(text))
    own = jsonschema.Draft202012Validator(json.loads(SCHEMAS[f"{kind.lower()}.json"]))
    good: dict[str, dict[str, object]] = {
        "Environment": {"namespace": "a", "kubernetes": "1.34", "traffic": {"service": {}}},
        "Release": {"container": {"image": "a"}, "strategy": {"rolling": {"version": "1"}}},
        "Group": {"entry": "a", "members": ["a", "b"], "active": "blue"},
    }
    for other, spec in good.items():
        data = {"apiVersion": "shipway.dev/v1", "kind": other, "metadata": {"name": "a"}, "spec": spec}
        assert whole.is_valid(data)
        assert not whole.is_valid({**data, "spec": {**spec, "extra": 1}})
        assert own.is_valid(data) == (other == kind)
        assert not whole.is_valid({**data, "kind": kind}) or other == kind


def test_schema_says_how_it_is_used(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["schema", "Release"]) == 0
    assert json.loads(capsys.readouterr().out)["title"]
    assert main(["schema"]) == 2
    assert main(["schema", "--write", str(tmp_path)]) == 0
    assert {file.name for file in tmp_path.iterdir()} == set(SCHEMAS)


def test_init_gives_a_repository_that_works_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path / "x")]) == 0
    output = capsys.readouterr()
    assert output.err.splitlines()[-1] == f"next: cd {tmp_path / 'x'} && shipway build"
    where = ["-C", str(tmp_path / "x")]
    assert main(["check", *where]) == 0
    assert main(["build", *where, "--out", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out/prod/hello/deployment-hello-blue.yaml").is_file()
    assert main(["promote", "hello", "--from", "staging", "--to", "prod", *where]) == 0
    assert main(["advance", "prod/hello", *where]) == 0
    assert main(["finish", "prod/hello", *where]) == 0
    for file in (tmp_path / "x/environments").rglob("*.yaml"):
        schema = re.search(r"\$schema=(\S+)", file.read_text())
        assert schema is not None and (file.parent / schema[1]).is_file()
    assert (tmp_path / "x/.github/workflows/publish.yml").is_file()
    assert (tmp_path / "x/.pre-commit-config.yaml").is_file()


def test_what_is_in_no_repository_leads_to_one_and_from_there_to_a_publish(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "specs"
    assert main(["init", str(tmp_path / "my specs")]) == main(["init", str(folder)]) == 0
    assert f"next: cd '{tmp_path / 'my specs'}' && shipway build" in capsys.readouterr().err.splitlines()
    assert main(["plan", "-C", str(folder)]) == 0
    assert capsys.readouterr().err.splitlines()[-1] == f"next: git init {folder}"
    monkeypatch.chdir(folder)
    assert main(["plan"]) == 0
    assert capsys.readouterr().err.splitlines()[-1] == "next: git init ."
    readme = (folder / "README.md").read_text(encoding="utf-8")
    commands = [line.partition("#")[0].strip() for line in readme.splitlines() if line.startswith("    ")]
    for command in commands:
        words = shlex.split(command)
        done = main(words[1:]) if words[0] == "shipway" else subprocess.run(words, check=False).returncode
        assert done == 0, command
    assert "green" in capsys.readouterr().out


def test_plan_leads_to_a_commit_of_the_specs_before_the_publish(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`rollback` finds only versions that a commit of the specs holds; what it says is run as it stands."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    folder = tmp_path / "specs"
    assert main(["init", "-q", "--strategy", "canary", str(folder)]) == 0
    subprocess.run(["git", "init", "-q", str(folder)], check=True)

    def planned_and_done(*where: str) -> str:
        assert main(["plan", *where]) == 0
        command = capsys.readouterr().err.splitlines()[-1].removeprefix("next: ")
        subprocess.run(["bash", "-c", command], check=True, env={**os.environ, "PATH": path})
        return re.sub("[0-9a-f]{64}", "…", command)

    monkeypatch.chdir(folder)
    assert planned_and_done() == "git add . && git commit -m specs && shipway publish"
    assert main(["start", "prod/hello", "--version", "1.29"]) == 0
    commit = "add environments && git{} commit -m 'prod/hello: canary 5 %' && shipway publish prod --plan sha256:…{}"
    monkeypatch.chdir(tmp_path)
    assert planned_and_done("-C", str(folder)) == f"git -C {folder} " + commit.format(f" -C {folder}", f" -C {folder}")
    monkeypatch.chdir(folder)
    assert main(["advance", "prod/hello"]) == 0
    subprocess.run(["git", "commit", "-qam", "25 %"], check=True)
    assert planned_and_done() == "shipway publish prod --plan sha256:…"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_help_has_examples_that_the_command_takes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    text = capsys.readouterr().out
    assert "examples:" in text
    known = set(re.findall(r"--[a-z][a-z-]+", text.partition("examples:")[0]))
    for example in COMMANDS[name].examples:
        assert example.split()[0] == name
        assert set(re.findall(r"--[a-z][a-z-]+", example)) <= known


def test_a_wrong_word_gets_a_guess(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["advanse", "prod/x"]) == 2
    assert "did you mean `advance`?" in capsys.readouterr().err
    assert main(["start", "prod/a", "--digset", "x"]) == 2
    assert "did you mean `--digest`?" in capsys.readouterr().err
    for words in (["plan", "--limit", "100"], ["history", "--limit", "0"], ["history", "--limit=-1"]):
        assert main(words) == 2
        assert "is not a whole number of at least" in capsys.readouterr().err
    assert main(["start", "prod/a", "--change", "mayor"]) == 2
    assert "did you mean `major`?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("before", "last", "wanted"),
    [
        ([], "", "advance"),
        (["advance"], "", "prod/recommender"),
        (["check"], "", "prod"),
        (["check"], "", "prod/ranker"),
        (["publish"], "", "staging"),
        (["promote", "web", "--from"], "", "staging"),
        (["promote"], "", "recommender"),
        (["explain"], "", "yaml-duplicate-key"),
        (["start", "prod/ranker"], "--", "--digest"),
        (["completion"], "", "fish"),
        (["schema"], "", "release"),
    ],
)
def test_completion(before: list[str], last: str, wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert wanted in completions(before, last)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_syntax(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert "shipway __complete" in script
    if shutil.which(shell) is not None:
        done = subprocess.run([shell, "-n"], input=script, text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr


def test_completion_loads_nothing_heavy() -> None:
    code = (
        "import sys; from compiler.cli.completion import complete; complete(['advance', 'prod/']); "
        "print([name for name in ('pydantic', 'git', 'jsonschema', 'yaml') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "[]"


def test_codes_modules_can_be_read_alone() -> None:
    for stage in STAGES:
        assert importlib.import_module(f"compiler.explanations.{stage}").CODES
