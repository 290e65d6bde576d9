"""What comes with a workload: more Services, routes, scalers, budgets, files beside; workers, Rollouts, lists."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from tests.adopt.conftest import INPUTS, Adopting
from tests.adopt.test_in_place import WEB

SCALED = f"""\
{WEB}---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: web-scaler}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}
  minReplicas: 2
  maxReplicas: 5
  metrics: [{{type: Resource, resource: {{name: cpu, target: {{type: Utilization, averageUtilization: 60}}}}}}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{name: web-budget}}
spec: {{minAvailable: 1, selector: {{matchLabels: {{app: w}}}}}}
"""


def rows_of(receipt: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The rows by kind and name."""
    return {
        row["object"].rpartition("/")[0].split()[0] + " " + row["object"].split("/")[-1]: row for row in receipt["rows"]
    }


@pytest.mark.parametrize("name", sorted(file.name for file in INPUTS.iterdir()))
def test_every_input_is_adopted_or_says_why_not(adopting: Adopting, name: str) -> None:
    receipt = adopting.receipt(INPUTS / name)
    assert receipt["rows"]
    assert all(row["why"] for row in receipt["rows"] if row["standing"] == "beside")
    assert all(row["standing"] != "worse" for row in receipt["wayIn"])
    assert adopting.run("check")[0] == 0


def test_a_worker_has_no_service_and_no_probe(adopting: Adopting) -> None:
    adopting.receipt(INPUTS / "worker-without-port.yaml")
    objects = adopting.built()
    assert "Service/worker" not in objects
    container = objects["Deployment/worker"]["spec"]["template"]["spec"]["containers"][0]
    assert not {"ports", "readinessProbe", "lifecycle"} & container.keys()


def test_all_ports_and_services_stay(adopting: Adopting) -> None:
    adopting.receipt(INPUTS / "several-ports.yaml")
    objects = adopting.built()
    ports = [(port["name"], port["port"]) for port in objects["Service/model"]["spec"]["ports"]]
    assert ports == [("http", 8000), ("grpc", 8001), ("metrics", 8002)]
    names = [port["name"] for port in objects["Deployment/model"]["spec"]["template"]["spec"]["containers"][0]["ports"]]
    assert names == ["http", "grpc", "metrics"]


def test_a_further_service_stays_and_is_a_word_of_the_spec(adopting: Adopting) -> None:
    source = INPUTS / "several-services-on-one-workload.yaml"
    receipt = adopting.receipt(source)
    row = rows_of(receipt)["Service model-metrics"]
    assert (row["standing"], row["changes"][0]["path"]) == ("changed", "metadata.labels")
    assert "model-metrics" in adopting.spec("model")["spec"]["expose"]["services"]
    before = next(doc for doc in yaml.safe_load_all(source.read_text()) if doc["metadata"]["name"] == "model-metrics")
    after = adopting.built()["Service/model-metrics"]
    assert after["metadata"]["annotations"] == before["metadata"]["annotations"]
    assert after["spec"]["selector"] == before["spec"]["selector"]
    assert [(port["port"], port["targetPort"]) for port in after["spec"]["ports"]] == [(8080, "metrics")]


def test_a_scaler_and_a_budget_keep_their_names(adopting: Adopting) -> None:
    adopting.receipt(adopting.source(SCALED))
    objects = adopting.built()
    scaler = objects["HorizontalPodAutoscaler/web-scaler"]["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"], scaler["scaleTargetRef"]["name"]) == (2, 5, "web")
    assert objects["PodDisruptionBudget/web-budget"]["spec"]["minAvailable"] == 1
    assert sum(name.startswith(("Horizontal", "PodDisruption")) for name in objects) == 2


def test_nobody_scales_what_stands_still(adopting: Adopting) -> None:
    adopting.receipt(INPUTS / "scaled-to-zero.yaml")
    assert adopting.built()["Deployment/web"]["spec"]["replicas"] == 0


def test_a_name_of_more_than_forty_characters_stays(adopting: Adopting) -> None:
    long = "prod-onprem-triton-inference-server-eu-01x"
    receipt = adopting.receipt(adopting.source(WEB.replace("name: web,", f"name: {long},")))
    assert f"Deployment/{long}" in adopting.built()
    assert len(next(iter(receipt["releases"]))) <= 40


def test_variables_and_probes_keep_their_kinds(adopting: Adopting) -> None:
    adopting.receipt(INPUTS / "env-from-configmap-key.yaml")
    container = adopting.built()["Deployment/web"]["spec"]["template"]["spec"]["containers"][0]
    assert [next(iter(each["valueFrom"])) for each in container["env"]] == ["configMapKeyRef", "resourceFieldRef"]


def test_nulls_and_rights_are_what_they_were(adopting: Adopting) -> None:
    pod = "    spec:\n      affinity: {podAffinity: , nodeAffinity: null}\n"
    adopting.receipt(adopting.source(WEB.replace("    spec:\n", pod)))
    spec = adopting.built()["Deployment/web"]["spec"]["template"]["spec"]
    assert not spec.get("affinity")
    assert not spec.get("securityContext")
    assert not spec["containers"][0].get("securityContext")
    assert spec["automountServiceAccountToken"] is True
    assert spec.get("enableServiceLinks", True) is True


@pytest.mark.parametrize("wrap", ["List", "PodList", "json"])
def test_lists_and_json_are_read_as_their_objects(adopting: Adopting, wrap: str) -> None:
    items = list(yaml.safe_load_all(WEB))
    text = json.dumps({"apiVersion": "v1", "kind": "List" if wrap == "json" else wrap, "items": items})
    name = "running.json" if wrap == "json" else "running.yaml"
    adopting.receipt(adopting.source(text, name))
    assert "Deployment/web" in adopting.built()


def test_the_hand_over_names_the_application_and_the_helm_release(adopting: Adopting) -> None:
    helm = "annotations: {meta.helm.sh/release-name: shop, meta.helm.sh/release-namespace: app}"
    text = WEB.replace("metadata: {name: web-svc}", f"metadata: {{name: web-svc, {helm}}}")
    application = adopting.source(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop, namespace: argocd}\n"
        "spec: {destination: {namespace: app}, syncPolicy: {automated: {prune: true}}}\n",
        "application.yaml",
    )
    receipt = adopting.receipt(adopting.source(text), "--application", application)
    commands = "\n".join(receipt["handOver"])
    assert "delete applications.argoproj.io shop --cascade=orphan" in commands
    assert "delete secret -l owner=helm,name=shop" in commands
    assert "meta.helm.sh" not in json.dumps(adopting.built())


def test_a_test_of_helm_s_and_a_hook_stay_where_they_are(adopting: Adopting) -> None:
    pod = "kind: Pod\napiVersion: v1\nmetadata: {name: t, annotations: {helm.sh/hook: test}}\nspec: {containers: []}\n"
    rows = rows_of(adopting.receipt(adopting.source(f"{WEB}---\n{pod}"), "--dry-run"))
    assert rows["Pod t"]["where"] == "untouched"
    rows = rows_of(adopting.receipt(INPUTS / "migration-job-and-cronjob.yaml", "--dry-run"))
    assert "hook" in rows["batch/Job web-migrate"]["why"]


def test_the_image_s_version_moves_and_no_override_holds_it(adopting: Adopting) -> None:
    digest = f"sha256:{'ab' * 32}"
    adopting.receipt(adopting.source(WEB.replace("acme/web:1.0", f"acme/web:1.0@{digest}")))
    assert adopting.spec("web")["spec"]["strategy"]["rolling"]["digest"] == digest
    assert adopting.run("start", "live/web", "--version", "2.0")[0] == 0
    container = adopting.built()["Deployment/web"]["spec"]["template"]["spec"]["containers"][0]
    assert container["image"] == "ghcr.io/acme/web:2.0"


def test_the_first_publish_over_what_runs_is_judged_against_it(adopting: Adopting) -> None:
    source = adopting.source(WEB)
    adopting.receipt(source)
    without = json.loads(adopting.run("plan", "live", "--format", "json")[1])
    assert "no object with these names runs yet" in json.dumps(without)
    status, out, _ = adopting.run("plan", "live", "--from", source, "--format", "json")
    assert status == 0
    assert "each release loses this today, for the last time" in out
    assert "no object with these names runs yet" not in out
    (environment,) = json.loads(out)["environments"]
    assert environment["units"][0]["verdict"]["verdict"] == "unsafe", "that each release loses it makes no loss safe"


def test_a_first_publish_that_loses_more_than_today_is_refused(adopting: Adopting) -> None:
    source = adopting.source(WEB)
    adopting.receipt(source)
    source.write_text(WEB.replace("targetPort: http}", "targetPort: http}, {name: more, port: 81, targetPort: http}"))
    status, out, _ = adopting.run("plan", "live", "--from", source)
    assert status == 1
    assert "error" in out


@pytest.mark.parametrize("provider", ["service: {}", "ingressNginx: {className: nginx}"])
@pytest.mark.parametrize("door", ["{type: NodePort, ", "{type: LoadBalancer, "])
def test_a_door_stays_open_and_no_route_for_every_host_comes(adopting: Adopting, provider: str, door: str) -> None:
    environment = adopting.root / "environments/live/environment.yaml"
    environment.write_text(environment.read_text().replace("service: {}", provider))
    text = WEB.replace(
        "spec: {selector: {app: w}, ports: [{name: http, port: 80,",
        f"spec: {door}selector: {{app: w}}, ports: [{{name: http, port: 80, nodePort: 31000,",
    )
    adopting.receipt(adopting.source(text))
    objects = adopting.built()
    service = objects["Service/web-svc"]["spec"]
    assert service["type"] in door
    assert service["ports"][0]["nodePort"] == 31000
    assert not any(name.startswith("Ingress/") for name in objects)


BESIDE = """\
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      serviceAccountName: agent
      containers: [{name: a, image: "ghcr.io/acme/agent:1", envFrom: [{secretRef: {name: agent-env}}]}]
      volumes: [{name: c, projected: {sources: [{secret: {name: agent-tls}}, {configMap: {name: agent-ca}}]}}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shared}
spec:
  ingressClassName: nginx
  tls: [{hosts: [a.example.com], secretName: a-tls}]
  rules:
  - host: a.example.com
    http:
      paths:
      - {path: /, pathType: Prefix, backend: {service: {name: web-svc, port: {number: 80}}}}
      - {path: /x, pathType: Prefix, backend: {service: {name: elsewhere, port: {number: 80}}}}
"""


def test_what_objects_beside_the_specs_name_is_needed_and_keeps_nothing_out(adopting: Adopting) -> None:
    receipt = adopting.receipt(adopting.source(WEB + BESIDE))
    rows = rows_of(receipt)
    for row in ("apps/DaemonSet agent", "networking.k8s.io/Ingress shared"):
        assert rows[row]["where"] == "extras: environments/live/extras/web.yaml"
    needed = {need["object"] for need in receipt["needs"]}
    assert needed >= {
        "ServiceAccount/agent", "Secret/agent-env", "Secret/agent-tls", "ConfigMap/agent-ca", "Secret/a-tls",
        "Service/elsewhere",
    }  # fmt: skip
    assert set(adopting.spec("web")["spec"]["outside"]) == needed
    assert {"DaemonSet/agent", "Ingress/shared"} <= adopting.built().keys()
