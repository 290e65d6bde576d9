"""Manifests that other tools wrote are read as kubectl and Argo CD read them."""

from __future__ import annotations

import time
from typing import Any

import pytest

from compiler.diagnostics import Loc, Rejected
from compiler.source import parse_manifests


def read(text: str) -> list[Any]:
    return [document.data for document in parse_manifests(text, "m.yaml")]


def refused(text: str) -> list[str]:
    with pytest.raises(Rejected) as caught:
        parse_manifests(text, "m.yaml")
    return [finding.code for finding in caught.value.diagnostics]


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("yes", True),
        ("Off", False),
        ("y", True),
        ("010", 8),
        ("0o17", 15),
        ("-0b11", -3),
        ("0X1f", 31),
        ("08", 8),
        ("1_000", 1000),
        ("1e3", 1000),
        ("1.5", 1.5),
        ("5.", 5),
        ("12:30:00", "12:30:00"),
        ("2020-01-01", "2020-01-01"),
        ("!!str 1", "1"),
        ("!!int '3'", 3),
        ("! 1", "1"),
        ("'yes'", "yes"),
    ],
)
def test_words_mean_what_go_yaml_says(word: str, value: object) -> None:
    """Expected values are those of sigs.k8s.io/yaml 1.4.0, YAMLToJSON."""
    read_value = read(f"a: {word}\n")[0]["a"]
    assert (type(read_value), read_value) == (type(value), value)


def test_keys_become_text_as_in_json() -> None:
    assert read("1: a\noff: b\n1.5: c\n'2': d\n") == [{"1": "a", "false": "b", "1.5": "c", "2": "d"}]
    assert refused("~: a\n") == ["yaml-key-not-text"]
    assert refused("? [a]\n: b\n") == ["yaml-key-not-text"]


def test_many_documents_empty_ones_left_out_each_with_its_places() -> None:
    documents = parse_manifests("\ufeff---\n# none\n---\na: 1\n---\n---\nb:\n  c: 2\n", "m.yaml")
    assert [document.data for document in documents] == [{"a": 1}, {"b": {"c": 2}}]
    assert documents[1].locate(("b", "c")) == Loc("m.yaml", 8, 6)
    assert read("") == []


def test_anchors_and_merge_keys_expand_to_copies() -> None:
    data = read("a: &x {k: 1, l: [2]}\nb: *x\nc:\n  <<: *x\n  k: 3\nd:\n  <<: [*x, {k: 9, m: 4}]\n")[0]
    assert data["b"] == data["a"]
    assert data["b"]["l"] is not data["a"]["l"]
    assert data["c"] == {"k": 3, "l": [2]}
    assert data["d"] == {"k": 1, "l": [2], "m": 4}


def test_anchors_end_with_their_document() -> None:
    assert refused("a: &x 1\n---\nb: *x\n") == ["yaml-alias-unknown"]


def test_an_alias_inside_its_own_anchor_is_refused() -> None:
    assert refused("a: &x [*x]\n") == ["yaml-alias-unknown"]


def test_a_billion_laughs_are_cut_short() -> None:
    rows = [f"{chr(98 + i)}: &{chr(98 + i)} [{','.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(12)]
    started = time.perf_counter()
    assert refused("a: &a [1,1,1,1,1,1,1,1,1]\n" + "".join(rows)) == ["yaml-alias-expansion"]
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: !!binary aGk=\n", "yaml-tag"),
        ("a: !ruby/object x\n", "yaml-tag"),
        ("a: !!int x\n", "yaml-tag"),
        ("a: 1\na: 2\n", "yaml-duplicate-key"),
        ("- 1\n", "yaml-not-a-mapping"),
        ("<<: 3\n", "yaml-merge-key"),
        ("a: .inf\n", "yaml-number-range"),
        ("a: 18446744073709551615\n", "yaml-number-range"),
        ("a: \x01\n", "yaml-control-character"),
        ("a: \ud800\n", "yaml-encoding"),
        (f"a: {'[' * 200}\n", "yaml-too-deep"),
        ("a: b: c\n", "yaml-syntax"),
    ],
)
def test_what_no_api_server_would_take_is_refused(text: str, code: str) -> None:
    assert refused(text) == [code]


def test_a_word_tagged_as_the_same_type_twice_keeps_a_tagged_collection() -> None:
    assert read("a: !!map {b: !!seq [1]}\nc: &q !!str 5\nd: *q\n") == [{"a": {"b": [1]}, "c": "5", "d": "5"}]


def test_five_thousand_objects_take_seconds() -> None:
    one = "---\nkind: ConfigMap\nmetadata:\n  name: n\n  labels: {a: b, c: d}\ndata:\n  k: v\n"
    started = time.perf_counter()
    assert len(read(one * 5000)) == 5000
    assert time.perf_counter() - started < 5
