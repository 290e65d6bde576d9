"""A release of a StatefulSet: claims, a headless Service, one track that is replaced pod by pod."""

from __future__ import annotations

import pytest

from compiler.transition import verify
from tests.course.matrix import NEW, course, documents
from tests.course.matrix import release as course_release
from tests.pipeline.specs import codes, container, environment, objects, release

ROLLING = 'rolling: {version: "1.0"}'
CLAIM = "{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}}"
STATEFUL = f"stateful: {{serviceName: vectors-headless, claims: [{CLAIM}]}}"
CONTAINER = "port: 6333, volumeMounts: [{name: data, mountPath: /data}]"


@pytest.mark.parametrize("provider", ["service", "ingressNginx", "gatewayApi"])
def test_a_stateful_set_with_its_claims_and_its_names(provider: str) -> None:
    manifests = objects(environment(provider), release(ROLLING, container=CONTAINER, more=STATEFUL))
    spec = manifests["StatefulSet/api"]["spec"]
    assert "Deployment/api" not in manifests
    assert spec["serviceName"] == "vectors-headless"
    assert spec["selector"] == {"matchLabels": {"app": "api", "track": "main"}}
    assert [(each["kind"], each["metadata"]["name"]) for each in spec["volumeClaimTemplates"]] == [
        ("PersistentVolumeClaim", "data")
    ]
    assert container(manifests["StatefulSet/api"])["volumeMounts"] == [{"name": "data", "mountPath": "/data"}]
    headless = manifests["Service/vectors-headless"]["spec"]
    assert (headless["clusterIP"], headless["ports"][0]["port"]) == ("None", 6333)
    assert manifests["Service/api"]["spec"]["selector"] == {"app": "api", "track": "main"}


def test_what_runs_keeps_its_names() -> None:
    identity = "identity: {deployment: vectors, selector: {app: vectors}, service: vectors-api}"
    text = release(ROLLING, container=CONTAINER, more=f"{STATEFUL}\n  {identity}")
    manifests = objects(environment("service"), text)
    assert manifests["StatefulSet/vectors"]["spec"]["selector"] == {"matchLabels": {"app": "vectors"}}
    for name in ("vectors-api", "vectors-headless"):
        assert manifests[f"Service/{name}"]["spec"]["selector"] == {"app": "vectors"}


def test_a_headless_service_of_ones_own_is_the_one() -> None:
    own = "vectors-headless: {headless: true, pods: all, ports: {http: 1}}"
    more = f"expose: {{path: /, services: {{{own}}}}}\n  {STATEFUL}"
    manifests = objects(environment("service"), release(ROLLING, container=CONTAINER, more=more))
    assert [each["port"] for each in manifests["Service/vectors-headless"]["spec"]["ports"]] == [1]


@pytest.mark.parametrize(
    ("strategy", "more", "expected"),
    [
        ('blueGreen: {active: blue, blue: {version: "1"}}', STATEFUL, ["stateful-strategy"]),
        ('rolling: {version: "1", maxSurge: 2}', STATEFUL, ["stateful-strategy"]),
        (ROLLING, f"{STATEFUL}\n  autoscale: {{min: 1, max: 2}}", ["stateful-autoscale"]),
        (ROLLING, "stateful: {claims: [{spec: {}}]}", ["stateful-claim"]),
        (ROLLING, "stateful: {serviceName: Vectors}", ["spec-wrong-value"]),
    ],
)
def test_what_a_stateful_set_cannot_do(strategy: str, more: str, expected: list[str]) -> None:
    assert codes(environment("service"), release(strategy, more=more)) == expected


@pytest.mark.parametrize("provider", ["service", "ingressNginx", "gatewayApi"])
def test_its_rollout_is_judged(provider: str) -> None:
    """Three pods lose one at a time, as a StatefulSet does; a single one is away for a moment, and that is said."""
    for replicas, expected in ((3, {"safe"}), (1, {"unsafe"})):
        text = course_release("api", ROLLING, size=f"replicas: {replicas}", extra=STATEFUL)
        moves = course("stateful", documents(provider, text), {"api": NEW})
        verdict = verify(moves.objects(0), moves.objects(1), moves.options)
        assert {verdict.verdict} == expected, [f"{each.code}: {each.message}" for each in verdict.findings]
