"""What a quota of the namespace counts, and what it refuses: pods that do not say what they ask for."""

from __future__ import annotations

import pytest

from tests.pipeline.specs import codes, environment, findings, release

ROLLING = 'rolling: {version: "1"}'
ASKS = "resources: {requests: {cpu: 500m, memory: 1Gi}}"
LIMITED = environment(more='  quota: {cpu: "5", memory: 10Gi}\n')
SIDECAR = '{{name: s, image: "s:1", resources: {{requests: {{cpu: {cpu}, memory: 64Mi}}}}}}'


def pods(field: str, cpu: str) -> str:
    return f"replicas: 4\n  pods: {{{field}: [{SIDECAR.format(cpu=cpu)}]}}"


@pytest.mark.parametrize(
    ("container", "more", "expected"),
    [
        (ASKS, "replicas: 4", []),
        ("resources: {limits: {cpu: 500m, memory: 1Gi}}", "replicas: 4", []),
        ("resources: {limits: {cpu: 2, memory: 1Gi}}", "replicas: 4", ["quota-exceeded"]),
        (ASKS, pods("sidecars", "250m"), []),
        (ASKS, pods("sidecars", "1"), ["quota-exceeded"]),
        (ASKS, pods("initContainers", "900m"), []),
        (ASKS, pods("initContainers", "1500m"), ["quota-exceeded"]),
        (
            ASKS,
            pods("initContainers", "600m").replace("name: s,", "name: s, restartPolicy: Always,"),
            ["quota-exceeded"],
        ),
    ],
)
def test_a_pod_counts_for_all_its_containers(container: str, more: str, expected: list[str]) -> None:
    assert codes(LIMITED, release(ROLLING, container=container, more=more)) == expected


@pytest.mark.parametrize(
    ("container", "more", "names"),
    [
        (
            "preset: http",
            "replicas: 1",
            ["container `api` has no request for cpu", "container `api` has no request for memory"],
        ),
        ("resources: {requests: {cpu: 1}}", "replicas: 1", ["container `api` has no request for memory"]),
        (ASKS, 'pods: {sidecars: [{name: s, image: "s:1"}]}', ["container `s` has no request for cpu"] * 1),
        (ASKS, 'pods: {initContainers: [{name: i, image: "s:1"}]}', ["container `i` has no request for cpu"]),
    ],
)
def test_a_quota_admits_no_pod_that_does_not_say_what_it_asks_for(container: str, more: str, names: list[str]) -> None:
    problems = findings(LIMITED, release(ROLLING, container=container, more=more))
    assert {each.code for each in problems} == {"policy-quota"}
    for name in names:
        assert any(name in each.message for each in problems)


def test_a_quota_of_pods_asks_for_no_resources() -> None:
    assert codes(environment(more="  quota: {pods: 20}\n"), release(ROLLING)) == []


def test_a_limit_range_of_the_namespace_is_an_exception_that_somebody_answers_for() -> None:
    expected = "{rule: policy-quota, release: api, reason: LimitRange, owner: ada, expires: 2099-01-01}"
    excepted = environment(more=f'  quota: {{cpu: "5"}}\n  policy: {{exceptions: [{expected}]}}\n')
    assert [(each.code, each.severity) for each in findings(excepted, release(ROLLING))] == [
        ("policy-quota", "warning")
    ]


@pytest.mark.parametrize(("limit", "expected"), [(9, ["quota-exceeded"]), (10, [])])
def test_the_pod_of_a_smoke_test_finds_room_too(limit: int, expected: list[str]) -> None:
    blue = 'blueGreen: {active: blue, blue: {version: "1"}}'
    more = "replicas: 4\n  smokeTest: {image: 's:1'}"
    assert codes(environment(more=f"  quota: {{pods: {limit}}}\n"), release(blue, more=more)) == expected


def test_a_smoke_test_counts_for_what_it_asks() -> None:
    blue = 'blueGreen: {active: blue, blue: {version: "1"}}'
    more = "replicas: 4\n  smokeTest: {image: 's:1', resources: {limits: {cpu: CPU}}}"
    limited = environment(more='  quota: {cpu: "5"}\n')
    texts = [release(blue, container="resources: {requests: {cpu: 500m}}", more=more.replace("CPU", c)) for c in "12"]
    assert [codes(limited, text) for text in texts] == [["quota-exceeded"], ["quota-exceeded"]]
    small = release(blue, container="resources: {requests: {cpu: 500m}}", more=more.replace("CPU", "500m"))
    assert codes(limited, small) == []


def test_devices_are_counted_and_limited() -> None:
    gpu = "resources: {requests: {cpu: 500m}, limits: {nvidia.com/gpu: 2}}"
    limited = environment(more="  quota: {extended: {nvidia.com/gpu: LIMIT}}\n")
    text = release('rolling: {version: "1", maxSurge: 3}', container=gpu, more="replicas: 6")
    assert codes(limited.replace("LIMIT", "18"), text) == []
    (finding,) = findings(limited.replace("LIMIT", "17"), text)
    assert "18 nvidia.com/gpu at the peak of a course, and its quota is 17" in finding.message
    assert "9 pods" in (finding.help or "")


def test_the_members_of_a_group_take_room_together() -> None:
    members = [release('blueGreen: {blue: {version: "1"}}', name=name) for name in ("web", "api")]
    group = "apiVersion: shipway.dev/v1\nkind: Group\nmetadata: {name: shop}\n"
    group += "spec: {entry: web, members: [web, api], active: blue}\n"
    for limit, expected in ((17, ["quota-exceeded"]), (18, [])):
        assert codes(environment(more=f"  quota: {{pods: {limit}}}\n"), *members, group) == expected


def test_the_jobs_before_a_version_run_while_the_pods_before_stand() -> None:
    """Six pods and the two of the Jobs, then six and the one that a rollout adds."""
    jobs = "replicas: 6\n  jobs: {migrate: {args: [up]}, load: {args: [load]}, nightly: {schedule: '@daily'}}"
    for limit, expected in ((7, ["quota-exceeded"]), (8, [])):
        assert codes(environment(more=f"  quota: {{pods: {limit}}}\n"), release(ROLLING, more=jobs)) == expected


def test_a_stateful_set_adds_no_pod_while_it_rolls() -> None:
    text = release(ROLLING, more="replicas: 6\n  stateful: {}")
    assert codes(environment(more="  quota: {pods: 6}\n"), text) == []


def test_what_an_override_asks_for_counts() -> None:
    asks = "{spec: {template: {spec: {containers: [{name: api, resources: {requests: {cpu: 2}}}]}}}}"
    more = f"replicas: 4\n  overrides: {{Deployment/api: {asks}}}"
    text = release(ROLLING, container="resources: {requests: {cpu: 500m}}", more=more)
    assert codes(environment(more='  quota: {cpu: "5"}\n'), text) == ["quota-exceeded"]
    assert codes(environment(more='  quota: {cpu: "10"}\n'), text) == []
