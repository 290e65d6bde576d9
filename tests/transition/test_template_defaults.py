"""What a pod template leaves out and what it writes out as the default make the same pods; all else makes new ones."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.model.manifest import Object
from compiler.transition import verify_forward
from tests.transition.manifests import deployment, service

RECREATE = {"type": "Recreate"}
PROBE = {"httpGet": {"path": "/readyz", "port": "http"}}


def before_and_after(
    old: dict[str, Any], new: dict[str, Any], pods: dict[str, Any]
) -> tuple[list[Object], list[Object]]:
    """A Deployment that is recreated if its pods change: each new template is an outage."""
    first, second = (deployment("web", strategy=RECREATE, **container) for container in (old, new))
    second["spec"]["template"]["spec"].update(pods)
    return [first, service("web")], [second, service("web")]


@pytest.mark.parametrize(
    ("old", "new", "pods"),
    [
        ({}, {"imagePullPolicy": "IfNotPresent"}, {}),
        ({"imagePullPolicy": "IfNotPresent"}, {}, {}),
        ({"image": "img:latest"}, {"image": "img:latest", "imagePullPolicy": "Always"}, {}),
        ({}, {"env": [], "resources": {}}, {"volumes": None, "nodeSelector": {}}),
        ({"env": None}, {"env": []}, {"restartPolicy": "Always", "dnsPolicy": "ClusterFirst"}),
        ({}, {"readinessProbe": {**PROBE, "periodSeconds": 10, "httpGet": {**PROBE["httpGet"], "scheme": "HTTP"}}}, {}),
        ({}, {"ports": [{"name": "http", "containerPort": 3000, "protocol": "TCP"}]}, {}),
        ({}, {"resources": {"limits": {}}}, {}),
        ({"resources": {"limits": {"cpu": "1"}}}, {"resources": {"limits": {"cpu": "1000m"}, "requests": {}}}, {}),
    ],
)
def test_what_says_the_same_makes_no_new_pods(old: dict[str, Any], new: dict[str, Any], pods: dict[str, Any]) -> None:
    assert verify_forward(*before_and_after(old, new, pods)).verdict == "safe"


@pytest.mark.parametrize(
    ("old", "new", "pods"),
    [
        ({}, {"imagePullPolicy": "Always"}, {}),
        ({"image": "img:latest"}, {"image": "img:latest", "imagePullPolicy": "IfNotPresent"}, {}),
        ({}, {"env": [{"name": "A", "value": "1"}]}, {}),
        ({}, {}, {"dnsPolicy": "Default"}),
        ({}, {"readinessProbe": {**PROBE, "periodSeconds": 5}}, {}),
        ({}, {"ports": [{"name": "http", "containerPort": 3000}, {"name": "admin", "containerPort": 9000}]}, {}),
        ({"resources": {"limits": {"cpu": "1"}}}, {"resources": {"limits": {"cpu": "2"}}}, {}),
        ({}, {"resources": {"limits": {"cpu": "1"}}}, {}),
    ],
)
def test_what_says_something_else_makes_new_pods(
    old: dict[str, Any], new: dict[str, Any], pods: dict[str, Any]
) -> None:
    answer = verify_forward(*before_and_after(old, new, pods))
    assert "backend-empty" in {finding.code for finding in answer.findings if finding.severity == "error"}
