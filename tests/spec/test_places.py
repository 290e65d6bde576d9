"""A fault of an object is shown at the value that it came from, however deep that stands."""

from __future__ import annotations

import pytest

from tests.pipeline.specs import environment, findings, release

ROLLING = 'rolling: {version: "1"}'


@pytest.mark.parametrize(
    ("container", "more", "at"),
    [
        ("envFrom: [{secretRef: {name: a}}, {configMapRef: x}]", "replicas: 1", "x}]"),
        ("securityContext: {runAsNonRoot: true, runAsUser: x}", "replicas: 1", "x}"),
        ("resources: {requests: {memory: 64M}, limits: {memory: 32M}}", "replicas: 1", "64M"),
        ("preset: http", "pods: {tolerations: [{key: a, operator: Exist}]}", "Exist"),
        ("preset: http", "pods: {affinity: {nodeAffinty: {}}}", "nodeAffinty"),
        ("preset: http", "overrides: {HTTPRoute/api: {spec: {rules: [{backendRefs: [{name: 5}]}]}}}", "5"),
        ("preset: http", "smokeTest: {image: A:B}", "A:B"),
        ("preset: http", "smokeTest: {image: a, backoffLimit: -1}", "-1"),
        ("preset: http", "autoscale: {min: 1, max: 2, behavior: {scaleDown: {selectPolicy: Mix}}}", "Mix"),
    ],
)
def test_the_deepest_place_that_the_spec_has(container: str, more: str, at: str) -> None:
    text = release(ROLLING, container=container, more=more)
    (finding,) = [each for each in findings(environment(), text) if each.severity == "error"]
    assert finding.loc is not None
    assert text.splitlines()[finding.loc.line - 1][finding.loc.column - 1 :].startswith(at)
