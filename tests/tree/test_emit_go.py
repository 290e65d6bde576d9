"""The Go readers of YAML, built on demand: what Kubernetes and Argo CD will see."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compiler.tree.yaml import emit


@pytest.fixture(scope="module")
def go_readers(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], dict[str, Any]]:
    """What yaml.v2, yaml.v3 and sigs.k8s.io/yaml take a document for."""
    if not shutil.which("go"):
        pytest.skip("Go is not installed")
    program = tmp_path_factory.mktemp("go") / "goreader"
    subprocess.run(["go", "build", "-o", program, "."], cwd=Path(__file__).parent / "goreader", check=True)

    def read(data: bytes) -> dict[str, Any]:
        done = subprocess.run([program], input=data, capture_output=True, check=True)
        return dict(json.loads(done.stdout))

    return read


@pytest.mark.slow
def test_go_reads_nasty_strings_as_they_were(
    go_readers: Callable[[bytes], dict[str, Any]], nasty: Callable[[int], list[str]]
) -> None:
    texts = nasty(100_000)
    keys = {text: text for text in texts}
    nested = [[text, {text: [[text], {"deep": text}]}] for text in texts]
    seen = go_readers(emit({"items": texts, "keys": keys, "nested": nested}))
    assert set(seen) == {"yaml.v2", "yaml.v3", "sigs.k8s.io/yaml"}
    for reader, document in seen.items():
        assert document["items"] == texts, reader
        assert document["keys"] == keys, reader
        assert document["nested"] == (nested if reader != "yaml.v2" else None), reader
