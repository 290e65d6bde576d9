"""Files beside an environment's spec: validated, owned, and proven in plan and publish as they come, change and go."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.publish.conftest import Workspace

SETTINGS = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {level: info}\n"
OPEN = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: edge}
spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{}]}
"""
CLOSED = OPEN.replace("ingress: [{}]", "ingress: []")


def with_extras(workspace: Workspace, text: str | None) -> None:
    """The environment with this file beside its spec, or without any; committed."""
    folder = workspace.specs / "environments/prod"
    spec = folder / "environment.yaml"
    named = "  extras: [extras/own.yaml]\n"
    rest = spec.read_text().replace(named, "")
    spec.write_text(rest if text is None else f"{rest.rstrip()}\n{named}")
    (folder / "extras").mkdir(exist_ok=True)
    file = folder / "extras/own.yaml"
    file.unlink(missing_ok=True)
    if text is not None:
        file.write_text(text)
    workspace.commit()


def planned(workspace: Workspace) -> tuple[int, Any]:
    answer = workspace.run("plan", "--format", "json")
    return answer.status, json.loads(answer.out)


def published(workspace: Workspace, text: str | None) -> None:
    with_extras(workspace, text)
    answer = workspace.run("publish")
    assert answer.status == 0, answer.err


def assert_refused(workspace: Workspace, code: str, file: str) -> None:
    """Plan and publish refuse what is there now, by the same finding at the same file; nothing is written."""
    head = workspace.git("rev-parse", "shipway/prod")
    status, plan = planned(workspace)
    assert (status, plan["verdict"] != "safe" or bool(plan["environments"][0]["refused"])) == (1, True)
    refused = plan["environments"][0]["refused"]
    finding = next((each for each in refused if each["code"] == code), None)
    assert finding is not None, refused
    assert finding["file"].endswith(file)
    answer = workspace.run("publish")
    assert (answer.status, code in answer.err) == (1, True)
    assert workspace.git("rev-parse", "shipway/prod") == head


def test_a_file_that_harms_nothing_is_proven_and_published(workspace: Workspace) -> None:
    published(workspace, None)
    with_extras(workspace, SETTINGS)
    status, plan = planned(workspace)
    assert (status, plan["verdict"]) == (0, "safe")
    assert "the environment's own objects: nothing that serves changes" in plan["environments"][0]["notes"]
    assert workspace.run("publish").status == 0
    assert "_environment/configmap-settings.yaml" in workspace.git("ls-tree", "-r", "--name-only", "shipway/prod")
    published(workspace, SETTINGS.replace("info", "debug"))
    published(workspace, None)
    assert "configmap-settings" not in workspace.git("ls-tree", "-r", "--name-only", "shipway/prod")


def test_a_policy_that_comes_and_closes_the_pods_is_refused(workspace: Workspace) -> None:
    published(workspace, None)
    with_extras(workspace, CLOSED)
    assert_refused(workspace, "port-refused", "extras/own.yaml")


def test_a_policy_that_changes_and_closes_the_pods_is_refused(workspace: Workspace) -> None:
    published(workspace, OPEN)
    with_extras(workspace, CLOSED)
    assert_refused(workspace, "port-refused", "extras/own.yaml")


def test_what_pods_read_does_not_go(workspace: Workspace) -> None:
    workspace.edit("api", "  replicas: 4", "  pods: {volumes: [{name: s, configMap: {name: settings}}]}\n  replicas: 4")
    published(workspace, SETTINGS)
    with_extras(workspace, SETTINGS.replace("name: settings", "name: other"))
    assert_refused(workspace, "reference-pruned", "extras/own.yaml")


@pytest.mark.parametrize("allowed", [False, True])
def test_what_is_not_judged_needs_an_exception(workspace: Workspace, *, allowed: bool) -> None:
    published(workspace, None)
    strange = (
        "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: api}\nspec: {endpointSelector: {}}\n"
    )
    with_extras(workspace, strange)
    status, plan = planned(workspace)
    codes = [each["code"] for each in plan["environments"][0]["refused"]]
    assert (status, codes) == (1, ["unknown-kind"])
    words = ["--allow", "unknown-kind", "--reason", "looked at by hand"] if allowed else []
    assert workspace.run("publish", *words).status == int(not allowed)
    if allowed:
        trailers = workspace.git("log", "-1", "--format=%(trailers:key=Shipway-Allowed)", "shipway/prod")
        assert "unknown-kind _environment: looked at by hand" in trailers


def test_an_earlier_state_that_nobody_confirmed_counts(workspace: Workspace) -> None:
    published(workspace, SETTINGS)
    published(workspace, SETTINGS.replace("info", "debug"))
    with_extras(workspace, CLOSED)
    _, plan = planned(workspace)
    messages = [each["message"] for each in plan["environments"][0]["refused"]]
    assert any("port" in message for message in messages)
