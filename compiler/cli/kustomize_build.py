"""What kustomize makes of a folder: run as Argo CD runs it, on the files of a folder or of a revision."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from compiler.cli.manifest_files import manifest_texts
from compiler.diagnostics.refusals import rejection
from compiler.git.tree import read_tree
from compiler.source.rendered_folder import KUSTOMIZATION_FILES

COMMANDS: Final = (("kustomize", "build"), ("kubectl", "kustomize"))
"""The first that is installed is run; kubectl holds a kustomize of its own."""
MAX_SECONDS: Final = 120
HELP: Final = "make `kustomize build` work there first; bases at other addresses need the network"


def built_texts(place: str) -> dict[str, str]:
    """What kustomize builds of a place, as one text; of a place without a Kustomization the texts as they stand."""
    built = kustomize_output(place)
    return manifest_texts(place) if built is None else {f"{place} (kustomize build)": built}


def kustomize_output(place: str) -> str | None:
    """The manifests that kustomize makes of a folder or of REPO@REV:PATH; None: nothing says how to build it.

    Raises Rejected where kustomize is not installed, fails, or takes too long.
    """
    if Path(place).exists():
        return _built(Path(place), place) if _holds_kustomization(Path(place)) else None
    repository, _, rest = place.rpartition("@")
    rev, _, inside = rest.partition(":")
    with tempfile.TemporaryDirectory() as folder:
        _write_files(Path(folder), read_tree(repository or ".", rev, ""))
        built = Path(folder) / inside.strip("/")
        return _built(built, place) if _holds_kustomization(built) else None


def _holds_kustomization(folder: Path) -> bool:
    return any((folder / name).is_file() for name in KUSTOMIZATION_FILES)


def _write_files(folder: Path, tree: Mapping[str, bytes]) -> None:
    for name, content in tree.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _built(folder: Path, place: str) -> str:
    command = next((words for words in COMMANDS if shutil.which(words[0])), None)
    if command is None:
        raise rejection("manifests-unrendered", f"{place}: neither kustomize nor kubectl is installed", "install one")
    try:
        ran = subprocess.run([*command, str(folder)], capture_output=True, check=False, timeout=MAX_SECONDS)
    except subprocess.TimeoutExpired as error:
        message = f"{place}: `{' '.join(command)}` did not end within {MAX_SECONDS} s"
        raise rejection("manifests-unrendered", message, HELP) from error
    if ran.returncode:
        stderr_lines = ran.stderr.decode("utf-8", "replace").strip().replace(str(folder), place).splitlines()
        message = f"{place}: `{' '.join(command)}` failed: {stderr_lines[-1] if stderr_lines else 'it gave no reason'}"
        raise rejection("manifests-unrendered", message, HELP)
    return ran.stdout.decode("utf-8", "replace")
