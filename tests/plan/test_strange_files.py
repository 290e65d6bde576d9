"""Files that others left on the published branch: refused where they stand, never a crash."""

from __future__ import annotations

import pytest

from compiler.diagnostics.model import Rejected
from compiler.plan.states import objects_of

GOOD = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"


@pytest.mark.parametrize(
    "content",
    [
        b"directory: {exclude: '*'}\n",
        b"kind: ConfigMap\n",
        b"kind: ConfigMap\nmetadata: null\n",
        b"kind: ConfigMap\nmetadata: [1]\n",
        b"kind: 5\nmetadata: {name: a}\n",
        b"kind: ConfigMap\nmetadata: {name: 5}\n",
    ],
)
def test_what_is_no_object_is_refused_by_its_name(content: bytes) -> None:
    with pytest.raises(Rejected) as caught:
        objects_of({"web/a.yaml": GOOD, "web/.argocd-source.yaml": content})
    (found,) = caught.value.diagnostics
    assert (found.code, found.loc.file if found.loc else "") == ("object-malformed", "web/.argocd-source.yaml")


def test_objects_are_read_in_the_order_of_their_files() -> None:
    found = objects_of({"b.yaml": GOOD.replace(b"name: a", b"name: b"), "a.yaml": GOOD + b"---\n" + GOOD})
    assert [obj["metadata"]["name"] for obj in found] == ["a", "a", "b"]
