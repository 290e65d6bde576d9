"""Equal specs give equal trees and equal errors: with one process or several, whatever the hash seed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from compiler.cli.main import main
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.pipeline import build_environment, render_environment
from compiler.source.workspace import read_sources
from compiler.support import parallel as cores
from compiler.tree.render import PublishDestination

ROOT = Path(__file__).parents[2]
PLACE = PublishDestination("https://git.example.com/deploy.git", "main", "prod")
RELEASE = """apiVersion: shipway.dev/v1
kind: Release
metadata: {{name: svc{number}}}
spec:
  container: {{image: ghcr.io/acme/svc, port: 8080, env: {{N: "{number}"}}{more}}}
  expose: {{host: svc{number}.example.com}}
  strategy: {{rolling: {{version: "1.0.{number}"}}}}
"""
ENVIRONMENT = """apiVersion: shipway.dev/v1
kind: Environment
metadata: {name: prod}
spec: {namespace: prod, kubernetes: "1.34", traffic: {gatewayApi: {gateway: public}}}
"""
RUN = "from compiler.cli.main import run; run()"
BAD_PORTS = ", portt: 1"
BAD_QUANTITIES = ", resources: {limits: {cpu: '1'}, requests: {cpu: '2'}}"


@pytest.fixture
def forks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Three cores, and work worth dividing from two items on; the processes that were forked."""
    made: list[int] = []
    fork = os.fork

    def counted() -> int:
        process = fork()
        made.append(process)
        return process

    monkeypatch.setattr(os, "fork", counted)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    monkeypatch.setattr(cores, "MIN_PARALLEL_ITEMS", 2)
    return made


def assert_none_is_left(forks: list[int]) -> None:
    """Each forked process was waited for; other tests may have servers of their own."""
    for process in forks:
        with pytest.raises(ChildProcessError):
            os.waitpid(process, os.WNOHANG)


def specs(root: Path, more: Callable[[int], str], count: int = 7) -> Path:
    folder = root / "environments" / "prod"
    folder.mkdir(parents=True)
    (folder / "environment.yaml").write_text(ENVIRONMENT)
    for number in range(count):
        (folder / f"svc{number}.yaml").write_text(RELEASE.format(number=number, more=more(number)))
    return root


def tree(root: Path) -> dict[str, bytes]:
    return dict(build_environment(render_environment(read_sources(root, "prod")), PLACE).files)


def errors(root: Path) -> Sequence[Diagnostic]:
    with pytest.raises(Rejected) as refused:
        tree(root)
    return refused.value.diagnostics


def test_several_processes_build_the_tree_of_one(forks: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    several = tree(ROOT)
    # reading, then making, judging and rendering, in two processes beside this one
    assert len(forks) == 4
    monkeypatch.setattr(cores, "MIN_PARALLEL_ITEMS", 1000)
    one = tree(ROOT)
    assert len(forks) == 4
    assert several == one
    assert list(several) == list(one)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (lambda number: ", env: {" if number % 2 else "", "yaml-duplicate-key"),
        (lambda number: ", config: {files: {a: {path: gone.txt}}}" if number > 2 else "", "file-missing"),
        (lambda number: BAD_PORTS if number in (0, 6) else "", "spec-unknown-key"),
        (lambda number: BAD_QUANTITIES if number != 3 else "", "requests-exceed-limits"),
    ],
)
def test_several_processes_find_the_errors_of_one(
    tmp_path: Path, forks: list[int], monkeypatch: pytest.MonkeyPatch, more: Callable[[int], str], code: str
) -> None:
    root = specs(tmp_path, more)
    several = errors(root)
    assert forks
    monkeypatch.setattr(cores, "MIN_PARALLEL_ITEMS", 1000)
    assert several == errors(root)
    assert len(several) > 1
    assert code in {finding.code for finding in several}


def test_what_a_worker_could_not_do_is_done_here(forks: list[int]) -> None:
    here = os.getpid()

    def work(item: int) -> int:
        if item == 4 and os.getpid() != here:
            os._exit(9)
        return item * 2

    assert cores.parallel_map(work, range(7)) == [0, 2, 4, 6, 8, 10, 12]
    assert len(forks) == 2


def test_an_exception_leaves_as_from_one_process(forks: list[int]) -> None:
    with pytest.raises(ZeroDivisionError):
        cores.parallel_map(lambda item: 1 // (item - 6), range(7))
    assert forks
    assert_none_is_left(forks)


@pytest.mark.parametrize("items", [0, 1, 2, 3, 4, 200])
def test_what_is_begun_ahead_is_the_same(forks: list[int], items: int) -> None:
    with cores.start_parallel(str, range(items), 1) as results:
        assert len(forks) == (0 if items < 2 else min(2, items))
        assert results() == [str(item) for item in range(items)]
    assert_none_is_left(forks)


def test_what_was_begun_in_vain_is_done_here(forks: list[int]) -> None:
    here = os.getpid()

    def work(item: int) -> bool:
        if item == 4 and os.getpid() != here:
            os._exit(9)
        return os.getpid() == here

    with cores.start_parallel(work, range(7), 3) as results:
        assert results() == [False] * 4 + [True] * 3
    assert len(forks) == 2


@pytest.mark.parametrize("answered", [True, False])
def test_a_command_that_reads_ahead_leaves_no_process(
    tmp_path: Path, forks: list[int], capsys: pytest.CaptureFixture[str], answered: bool
) -> None:
    root = specs(tmp_path, lambda number: "" if answered else BAD_PORTS)
    assert main(["-C", str(root), "check"]) == (0 if answered else 1)
    assert len(forks) == (4 if answered else 2)
    assert_none_is_left(forks)
    assert ("7 releases" in capsys.readouterr().err) is answered


@pytest.mark.parametrize("items", [0, 1, 2, 3, 4, 200])
def test_the_order_is_that_of_the_items(forks: list[int], items: int) -> None:
    assert cores.parallel_map(str, range(items)) == [str(item) for item in range(items)]


def test_two_hash_seeds_build_one_tree(tmp_path: Path) -> None:
    trees = []
    for seed in ("0", "1"):
        out = tmp_path / seed
        command = [sys.executable, "-c", RUN, "build", "-q", "-C", str(ROOT), "--out", str(out)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONHASHSEED": seed})
        trees.append({path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()})
    assert trees[0]
    assert trees[0] == trees[1]
