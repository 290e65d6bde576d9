"""The readers that the output must satisfy: YAML 1.1 and 1.2, in Python, C and Go."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from ruamel.yaml import YAML

Reader = Callable[[bytes], Any]

ATOMS = (
    *(
        "a",
        "y",
        "n",
        "no",
        "on",
        "Off",
        "Yes",
        "TRUE",
        "~",
        "null",
        "NaN",
        ".inf",
        "-.INF",
        "1",
        "0",
        "0x1",
        "0o14",
        "012",
        "1e3",
    ),
    *(
        "12:30",
        "2001-01-01",
        "1_000",
        "5Gi",
        "-",
        "?",
        ":",
        " ",
        "  ",
        "\n",
        "\n\n",
        "\t",
        "\n\t",
        "#",
        " #",
        ": ",
        ":\n",
        "- ",
    ),
    *(
        "'",
        '"',
        "\\",
        "{",
        "}",
        "[",
        "]",
        ",",
        "&a",
        "*a",
        "!",
        "!!str",
        "|",
        ">",
        "%",
        "@",
        "`",
        "---",
        "\n---\n",
        "...",
        "=",
    ),
    *(
        "<<",
        "+1",
        "_",
        ".",
        "\r",
        "\r\n",
        "\x00",
        "\x1b",
        "\x7f",
        "\x85",
        "\xa0",
        "\xad",
        "\u2028",
        "\u200b",
        "\u202e",
    ),
    *(
        "\ufeff",
        "\ufffe",
        "\uffff",
        "é",
        "漢",
        "😀",
        "\u3000",
        "\U000e0001",
        "\U0010ffff",
        "$(X)",
        "/v1",
        "key: value",
    ),
)


def _kubectl(data: bytes) -> Any:
    command = ["kubectl", "annotate", "--local", "-o", "json", "-f", "-", "read=back"]
    return json.loads(subprocess.run(command, input=data, capture_output=True, check=True).stdout)


READERS: dict[str, Reader] = {
    "pyyaml": lambda data: yaml.load(data, Loader=yaml.SafeLoader),
    "pyyaml-c": lambda data: yaml.load(data, Loader=yaml.CSafeLoader),
    "ruamel-1.2": lambda data: YAML(typ="safe", pure=True).load(data),
    "ruamel-1.2-c": lambda data: YAML(typ="safe").load(data),
}


@pytest.fixture(params=READERS, scope="session")
def reader(request: pytest.FixtureRequest) -> Reader:
    """Each Python reader of a document in turn."""
    return READERS[request.param]


@pytest.fixture(scope="session")
def kubectl() -> Reader:
    """kubectl's reader, sigs.k8s.io/yaml, which is Argo CD's too."""
    if not shutil.which("kubectl"):
        pytest.skip("kubectl is not installed")
    return _kubectl


@pytest.fixture(scope="session")
def nasty() -> Callable[[int], list[str]]:
    """`nasty(count)`: strings of indicators, words of other types, blanks and breaks, always the same."""

    def make(count: int) -> list[str]:
        draw = random.Random(20)  # noqa: S311 - test data, not secrets
        return ["".join(draw.choices(ATOMS, k=draw.randint(0, 7))) for _ in range(count)]

    return make
