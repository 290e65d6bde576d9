"""Jobs and CronJobs of an adopted workload's image: they come into `jobs`, and their image moves with the version."""

from __future__ import annotations

import pytest

from tests.adopt.conftest import Adopting
from tests.adopt.test_in_place import WEB, changes_of
from tests.adopt.test_kinds import rows_of

IMAGE = "ghcr.io/acme/web:1.0"
HOOK = "helm.sh/hook"
MIGRATION = f"""\
---
apiVersion: batch/v1
kind: Job
metadata:
  name: web-migrate
  annotations: {{{HOOK}: "pre-install,pre-upgrade", {HOOK}-delete-policy: hook-succeeded}}
spec:
  backoffLimit: 1
  ttlSecondsAfterFinished: 60
  template:
    metadata: {{labels: {{app: w, part: migration}}}}
    spec:
      restartPolicy: OnFailure
      initContainers: [{{name: wait, image: "busybox:1", command: [sleep, "1"]}}]
      containers:
      - name: m
        image: "{IMAGE}"
        args: [migrate]
        env: [{{name: MODE, value: slow}}, {{name: DB_URL, value: sqlite}}]
"""
REPORT = f"""\
---
apiVersion: batch/v1
kind: CronJob
metadata: {{name: nightly, labels: {{team: a}}}}
spec:
  schedule: "0 3 * * *"
  timeZone: Europe/Berlin
  startingDeadlineSeconds: 60
  jobTemplate:
    spec:
      activeDeadlineSeconds: 900
      template:
        metadata: {{labels: {{reads: db}}}}
        spec:
          restartPolicy: OnFailure
          serviceAccountName: reporter
          volumes: [{{name: out, emptyDir: {{}}}}]
          containers:
          - {{name: r, image: "{IMAGE}", args: [report], volumeMounts: [{{name: out, mountPath: /out}}]}}
"""


def test_a_migration_becomes_a_job_before_the_pods(adopting: Adopting) -> None:
    receipt = adopting.receipt(adopting.source(WEB + MIGRATION))
    words = adopting.spec("web")["spec"]["jobs"]["migrate"]
    assert (words["args"], words["container"], words["backoffLimit"]) == (["migrate"], "m", 1)
    name, job = next((key, each) for key, each in adopting.built().items() if key.startswith("Job/web-migrate-"))
    pods = job["spec"]["template"]["spec"]
    assert [(each["name"], each["image"]) for each in pods["initContainers"]] == [("wait", "busybox:1")]
    assert [(each["name"], each["image"]) for each in pods["containers"]] == [("m", IMAGE)]
    assert {each["name"]: each["value"] for each in pods["containers"][0]["env"]} == {
        "MODE": "slow",
        "DB_URL": "sqlite",
    }
    assert pods["restartPolicy"] == "OnFailure"
    assert HOOK not in job["metadata"]["annotations"]
    changes = changes_of(receipt, "Job")
    assert changes["metadata.name"]["to"] == name.partition("/")[2]
    assert "Argo CD would run it again" in changes["spec.ttlSecondsAfterFinished"]["why"]
    assert not any("no word" in change["why"] for change in changes.values())


def test_no_service_takes_the_pods_of_an_adopted_job(adopting: Adopting) -> None:
    receipt = adopting.receipt(adopting.source(WEB + MIGRATION))
    assert rows_of(receipt)["Service web-svc"]["standing"] == "changed"
    objects = adopting.built()
    job = next(each for key, each in objects.items() if key.startswith("Job/"))
    labels = job["spec"]["template"]["metadata"]["labels"]
    assert labels["part"] == "migration"
    assert not objects["Service/web-svc"]["spec"]["selector"].items() <= labels.items()


def test_a_cron_job_keeps_its_name_and_its_fields(adopting: Adopting) -> None:
    receipt = adopting.receipt(adopting.source(WEB + REPORT))
    spec = adopting.built()["CronJob/nightly"]["spec"]
    assert (spec["schedule"], spec["timeZone"], spec["startingDeadlineSeconds"]) == ("0 3 * * *", "Europe/Berlin", 60)
    assert spec["concurrencyPolicy"] == "Allow"
    job = spec["jobTemplate"]["spec"]
    assert (job["activeDeadlineSeconds"], job["template"]["metadata"]["labels"]["reads"]) == (900, "db")
    pods = job["template"]["spec"]
    assert (pods["serviceAccountName"], pods["restartPolicy"]) == ("reporter", "OnFailure")
    assert pods["containers"][0]["volumeMounts"] == [{"name": "out", "mountPath": "/out"}]
    assert not pods["containers"][0].get("env")
    changed = {path for path in changes_of(receipt, "CronJob") if "labels" not in path}
    assert changed == {"metadata.annotations.argocd.argoproj.io/sync-wave"} or not changed
    assert "ServiceAccount/reporter" in {need["object"] for need in receipt["needs"]}


def test_the_images_of_jobs_move_with_the_version(adopting: Adopting) -> None:
    source = adopting.source(WEB + MIGRATION + REPORT)
    adopting.receipt(source)
    before = set(adopting.built())
    assert adopting.run("adopt", source, "--into", "live", "--check")[0] == 0
    assert adopting.run("start", "live/web", "--version", "2.0")[0] == 0
    after = adopting.built()
    pods = after["CronJob/nightly"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert pods["containers"][0]["image"] == "ghcr.io/acme/web:2.0"
    (moved,) = (each for key, each in after.items() if key.startswith("Job/") and key not in before)
    assert moved["spec"]["template"]["spec"]["containers"][0]["image"] == "ghcr.io/acme/web:2.0"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (MIGRATION.replace("pre-install,pre-upgrade", "post-install,post-upgrade"), "run before its pods"),
        (MIGRATION.replace(IMAGE, "ghcr.io/acme/other:1.0"), "whose image no workload here has"),
        (MIGRATION.replace("annotations: {", f'annotations: {{{HOOK}-weight: "1", ')
         + MIGRATION.replace("web-migrate", "web-seed"), "several that run in order"),
        (REPORT.replace(IMAGE, "ghcr.io/acme/web:0.9"), "no workload of this source has its image"),
    ],
)  # fmt: skip
def test_what_is_none_of_its_jobs_stays_beside_with_the_reason(adopting: Adopting, text: str, reason: str) -> None:
    receipt = adopting.receipt(adopting.source(WEB + text))
    assert "jobs" not in adopting.spec("web")["spec"]
    rows = [row for row in receipt["rows"] if row["standing"] == "beside"]
    assert rows
    assert all(reason in row["why"] for row in rows)


def test_of_two_workloads_of_one_image_the_job_is_of_the_one_whose_name_it_begins_with(adopting: Adopting) -> None:
    worker = WEB.partition("---")[0].replace("name: web,", "name: web-worker,").replace("app: w", "app: ww")
    adopting.receipt(adopting.source(f"{WEB}---\n{worker}{REPORT.replace('nightly', 'web-worker-nightly')}"))
    assert "jobs" not in adopting.spec("web")["spec"]
    assert adopting.spec("web-worker")["spec"]["jobs"].keys() == {"nightly"}


def test_a_secret_of_a_job_is_named_and_not_copied(adopting: Adopting) -> None:
    text = WEB + MIGRATION.replace("{name: DB_URL, value: sqlite}", "{name: DB_PASSWORD, value: 'h4nter-2-swordfish'}")
    receipt = adopting.receipt(adopting.source(text))
    assert adopting.spec("web")["spec"]["jobs"]["migrate"]["env"]["DB_PASSWORD"] == {
        "secret": "web-env",
        "key": "DB_PASSWORD",
    }
    assert "swordfish" not in "".join(adopting.files().values())
    assert any("DB_PASSWORD" in need["why"] for need in receipt["needs"])


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ("{spec: {template: {spec: {containers: [{name: m, image: 'ghcr.io/acme/web:1.0'}]}}}}", "override-pins-image"),
        (
            "{spec: {template: {spec: {initContainers: [{name: x, image: 'ghcr.io/acme/web:9'}]}}}}",
            "override-pins-image",
        ),
        ("{metadata: {name: other}}", "override-kept-field"),
    ],
)
def test_a_job_s_overrides_hold_neither_its_image_nor_its_name(adopting: Adopting, overrides: str, code: str) -> None:
    adopting.receipt(adopting.source(WEB))
    file = adopting.root / "environments/live/web.yaml"
    job = f"  jobs:\n    migrate: {{container: m, args: [migrate], overrides: {overrides}}}\n  strategy:\n"
    file.write_text(file.read_text().replace("  strategy:\n", job))
    status, _, err = adopting.run("check")
    assert status == 1
    assert code in err
