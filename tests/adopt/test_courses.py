"""Courses of an adopted release, commit by commit in real repositories: names stay until another track takes over."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from compiler.cli.main import main
from compiler.git.demo_repositories import commit_all, new_repositories
from tests.adopt.conftest import ENVIRONMENT
from tests.adopt.test_in_place import WEB

pytestmark = pytest.mark.e2e

NGINX, GATEWAY = "{ingressNginx: {className: nginx}}", "{gatewayApi: {gateway: public, namespace: infra}}"
INGRESS = """\
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: front}
spec:
  ingressClassName: nginx
  rules:
  - host: web.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web-svc, port: {name: http}}}}]}
"""
HTTP_ROUTE = """\
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: front}
spec:
  parentRefs: [{name: public, namespace: infra}]
  hostnames: [web.example.com]
  rules: [{backendRefs: [{name: web-svc, port: 80}]}]
"""
ROUTES = {NGINX: INGRESS, GATEWAY: HTTP_ROUTE, "{service: {}}": ""}


@dataclass(frozen=True)
class Live:
    """A repository of specs with a GitOps repository, and the commands of one release's course."""

    root: Path
    bare: Path
    capsys: pytest.CaptureFixture[str]

    def run(self, *words: str) -> str:
        status = main(list(words))
        captured = self.capsys.readouterr()
        assert status == 0, (words, captured.out, captured.err)
        commit_all(self.root, " ".join(words))
        return captured.out + captured.err

    def step(self, *words: str) -> None:
        """A verb, and its commit published and synced."""
        self.run(*words)
        self.publish()

    def publish(self, *more: str) -> None:
        self.run("publish", "live", *more)
        self.run("confirm", "live")

    @property
    def spec(self) -> dict[str, Any]:
        data: dict[str, Any] = yaml.safe_load(self.file.read_text())["spec"]
        return data

    @property
    def file(self) -> Path:
        return self.root / "environments/live/web.yaml"

    def with_strategy(self, name: str, track: str) -> None:
        """The release with the version that serves as the first track of another strategy."""
        version = str(self.spec["strategy"]["rolling"]["version"])
        data = yaml.safe_load(self.file.read_text())
        more = {"active": "blue"} if name == "blueGreen" else {}
        data["spec"]["strategy"] = {name: {track: {"version": version}, **more}}
        self.file.write_text(yaml.safe_dump(data, sort_keys=False))
        commit_all(self.root, name)

    def published(self) -> set[str]:
        tree = ["git", "-C", str(self.bare), "ls-tree", "-r", "--name-only", "shipway/live"]
        names = subprocess.run(tree, capture_output=True, text=True, check=True).stdout.split()
        return {Path(name).stem for name in names if "/web/" in name and name.endswith(".yaml")}


@pytest.fixture
def adopted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[str], Live]:
    """A Deployment with a Service and a route, taken in and published."""

    def taken_in(traffic: str) -> Live:
        root, bare = tmp_path / "specs", tmp_path / "deploy.git"
        new_repositories(root, bare)
        (root / "environments/live").mkdir(parents=True)
        (root / "environments/live/environment.yaml").write_text(ENVIRONMENT.replace("{service: {}}", traffic))
        (root / "rendered.yaml").write_text(WEB + ROUTES[traffic])
        monkeypatch.chdir(root)
        live = Live(root, bare, capsys)
        live.run("adopt", "rendered.yaml", "--into", "live")
        live.publish("--from", "rendered.yaml")
        assert {"deployment-web", "service-web-svc"} <= live.published()
        return live

    return taken_in


@pytest.mark.parametrize("traffic", ["{service: {}}", NGINX, GATEWAY])
def test_a_rolling_release_keeps_its_identity_for_ever(adopted: Callable[[str], Live], traffic: str) -> None:
    live = adopted(traffic)
    before = live.published()
    live.step("start", "live/web", "--version", "2.0")
    live.step("start", "live/web", "--version", "3.0")
    assert live.published() == before
    assert live.spec["identity"]["deployment"] == "web"
    live.step("rollback", "live/web")
    assert live.spec["strategy"]["rolling"]["version"] == "2.0"


@pytest.mark.parametrize("traffic", [NGINX, GATEWAY])
def test_a_canary_beside_what_was_adopted_ends_with_names_of_its_own(
    adopted: Callable[[str], Live], traffic: str
) -> None:
    live = adopted(traffic)
    live.with_strategy("canary", "stable")
    live.publish()
    assert "deployment-web" in live.published()
    live.step("start", "live/web", "--version", "2.0")
    assert {"deployment-web", "deployment-web-canary"} <= live.published()
    for _ in range(3):
        live.step("advance", "live/web")
        assert live.spec["identity"]["deployment"] == "web"
    live.step("finish", "live/web")
    assert set(live.spec["identity"]) == {"container", "service", "route"}
    names = live.published()
    assert {"deployment-web-stable", "service-web-svc"} <= names
    assert not names & {"deployment-web", "deployment-web-canary"}
    assert any(name.endswith("route-front") or name == "ingress-front" for name in names)
    live.step("start", "live/web", "--version", "3.0")


@pytest.mark.parametrize("traffic", [NGINX, GATEWAY])
def test_a_canary_that_is_aborted_leaves_what_was_adopted(adopted: Callable[[str], Live], traffic: str) -> None:
    live = adopted(traffic)
    live.with_strategy("canary", "stable")
    live.publish()
    live.step("start", "live/web", "--version", "2.0")
    live.step("abort", "live/web")
    live.step("finish", "live/web")
    assert live.spec["identity"]["deployment"] == "web"
    assert "deployment-web" in live.published()


@pytest.mark.parametrize("traffic", ["{service: {}}", NGINX, GATEWAY])
def test_the_first_switch_of_colors_leaves_the_old_names_behind(adopted: Callable[[str], Live], traffic: str) -> None:
    live = adopted(traffic)
    live.with_strategy("blueGreen", "blue")
    live.publish()
    live.step("start", "live/web", "--version", "2.0")
    assert {"deployment-web", "deployment-web-green"} <= live.published()
    live.step("advance", "live/web")
    assert {"deployment-web", "deployment-web-green"} <= live.published()
    live.step("finish", "live/web")
    names = live.published()
    assert {"deployment-web-green", "service-web-svc"} <= names
    assert "deployment-web" not in names
    live.step("start", "live/web", "--version", "3.0")
    assert "deployment-web-blue" in live.published()
