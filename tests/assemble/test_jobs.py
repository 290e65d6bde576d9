"""Jobs of a version before its pods, and CronJobs whose image moves with the version."""

from __future__ import annotations

from itertools import pairwise

import pytest

from compiler.transition import verify
from tests.course.matrix import NEW, course, documents
from tests.course.matrix import release as course_release
from tests.course.test_identity import MOVES, VERSIONED
from tests.pipeline.specs import codes, environment, objects, release, wave

ROLLING = 'rolling: {version: "1.0"}'
MIGRATE = "migrate: {args: [migrate], activeDeadlineSeconds: 300}"
REPORT = 'report: {schedule: "0 3 * * *", args: [report], env: {MODE: all}}'
CONTAINER = "port: 8080, env: {DB: {secret: db, key: url}}, config: {values: {A: b}}"


def with_jobs(jobs: str, strategy: str = ROLLING, container: str = CONTAINER) -> str:
    return release(strategy, container=container, more=f"jobs: {{{jobs}}}")


def of_kind(manifests: dict[str, dict], kind: str) -> list[dict]:  # type: ignore[type-arg]
    return [obj for key, obj in manifests.items() if key.startswith(f"{kind}/")]


def test_a_migration_runs_before_the_first_pod_and_with_its_image() -> None:
    manifests = objects(environment("service"), with_jobs(MIGRATE))
    (job,) = of_kind(manifests, "Job")
    container = job["spec"]["template"]["spec"]["containers"][0]
    assert container["image"] == "ghcr.io/acme/api:1.0"
    assert container["args"] == ["migrate"]
    assert container["env"][0]["valueFrom"]["secretKeyRef"] == {"name": "db", "key": "url"}
    assert not {"ports", "readinessProbe", "lifecycle"} & set(container)
    assert job["spec"]["template"]["metadata"]["labels"]["app"] == "api-migrate"
    waves = {key.split("/")[0]: int(wave(obj) or 0) for key, obj in manifests.items()}
    assert waves["Job"] == waves["ConfigMap"] == waves["ServiceAccount"] < waves["Deployment"]
    assert "argocd.argoproj.io/hook" not in job["metadata"]["annotations"]


def test_another_version_is_another_job_and_an_equal_one_is_the_same() -> None:
    names = [
        of_kind(objects(environment("service"), with_jobs(MIGRATE, f'rolling: {{version: "{version}"}}')), "Job")[0][
            "metadata"
        ]["name"]
        for version in ("1.0", "1.1", "1.0")
    ]
    assert names[0] == names[2] != names[1]


@pytest.mark.parametrize("active", ["blue", "green"])
def test_a_cron_job_has_the_image_of_the_version_that_serves(active: str) -> None:
    strategy = f'blueGreen: {{active: {active}, blue: {{version: "1.0"}}, green: {{version: "1.1", change: minor}}}}'
    manifests = objects(environment("service"), with_jobs(f"{MIGRATE}, {REPORT}", strategy))
    pods = manifests["CronJob/api-report"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert pods["containers"][0]["image"].endswith({"blue": ":1.0", "green": ":1.1"}[active])
    assert {"name": "MODE", "value": "all"} in pods["containers"][0]["env"]
    assert len(of_kind(manifests, "Job")) == 2


@pytest.mark.parametrize(
    ("jobs", "expected"),
    [
        ("a: {timeZone: UTC}", ["spec-wrong-value"]),
        ("a: {schedule: daily}", ["spec-wrong-value"]),
        ('a: {schedule: "99 3 * * *"}', ["spec-wrong-value"]),
        ("A: {args: [x]}", ["spec-wrong-value"]),
        (f"{'a' * 60}: {{args: [x]}}", ["label-invalid", "name-invalid"]),
        ("a: {schedule: '@often'}", ["spec-wrong-value"]),
        ("a: {schedule: '*/5 0-23 1,15 jan-dec mon-fri'}", []),
        ("a: {schedule: '@daily'}", []),
        ("a: {schedul: x}", ["spec-unknown-key"]),
    ],
)
def test_jobs_that_cannot_be(jobs: str, expected: list[str]) -> None:
    assert codes(environment("service"), with_jobs(jobs)) == expected


@pytest.mark.parametrize(("provider", "strategy"), [("gatewayApi", ROLLING), ("service", ROLLING), *MOVES], ids=str)
def test_every_course_is_proven_with_jobs(provider: str, strategy: str) -> None:
    new_version = {**NEW, "change": "major", "path": "/v2"} if strategy is VERSIONED else NEW
    text = course_release("api", strategy, extra=f"jobs: {{{MIGRATE}, {REPORT}}}")
    moves = course("jobs", documents(provider, text), {"api": new_version})
    states = [[], *(moves.objects(index) for index in range(len(moves.states)))]
    for before, after in pairwise(states):
        verdict = verify(before, after, moves.options)
        assert verdict.verdict == "safe", [f"{each.code}: {each.message}" for each in verdict.findings]
    first, second = (of_named(moves.objects(index)) for index in (0, 1))
    assert second - first, "another version has a Job of its own"


def of_named(values: list[dict]) -> set[str]:  # type: ignore[type-arg]
    return {obj["metadata"]["name"] for obj in values if obj["kind"] == "Job"}
