"""A new user's way with a BentoML service, by what README and `--help` say: from `init` to leaving ingress-nginx.

Real repositories: the specs with a protected main, the deployments that Argo CD would read, a second clone at night.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.shop import Result, Shop
from tests.git.helpers import git

pytestmark = pytest.mark.slow

ENVIRONMENT = """apiVersion: shipway.dev/v1
kind: Environment
metadata: {{name: {name}}}
spec:
  namespace: ml-{name}
  kubernetes: "1.34"
  traffic: {traffic}
  gitops: {{repository: "{deploy}", branch: {name}, path: {name}}}
{more}"""
BASE = """apiVersion: shipway.dev/v1
kind: Release
metadata: {name: fraud}
spec:
  container:
    image: ghcr.io/acme/fraud
    preset: bentoml
    resources: {requests: {cpu: 500m, memory: 1Gi}, limits: {memory: 2Gi}}
"""
RELEASE = """apiVersion: shipway.dev/v1
kind: Release
metadata: {{name: {name}}}
spec:
  extends: ../bases/fraud.yaml
  replicas: 4
  expose: {{host: {name}.{environment}.example.com}}
  strategy:
    {strategy}
"""
STRATEGIES = {
    "fraud": 'rolling: {version: "1.0.0"}',
    "swap": 'blueGreen: {active: blue, blue: {version: "1.0.0"}}',
    "drip": 'canary: {steps: [50, 100], stable: {version: "1.0.0"}}',
    "both": 'versioned: {v1: {version: "1.0.0", path: /v1}}',
}
COURSES = {"fraud": (), "swap": ("advance", "finish"), "drip": ("advance", "finish")}
NGINX = "{ingressNginx: {className: nginx}}"
BOTH = "{ingressNginx: {className: nginx}, gatewayApi: {gateway: public, namespace: infra}}"
GATEWAY = "{gatewayApi: {gateway: public, namespace: infra}}"
PROTECTED = """#!/bin/sh
while read -r old new ref; do
  [ "$ref" != refs/heads/main ] || [ -e "$PWD/merging" ] || { echo "main is protected: open a pull request"; exit 1; }
done
"""


class Walk(Shop):
    """The user's clone of the specs; `bare` is the repository that Argo CD reads."""

    def environment(self, name: str, traffic: str, more: str = "") -> None:
        self.put(
            f"{name}/environment.yaml", ENVIRONMENT.format(name=name, traffic=traffic, deploy=self.bare, more=more)
        )

    def merged(self, message: str) -> None:
        """A pull request of all changes, merged."""
        self.commit(message)
        self.merge("HEAD")

    def merge(self, commit: str) -> None:
        home = self.root.parent / "specs.git"
        (home / "merging").touch()
        git(self.root, "push", "-q", "origin", f"{commit}:refs/heads/main")
        (home / "merging").unlink()
        git(self.root, "checkout", "-q", "main")
        git(self.root, "pull", "-q", "--no-rebase", "origin", "main")

    def ship(self, environment: str = "prod") -> Result:
        """The plan is safe, its very digest is published, and Argo CD has synced it."""
        planned = self.do("plan", environment)
        digest = re.findall(r"sha256:[0-9a-f]{64}", planned.out)
        assert self.do("publish", environment, *(("--plan", digest[0]) if digest else ())).status == 0
        self.do("confirm", environment)
        return planned

    def verb(self, *words: str) -> None:
        """A step as a pull request: its own branch, merged, published."""
        self.do(*words, "--push")
        branch = git(self.root, "branch", "--show-current")
        assert branch != "main"
        self.merge(branch)
        self.ship(words[1].partition("/")[0] if "/" in words[1] else words[-1])

    def release(self, name: str, version: str) -> None:
        """The version serves all clients of staging, and its course in prod begins."""
        self.verb("start", f"staging/{name}", "--version", version)
        for verb in COURSES[name]:
            self.verb(verb, f"staging/{name}")
        self.verb("promote", name, "--from", "staging", "--to", "prod")

    def says(self, *words: str) -> str:
        """What a command that is refused says, in one line."""
        result = self.run(*words)
        assert result.status == 1
        return " ".join((result.out + result.err).split())


@pytest.fixture
def walk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Walk:
    for name in ("specs.git", "deploy.git"):
        git(tmp_path, "init", "-q", "--bare", "-b", "main", name)
    hook = tmp_path / "specs.git/hooks/pre-receive"
    hook.write_text(PROTECTED)
    hook.chmod(0o755)
    made = Walk(tmp_path / "specs", tmp_path / "deploy.git", capsys)
    made.root.mkdir()
    made.do("init")
    for example in made.root.glob("environments/*/hello.yaml"):
        example.unlink()
    made.environment("staging", NGINX)
    made.environment("prod", NGINX, "  promotesFrom: [staging]\n")
    made.put("bases/fraud.yaml", BASE)
    for environment in ("staging", "prod"):
        for name, strategy in STRATEGIES.items():
            made.put(
                f"{environment}/{name}.yaml", RELEASE.format(name=name, environment=environment, strategy=strategy)
            )
    git(made.root, "init", "-q", "-b", "main")
    git(made.root, "remote", "add", "origin", str(tmp_path / "specs.git"))
    made.merged("specs")
    made.do("check")
    first = made.do("publish", "prod", "staging")
    assert "next: shipway bootstrap prod" in first.err
    assert made.do("bootstrap", "prod").out.count("\nkind: Application\n") == 6
    for environment in ("prod", "staging"):
        made.do("confirm", environment)
    return made


def positions(walk: Walk, environment: str) -> dict[str, str]:
    return {row["name"]: row["step"] for row in walk.do("status", environment, "--format", "json").data["releases"]}


def test_four_strategies_from_staging_to_the_end_in_prod(walk: Walk) -> None:
    assert "error[promotion-skipped]" in walk.says("start", "prod/fraud", "--version", "1.1.0")
    for name in COURSES:
        walk.release(name, "1.1.0")
    assert "curl -H 'X-Shipway-Preview: true' http://swap.prod.example.com/" in walk.do("status", "prod/swap").out
    for name, course in COURSES.items():
        for verb in course:
            walk.verb(verb, f"prod/{name}")
    walk.verb("start", "staging/both", "--version", "2.0.0", "--change", "major", "--path", "/v2")
    assert positions(walk, "staging")["both"] == "v1 beside v2"
    walk.verb("finish", "staging/both")
    assert {*positions(walk, "staging").values(), *positions(walk, "prod").values()} == {"released"}
    assert "back: shipway rollback prod/swap --to" in walk.do("history", "prod/swap").out


def test_an_abort_in_the_night_outlives_the_next_merge(walk: Walk, tmp_path: Path) -> None:
    walk.release("drip", "1.1.0")
    git(tmp_path, "clone", "-q", "specs.git", "night")
    night = Walk(tmp_path / "night", walk.bare, walk.capsys)
    text = night.do("abort", "prod/drip", "--publish", "--push").err
    assert "merge it, or the next publish from elsewhere is refused" in text
    (branch,) = re.findall(r"pushed (abort-prod-drip-\w+)", text)
    aborted = git(walk.bare, "rev-parse", "prod")

    walk.put("prod/fraud.yaml", walk.text("prod/fraud.yaml").replace("replicas: 4", "replicas: 5"))
    walk.merged("5 replicas")
    for command in ("plan", "publish"):
        assert "publish-source-apart" in walk.says(command, "prod")
    assert git(walk.bare, "rev-parse", "prod") == aborted

    git(walk.root, "fetch", "-q")
    git(walk.root, "merge", "-q", "--no-edit", f"origin/{branch}")
    walk.merge("HEAD")
    planned = walk.ship()
    assert "prod: 1 of 4 releases changes" in planned.out and "main 4 → 5 pods" in planned.out
    assert positions(walk, "prod")["drip"] == "aborted"
    walk.verb("finish", "prod/drip")


def test_more_replicas_are_taken_back_by_the_edit_and_not_by_an_abort(walk: Walk) -> None:
    walk.release("fraud", "1.1.0")
    walk.put("prod/fraud.yaml", walk.text("prod/fraud.yaml").replace("replicas: 4", "replicas: 5"))
    walk.merged("5 replicas")
    planned = walk.ship()
    (undo,) = re.findall(r"undo +shipway (.*?)  ✓ safe", planned.out)
    assert undo.startswith("rollback prod/fraud --to ")
    walk.do(*undo.split())
    assert "replicas: 4" in walk.text("prod/fraud.yaml") and "1.1.0" in walk.text("prod/fraud.yaml")


def test_a_freeze_keeps_changes_out_and_not_the_way_back(walk: Walk) -> None:
    walk.release("swap", "1.1.0")
    walk.environment("prod", NGINX, "  freezes: [{from: 2020-01-01, to: 2099-12-31, reason: holidays}]\n")
    walk.merged("freeze")
    assert "only renew the record of their source (.shipway)" in " ".join(walk.ship().out.split())
    for words in (("advance", "prod/swap"), ("start", "prod/fraud", "--version", "1.1.0")):
        assert "error[frozen]" in walk.says(*words)
    walk.do("abort", "prod/swap", "--publish", "--push")
    assert positions(walk, "prod")["swap"] == "aborted"


def test_an_abort_in_a_freeze_takes_nothing_along_that_waits(walk: Walk) -> None:
    walk.release("swap", "1.1.0")
    walk.environment("prod", NGINX, "  freezes: [{from: 2020-01-01, to: 2099-12-31, reason: holidays}]\n")
    walk.merged("freeze")
    walk.ship()
    walk.put("prod/fraud.yaml", walk.text("prod/fraud.yaml").replace("replicas: 4", "replicas: 5"))
    walk.merged("5 replicas, merged in the freeze")
    before = git(walk.bare, "rev-parse", "prod")
    refused = walk.says("abort", "prod/swap", "--publish", "--push")
    assert "error[frozen]" in refused
    assert "this would publish not only swap, but also other changes that wait in the specs: fraud" in refused
    assert git(walk.bare, "rev-parse", "prod") == before
    (made,) = re.findall(r"`(git worktree add [^`]+)`", refused)
    git(walk.root, *made.split()[1:])
    alone = Walk(walk.root.parent / "published", walk.bare, walk.capsys)
    (again,) = re.findall(r"then there `shipway ([^`]+)`", refused)
    alone.do(*again.split())
    changed = git(walk.bare, "diff", "--name-only", before, "prod").splitlines()
    assert changed and all(path.startswith("prod/swap/") for path in changed if path.endswith(".yaml"))
    assert positions(alone, "prod")["swap"] == "aborted"


def test_a_rename_is_two_releases_for_a_while_and_the_old_one_leaves_in_three_commits(walk: Walk) -> None:
    old = walk.text("prod/drip.yaml")
    (walk.root / "environments/prod/drip.yaml").unlink()
    walk.put("prod/trickle.yaml", old.replace("{name: drip}", "{name: trickle}"))
    walk.commit("rename")
    refused = walk.says("plan", "prod")
    assert "error[release-renamed]" in refused and "beside drip" in refused

    walk.put("prod/drip.yaml", old)
    walk.put("prod/trickle.yaml", old.replace("name: drip", "name: trickle").replace("host: drip", "host: trickle"))
    walk.merged("beside it")
    walk.ship()
    walk.put("prod/drip.yaml", re.sub("expose: .*", "expose: {internal: true}", old))
    walk.merged("clients have moved")
    walk.ship()
    walk.environment("prod", NGINX, "  argocd: {cascade: true}\n")
    walk.merged("what leaves is deleted")
    walk.ship()
    (walk.root / "environments/prod/drip.yaml").unlink()
    walk.merged("drip leaves")
    walk.ship()
    assert "drip" not in positions(walk, "prod")
    assert "prod/drip" not in git(walk.bare, "ls-tree", "-r", "--name-only", "prod")


def test_a_change_of_provider_is_two_commits_and_the_second_is_answered_for(walk: Walk) -> None:
    walk.environment("prod", GATEWAY)
    walk.commit("at once")
    assert "publish these in turn" in walk.says("plan", "prod")
    walk.environment("prod", BOTH)
    walk.merged("both providers")
    walk.ship()
    walk.environment("prod", GATEWAY)
    walk.merged("the gateway alone")
    assert "error[provider-left]" in walk.says("publish", "prod")
    walk.do("publish", "prod", "--allow", "provider-left", "--reason", "clients reach the gateway")
    assert "ingress-" not in git(walk.bare, "ls-tree", "-r", "--name-only", "prod")
    assert "Shipway-Allowed: provider-left fraud: clients reach the gateway" in git(
        walk.bare, "log", "-1", "--format=%B", "prod"
    )
