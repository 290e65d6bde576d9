"""The version of Kubernetes is a premise: stated, or read off what the cluster holds; it decides what is served."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from compiler.cli.main import main
from compiler.model.manifest import Object
from compiler.model.verdict import Proven
from compiler.transition import SyncOptions, verify
from tests.transition.manifests import deployment, metadata, service, template

PODS = [service("web"), deployment("web")]
BUDGET = {"minAvailable": 1, "selector": {"matchLabels": {"app": "web"}}}


def stated(version: str) -> SyncOptions:
    return SyncOptions(kubernetes=version, kubernetes_assumed=False)


def cron_job(version: str) -> Object:
    pods = template({"job": "clean"})
    pods["spec"]["restartPolicy"] = "Never"
    del pods["spec"]["containers"][0]["lifecycle"]
    spec = {"schedule": "0 0 * * *", "jobTemplate": {"spec": {"template": pods}}}
    return {"apiVersion": version, "kind": "CronJob", "metadata": metadata("clean"), "spec": spec}


def budget(version: str) -> Object:
    return {"apiVersion": version, "kind": "PodDisruptionBudget", "metadata": metadata("web"), "spec": BUDGET}


def refused(answer: Any) -> list[str]:
    return [finding.message for finding in answer.errors if finding.code == "object-refused"]


def test_what_the_assumed_version_serves_no_more_is_refused() -> None:
    assert "Kubernetes 1.25 removed it" in refused(verify(PODS, [*PODS, cron_job("batch/v1beta1")]))[0]
    assert not refused(verify(PODS, [*PODS, cron_job("batch/v1beta1")], stated("1.24")))
    assert refused(verify(PODS, [*PODS, cron_job("batch/v1beta1")], stated("1.25")))


def test_a_cluster_that_holds_an_old_version_is_taken_to_be_of_one_that_serves_it() -> None:
    held = [*PODS, budget("policy/v1beta1")]
    answer = verify(held, [*held, cron_job("batch/v1beta1")])
    assert not refused(answer)
    assert "Kubernetes 1.24, as assumed: the newest that serves what FROM holds" in answer.premises
    older = verify(held, [*held, {**cron_job("batch/v1"), "apiVersion": "apps/v1beta1", "kind": "Deployment"}])
    assert refused(older)


def test_an_upgraded_cluster_refuses_a_folder_that_still_holds_what_it_serves_no_more() -> None:
    held = [*PODS, budget("policy/v1beta1")]
    answer = verify(held, [*PODS[:1], deployment("web", "img:2"), budget("policy/v1beta1")], stated("1.33"))
    assert "Kubernetes 1.25 removed it" in refused(answer)[0]
    assert answer.errors[0].trace


def test_what_the_stated_version_does_not_serve_yet_is_refused() -> None:
    assert "was added in 1.21" in refused(verify(PODS, [*PODS, cron_job("batch/v1")], stated("1.20")))[0]
    assert not refused(verify(PODS, [*PODS, cron_job("batch/v1")], stated("1.21")))


def test_other_kinds_of_a_removed_group_are_not_refused() -> None:
    cidr = {"apiVersion": "networking.k8s.io/v1beta1", "kind": "ServiceCIDR", "metadata": {"name": "more"}}
    assert not refused(verify(PODS, [*PODS, cidr]))


def test_a_pod_field_that_the_version_does_not_know_is_refused() -> None:
    rolled = [PODS[0], deployment("web", "img:2")]
    assert "was added in 1.30" in refused(verify(PODS, rolled, stated("1.29")))[0]
    assert verify(PODS, rolled, stated("1.30")).verdict == "safe"


def restarting(init: Object | None = None, **container: Any) -> list[Object]:
    pods = deployment("web", **container)
    steps = [] if init is None else [{"name": "step", "image": "step:1", **init}]
    pods["spec"]["template"]["spec"]["initContainers"] = steps
    return [PODS[0], pods]


EXITS = {"exitCodes": {"operator": "In", "values": [42]}}


@pytest.mark.parametrize(
    ("version", "after", "verdict", "code"),
    [
        ("1.33", restarting({"restartPolicy": "OnFailure"}), "unsafe", "object-refused"),
        ("1.33", restarting({"restartPolicy": "Always"}), "safe", ""),
        ("1.33", restarting(restartPolicy="Always"), "unsafe", "object-refused"),
        ("1.34", restarting({"restartPolicy": "OnFailure"}), "safe", "field-dropped"),
        ("1.34", restarting({"restartPolicy": "Always"}), "safe", ""),
        ("1.35", restarting({"restartPolicy": "OnFailure"}), "safe", ""),
        ("1.35", restarting(restartPolicy="Always"), "safe", ""),
        ("1.35", restarting(restartPolicy="Never"), "unknown", "field-unproven"),
        (
            "1.35",
            restarting({"restartPolicy": "Never", "restartPolicyRules": [{"action": "RestartAllContainers", **EXITS}]}),
            "unsafe",
            "object-refused",
        ),
        (
            "1.36",
            restarting({"restartPolicy": "Never", "restartPolicyRules": [{"action": "RestartAllContainers", **EXITS}]}),
            "safe",
            "",
        ),
        (
            "1.35",
            restarting({"restartPolicy": "Always", "restartPolicyRules": [{"action": "Restart", **EXITS}]}),
            "unsafe",
            "object-refused",
        ),
    ],
)
def test_restart_policies_of_containers(version: str, after: list[Object], verdict: str, code: str) -> None:
    """Kubernetes 1.33 refuses them but for sidecars, 1.34 forgets them, 1.35 keeps them."""
    answer = verify(PODS, after, stated(version))
    assert (answer.verdict, {finding.code for finding in answer.findings}) == (verdict, {code} - {""})


def test_pods_of_a_job_are_asked_too() -> None:
    runs = cron_job("batch/v1")
    step = {"name": "step", "image": "step:1", "restartPolicy": "OnFailure"}
    runs["spec"]["jobTemplate"]["spec"]["template"]["spec"]["initContainers"] = [step]
    assert "restartPolicy: OnFailure" in refused(verify(PODS, [*PODS, runs], stated("1.33")))[0]
    assert not refused(verify(PODS, [*PODS, runs], stated("1.35")))


def test_the_command_states_the_version(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for side, objects in (("from", PODS), ("to", [*PODS, cron_job("batch/v1beta1")])):
        (tmp_path / f"{side}.yaml").write_text(yaml.safe_dump_all(objects))
    folders = [str(tmp_path / "from.yaml"), str(tmp_path / "to.yaml"), "--format", "json"]
    assert main(["verify", *folders]) == 1
    capsys.readouterr()
    assert main(["verify", *folders, "--kubernetes", "1.31"]) == 1
    assert "Kubernetes 1.31" in json.loads(capsys.readouterr().out)["premises"]
    assert main(["verify", *folders, "--kubernetes", "latest"]) == 2
    assert "is not a version of Kubernetes" in capsys.readouterr().err


def test_what_stands_in_no_folder_is_stated() -> None:
    nodes = {**deployment("log"), "kind": "DaemonSet"}
    answer = verify(PODS, [*PODS, nodes])
    assert "a DaemonSet has 2 nodes" in answer.premises
    assert "namespace outside of the folders: shop" in answer.premises
    place = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
    assert not any("outside of the folders" in each for each in verify([*PODS, place], [*PODS, place, nodes]).premises)


def test_a_field_without_a_place_is_dropped_by_a_stated_version() -> None:
    after = [service("web", selectors={"app": "web"}), deployment("web")]
    answer = verify(PODS, after)
    assert any("selectors" in finding.message and "--kubernetes" in finding.help for finding in answer.findings)
    assert isinstance(verify(PODS, after, stated("1.34")), Proven)
    by_replace = service("web", selectors={"app": "web"})
    by_replace["metadata"]["annotations"] = {"argocd.argoproj.io/sync-options": "Replace=true"}
    answer = verify(PODS, [by_replace, deployment("web")], stated("1.34"))
    assert any("spec.selectors" in finding.message for finding in answer.findings)
