"""A service at rest: no pods, said on purpose."""

from __future__ import annotations

import pytest

from compiler.transition import verify
from tests.course.matrix import NEW, course, documents
from tests.course.matrix import release as course_release
from tests.pipeline.specs import codes, environment, objects, release

ROLLING = 'rolling: {version: "1.0.0"}'


@pytest.mark.parametrize("provider", ["service", "ingressNginx", "gatewayApi"])
def test_a_rolling_release_may_rest(provider: str) -> None:
    manifests = objects(environment(provider), release(ROLLING, more="replicas: 0"))
    assert manifests["Deployment/api"]["spec"]["replicas"] == 0
    resting = documents(provider, course_release("api", ROLLING, size="replicas: 0"))
    rolls = course("resting", resting, {"api": NEW})
    assert verify(rolls.objects(0), rolls.objects(1), rolls.options).verdict == "safe"


@pytest.mark.parametrize("provider", ["service", "ingressNginx", "gatewayApi"])
def test_to_put_a_serving_one_to_rest_is_a_loss(provider: str) -> None:
    states = [
        course("one", documents(provider, course_release("api", ROLLING, size=f"replicas: {count}")), {"api": NEW})
        for count in (2, 0)
    ]
    assert verify(states[0].objects(0), states[1].objects(0), states[0].options).verdict == "unsafe"


def test_tracks_need_pods() -> None:
    text = release('blueGreen: {active: blue, blue: {version: "1.0"}}', more="replicas: 0")
    assert codes(environment("service"), text) == ["paused-strategy"]
    assert codes(environment("service"), release(ROLLING, more="replicas: -1")) == ["spec-wrong-value"]
