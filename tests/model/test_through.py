"""`why` also names what a value came through: a default, a preset, a strategy, a provider, an override, a base."""

from __future__ import annotations

import pytest

from compiler.diagnostics.model import Rejected
from compiler.pipeline import check_environment
from compiler.plan.why import FieldOrigin, field_origin, path_from_text, traced_manifests
from compiler.source import parse
from compiler.source.workspace import Sources

ENVIRONMENT = """\
apiVersion: shipway.dev/v1
kind: Environment
metadata: {name: prod}
spec:
  namespace: ml
  kubernetes: "1.34"
  traffic:
    gatewayApi:
      gateway: public
  defaultDeny: true
"""
RELEASE = """\
apiVersion: shipway.dev/v1
kind: Release
metadata:
  name: api
spec:
  container:
    image: ghcr.io/acme/api
    preset: bentoml
    env:
      LOG: debug
    drainSeconds: 20
  expose:
    host: api.example.org
  pods:
    nodeSelector:
      pool: gpu
  overrides:
    Deployment/api-blue:
      spec:
        paused: true
        template:
          spec:
            nodeSelector:
              zone: a
  strategy:
    blueGreen:
      active: blue
      blue:
        version: "1.0"
"""
POD = "spec.template.spec"
CONTAINER = f"{POD}.containers[api]"


def why(field: str, release: str = RELEASE) -> FieldOrigin:
    environment = parse(ENVIRONMENT, "environment.yaml")
    compiled = check_environment(Sources("prod", environment, (parse(release, "api.yaml"),), {"api.yaml": {}}))
    name, _, text = field.partition(":")
    traced = next(each for each in traced_manifests(compiled) if f"{each.manifest.kind}/{each.manifest.name}" == name)
    path = path_from_text(traced.manifest.object, text)
    assert path is not None
    return field_origin(traced, path)


@pytest.mark.parametrize(
    ("field", "line", "through"),
    [
        (f"Deployment/api-blue:{CONTAINER}.args", "preset: bentoml", ["preset bentoml"]),
        (f"Deployment/api-blue:{CONTAINER}.ports[http].containerPort", "preset: bentoml", ["preset bentoml"]),
        (f"Deployment/api-blue:{CONTAINER}.readinessProbe.httpGet.path", "preset: bentoml", ["preset bentoml"]),
        (f"Deployment/api-blue:{CONTAINER}.lifecycle.preStop.sleep.seconds", "drainSeconds: 20", []),
        (f"Deployment/api-blue:{CONTAINER}.image", 'version: "1.0"', []),
        (f"Deployment/api-blue:{CONTAINER}.env[LOG]", "LOG: debug", []),
        (f"Deployment/api-blue:{POD}.nodeSelector.pool", "pool: gpu", []),
        (f"Deployment/api-blue:{POD}.nodeSelector.zone", "zone: a", ["overrides"]),
        ("Deployment/api-blue:spec.paused", "paused: true", ["overrides"]),
        ("Deployment/api-blue:spec.minReadySeconds", "pods:", ["default"]),
        ("Deployment/api-blue:spec.replicas", "spec:", ["default"]),
        ("Deployment/api-blue:spec.revisionHistoryLimit", "blue:", ["strategy blueGreen"]),
        ("Deployment/api-blue:spec.selector.matchLabels.color", "blue:", ["strategy blueGreen"]),
        ("Deployment/api-blue:metadata.namespace", "namespace: ml", ["environment"]),
        ("Deployment/api-blue:metadata.labels.app", "name: api", []),
        ("HTTPRoute/api:spec.hostnames", "host: api.example.org", []),
        ("HTTPRoute/api:spec.parentRefs[public].name", "gateway: public", ["provider gatewayApi"]),
        ("HTTPRoute/api:spec.rules[0].backendRefs[api-blue].weight", "active: blue", []),
        ("HTTPRoute/api:spec.rules", "active: blue", ["provider gatewayApi"]),
        ("NetworkPolicy/api:spec.policyTypes", "defaultDeny: true", ["environment"]),
        ("Namespace/ml:metadata.name", "namespace: ml", ["environment"]),
        ("NetworkPolicy/default-deny:spec.policyTypes", "defaultDeny: true", ["environment"]),
    ],
)
def test_a_field_names_its_line_and_what_it_came_through(field: str, line: str, through: list[str]) -> None:
    origin = why(field)
    text = {"environment.yaml": ENVIRONMENT, "api.yaml": RELEASE}[origin.loc.file]
    assert text.splitlines()[origin.loc.line - 1].strip() == line
    assert list(origin.through) == through


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ("affinity:\n      nodeAffinty: {}", "nodeAffinty: {}"),
        ("volumes:\n      - name: a\n        emptyDir: {}\n      - name: b\n        emptyDri: {}", "emptyDri: {}"),
        ("sidecars:\n      - name: a\n        image: b:1\n        prots: []", "prots: []"),
        ("securityContext:\n      fsGroup: many", "fsGroup: many"),
        ("models:\n      - name: a\n        claim: a\n        mountPath: rela:tive", "mountPath: rela:tive"),
    ],
)
def test_an_error_of_an_object_is_at_the_line_that_wrote_it(wrong: str, line: str) -> None:
    release = RELEASE.replace("nodeSelector:\n      pool: gpu", wrong)
    with pytest.raises(Rejected) as caught:
        why("Deployment/api-blue:kind", release)
    places = [each.loc for each in caught.value.diagnostics]
    assert [release.splitlines()[loc.line - 1].strip() for loc in places if loc is not None] == [line]
