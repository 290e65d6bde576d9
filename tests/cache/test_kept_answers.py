"""What is kept between runs changes nothing but the time: each run is compared with one that keeps nothing."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from compiler.cache.answers import kept_answer
from compiler.cache.entry import MAX_ENTRIES, VARIABLE, read_entry, write_entry
from compiler.cli.main import main
from tests.pipeline.specs import environment, release

COMMANDS: Final = (
    ("build",),
    ("build", "prod", "--out", "elsewhere"),
    ("build", "prod/api"),
    ("build", "-q"),
    ("check",),
    ("check", "-v"),
)
GITOPS: Final = "  gitops: {repository: https://git.example.com/a.git}\n"
BASE: Final = "apiVersion: shipway.dev/v1\nkind: Release\nspec: {container: {preset: http}}\n"


@dataclass(frozen=True)
class Repository:
    """A folder of specs, and the cache that its commands use ("": none)."""

    root: Path
    cache: str
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def run(self, *words: str) -> tuple[int, str, str]:
        """Status and output of the command as the console script runs it."""
        self.monkeypatch.chdir(self.root)
        self.monkeypatch.setenv(VARIABLE, self.cache)
        answer = kept_answer(words)
        if answer is not None:
            return 0, "", answer
        status = main(words)
        return status, *self.capsys.readouterr()

    def again(self, *words: str) -> bool:
        """Whether the command would only say again what it said."""
        self.monkeypatch.chdir(self.root)
        self.monkeypatch.setenv(VARIABLE, self.cache)
        return kept_answer(words) is not None

    def files(self) -> dict[str, str]:
        paths = (path for path in self.root.rglob("*") if path.is_file())
        return {str(path.relative_to(self.root)): path.read_text() for path in paths}


def write_specs(root: Path) -> None:
    folder = root / "environments/prod"
    folder.mkdir(parents=True)
    (root / "bases").mkdir()
    (root / "bases/web.yaml").write_text(BASE)
    (folder / "environment.yaml").write_text(environment(more=GITOPS))
    for name in ("api", "web", "job"):
        more = f"expose: {{host: {name}.example.com}}"
        (folder / f"{name}.yaml").write_text(release('rolling: {version: "1"}', name, more=more))
    (folder / "based.yaml").write_text(
        release('rolling: {version: "1"}', "based", "replicas: 2", "extends: bases/web.yaml").replace(
            "container: {image: ghcr.io/acme/based, replicas: 2}", "container: {image: ghcr.io/acme/based}"
        )
    )


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Repository:
    write_specs(tmp_path / "kept")
    return Repository(tmp_path / "kept", str(tmp_path / "cache"), monkeypatch, capsys)


@pytest.fixture
def cold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Repository:
    write_specs(tmp_path / "cold")
    return Repository(tmp_path / "cold", "", monkeypatch, capsys)


NODE_PORT: Final = "type: NodePort, nodePort: 30001"


def group() -> dict[str, str]:
    """A group of two, of which the second one mounts a file beside it."""
    colors = '{blue: {version: "1"}, green: {version: "2"}}'
    pair = "apiVersion: shipway.dev/v1\nkind: Group\nmetadata: {name: pair}\n"
    mounted = "config: {files: {a.txt: {path: note.txt}}}"
    return {
        "one.yaml": release(f"blueGreen: {colors}", "one", more="expose: {host: one.example.com}"),
        "two.yaml": release(f"blueGreen: {colors}", "two").replace("container: {", f"container: {{{mounted}, "),
        "pair.yaml": f"{pair}spec: {{entry: one, members: [one, two], active: blue}}\n",
        "note.txt": "",
    }


def add_group(root: Path, folder: str) -> None:
    for name, text in group().items():
        add(root, f"{folder}/{name}", text)


def rewrite(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    if path.exists():
        path.write_text(path.read_text().replace(old, new))


def rename(root: Path, file: str, other: str) -> None:
    if (root / file).exists():
        (root / file).rename(root / other)


def add(root: Path, file: str, text: str) -> None:
    if (root / file).parent.is_dir():
        (root / file).write_text(text)


def edits(seed: int) -> list[Callable[[Path], None]]:
    """Edits of all that a build reads or leaves, each with a value of this step."""
    digit, specs = str(seed), "environments/prod"
    return [
        lambda root: None,
        lambda root: rewrite(root, f"{specs}/api.yaml", 'version: "', f'version: "{digit}'),
        lambda root: rewrite(root, f"{specs}/web.yaml", "web.example.com", f"web{digit}.example.com"),
        lambda root: rewrite(root, f"{specs}/web.yaml", "example.com", "example.org"),
        lambda root: rewrite(root, f"{specs}/web.yaml", f"web{digit}.", "api."),
        lambda root: rewrite(root, f"{specs}/environment.yaml", "ml-prod", f"ml-prod-{digit}"),
        lambda root: rewrite(root, "bases/web.yaml", "http}", f"http, env: {{A: a{digit}}}}}"),
        lambda root: (root / f"{specs}/job.yaml").unlink(missing_ok=True),
        lambda root: add(root, f"{specs}/new.yaml", release('rolling: {version: "1"}', f"new{digit}")),
        lambda root: rename(root, f"{specs}/new.yaml", f"{specs}/newer.yaml"),
        lambda root: add(root, f"{specs}/bases/web.yaml", BASE.replace("http", "bentoml")),
        lambda root: (root / f"{specs}/bases").mkdir(exist_ok=True),
        lambda root: shutil.rmtree(root / f"{specs}/bases", ignore_errors=True),
        lambda root: add(root, f"{specs}/note.txt", digit),
        lambda root: rewrite(root, f"{specs}/api.yaml", "expose: {", f"expose: {{service: {{{NODE_PORT}}}, "),
        lambda root: rewrite(root, f"{specs}/job.yaml", "expose: {", f"expose: {{service: {{{NODE_PORT}}}, "),
        lambda root: rewrite(root, f"{specs}/job.yaml", f"service: {{{NODE_PORT}}}, ", ""),
        lambda root: rewrite(root, f"{specs}/environment.yaml", GITOPS, f"{GITOPS}  quota: {{pods: 9}}\n"),
        lambda root: rewrite(root, f"{specs}/environment.yaml", "  quota: {pods: 9}\n", ""),
        lambda root: rewrite(root, f"{specs}/based.yaml", "replicas: 2", "replicas: 7"),
        lambda root: rewrite(root, f"{specs}/based.yaml", "replicas: 7", "replicas: 2"),
        lambda root: rewrite(root, f"{specs}/job.yaml", "name: job", "name: web-main"),
        lambda root: add_group(root, specs),
        lambda root: rewrite(root, f"{specs}/pair.yaml", "active: blue", "active: green"),
        lambda root: rewrite(root, f"{specs}/pair.yaml", "entry: one", "entry: two"),
        lambda root: (root / f"{specs}/pair.yaml").unlink(missing_ok=True),
        lambda root: rewrite(root, f"{specs}/two.yaml", "path: note.txt", "path: other.txt"),
        lambda root: add(root, f"{specs}/other.txt", digit),
        lambda root: (root / "environments/qa").mkdir(exist_ok=True),
        lambda root: add(root, "environments/qa/environment.yaml", environment(more=GITOPS).replace("prod", "qa")),
        lambda root: shutil.rmtree(root / "environments/qa", ignore_errors=True),
        lambda root: add(root, "out/prod/api/deployment-api.yaml", digit),
        lambda root: add(root, "out/prod/api/mine.yaml", digit),
        lambda root: (root / "out/prod/api/mine.yaml").unlink(missing_ok=True),
        lambda root: add(root, "out/prod/API", digit),
        lambda root: (root / "out/prod/API").unlink(missing_ok=True),
        lambda root: (root / "out/prod/web/.shipway").unlink(missing_ok=True),
        lambda root: rewrite(root, "out/prod/README.md", "Rendered", f"Rendered{digit}"),
        lambda root: shutil.rmtree(root / "out/prod/api", ignore_errors=True),
        lambda root: shutil.rmtree(root / "out", ignore_errors=True),
    ]


def run_both(kept: Repository, cold: Repository, seed: int, steps: int) -> int:
    """Random edits, a random command after each; how many commands were not run for what was kept."""
    words: tuple[str, ...]
    chosen, repeated, words = random.Random(seed), 0, COMMANDS[0]  # noqa: S311
    for step in range(steps):
        for _ in range(chosen.choice((0, 0, 1, 1, 2))):
            edit = chosen.choice(edits(step))
            edit(kept.root)
            edit(cold.root)
        words = words if chosen.random() < 0.5 else chosen.choice(COMMANDS)
        repeated += kept.again(*words)
        answer = kept.run(*words)
        assert answer == cold.run(*words), f"seed {seed}, step {step}, {words}"
        assert kept.files() == cold.files(), (seed, step, words)
        if answer[0] and chosen.random() < 0.5:  # what is wrong stays wrong: begin anew
            for root in (kept.root, cold.root):
                shutil.rmtree(root)
                write_specs(root)
    return repeated


@pytest.mark.parametrize("seed", range(4))
def test_with_a_cache_all_is_as_without(kept: Repository, cold: Repository, seed: int) -> None:
    assert run_both(kept, cold, seed, 25) > 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 140))
def test_with_a_cache_all_is_as_without_for_long(kept: Repository, cold: Repository, seed: int) -> None:
    run_both(kept, cold, seed, 60)


@pytest.mark.parametrize("words", COMMANDS)
def test_a_run_without_changes_is_not_run(kept: Repository, words: tuple[str, ...]) -> None:
    kept.run(*words)
    assert kept.again(*words)
    assert not kept.again(*words, "--no-cache")


def entries(kept: Repository) -> list[Path]:
    return list(Path(kept.cache).iterdir())


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-7]),
        lambda path: path.write_bytes(os.urandom(5000)),
        lambda path: path.write_bytes(path.read_bytes().replace(b"valid", b"vapid")),
        lambda path: path.chmod(0o666),
        lambda path: path.chmod(0),
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: (path.unlink(), path.symlink_to("/dev/zero")),
        lambda path: (path.unlink(), subprocess.run(["mkfifo", path], check=True)),
    ],
)
def test_a_harmed_entry_costs_time_alone(kept: Repository, harm: Callable[[Path], object]) -> None:
    first = kept.run("check")
    (entry,) = entries(kept)
    harm(entry)
    if os.geteuid() != 0 or entry.is_dir() or entry.stat().st_mode & 0o777:
        assert not kept.again("check")
    assert kept.run("check") == first


@pytest.mark.parametrize("place", ["/dev/null/cache", "/proc/cache", "relative/\0", "file"])
def test_a_cache_that_cannot_be_written_costs_time_alone(kept: Repository, cold: Repository, place: str) -> None:
    (kept.root / "file").write_text("")
    if "\0" not in place:
        broken = Repository(kept.root, place, kept.monkeypatch, kept.capsys)
        assert broken.run("check") == broken.run("check") == cold.run("check")


def test_an_entry_of_another_compiler_is_not_used(kept: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.run("check")
    monkeypatch.setattr("compiler.cache.answers.compiler_digest", lambda: b"another")
    assert not kept.again("check")


def test_a_link_that_leads_elsewhere_next_time_is_no_place_of_an_answer(kept: Repository) -> None:
    for name in ("one", "two"):
        (kept.root / name).mkdir()
    (kept.root / "link").symlink_to("one")
    kept.run("build", "--out", "link")
    (kept.root / "link").unlink()
    (kept.root / "link").symlink_to("two")
    assert not kept.again("build", "--out", "link")
    kept.run("build", "--out", "link")
    assert (kept.root / "two/prod/README.md").exists()


def test_a_file_that_a_base_names_is_not_taken_for_one_beside_the_spec(kept: Repository, cold: Repository) -> None:
    for each in (kept, cold):
        spec = each.root / "environments/prod/based.yaml"
        (each.root / "bases/web.yaml").write_text(
            BASE.replace("preset: http}", "preset: http, config: {files: {app.conf: {path: app.conf}}}}")
        )
        (each.root / "bases/app.conf").write_text("a")
        (spec.parent / "app.conf").write_text("a")
        each.run("build")
        (each.root / "bases/app.conf").write_text("b")
    assert kept.run("build") == cold.run("build")
    assert kept.files() == cold.files()


def test_the_oldest_entries_go(kept: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, kept.cache)
    for number in range(MAX_ENTRIES + 3):
        write_entry(f"{number:064}", number)
    assert len(entries(kept)) == MAX_ENTRIES
    assert read_entry(f"{MAX_ENTRIES + 2:064}") == MAX_ENTRIES + 2


def test_a_kept_answer_loads_nothing_heavy(kept: Repository) -> None:
    code = (
        "import os, sys; exit = os._exit\n"
        "os._exit = lambda status: (print(*sys.modules), sys.stdout.flush(), exit(status))\n"
        "from compiler.cli.main import run; run()"
    )
    kept.run("check")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), VARIABLE: kept.cache}
    command = [sys.executable, "-c", code, "check"]
    ended = subprocess.run(command, cwd=kept.root, env=environment, capture_output=True, text=True, check=True)
    heavy = {"argparse", "dataclasses", "pathlib", "pydantic", "re", "typing", "yaml", "jsonschema_rs", "git"}
    assert heavy.isdisjoint(ended.stdout.split())
    assert ended.stderr.endswith("all valid\nnext: shipway build\n")
