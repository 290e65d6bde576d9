"""What the bytes look like, and what is refused."""

from __future__ import annotations

import enum
import os
import subprocess
import sys
from typing import Any

import pytest
import yaml

from compiler.tree.yaml import UnwritableError, emit

DEPLOYMENT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "labels": {"app": "web", "shipway.dev/contract": "1"}, "annotations": {}},
    "spec": {
        "replicas": 3,
        "paused": False,
        "containers": [
            {
                "name": "web",
                "image": "ghcr.io/acme/web:1.4.2@sha256:0a",
                "args": ["serve", "--port", "3000"],
                "env": [],
            },
        ],
        "resources": {"memory": "2Gi", "cpu": "250m", "share": 0.5},
        "answer": "no",
        "matrix": [[1, 2], []],
        "nothing": None,
    },
}

TEXT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    app: web
    shipway.dev/contract: "1"
  annotations: {}
spec:
  replicas: 3
  paused: false
  containers:
  - name: web
    image: ghcr.io/acme/web:1.4.2@sha256:0a
    args:
    - serve
    - "--port"
    - "3000"
    env: []
  resources:
    memory: 2Gi
    cpu: 250m
    share: 0.5
  answer: "no"
  matrix:
  - - 1
    - 2
  - []
  nothing: null
"""


def test_the_layout_is_that_of_kubectl() -> None:
    assert emit(DEPLOYMENT).decode() == TEXT


def test_an_object_that_occurs_twice_is_written_twice() -> None:
    labels = {"app": "web"}
    assert emit({"a": labels, "b": labels}) == b"a:\n  app: web\nb:\n  app: web\n"


def test_the_bytes_do_not_depend_on_the_hash_seed() -> None:
    program = f"import sys; from compiler.tree.yaml import emit; sys.stdout.buffer.write(emit({DEPLOYMENT!r}))"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert outputs == {TEXT.encode()}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a\nb\n", "v: |\n  a\n  b\n"),
        ("a\n\n  b", "v: |-\n  a\n\n    b\n"),
        ("server {\n\tlisten 80;\n}\n", "v: |\n  server {\n  \tlisten 80;\n  }\n"),
        (" a\nb", 'v: " a\\nb"\n'),
        ("a \nb", 'v: "a \\nb"\n'),
        ("a\n\n", 'v: "a\\n\\n"\n'),
        ("a\r\nb", 'v: "a\\r\\nb"\n'),
        ("\n", 'v: "\\n"\n'),
        ("größer\n😀", "v: |-\n  größer\n  😀\n"),
        ("hidden\u202e\n", 'v: "hidden\\u202e\\n"\n'),
        ("\U000e0001", 'v: "\\U000e0001"\n'),
    ],
)
def test_several_lines_are_a_literal_where_that_is_exact(text: str, written: str) -> None:
    assert emit({"v": text}).decode() == written


@pytest.mark.parametrize("number", [1e16, 1e-7, -0.0, 5.0, 1.5e300, -(2**63), 2**63 - 1])
def test_numbers_keep_their_type_for_yaml_1_1(number: float) -> None:
    back = yaml.safe_load(emit({"v": number}))["v"]
    assert repr(back) == repr(number)


class Color(enum.StrEnum):
    BLUE = "blue"


def itself() -> dict[str, Any]:
    loop: dict[str, Any] = {}
    loop["again"] = loop
    return loop


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (float("nan"), "not finite"),
        (float("-inf"), "not finite"),
        (2**63, "64 bits"),
        ("\ud800", "surrogate"),
        ("\ud800\n", "surrogate"),
        ({1: "x"}, "int"),
        ({None: "x"}, "NoneType"),
        ({"k" * 1001: "x"}, "1,000"),
        ((1, 2), "tuple"),
        (b"x", "bytes"),
        (Color.BLUE, "Color"),
        (itself(), "contains itself"),
    ],
)
def test_what_readers_disagree_on_is_refused_with_its_place(value: Any, words: str) -> None:
    with pytest.raises(UnwritableError, match=words) as caught:
        emit({"spec": {"list": ["fine", value]}})
    assert caught.value.path[:3] == ("spec", "list", 1)
    assert str(caught.value).startswith(".spec.list[1]")


def test_only_a_map_is_an_object() -> None:
    with pytest.raises(UnwritableError, match="a map, not list"):
        emit([])  # type: ignore[arg-type]
    assert emit({}) == b"{}\n"


@pytest.mark.parametrize(
    ("obj", "path"),
    [
        ({"a": [1, "fine", "x +argocd:skip-file-rendering"]}, ("a", 2)),
        ({"b": {"+argocd:skip-file-rendering": 1}}, ("b", "+argocd:skip-file-rendering")),
    ],
)
def test_the_mark_that_hides_a_file_from_argo_cd_is_refused(obj: dict[str, Any], path: tuple[object, ...]) -> None:
    with pytest.raises(UnwritableError, match="ignore the file") as caught:
        emit({"first": "fine", **obj})
    assert caught.value.path == path


def test_the_message_does_not_hold_the_value() -> None:
    with pytest.raises(UnwritableError) as caught:
        emit({"stringData": {"password": "hunter2\ud800"}})
    assert "hunter2" not in str(caught.value)
