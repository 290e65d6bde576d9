"""Forms that public charts have and that once kept a workload out: each is adopted in place, and says what changes."""

from __future__ import annotations

import json

from tests.adopt.conftest import Adopting
from tests.adopt.test_in_place import WEB
from tests.adopt.test_kinds import rows_of

STATEFUL = """\
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db-peers
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
      - name: db
        image: "ghcr.io/acme/db:1"
        ports: [{name: sql, containerPort: 5432}]
---
apiVersion: v1
kind: Service
metadata: {name: db-peers}
spec:
  clusterIP: None
  selector: {app: db}
  ports: [{name: sql, port: 5432, targetPort: sql}, {name: tls, port: 7001, targetPort: tls}]
"""


def test_a_port_that_leads_nowhere_is_a_listed_difference(adopting: Adopting) -> None:
    receipt = adopting.receipt(adopting.source(STATEFUL))
    assert list(receipt["releases"]) == ["db"]
    changes = {change["path"]: change["why"] for change in rows_of(receipt)["Service db-peers"]["changes"]}
    assert "no container has" in changes["spec.ports.7001.port"]
    assert [each["port"] for each in adopting.built()["Service/db-peers"]["spec"]["ports"]] == [5432]
    assert all(row["standing"] != "worse" for row in receipt["wayIn"])


def test_the_service_that_names_pods_is_not_reported_to_be_missing(adopting: Adopting) -> None:
    alone = STATEFUL.partition("---")[0]
    needs = adopting.receipt(adopting.source(alone), "--dry-run")["needs"]
    assert [need["object"] for need in needs] == ["Service/db-peers"]
    assert adopting.receipt(adopting.source(STATEFUL))["needs"] == []


def test_empty_texts_say_nothing(adopting: Adopting) -> None:
    text = STATEFUL.replace("serviceName: db-peers", 'serviceName: ""\n  podManagementPolicy: ""')
    text = text.replace("clusterIP: None", 'type: NodePort\n  externalTrafficPolicy: ""')
    receipt = adopting.receipt(adopting.source(text))
    assert list(receipt["releases"]) == ["db"]
    built = adopting.built()["StatefulSet/db"]["spec"]
    assert "serviceName" not in built
    assert not any(name.startswith("Service/") and name != "Service/db-peers" for name in adopting.built())


def test_a_controller_whose_probes_ask_a_port_that_nobody_declares(adopting: Adopting) -> None:
    probe = "readinessProbe: {httpGet: {path: /readyz, port: 8081}}"
    source = f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: manager}}
spec:
  selector: {{matchLabels: {{app: manager}}}}
  template:
    metadata: {{labels: {{app: manager}}}}
    spec: {{containers: [{{name: manager, image: "ghcr.io/acme/manager:1", {probe}}}]}}
"""
    receipt = adopting.receipt(adopting.source(source))
    assert list(receipt["releases"]) == ["manager"]
    built = adopting.built()
    container_built = built["Deployment/manager"]["spec"]["template"]["spec"]["containers"][0]
    assert container_built["readinessProbe"]["httpGet"]["port"] in (8081, "probed")
    assert not any(name.startswith("Service/") for name in built)


def test_the_container_of_the_service_s_first_port_is_the_release_s(adopting: Adopting) -> None:
    source = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: registry}
spec:
  selector: {matchLabels: {app: registry}}
  template:
    metadata: {labels: {app: registry}}
    spec:
      containers:
      - {name: control, image: "ghcr.io/acme/control:1", ports: [{containerPort: 8080}]}
      - {name: server, image: "ghcr.io/acme/server:1", ports: [{containerPort: 5000}, {containerPort: 5001}]}
---
apiVersion: v1
kind: Service
metadata: {name: registry}
spec: {selector: {app: registry}, ports: [{name: main, port: 5000}, {name: control, port: 8080}]}
"""
    adopting.receipt(adopting.source(source))
    assert adopting.spec("registry")["spec"]["identity"]["container"] == "server"


def test_a_port_beside_one_called_http_has_a_name_of_its_own(adopting: Adopting) -> None:
    source = WEB.replace("targetPort: http", "targetPort: 9000")
    adopting.receipt(adopting.source(source))
    ports = adopting.built()["Deployment/web"]["spec"]["template"]["spec"]["containers"][0]["ports"]
    assert len({port["name"] for port in ports}) == len(ports)


def test_what_keda_scales_says_nothing_of_its_replicas(adopting: Adopting) -> None:
    scaler = """\
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: db}
spec: {scaleTargetRef: {kind: StatefulSet, name: db}, minReplicaCount: 2, maxReplicaCount: 9}
"""
    receipt = adopting.receipt(adopting.source(STATEFUL + scaler))
    assert "replicas" not in adopting.built()["StatefulSet/db"]["spec"]
    assert "replicas-two-writers" not in json.dumps(receipt["wayIn"])


def test_an_empty_value_beside_a_source_is_none(adopting: Adopting) -> None:
    variable = '{name: A, value: "", valueFrom: {fieldRef: {fieldPath: metadata.name}}}'
    source = STATEFUL.replace("        image:", f"        env: [{variable}]\n        image:")
    receipt = adopting.receipt(adopting.source(source))
    assert list(receipt["releases"]) == ["db"]


def test_a_name_that_no_file_may_have_is_written_and_read_back(adopting: Adopting) -> None:
    role = """\
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: "web:leader"}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
"""
    adopting.receipt(adopting.source(STATEFUL + role))
    assert "Role/web:leader" in adopting.built()
    assert adopting.run("build", "--out", adopting.root.parent / "out")[0] == 0
