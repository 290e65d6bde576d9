"""Files that others left on the published branch: refused where they stand, never a crash."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.diagnostics.model import Rejected
from compiler.plan.states import parsed_objects
from compiler.plan.tracks import tracks_of

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
        parsed_objects({"web/a.yaml": GOOD, "web/.argocd-source.yaml": content})
    (finding,) = caught.value.diagnostics
    assert (finding.code, finding.loc.file if finding.loc else "") == ("object-malformed", "web/.argocd-source.yaml")


def test_objects_are_read_in_the_order_of_their_files() -> None:
    manifests = parsed_objects({"b.yaml": GOOD.replace(b"name: a", b"name: b"), "a.yaml": GOOD + b"---\n" + GOOD})
    assert [obj["metadata"]["name"] for obj in manifests] == ["a", "a", "b"]


SHAPELESS = (
    {"kind": "Deployment", "metadata": {"name": "web", "labels": {"app": "web"}}},
    {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {"name": "web", "labels": {"app": "web"}},
        "spec": {"rules": [{"http": [{}]}]},
    },
    {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": {"name": "web", "labels": {"app": "web"}},
        "spec": {"rules": {"a": 1}},
    },
    {"kind": "Service", "metadata": {"name": "web", "labels": {"app": "web"}}, "spec": {"selector": ["a"]}},
    {"kind": "Deployment", "metadata": {"name": "web", "labels": 5}},
    {"kind": "Deployment", "metadata": {"name": "web", "labels": ["app"]}},
)


@pytest.mark.parametrize("strange", SHAPELESS)
def test_of_objects_without_their_form_no_share_is_claimed(strange: dict[str, Any]) -> None:
    pod = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"image": "web:1"}]}}
    workload = {"kind": "Deployment", "metadata": {"name": "web", "labels": {"app": "web"}}, "spec": {"template": pod}}
    assert [(view.version, view.share) for view in tracks_of([workload, strange], "web")] == [("1", None)]
