"""The lock files name every declared package, with hashes, and no place to get it from."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
DECLARED = {
    "requirements.lock": [*PROJECT["dependencies"], *EXTRAS["lock"]],
    "requirements-pilot.lock": [*PROJECT["dependencies"], *EXTRAS["lock"], *EXTRAS["pilot"]],
    "requirements-dev.lock": [*PROJECT["dependencies"], *(each for extra in EXTRAS.values() for each in extra)],
}


def name_of(requirement: str) -> str:
    """The normalized name of a requirement (PEP 503)."""
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=~!;\[ ]", requirement)[0]).lower()


def pinned(file: str) -> dict[str, str]:
    matches = re.findall(r"^([a-z0-9.-]+)(?:\[[a-z0-9,-]+\])?==(\S+)", (ROOT / file).read_text(), re.MULTILINE)
    return {name_of(name): version for name, version in matches}


@pytest.mark.parametrize("file", DECLARED)
def test_what_is_declared_is_locked(file: str) -> None:
    assert {name_of(requirement) for requirement in DECLARED[file]} <= pinned(file).keys()


@pytest.mark.parametrize("file", DECLARED)
def test_each_pin_has_hashes_and_no_address(file: str) -> None:
    text = (ROOT / file).read_text()
    blocks = re.split(r"\n(?=[a-z0-9])", text.partition("\n")[2])
    assert all("--hash=sha256:" in block for block in blocks if "==" in block.splitlines()[0])
    assert "://" not in text


def test_what_a_package_wants_with_extras_is_pinned_with_them() -> None:
    """pip takes `coverage[toml]` for another name than `coverage`: once there is a newer one, it calls it unpinned."""
    pins = set(
        re.findall(r"^([a-z0-9.-]+\[[a-z0-9,-]+\])==", (ROOT / "requirements-dev.lock").read_text(), re.MULTILINE)
    )
    wanted = [
        Requirement(line)
        for name in pinned("requirements-dev.lock")
        if any(metadata.Distribution.discover(name=name))
        for line in metadata.requires(name) or ()
    ]
    chosen = [each for each in wanted if each.extras and (each.marker is None or each.marker.evaluate({"extra": ""}))]
    assert chosen
    assert {f"{name_of(each.name)}[{','.join(sorted(each.extras))}]" for each in chosen} <= pins


def test_what_runs_is_tested_in_the_very_version() -> None:
    tested = pinned("requirements-dev.lock")
    assert {name: tested.get(name) for name in pinned("requirements.lock")} == pinned("requirements.lock")
