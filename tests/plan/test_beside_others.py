"""What a verdict beside other releases still says: only what others have by themselves is left to them."""

from __future__ import annotations

import pytest

from compiler.model.manifest import Object
from compiler.model.verdict import Finding, Judgment, verdict_on
from compiler.plan.other_units import RoutedEnvironment, routed_unit
from compiler.plan.proof_beside import later_verdict, verdict_beside
from compiler.transition import SyncOptions, verify_forward
from tests.pipeline.specs import environment, objects, release

OWN = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "extra", "namespace": "ml"}}
OTHERS = ("apps/Deployment ml/shop",)


def finding(property: str, objects: tuple[str, ...], severity: str = "error") -> Finding:
    return Finding("some-code", property, severity, "a message", objects, "a help")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("property", "objects", "verdict"),
    [
        ("undisputed", OTHERS, "safe"),
        ("config", OTHERS, "safe"),
        ("undisputed", (*OTHERS, "apps/Deployment ml/extra"), "unsafe"),
        ("undisputed", (), "unsafe"),
        ("available", OTHERS, "unsafe"),
        ("contract", OTHERS, "unsafe"),
    ],
)
def test_requests_of_others_count_and_their_own_fields_do_not(
    property: str, objects: tuple[str, ...], verdict: str
) -> None:
    judged = verdict_on(Judgment(1, findings=(finding(property, objects),)), [])
    assert verdict_beside(judged, [OWN]).verdict == verdict


def test_what_could_not_be_explored_stays_unproven() -> None:
    reason = finding("available", (), "warning")
    judged = verdict_on(Judgment(1, findings=(reason,)), [reason])
    assert verdict_beside(judged, [OWN]).verdict == "unknown"


def objects_exposed(name: str, expose: str, replicas: int = 4) -> list[Object]:
    text = release('rolling: {version: "1.0.0"}', name, more=f"replicas: {replicas}\n  expose: {{{expose}}}")
    return list(objects(environment(), text).values())


@pytest.mark.parametrize(("path", "verdict"), [("/", "unsafe"), ("/elsewhere", "safe")])
def test_a_later_step_and_a_way_back_are_judged_beside_the_others(path: str, verdict: str) -> None:
    """A route below another release's path that comes with its first pods: alone nobody was served there."""
    shop = objects_exposed("shop", f"host: h.x.io, path: {path}")
    settled = RoutedEnvironment({"shop": routed_unit("shop", shop, shop)})
    states = objects_exposed("extra", "internal: true", 0), objects_exposed("extra", "host: h.x.io, path: /extra")
    options = SyncOptions(namespace="ml-prod", outside=frozenset({"Gateway infra/public"}))
    alone = verify_forward(*states, options)
    assert alone.verdict == "safe"
    assert later_verdict(alone, settled, "extra", states, options).verdict == verdict
