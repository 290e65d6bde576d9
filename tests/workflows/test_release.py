"""The workflow that publishes a release: no token is kept, what it uploads is attested, and the tag is the version."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from compiler import __version__

ROOT = Path(__file__).parents[2]
RELEASE = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())
JOBS = RELEASE["jobs"]


def step(job: str, **wanted: str) -> dict[str, Any]:
    """The one step of a job whose `uses` or `name` begins so."""
    ((key, start),) = wanted.items()
    (found,) = [each for each in JOBS[job]["steps"] if str(each.get(key, "")).startswith(start)]
    return dict(found)


def run_as_a_step(script: str, folder: Path, tag: str, programs: Path | None = None) -> int:
    path = os.environ["PATH"] if programs is None else f"{programs}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "TAG": tag, "GH_TOKEN": "none"}
    command = ["bash", "-e", "-o", "pipefail", "-c", script]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False).returncode


def test_the_index_trusts_this_workflow_and_no_token_is_kept() -> None:
    job = JOBS["publish"]
    assert job["permissions"] == {"id-token": "write"}
    assert job["environment"] == "pypi"
    assert "with" not in step("publish", uses="pypa/gh-action-pypi-publish@")
    assert "secrets." not in (ROOT / ".github/workflows/release.yml").read_text()


def test_nothing_is_uploaded_before_it_is_attested_with_its_bill_of_materials() -> None:
    assert JOBS["attest"]["needs"] == "build"
    assert JOBS["publish"]["needs"] == "attest"
    attested = [each["with"] for each in JOBS["attest"]["steps"] if each["uses"].startswith("actions/attest@")]
    assert attested == [
        {"subject-path": "dist/shipway-*"},
        {"subject-path": "dist/shipway-*", "sbom-path": "dist/sbom.cdx.json"},
    ]
    assert step("build", name="Wheel, sdist")["run"] == ".ci/dist dist"


@pytest.mark.parametrize(
    ("tag", "status"),
    [(f"v{__version__}", 0), ("v9.9.9", 1), (f"v{__version__}".replace(".", "x"), 1), (f"v{__version__[:-1]}", 1)],
)
def test_a_tag_that_is_not_the_version_releases_nothing(tag: str, status: int) -> None:
    assert run_as_a_step(step("build", name="The tag is the version")["run"], ROOT, tag) == status


def test_the_notes_of_a_release_are_its_section_of_the_changelog(tmp_path: Path) -> None:
    shutil.copy(ROOT / "CHANGELOG.md", tmp_path)
    (tmp_path / "gh").write_text("#!/bin/sh\n")
    (tmp_path / "gh").chmod(0o755)
    script = step("notes", name="The changelog's section")["run"]
    assert run_as_a_step(script, tmp_path, f"v{__version__}", tmp_path) == 0
    notes = (tmp_path / "notes.md").read_text()
    assert notes.startswith(f"## {__version__}")
    assert len(re.findall("^## ", notes, re.MULTILINE)) == 1
    assert notes.count("\n- ") > 10
