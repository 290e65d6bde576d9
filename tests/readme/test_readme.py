"""The README against reality: its sessions are run and compared, its spec is the one they run on.

`UPDATE_README=1 pytest tests/readme` writes what the commands print now into it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from compiler.cli.commands import COMMANDS
from compiler.cli.main import main
from compiler.git.demo_repositories import commit_all, new_repositories
from tests.pipeline.specs import environment

README = Path(__file__).parents[2] / "README.md"
PICTURE = README.parent / ".github" / "course.svg"
SESSION = re.compile(r"```console\n\$ shipway (?P<words>[^\n]*)\n(?P<said>.*?)```", re.DOTALL)
SPEC = re.compile(r"```yaml\n# (?P<file>environments/\S+)\n(?P<text>.*?)```", re.DOTALL)
GREEN = re.compile(r"\n +green: [^\n]*")


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """A repository that published the README's release before its green version came."""
    root = tmp_path / "specs"
    new_repositories(root, tmp_path / "deploy.git")
    found = SPEC.search(README.read_text(encoding="utf-8"))
    assert found is not None
    file = root / found["file"]
    file.parent.mkdir(parents=True)
    (file.parent / "environment.yaml").write_text(environment("gatewayApi"), encoding="utf-8")
    file.write_text(GREEN.sub("", found["text"]), encoding="utf-8")
    commit_all(root, "1.4.2 serves")
    assert main(["publish", "-q", "-C", str(root)]) == 0
    file.write_text(found["text"], encoding="utf-8")
    commit_all(root, "1.5.0 comes")
    return root


def sessions() -> Iterator[re.Match[str]]:
    yield from SESSION.finditer(README.read_text(encoding="utf-8"))


def same_everywhere(said: str) -> str:
    """What differs from run to run in a constant form: folders, commits, digests."""
    place = "  https://git.example.com/acme/deploy.git shipway/prod:prod, on 1c0ffee"
    said = re.sub(r"^  /\S*(?:deploy\.git|…)\s+shipway/prod:prod,\s+on \w+$", place, said, flags=re.MULTILINE)
    said = re.sub(r"sha256:[0-9a-f]{64}", "sha256:84f0…", said)
    said = re.sub(r"\b(on|from) [0-9a-f]{12}\b", r"\1 1c0ffee", said)
    return "".join(f"{line.rstrip()}\n" for line in said.splitlines())


def test_the_sessions_print_what_the_readme_shows(specs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = README.read_text(encoding="utf-8")
    found = list(sessions())
    assert found
    for session in found:
        capsys.readouterr()
        main([*session["words"].split(), "-q", "-C", str(specs)])
        said = same_everywhere(capsys.readouterr().out)
        if os.environ.get("UPDATE_README"):
            text = text.replace(session[0], f"```console\n$ shipway {session['words']}\n{said}```")
            README.write_text(text, encoding="utf-8")
        else:
            assert session["said"] == said


CANARY = """apiVersion: shipway.dev/v1
kind: Release
metadata: {name: ranker}
spec:
  container: {image: ghcr.io/acme/ranker, preset: bentoml, resources: {requests: {cpu: 500m, memory: 1Gi}}}
  replicas: 8
  expose: {host: api.example.com, path: /rank}
  strategy:
    canary:
      stable: {version: "1.4.2"}
"""


def test_the_picture_is_what_plan_draws(tmp_path: Path) -> None:
    root = tmp_path / "specs"
    new_repositories(root, tmp_path / "deploy.git")
    folder = root / "environments" / "prod"
    folder.mkdir(parents=True)
    (folder / "environment.yaml").write_text(environment("gatewayApi"), encoding="utf-8")
    (folder / "ranker.yaml").write_text(CANARY, encoding="utf-8")
    commit_all(root, "1.4.2 serves")
    where = ("-q", "-C", str(root))
    digest = "sha256:" + "5" * 64
    drawn = tmp_path / "course.svg"
    assert main(["publish", *where]) == 0
    assert main(["start", "prod/ranker", "--version", "1.5.0", "--digest", digest, *where]) == 0
    assert main(["plan", "--format", "svg", "--output", str(drawn), *where]) == 0
    if os.environ.get("UPDATE_README"):
        PICTURE.write_bytes(drawn.read_bytes())
    assert drawn.read_bytes() == PICTURE.read_bytes()


def test_every_command_that_the_readme_names_exists() -> None:
    named = set(re.findall(r"`shipway ([a-z]+)", README.read_text(encoding="utf-8")))
    assert named <= set(COMMANDS)
    assert {"verify", "start", "plan"} & named


def test_the_readme_is_short_enough_to_be_read() -> None:
    prose = re.sub(r"```.*?```", "", README.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert 350 <= len(prose.split()) <= 800


def test_the_demo_runs_as_the_readme_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "shipway demo\n" in README.read_text(encoding="utf-8")
    assert main(["demo", "--dir", str(tmp_path / "demo")]) == 0
    said = capsys.readouterr()
    assert said.out.count("$ shipway publish") >= 8
    assert "~ prod/recommender/httproute-recommender.yaml" in said.out
    assert "error[route-lost]" in said.err
    assert (tmp_path / "demo" / "plan.html").is_file()
    assert said.err.rstrip().splitlines()[-1].startswith("next: shipway plan")


def test_the_demo_leaves_a_folder_with_something_in_it_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x", encoding="utf-8")
    assert main(["demo", "--dir", str(tmp_path)]) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_the_spec_gets_its_route_in_the_environment_that_init_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "-q", str(tmp_path)]) == 0
    found = SPEC.search(README.read_text(encoding="utf-8"))
    assert found is not None
    (tmp_path / found["file"]).write_text(found["text"], encoding="utf-8")
    assert main(["build", "-C", str(tmp_path), "--out", str(tmp_path / "out")]) == 0
    assert "warning" not in capsys.readouterr().err
    assert (tmp_path / "out/prod/recommender/httproute-recommender.yaml").is_file()
    assert (tmp_path / "out/prod/hello/httproute-hello.yaml").is_file()
