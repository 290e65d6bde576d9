"""The container image: built where a builder can get its base, else its steps are run as they stand."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
PREFIX = "/opt/shipway"


def instructions(name: str) -> list[str]:
    return re.findall(rf"^{name} (.*)$", DOCKERFILE, re.MULTILINE)


def stages() -> list[str]:
    return re.split(r"^FROM .*\n", DOCKERFILE, flags=re.MULTILINE)[1:]


def test_it_is_small_and_runs_as_nobody() -> None:
    build, final = stages()
    assert "COPY . /src" in build
    assert re.findall(r"^COPY (.*)$", final, re.MULTILINE) == [f"--from=build {PREFIX} {PREFIX}"]
    (user,) = instructions("USER")
    assert all(int(part) > 0 for part in user.split(":"))
    assert final.index("USER") > final.rindex("\nRUN")
    assert instructions("ENTRYPOINT") == ['["shipway"]']
    installs = [line for line in instructions("RUN") if "pip install" in line]
    assert len(installs) == 2
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs)


def test_the_context_holds_what_the_steps_read_and_no_more() -> None:
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert (ROOT / ".dockerignore").read_text().startswith("*\n")
    assert all((ROOT / name).exists() for name in allowed)
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    read = [*re.findall(r"/src/(\S+)", DOCKERFILE), *wheel["packages"], *wheel["force-include"]]
    assert set(read) <= set(allowed)


def context(folder: Path) -> Path:
    """What `.dockerignore` lets through."""
    for name in (line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    return folder


@pytest.mark.slow
def test_the_steps_of_the_build_give_a_shipway_that_works(tmp_path: Path) -> None:
    """In other folders than the image's, with this interpreter for the image's."""
    source, prefix = context(tmp_path / "src"), tmp_path / "shipway"
    build, _ = stages()
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    for step in re.findall(r"^RUN (.*)$", build, re.MULTILINE):
        here = step.replace(PREFIX, str(prefix)).replace("/src", str(source)).replace("python3 ", f"{sys.executable} ")
        done = subprocess.run(
            ["bash", "-c", here], env=plain, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{step}\n{done.stderr}"
    shipway = prefix / "bin/shipway"
    subprocess.run([shipway, "init", "-q", tmp_path / "specs"], check=True)
    subprocess.run([shipway, "check", "-q", "-C", tmp_path / "specs"], check=True)
    assert not list((prefix / "bin").glob("pip*"))


@pytest.mark.slow
def test_the_image_is_built_and_runs(tmp_path: Path) -> None:
    builder = next((name for name in ("docker", "podman") if usable(name)), None)
    if builder is None:
        pytest.skip("no docker or podman that can get the base image")
    tag = "shipway-test"
    subprocess.run([builder, "build", "-q", "-t", tag, str(context_with_dockerfile(tmp_path / "c"))], check=True)
    result = subprocess.run([builder, "inspect", tag], capture_output=True, text=True, check=True)
    assert json.loads(result.stdout)[0]["Config"]["User"] == instructions("USER")[0]
    specs = tmp_path / "specs"
    specs.mkdir(mode=0o777)
    me = f"{os.getuid()}:{os.getgid()}"
    for words in (["init"], ["check"], ["build"]):
        subprocess.run([builder, "run", "--rm", "--user", me, "-v", f"{specs}:/specs", tag, *words], check=True)
    assert list((specs / "out").rglob("deployment-*.yaml"))


def usable(builder: str) -> bool:
    """Whether it is installed, runs, and has or gets the base image."""
    (image,) = re.findall(r"^ARG PYTHON_IMAGE=(.*)$", DOCKERFILE, re.MULTILINE)
    if shutil.which(builder) is None:
        return False
    return subprocess.run([builder, "pull", "-q", image], capture_output=True, check=False).returncode == 0


def context_with_dockerfile(folder: Path) -> Path:
    context(folder)
    shutil.copyfile(ROOT / "Dockerfile", folder / "Dockerfile")
    return folder
