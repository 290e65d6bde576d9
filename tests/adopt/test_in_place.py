"""A running workload becomes a release in place: names, selector and labels stay, and every difference is listed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.adopt.conftest import INPUTS, Adopting
from tests.git.helpers import git

WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {tier: edge}}
spec:
  replicas: 3
  selector: {matchLabels: {app: w}}
  template:
    metadata: {labels: {app: w, zone: a}, annotations: {checksum/config: abc}}
    spec:
      containers:
      - name: main
        image: "ghcr.io/acme/web:1.0"
        args: [serve]
        ports: [{name: http, containerPort: 8080}]
        env: [{name: MODE, value: fast}]
        readinessProbe: {httpGet: {path: /up, port: http}}
        resources: {requests: {cpu: 100m}}
---
apiVersion: v1
kind: Service
metadata: {name: web-svc}
spec: {selector: {app: w}, ports: [{name: http, port: 80, targetPort: http}]}
"""


def changes_of(receipt: dict[str, Any], kind: str) -> dict[str, Any]:
    """The changes of the first object of this kind, by field."""
    row = next(row for row in receipt["rows"] if row["object"].split()[0].rpartition("/")[2] == kind)
    return {change["path"]: change for change in row["changes"]}


def test_names_selector_and_labels_stay(adopting: Adopting) -> None:
    adopting.receipt(adopting.source(WEB))
    objects = adopting.built()
    deployment, service = objects["Deployment/web"], objects["Service/web-svc"]
    assert deployment["spec"]["selector"] == {"matchLabels": {"app": "w"}}
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert (labels["app"], labels["zone"]) == ("w", "a")
    assert deployment["metadata"]["labels"]["tier"] == "edge"
    assert service["spec"]["selector"].items() <= labels.items()
    assert [port["port"] for port in service["spec"]["ports"]] == [80]
    container = deployment["spec"]["template"]["spec"]["containers"][0]
    assert (container["name"], container["image"]) == ("main", "ghcr.io/acme/web:1.0")
    assert container["env"] == [{"name": "MODE", "value": "fast"}]
    assert deployment["spec"]["replicas"] == 3


def test_every_change_has_a_reason_and_says_what_keeps_the_field(adopting: Adopting) -> None:
    changes = changes_of(adopting.receipt(adopting.source(WEB)), "Deployment")
    assert all(change["why"] for change in changes.values())
    assert changes["spec.minReadySeconds"]["keep"] == "pods.minReadySeconds: 0"
    assert not any("securityContext" in path or "serviceAccount" in path for path in changes)


def test_the_line_that_keeps_a_field_keeps_it(adopting: Adopting) -> None:
    adopting.receipt(adopting.source(WEB))
    file = adopting.root / "environments/live/web.yaml"
    file.write_text(file.read_text().replace("  pods:\n", "  pods:\n    minReadySeconds: 0\n"))
    assert adopting.built()["Deployment/web"]["spec"]["minReadySeconds"] == 0


def test_the_way_in_is_no_worse_than_today_and_the_first_course_is_safe(adopting: Adopting) -> None:
    commits = {row["commit"]: row for row in adopting.receipt(adopting.source(WEB), "--dry-run")["wayIn"]}
    today, first = commits["a plain change of the image, as today"], commits["the first publish"]
    assert (today["verdict"], first["standing"]) == ("unsafe", "better")
    assert "for the last time" in first["sentence"]
    assert commits["the first course: start"]["verdict"] == "safe"


def test_running_again_changes_nothing(adopting: Adopting) -> None:
    source = adopting.source(WEB)
    adopting.receipt(source)
    before = adopting.files()
    status, out, err = adopting.run("adopt", source, "--into", "live")
    assert (status, out) == (0, "")
    assert "nothing to do" in err
    assert adopting.files() == before


def test_a_dry_run_writes_nothing(adopting: Adopting) -> None:
    before = adopting.files()
    adopting.receipt(adopting.source(WEB), "--dry-run")
    assert adopting.files() == before


def test_the_check_fails_once_the_source_has_moved_on(adopting: Adopting) -> None:
    source = adopting.source(WEB)
    adopting.receipt(source)
    assert adopting.run("adopt", source, "--into", "live", "--check")[0] == 0
    source.write_text(WEB.replace("fast", "slow"))
    status, _, err = adopting.run("adopt", source, "--into", "live", "--check")
    assert status == 1
    assert "apps/Deployment app/web has changed since the receipt" in err
    assert f"{source}:1:1" in err


def test_what_a_server_adds_changes_no_receipt(adopting: Adopting) -> None:
    source = adopting.source(WEB)
    adopting.receipt(source)
    live = WEB.replace(
        "metadata: {name: web, labels: {tier: edge}}",
        "metadata: {name: web, namespace: app, uid: u1, resourceVersion: '7', generation: 2,"
        " creationTimestamp: '2026-01-01T00:00:00Z', managedFields: [], labels: {tier: edge}}",
    )
    live = live.replace(
        "  replicas: 3\n", "  replicas: 3\n  revisionHistoryLimit: 10\n  progressDeadlineSeconds: 600\n"
    )
    live = live.replace("        args: [serve]\n", "        args: [serve]\n        terminationMessagePolicy: File\n")
    source.write_text(live + "status: {loadBalancer: {}}\n")
    assert adopting.run("adopt", source, "--into", "live", "--check")[0] == 0


def test_no_spec_is_overwritten_and_nothing_else_is_written(adopting: Adopting) -> None:
    taken = adopting.root / "environments/live/web.yaml"
    taken.write_text(
        "apiVersion: shipway.dev/v1\nkind: Release\nmetadata: {name: web}\nspec:\n"
        "  container: {image: ghcr.io/acme/other}\n  strategy: {rolling: {version: '1'}}\n"
    )
    before = adopting.files()
    status, _, err = adopting.run("adopt", adopting.source(WEB), "--into", "live")
    assert status == 1
    assert "file-exists" in err
    assert adopting.files() == before


@pytest.mark.parametrize("wanted", ["text", "md", "json"])
def test_every_format_has_the_digest(adopting: Adopting, wanted: str) -> None:
    source = adopting.source(WEB)
    digest = adopting.receipt(source, "--dry-run")["digest"]
    assert digest in adopting.run("adopt", source, "--into", "live", "--dry-run", "--format", wanted)[1]


def test_a_service_of_another_name_keeps_its_own(adopting: Adopting) -> None:
    adopting.receipt(INPUTS / "service-and-deployment-differ-in-name.yaml")
    assert {"Deployment/stack-deployment-router", "Service/stack-router-service"} <= adopting.built().keys()


def test_a_folder_and_a_revision_are_sources_too(adopting: Adopting) -> None:
    folder = adopting.source(WEB, "deploy/apps/web.yaml").parents[1]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "web"]):
        git(folder, *words)
    assert adopting.receipt(folder / "apps", "--dry-run")["releases"] == {"web": "apps/Deployment app/web"}
    assert adopting.run("adopt", f"{folder}@HEAD:apps", "--into", "live")[0] == 0
    assert adopting.run("adopt", f"{folder}@HEAD:apps", "--into", "live", "--check")[0] == 0
    for place, code in ((f"{folder}@HEAD:no", "path-missing"), (f"{folder}@no:apps", "revision-unknown")):
        status, _, err = adopting.run("adopt", place, "--into", "live")
        assert status == 1
        assert code in err


def test_containers_of_the_versions_image_move_with_it(adopting: Adopting) -> None:
    beside = WEB.replace(
        "      containers:\n",
        "      initContainers:\n      - {name: migrate, image: 'ghcr.io/acme/web:1.0', args: [migrate]}\n"
        "      - {name: wait, image: 'busybox:1'}\n"
        "      containers:\n      - {name: queue, image: 'ghcr.io/acme/web:1.0', args: [queue]}\n",
    )
    receipt = adopting.receipt(adopting.source(beside))
    assert not any("image" in path for path in changes_of(receipt, "Deployment"))
    assert adopting.run("start", "live/web", "--version", "2.0")[0] == 0
    pod = adopting.built()["Deployment/web"]["spec"]["template"]["spec"]
    images = {each["name"]: each["image"] for each in (*pod["initContainers"], *pod["containers"])}
    assert images == {
        "migrate": "ghcr.io/acme/web:2.0",
        "wait": "busybox:1",
        "queue": "ghcr.io/acme/web:2.0",
        "main": "ghcr.io/acme/web:2.0",
    }


def test_a_deployment_that_is_replaced_at_once_becomes_recreate(adopting: Adopting) -> None:
    at_once = WEB.replace("  replicas: 3\n", "  replicas: 1\n  strategy: {type: Recreate}\n")
    receipt = adopting.receipt(adopting.source(at_once))
    assert adopting.spec("web")["spec"]["strategy"] == {"recreate": {"version": "1.0"}}
    assert adopting.built()["Deployment/web"]["spec"]["strategy"] == {"type": "Recreate"}
    assert not any(path.startswith("spec.strategy") for path in changes_of(receipt, "Deployment"))
    today, first, *course = receipt["wayIn"]
    assert "backend-empty" in today["sentence"]
    assert first["standing"] == "better"
    assert "for the last time" not in first["sentence"]
    assert [row["standing"] for row in course] == ["better"]
    assert "strategy" not in str(adopting.spec("web")["spec"].get("overrides"))


def test_a_selector_with_expressions_stays_and_a_version_is_no_name(adopting: Adopting) -> None:
    terms = "{matchExpressions: [{key: app, operator: In, values: [w, x]}, {key: old, operator: DoesNotExist}]}"
    text = WEB.replace("selector: {matchLabels: {app: w}}", f"selector: {terms}")
    text = text.replace("labels: {app: w, zone: a}", "labels: {app: w, zone: a, app.kubernetes.io/version: '1.0'}")
    receipt = adopting.receipt(adopting.source(text))
    assert not any(path.startswith("spec.selector") for path in changes_of(receipt, "Deployment"))
    objects = adopting.built()
    selector = objects["Deployment/web"]["spec"]["selector"]
    assert [term["operator"] for term in selector["matchExpressions"]] == ["In", "DoesNotExist"]
    assert objects["Service/web-svc"]["spec"]["selector"] == {"app": "w", "zone": "a"}
    assert [row["verdict"] for row in receipt["wayIn"]][-1] == "safe"
    assert adopting.run("start", "live/web", "--version", "2.0")[0] == 0
    labels = adopting.built()["Deployment/web"]["spec"]["template"]["metadata"]["labels"]
    assert labels["app.kubernetes.io/version"] == "2.0"
