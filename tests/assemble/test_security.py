"""Who the pods run as, and with which rights: restricted by default, and what a spec adds is added."""

from __future__ import annotations

import pytest

from tests.pipeline.specs import codes, container, environment, objects, release

ROLLING = 'rolling: {version: "1"}'
RESTRICTED = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
POD = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}


def pod(ask: str = "preset: http", more: str = "replicas: 4") -> dict:  # type: ignore[type-arg]
    result: dict = objects(environment(), release(ROLLING, container=ask, more=more))["Deployment/api"]["spec"]  # type: ignore[type-arg]
    return result


def test_an_image_of_bentoml_runs_as_the_user_that_it_names() -> None:
    """kubelet, verifyRunAsNonRoot: `USER bentoml` is a name, which says nothing; its Dockerfile has 1034."""
    app = container({"spec": pod("preset: bentoml")})
    assert app["securityContext"] == {**RESTRICTED, "runAsUser": 1034, "runAsGroup": 1034}
    assert container({"spec": pod()})["securityContext"] == RESTRICTED
    own = container({"spec": pod("preset: bentoml", "pods: {securityContext: {runAsUser: 1000}}")})
    assert own["securityContext"] == RESTRICTED, "the pod's user counts"


@pytest.mark.parametrize(
    ("context_text", "context"),
    [
        ("{runAsUser: 1000}", {**RESTRICTED, "runAsUser": 1000}),
        (
            "{capabilities: {add: [NET_BIND_SERVICE]}}",
            {**RESTRICTED, "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}},
        ),
        ("{capabilities: null}", {"allowPrivilegeEscalation": False}),
        ("{}", None),
    ],
)
def test_what_a_spec_says_is_added_to_the_restrictions(context_text: str, context: object) -> None:
    assert container({"spec": pod(f"preset: http, securityContext: {context_text}")}).get("securityContext") == context


def test_so_it_is_with_sidecars_and_the_smoke_test() -> None:
    more = (
        "pods: {securityContext: {fsGroup: 7}, "
        'sidecars: [{name: s, image: "s:1", securityContext: {runAsUser: 7}}, '
        '{name: t, image: "t:1", securityContext: {}}]}'
    )
    spec = pod(more=more)["template"]["spec"]
    assert spec["securityContext"] == {**POD, "fsGroup": 7}
    assert spec["containers"][1]["securityContext"] == {**RESTRICTED, "runAsUser": 7}
    assert "securityContext" not in spec["containers"][2]
    blue = release(
        'blueGreen: {active: blue, blue: {version: "1"}}',
        more="smokeTest: {image: c, securityContext: {runAsUser: 100}}",
    )
    (job,) = (obj for key, obj in objects(environment(), blue).items() if key.startswith("Job/"))
    assert container(job)["securityContext"] == {**RESTRICTED, "runAsUser": 100}


@pytest.mark.parametrize(
    ("context_text", "expected"),
    [
        ("{privileged: true}", ["security-contradiction"]),
        ("{privileged: true, allowPrivilegeEscalation: true}", []),
    ],
)
def test_rights_that_contradict_each_other(context_text: str, expected: list[str]) -> None:
    """Kubernetes, pkg/apis/core/validation, ValidateSecurityContext."""
    assert (
        codes(environment(), release(ROLLING, container=f"preset: http, securityContext: {context_text}")) == expected
    )
