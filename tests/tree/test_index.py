"""The index of a folder: what it says, what it takes, what it finds."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compiler.diagnostics.model import Rejected
from compiler.tree.index import (
    IndexDifferences,
    compare_with_index,
    content_digest,
    encode_index,
    index_of,
    parse_index,
    tree_digest,
    with_index,
)

FILES = {"service-web.yaml": b"kind: Service\n", "deployment-web.yaml": b"kind: Deployment\n"}


def test_an_index_names_each_file_with_its_digest_and_is_stable() -> None:
    index = index_of(FILES, "0.1.0", "sha256:abc")
    assert json.loads(encode_index(index)) == {
        "format": 1,
        "compiler": "0.1.0",
        "input": "sha256:abc",
        "files": {name: content_digest(data) for name, data in FILES.items()},
    }
    backwards = index_of(dict(reversed(FILES.items())), "0.1.0", "sha256:abc")
    assert encode_index(index) == encode_index(backwards)
    assert parse_index(encode_index(index), "x") == index
    assert with_index(FILES, "0.1.0", "sha256:abc") == {**FILES, ".shipway": encode_index(index)}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "Expecting value"),
        ('{"format": 1,\n"compiler" "x"}', 2, "delimiter"),
        ("[]", 1, "not an object"),
        ('{"format": 2, "compiler": "x", "input": "y", "files": {}}', 1, "format is 2"),
        ('{"format": true, "compiler": "x", "input": "y", "files": {}}', 1, "format is True"),
        ('{"format": 1, "input": "y", "files": {}}', 1, "`compiler` or `input`"),
        ('{"format": 1, "compiler": "x", "input": "y"}', 1, "`files` is not"),
        ('{"format": 1, "compiler": "x", "input": "y", "files": {"../x": "sha256:0"}}', 1, "no plain file name"),
        ('{"format": 1, "compiler": "x", "input": "y", "files": {"a/b": "sha256:0"}}', 1, "no plain file name"),
        ('{"format": 1, "compiler": "x", "input": "y", "files": {".git": "sha256:0"}}', 1, "no plain file name"),
        ('{"format": 1, "compiler": "x", "input": "y", "files": {"a\\n": "sha256:0"}}', 1, "no plain file name"),
        ('{"format": 1, "compiler": "x", "input": "y", "files": {"a": 1}}', 1, "no digest"),
        ('{"format": 1, "compiler": "x", "input": "y", "files": {}, "replacing": []}', 1, "`replacing` is not"),
        ('{"format": 1, "format": 1, "compiler": "x", "input": "y", "files": {}}', 1, "twice"),
        ('{"format": NaN, "compiler": "x", "input": "y", "files": {}}', 1, "no JSON"),
        ("[" * 100_000, 1, "recursion"),
    ],
)
def test_a_broken_index_is_located_and_explained(text: str, line: int, words: str) -> None:
    with pytest.raises(Rejected) as refused:
        parse_index(text.encode(), "prod/web/.shipway")
    [finding] = refused.value.diagnostics
    assert finding.code == "index-broken"
    assert finding.loc is not None
    assert (finding.loc.file, finding.loc.line) == ("prod/web/.shipway", line)
    assert words in finding.message


@given(st.binary(max_size=200))
def test_any_bytes_are_an_index_or_a_refusal(data: bytes) -> None:
    with pytest.raises(Rejected):
        parse_index(data, "x")


def test_a_folder_is_compared_name_by_name() -> None:
    index = index_of(FILES, "0.1.0", "sha256:abc")
    held = {"service-web.yaml": "sha256:other", "extra.yaml": "sha256:0"}
    assert compare_with_index(index, held) == IndexDifferences(
        ("service-web.yaml",), ("extra.yaml",), ("deployment-web.yaml",)
    )
    assert compare_with_index(
        index,
        {
            "service-web.yaml": "a symbolic link",
        },
    ).edited == ("service-web.yaml",)
    assert compare_with_index(index, dict(index.files)) == IndexDifferences((), (), ())


def test_one_digest_for_a_tree_sees_names_and_contents() -> None:
    assert tree_digest(FILES) == tree_digest(dict(reversed(FILES.items())))
    assert tree_digest(FILES) != tree_digest({**FILES, "x": b""})
    assert tree_digest({"a": b"1", "b": b"2"}) != tree_digest({"a": b"2", "b": b"1"})
