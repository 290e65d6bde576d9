"""The container image: built where a builder can get its base, else its steps are run as they stand."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Builder:
    """A program that builds images, and runs one with a folder at /specs."""

    name: str
    environment: Mapping[str, str] = field(default_factory=dict)
    build: tuple[str, ...] = ()
    user: str = "{{.Config.User}}"

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [self.name, *words], env=os.environ | self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{self.name} {' '.join(words)}\n{done.stderr[-4000:]}"
        return done.stdout.strip()

    def shipway(self, image: str, specs: Path, *words: str) -> None:
        me = f"{os.getuid()}:{os.getgid()}"
        self.run("run", "--rm", "--user", me, "-v", f"{specs}:/specs", image, *words)


class Buildah(Builder):
    """It has no `run` of an image: a container is made from it first."""

    def shipway(self, image: str, specs: Path, *words: str) -> None:
        container = self.run("from", image)
        try:
            self.run("run", "-v", f"{specs}:/specs", container, "--", "shipway", *words)
        finally:
            self.run("rm", container)


OF_THIS_MACHINE = ("/etc/ssl/certs", "/usr/share/ca-certificates", "/usr/local/share/ca-certificates", "/etc/pip.conf")
"""What a build behind a proxy needs to reach the package index."""
BUILDERS = (
    Builder("docker"),
    Builder("podman"),
    Buildah(
        "buildah",
        # both work without a daemon, inside another container too
        {"STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot"},
        tuple(f"--volume={place}:{place}:ro" for place in OF_THIS_MACHINE if Path(place).exists()),
        "{{.OCIv1.Config.User}}",
    ),
)
(PINNED,) = re.findall(r"^ARG PYTHON_IMAGE=(.*)$", DOCKERFILE, re.MULTILINE)
BASE = os.environ.get("PYTHON_IMAGE", PINNED)
"""Another one where no registry can be reached: CONTRIBUTING.md says how it is made."""


@pytest.mark.slow
def test_the_image_is_built_and_runs(tmp_path: Path) -> None:
    builder = next((each for each in BUILDERS if has_base(each)), None)
    if builder is None:
        pytest.skip(f"no docker, podman or buildah here that has {BASE} or can get it; its steps run in another test")
    tag = "shipway-test"
    folder = str(context_with_dockerfile(tmp_path / "c"))
    builder.run("build", "-q", *builder.build, "--build-arg", f"PYTHON_IMAGE={BASE}", "-t", tag, folder)
    try:
        image = ("--type", "image") if builder.name != "podman" else ()
        assert builder.run("inspect", *image, "--format", builder.user, tag) == instructions("USER")[0]
        specs = tmp_path / "specs"
        specs.mkdir()
        specs.chmod(0o777)
        for words in (["init"], ["check"], ["build"]):
            builder.shipway(tag, specs, *words)
        assert list((specs / "out").rglob("deployment-*.yaml"))
    finally:
        builder.run("rmi", tag)


def has_base(builder: Builder) -> bool:
    """Whether it is installed, runs, and has or gets the base image."""
    if shutil.which(builder.name) is None:
        return False
    here = os.environ | builder.environment
    wanted = (["inspect", "--type", "image", BASE], ["pull", "-q", BASE])
    return any(
        subprocess.run([builder.name, *words], env=here, capture_output=True, check=False).returncode == 0
        for words in wanted
    )


def context_with_dockerfile(folder: Path) -> Path:
    context(folder)
    shutil.copyfile(ROOT / "Dockerfile", folder / "Dockerfile")
    return folder
