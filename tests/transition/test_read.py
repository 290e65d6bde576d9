"""Manifests of anybody: what is an object, what is none, and where it stands."""

from __future__ import annotations

import pytest

from compiler.diagnostics.model import Rejected
from compiler.source import parse_manifests
from compiler.transition.facts.read import Manifests, read_manifests

MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"


def read(*texts: str) -> Manifests:
    documents = [each for number, text in enumerate(texts) for each in parse_manifests(text, f"f{number}.yaml")]
    return read_manifests(documents, "shop")


def refusals(*texts: str) -> list[tuple[str, str]]:
    with pytest.raises(Rejected) as caught:
        read(*texts)
    return [(finding.code, str(finding.loc)) for finding in caught.value.diagnostics]


def test_many_documents_and_empty_ones() -> None:
    result = read(f"---\n{MAP}---\n---\n{MAP.replace('name: a', 'name: b')}")
    assert [obj["metadata"]["name"] for obj in result.objects] == ["a", "b"]
    assert str(result.place("ConfigMap shop/b")) == "f0.yaml:7:1"
    assert result.place("ConfigMap shop/c") is None


def test_lists_are_flattened() -> None:
    text = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n"
    result = read(text)
    assert [obj["metadata"]["name"] for obj in result.objects] == ["a"]
    assert str(result.place("ConfigMap shop/a")) == "f0.yaml:4:3"


def test_a_hook_may_have_a_generated_name() -> None:
    assert read(MAP.replace("name: a", "generateName: a-")).objects[0]["metadata"]["name"] == "a-*"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("kind: ConfigMap\nmetadata: {name: a}\n", "f0.yaml:1:1"),
        ("apiVersion: v1\nmetadata: {name: a}\n", "f0.yaml:1:1"),
        ("apiVersion: v1\nkind: ConfigMap\n", "f0.yaml:1:1"),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n", "f0.yaml:3:1"),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: x}\n", "f0.yaml:3:22"),
        ("apiVersion: v1\nkind: List\nitems: [x]\n", "f0.yaml:3:9"),
    ],
)
def test_what_is_no_object_is_refused_where_it_stands(text: str, place: str) -> None:
    ((code, shown),) = refusals(text)
    assert (code, shown.rpartition(":")[0]) == ("object-malformed", place.rpartition(":")[0])


def test_of_an_object_that_stands_twice_argo_cd_takes_the_last() -> None:
    manifests = read(MAP, MAP.replace("{", "{labels: {last: one}, ", 1) if "{" in MAP else MAP)
    assert len(manifests.objects) == 1
    (note,) = manifests.notes
    assert note.startswith("f1.yaml:1:1: ConfigMap")
    assert "also defined at f0.yaml:1:1" in note


def test_all_findings_come_at_once() -> None:
    assert len(refusals("kind: A\n", "kind: B\n", MAP)) == 2
