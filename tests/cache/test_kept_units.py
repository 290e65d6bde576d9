"""What a plan keeps of units changes nothing of the next plan or publish but the time."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from compiler import pipeline
from compiler.publish import kept_units
from tests.cache.test_kept_answers import GITOPS, Repository, edits, group, kept, rewrite, write_specs
from tests.git.helpers import git, use_own_configuration

pytestmark = pytest.mark.e2e

__all__ = ["kept"]  # a fixture
SPECS = "environments/prod"
FORMATS = (("plan",), ("plan", "--format", "json"), ("plan", "--format", "md"))


@pytest.fixture
def repository(kept: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """The specs in a repository of Git, one of them with a course that is open, published to one beside it."""
    use_own_configuration(tmp_path, monkeypatch)
    git(tmp_path, "init", "-q", "--bare", "deploy.git")
    git(kept.root, "init", "-q")
    return with_courses(kept)


def with_courses(kept: Repository) -> Repository:
    """The specs with a group and a canary, published to the repository beside them."""
    rewrite(kept.root, f"{SPECS}/environment.yaml", GITOPS, "  gitops: {repository: ../deploy.git}\n")
    canary = 'canary: {stable: {version: "1"}, canary: {version: "2"}, at: 10, steps: [10, 50, 100]}'
    rewrite(kept.root, f"{SPECS}/api.yaml", 'rolling: {version: "1"}', canary)
    for name, text in group().items():
        (kept.root / SPECS / name).write_text(text)
    return kept


def without_cache(kept: Repository) -> Repository:
    return Repository(kept.root, "", kept.monkeypatch, kept.capsys)


def commit(kept: Repository) -> None:
    git(kept.root, "add", "-A", ".")
    git(kept.root, "commit", "-q", "--allow-empty", "-m", "change")


def compare(repository: Repository, seed: int, steps: int) -> None:
    """Random edits and publishes; each plan is compared with that of a run without a cache."""
    chosen, publishable = random.Random(seed), 0  # noqa: S311
    for step in range(steps):
        for _ in range(chosen.choice((0, 1, 1, 2))):
            chosen.choice(edits(step))(repository.root)
        commit(repository)
        words = chosen.choice(FORMATS)
        planned = repository.run(*words)
        assert planned == without_cache(repository).run(*words), f"seed {seed}, step {step}, {words}"
        if chosen.random() < 0.5:
            assert repository.run("publish")[0] == planned[0], f"seed {seed}, step {step}"
        publishable += not planned[0]
        if planned[0]:  # what is wrong stays wrong: begin anew, from what was published
            for name in ("environments", "bases", "out"):
                shutil.rmtree(repository.root / name, ignore_errors=True)
            write_specs(repository.root)
            with_courses(repository)
    assert publishable


@pytest.mark.parametrize("seed", range(2))
def test_a_plan_with_a_cache_is_as_without(repository: Repository, seed: int) -> None:
    compare(repository, seed, 4)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 112))
def test_a_plan_with_a_cache_is_as_without_for_long(repository: Repository, seed: int) -> None:
    compare(repository, seed, 30)


def compiled_by(repository: Repository, *words: str) -> set[str]:
    """The releases that the command compiles."""
    compiled: set[str] = set()
    compile_release = pipeline.compile_release

    def note(*parts: Any) -> Any:
        compiled.add(parts[0].name)
        return compile_release(*parts)

    with repository.monkeypatch.context() as patched:
        patched.setattr(pipeline, "compile_release", note)
        repository.run(*words)
    return compiled


def test_a_plan_and_a_publish_compile_only_what_changed(repository: Repository) -> None:
    commit(repository)
    assert repository.run("publish")[0] == 0
    assert len(compiled_by(repository, "plan")) == 6
    rewrite(repository.root, f"{SPECS}/web.yaml", 'version: "1"', 'version: "2"')
    commit(repository)
    assert compiled_by(repository, "plan") == {"web"}
    assert compiled_by(repository, "publish") == {"web"}


def test_where_a_route_changes_only_those_are_compiled_that_may_take_its_requests(repository: Repository) -> None:
    commit(repository)
    repository.run("publish")
    repository.run("plan")
    rewrite(repository.root, f"{SPECS}/web.yaml", "web.example.com", "www.example.com")
    commit(repository)
    # `based` answers at every host
    assert compiled_by(repository, "plan") == {"web", "based"}
    assert compiled_by(repository, "publish") == {"web", "based"}


def test_facts_that_another_compiler_kept_are_not_used(repository: Repository) -> None:
    commit(repository)
    repository.run("plan")
    repository.monkeypatch.setattr(kept_units, "compiler_digest", lambda: b"another")
    assert len(compiled_by(repository, "plan")) == 6


def test_a_route_that_comes_is_judged_beside_units_that_are_kept(repository: Repository) -> None:
    commit(repository)
    assert repository.run("publish")[0] == 0
    repository.run("plan")
    taken = "expose: {host: api.example.com, path: /new}"
    rewrite(repository.root, f"{SPECS}/web.yaml", "expose: {host: web.example.com}", taken)
    commit(repository)
    for words in FORMATS:
        assert repository.run(*words) == without_cache(repository).run(*words)
