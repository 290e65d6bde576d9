"""The lines of docs/install.md install a Shipway that runs, from a clone and from a repository's commit."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from compiler import __version__

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/install.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of one commit with what this one tracks, as it stands now."""
    folder = tmp_path_factory.mktemp("clone")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in (name for name in listed.split("\0") if name and (ROOT / name).is_file()):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    for words in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-qm", "all"],
    ):
        subprocess.run(["git", *words], cwd=folder, check=True)
    return folder


def bash(script: str, folder: Path, home: Path) -> str:
    """What the lines print, with a home of their own; caches of packages are shared."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    tools = {"UV_TOOL_DIR": f"{home}/tools", "UV_TOOL_BIN_DIR": f"{home}/bin", "UV_PYTHON": sys.executable}
    pipx = {"PIPX_HOME": f"{home}/pipx", "PIPX_BIN_DIR": f"{home}/bin"}
    path = os.pathsep.join([f"{home}/bin", str(BIN), os.environ["PATH"]])
    command = ["bash", "-euc", script]
    done = subprocess.run(
        command, cwd=folder, env={**kept, **tools, **pipx, "PATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def page_line(start: str) -> str:
    """The command on the page that begins so, without what else may be done instead."""
    match = re.search(rf"(?:^|`|# or: ){re.escape(start)}[^`\n#·]*", PAGE, re.MULTILINE)
    assert match is not None, f"docs/install.md has no line {start!r}"
    return match[0].removeprefix("# or: ").strip("` ")


def test_the_lines_of_pip_install_what_was_tested(clone: Path, tmp_path: Path) -> None:
    (block,) = re.findall(r"```sh\n(python3 -m venv .*?)```", PAGE, re.DOTALL)
    assert bash(block, clone, tmp_path).splitlines()[-1] == f"shipway {__version__}"


@pytest.mark.parametrize("start", ["pipx install .", "uv tool install ."])
def test_a_tool_of_its_own_is_on_the_path(start: str, clone: Path, tmp_path: Path) -> None:
    program = start.partition(" ")[0]
    if shutil.which(program, path=f"{BIN}{os.pathsep}{os.environ['PATH']}") is None:
        pytest.skip(f"{program} is not installed")
    bash(page_line(start), clone, tmp_path)
    assert bash(f"{tmp_path}/bin/shipway --version", tmp_path, tmp_path).strip() == f"shipway {__version__}"


def test_a_commit_of_a_copy_runs_without_installing(clone: Path, tmp_path: Path) -> None:
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=clone, capture_output=True, text=True, check=True).stdout
    line = page_line("uvx --from git+").replace(
        "https://github.com/acme/shipway@COMMIT", f"file://{clone}@{commit.strip()}"
    )
    bash(f"{line.replace(' check', ' init -q specs')} && cd specs && {line}", tmp_path, tmp_path)
    assert (tmp_path / "specs/environments/prod/environment.yaml").is_file()
