"""Resources of whole pods, privileges and fields of load balancers that are refused, each beside a near miss."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.model.manifest import Object
from tests.transition.manifests import service
from tests.transition.refusable_objects import pods, refusals


def whole(resources: dict[str, Any], requests: dict[str, str] | None = None, **limits: str) -> Object:
    """Pods of one container with these requests and limits, which have resources of their own."""
    return pods({"resources": {"requests": requests or {}, "limits": limits}}, resources=resources)


def secured(security: dict[str, Any], **spec: Any) -> Object:
    return pods({"securityContext": security}, **spec)


UNMASKED = {"procMount": "Unmasked"}
SIDECAR = {"name": "proxy", "image": "img:1", "restartPolicy": "Always", "resources": {"requests": {"cpu": "600m"}}}
PAIRS: dict[str, tuple[Object, Object]] = {
    "request above the limit": (
        whole({"requests": {"cpu": "2"}, "limits": {"cpu": "1"}}),
        whole({"requests": {"cpu": "1"}, "limits": {"cpu": "1"}}),
    ),
    "containers together": (
        whole({"requests": {"cpu": "1"}}, {"cpu": "2"}),
        whole({"requests": {"cpu": "2"}}, {"cpu": "2"}),
    ),
    "a limit counts as a request": (
        whole({"requests": {"cpu": "1"}}, cpu="2"),
        whole({"requests": {"cpu": "1"}}, {"cpu": "1"}, cpu="2"),
    ),
    "the pod's limit counts as its request": (
        whole({"limits": {"memory": "1Gi"}}, {"memory": "2Gi"}),
        whole({"limits": {"memory": "2Gi"}}, {"memory": "2Gi"}),
    ),
    "limit of a container": (
        whole({"requests": {"cpu": "1"}, "limits": {"cpu": "1"}}, {"cpu": "1"}, cpu="2"),
        whole({"requests": {"cpu": "1"}, "limits": {"cpu": "2"}}, {"cpu": "1"}, cpu="2"),
    ),
    "beside a sidecar": (
        pods(
            {"resources": {"requests": {"cpu": "500m"}}}, initContainers=[SIDECAR], resources={"requests": {"cpu": "1"}}
        ),
        pods(
            {"resources": {"requests": {"cpu": "400m"}}}, initContainers=[SIDECAR], resources={"requests": {"cpu": "1"}}
        ),
    ),
    "storage of a pod": (
        whole({"requests": {"ephemeral-storage": "1Gi"}}),
        whole({"requests": {"memory": "1Gi"}}),
    ),
    "claims of a pod": (whole({"claims": [{"name": "gpu"}]}), whole({})),
    "system": (
        pods(os={"name": "windows"}, resources={"limits": {"cpu": "1"}}),
        pods(resources={"limits": {"cpu": "1"}}),
    ),
    "users of the node": (secured(UNMASKED), secured(UNMASKED, hostUsers=False)),
    "users of the node by default": (secured(UNMASKED, hostUsers=True), secured({"procMount": "Default"})),
    "mount of no kind": (secured({"procMount": "Masked"}), secured({"procMount": "Default"})),
    "network": (pods(hostUsers=False, hostNetwork=True), pods(hostUsers=False)),
    "processes": (pods(hostUsers=False, hostPID=True), pods(hostUsers=True, hostPID=True)),
    "privilege": (
        secured({"privileged": True, "allowPrivilegeEscalation": False}),
        secured({"privileged": True}),
    ),
    "node ports of a balancer": (
        service("extra", "idle", allocateLoadBalancerNodePorts=False),
        service("extra", "idle", type="LoadBalancer", allocateLoadBalancerNodePorts=False),
    ),
    "port for checks": (
        service("extra", "idle", type="LoadBalancer", healthCheckNodePort=32000),
        service("extra", "idle", type="LoadBalancer", externalTrafficPolicy="Local", healthCheckNodePort=32000),
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_the_pods_are_refused_and_their_near_miss_is_taken(name: str) -> None:
    fault, near_miss = PAIRS[name]
    assert refusals(fault), "taken"
    assert refusals(near_miss) == []
