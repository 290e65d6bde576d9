"""The specs that these tests move, and how they run commands."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from compiler.cli.main import main
from tests.git.helpers import git

OLD = "sha256:" + "0" * 64
NEW = "sha256:" + "1" * 64

ENVIRONMENT = """apiVersion: shipway.dev/v1
kind: Environment
metadata: {{name: {name}}}
spec:
  namespace: {name}
  kubernetes: "1.34"
  traffic:
    {traffic}
{more}"""
RELEASE = """# {name}: kept by every verb
apiVersion: shipway.dev/v1
kind: Release
metadata: {{name: {name}}}
spec:
  container:
    image: ghcr.io/acme/{name}   # the tag comes from the strategy
    preset: http
    resources: {{requests: {{cpu: 100m, memory: 64Mi}}, limits: {{memory: 128Mi}}}}
  replicas: 4

  expose: {expose}
  strategy:
{strategy}"""
GATEWAY = "gatewayApi: {gateway: public, namespace: infra}"
STRATEGIES = {
    "roll": """    rolling:
      version: "1.0.0"   # quoted
      digest: "{old}"
""",
    "swap": """    blueGreen:
      active: blue
      blue: {{version: "1.0.0", digest: "{old}"}}   # the first
""",
    "drip": """    canary:
      steps: [10, {{at: 50, pause: 30m}}, 100]
      stable: {{version: "1.0.0", digest: "{old}"}}
""",
    "head": """    canary:
      by: header
      steps: [50, 100]
      stable: {{version: "1.0.0", digest: "{old}"}}
""",
    "both": """    versioned:
      v1: {{version: "1.0.0", digest: "{old}", sunset: 2030-01-01}}
""",
}
MEMBER = """    blueGreen:
      blue: {{version: "1.0.0", digest: "{old}"}}
"""
GROUP = """apiVersion: shipway.dev/v1
kind: Group
metadata: {name: pair}
spec:
  entry: web       # the one that is called from outside
  members: [web, api]
  active: blue
"""
PODS = """    canary:
      by: pods
      steps: [20, 50, 100]
      stable: {{version: "1.0.0", digest: "{old}"}}
"""


def write_specs(root: Path) -> None:
    """prod: every strategy on a gateway; lab: Services alone."""
    for name, traffic, more in (("prod", GATEWAY, "  promotesFrom: [lab]\n"), ("lab", "service: {}", "")):
        put(root, f"environments/{name}/environment.yaml", ENVIRONMENT.format(name=name, traffic=traffic, more=more))
    for name, strategy in STRATEGIES.items():
        expose = f"{{host: {name}.example.com}}"
        put(root, f"environments/prod/{name}.yaml", release(name, strategy, expose))
    put(root, "environments/prod/web.yaml", release("web", MEMBER, "{host: web.example.com}"))
    put(root, "environments/prod/api.yaml", release("api", MEMBER, "{path: /}"))
    put(root, "environments/prod/pair.yaml", GROUP)
    put(root, "environments/lab/pods.yaml", release("pods", PODS, "{path: /}"))


def release(name: str, strategy: str, expose: str) -> str:
    return RELEASE.format(name=name, expose=expose, strategy=strategy.format(old=OLD))


def put(root: Path, file: str, text: str) -> None:
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@dataclass(frozen=True)
class Result:
    """What a command said: exit status, standard output and standard error."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Shop:
    """A repository of specs, its bare remote, and the commands run in it."""

    root: Path
    bare: Path
    capsys: pytest.CaptureFixture[str]

    def run(self, *words: str) -> Result:
        status = main([*words, "-C", str(self.root)])
        output = self.capsys.readouterr()
        return Result(status, output.out, output.err)

    def do(self, *words: str) -> Result:
        """As `run`, for a command that must succeed."""
        result = self.run(*words)
        assert result.status == 0, result.err
        return result

    def text(self, file: str) -> str:
        return (self.root / "environments" / file).read_text()

    def put(self, file: str, text: str) -> None:
        put(self.root, f"environments/{file}", text)

    def commit(self, message: str = "edit") -> str:
        git(self.root, "add", "-A")
        git(self.root, "commit", "-q", "--allow-empty", "-m", message)
        return git(self.root, "rev-parse", "HEAD")

    def publish(self, *names: str) -> Result:
        self.commit()
        return self.do("publish", *names)

    def edit(self, *words: str) -> tuple[set[str], set[str]]:
        """A verb's edit of its release's file: the lines that went, and those that came."""
        environment, _, name = words[1].partition("/")
        file = f"{environment}/{name}.yaml"
        before = self.text(file)
        self.do(*words)
        return changed_lines(before, self.text(file))


def changed_lines(before: str, after: str) -> tuple[set[str], set[str]]:
    """Lines that only one of the two texts has; the others must stand in the same order in both."""
    old, new = before.splitlines(), after.splitlines()
    gone, come = set(old) - set(new), set(new) - set(old)
    assert [line for line in old if line not in gone] == [line for line in new if line not in come]
    return {line.strip() for line in gone}, {line.strip() for line in come}
