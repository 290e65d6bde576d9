"""A client-side apply keeps a copy of an object among its annotations, which hold 256 KiB; as JSON it may be larger."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.model.manifest import Object
from compiler.transition import SyncOptions, Verdict, verify
from tests.transition.manifests import config_map, deployment, route, service

WEB = [service("web"), deployment("web"), route("r", {"web": 1})]
SERVER_SIDE = SyncOptions.from_pairs(["ServerSideApply=true"])


def text_map(text: str, **metadata: Any) -> Object:
    obj = config_map("texts")
    return {**obj, "data": {"text": text}, "metadata": {**obj["metadata"], **metadata}}


def definition(description: str) -> Object:
    schema = {"type": "object", "description": description}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    names = {"kind": "Thing", "plural": "things"}
    spec = {"group": "example.com", "scope": "Namespaced", "names": names, "versions": [version]}
    metadata = {"name": "things.example.com"}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": metadata,
        "spec": spec,
    }


def refused(verdict: Verdict) -> bool:
    return "object-refused" in {finding.code for finding in verdict.errors}


@pytest.mark.parametrize(
    ("text", "is_refused"),
    [
        ("x" * 260_000, False),
        ("x" * 263_000, True),
        ('"' * 140_000, True),
        ("\n" * 140_000, True),
        ("<" * 50_000, True),
        ("é" * 130_000, False),
        ("é" * 132_000, True),
    ],
    ids=["below", "above", "quotes", "lines", "brackets", "letters of two bytes", "too many of two bytes"],
)
def test_what_counts_is_the_object_as_go_writes_it(text: str, is_refused: bool) -> None:
    assert refused(verify([*WEB, text_map("short")], [*WEB, text_map(text)])) == is_refused
    assert not refused(verify([*WEB, text_map("short")], [*WEB, text_map(text)], SERVER_SIDE))


def test_other_annotations_count_too() -> None:
    notes = {"annotations": {"note": "n" * 90_000}}
    assert refused(verify(WEB, [*WEB, text_map("x" * 90_000, **notes)]))
    assert not refused(verify(WEB, [*WEB, text_map("x" * 70_000, **notes)]))


def test_its_own_option_counts() -> None:
    own = {"annotations": {"argocd.argoproj.io/sync-options": "ServerSideApply=false"}}
    assert refused(verify(WEB, [*WEB, text_map("x" * 263_000, **own)], SERVER_SIDE))
    replaced = {"annotations": {"argocd.argoproj.io/sync-options": "Replace=true"}}
    assert not refused(verify(WEB, [*WEB, text_map("x" * 263_000, **replaced)]))


def test_a_large_definition_cannot_come_by_client_side_apply() -> None:
    large = [*WEB, definition("d" * 300_000)]
    assert refused(verify(WEB, large))
    assert not refused(verify(WEB, large, SERVER_SIDE))
    assert not refused(verify(WEB, [*WEB, definition("short")]))


def test_what_the_cluster_holds_like_it_shows_how_it_is_applied() -> None:
    other = {**text_map("x" * 263_000), "metadata": config_map("others")["metadata"]}
    assert not refused(verify([*WEB, other], [*WEB, other, text_map("x" * 263_000)]))
