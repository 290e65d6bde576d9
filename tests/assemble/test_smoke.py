"""The smoke Job runs where the pods run, by what it takes to be admitted there, once for all that it tests."""

from __future__ import annotations

import pytest

from compiler.model.manifest import Object
from tests.pipeline.specs import codes, container, environment, findings, objects, release

BLUE = 'blueGreen: {active: blue, blue: {version: "1"}}'
SMOKE = "smokeTest: {image: registry.example.com/smoke:1"


def job(more: str = SMOKE + "}", ask: str = "preset: http", data: dict[str, str] | None = None) -> Object:
    manifests = objects(environment(), release(BLUE, container=ask, more=more), data=data)
    (only,) = (obj for key, obj in manifests.items() if key.startswith("Job/"))
    return only


def name(more: str = SMOKE + "}", ask: str = "preset: http", data: dict[str, str] | None = None) -> str:
    result: str = job(more, ask, data)["metadata"]["name"]
    return result


def test_its_image_comes_from_the_registry_of_the_others() -> None:
    pod = job(SMOKE + "}\n  pods: {imagePullSecrets: [regcred], serviceAccount: runner}")["spec"]["template"]["spec"]
    assert pod["imagePullSecrets"] == [{"name": "regcred"}]
    assert pod["serviceAccountName"] == "runner"
    plain = job()["spec"]["template"]["spec"]
    assert (plain["serviceAccountName"], "imagePullSecrets" in plain) == ("api", False)


def test_it_can_say_what_it_asks_for_and_as_whom_it_runs() -> None:
    asks = ", resources: {requests: {cpu: 100m}, limits: {memory: 64Mi}}, securityContext: {runAsUser: 1000}}"
    app = container(job(SMOKE + asks))
    assert app["resources"] == {"requests": {"cpu": "100m"}, "limits": {"memory": "64Mi"}}
    assert app["securityContext"]["runAsUser"] == 1000


def test_a_policy_and_a_quota_can_be_kept() -> None:
    demands = environment(more='  policy: {requireLimits: true}\n  quota: {cpu: "20"}\n')
    ask = "resources: {requests: {cpu: 1}, limits: {memory: 1Gi}}"
    without = {each.code for each in findings(demands, release(BLUE, container=ask, more=SMOKE + "}"))}
    assert without == {"policy-limits", "policy-quota"}
    asks = ", resources: {requests: {cpu: 100m}, limits: {memory: 64Mi}}}"
    assert codes(demands, release(BLUE, container=ask, more=SMOKE + asks)) == []


@pytest.mark.parametrize(
    ("more", "ask"),
    [
        (SMOKE + "}", "preset: http, env: {MODE: fast}"),
        (SMOKE + "}", "preset: http, port: 9000"),
        (SMOKE + "}\n  pods: {imagePullSecrets: [regcred]}", "preset: http"),
        (SMOKE + ", resources: {limits: {memory: 1Gi}}}", "preset: http"),
    ],
)
def test_other_pods_are_tested_anew_by_another_job(more: str, ask: str) -> None:
    assert name() == name() != name(more, ask)


def test_other_content_of_a_file_is_tested_anew() -> None:
    ask = "preset: http, config: {files: {a.ini: {path: a.ini}}}"
    assert name(ask=ask, data={"a.ini": "one"}) != name(ask=ask, data={"a.ini": "two"})


def test_another_attempt_runs_it_again() -> None:
    def attempt(number: int) -> str:
        text = release(BLUE, more=SMOKE + "}").replace(
            "{name: api}", f'{{name: api, annotations: {{shipway.dev/attempt: "{number}"}}}}'
        )
        return next(key for key in objects(environment(), text) if key.startswith("Job/"))

    assert attempt(1) != attempt(2)


def test_more_or_fewer_pods_are_not_tested_anew() -> None:
    assert name(SMOKE + "}\n  replicas: 9") == name(SMOKE + "}\n  replicas: 2")


def test_where_all_is_one_wave_it_gates_nothing() -> None:
    (finding,) = findings(environment(), release('rolling: {version: "1"}', more=SMOKE + "}"))
    assert (finding.code, finding.severity) == ("smoke-gates-nothing", "warning")
    assert codes(environment(), release('rolling: {version: "1", gated: true}', more=SMOKE + "}")) == []
