"""A folder of specs with one environment, and `shipway adopt` as its users type it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from compiler.cli.main import main

INPUTS = Path(__file__).parent / "inputs"
ENVIRONMENT = """\
apiVersion: shipway.dev/v1
kind: Environment
metadata: {name: live}
spec:
  namespace: app
  kubernetes: "1.34"
  traffic: {service: {}}
"""


@dataclass
class Adopting:
    """The folder of specs, and the commands that run in it."""

    root: Path
    capsys: pytest.CaptureFixture[str]

    def run(self, *arguments: object) -> tuple[int, str, str]:
        """One command's exit status, standard output and standard error."""
        status = main([*map(str, arguments), "-C", str(self.root)])
        captured = self.capsys.readouterr()
        return status, captured.out, captured.err

    def source(self, text: str, name: str = "running.yaml") -> Path:
        """A file with what runs, beside the specs."""
        file = self.root.parent / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def receipt(self, source: Path, *arguments: object) -> dict[str, Any]:
        """The receipt of an adoption that must succeed."""
        status, out, err = self.run("adopt", source, "--into", "live", "--format", "json", *arguments)
        assert status == 0, out + err
        data: dict[str, Any] = json.loads(out)
        return data

    def spec(self, release: str) -> dict[str, Any]:
        data: dict[str, Any] = yaml.safe_load((self.root / f"environments/live/{release}.yaml").read_text())
        return data

    def built(self) -> dict[str, dict[str, Any]]:
        """What the specs compile to, by `Kind/name`."""
        out = self.root.parent / "out"
        status, _, err = self.run("build", "--out", out)
        assert status == 0, err
        objects = [yaml.safe_load(file.read_text()) for file in out.rglob("*.yaml")]
        return {f"{each['kind']}/{each['metadata']['name']}": each for each in objects}

    def files(self) -> dict[str, str]:
        """All files below the folder of specs."""
        return {str(each.relative_to(self.root)): each.read_text() for each in self.root.rglob("*") if each.is_file()}


@pytest.fixture
def adopting(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Adopting:
    root = tmp_path / "specs"
    (root / "environments/live").mkdir(parents=True)
    (root / "environments/live/environment.yaml").write_text(ENVIRONMENT)
    return Adopting(root, capsys)
