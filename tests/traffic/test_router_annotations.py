"""Annotations of a spec that would undo what a strategy or a router stands on are refused, wherever they stand."""

from __future__ import annotations

import pytest

from tests.pipeline.specs import codes, environment, findings, objects, release

ROLLING = 'rolling: {version: "1"}'
VERSIONED = 'versioned: {v1: {version: "1"}, v2: {version: "2"}}'
NGINX = "nginx.ingress.kubernetes.io/"


@pytest.mark.parametrize("hook", ["argocd.argoproj.io/hook: PreSync", "helm.sh/hook: pre-install"])
def test_nothing_of_a_release_is_a_hook(hook: str) -> None:
    """Argo CD runs hooks in phases of their own, and deletes them (gitops-engine, pkg/sync/hook)."""
    everywhere = release(ROLLING).replace("{name: api}", f"{{name: api, annotations: {{{hook}}}}}")
    routes = release(ROLLING, more=f"expose: {{annotations: {{{hook}}}}}")
    one = release(ROLLING, more=f"overrides: {{Deployment/api: {{metadata: {{annotations: {{{hook}}}}}}}}}")
    assert codes(environment(), everywhere) == codes(environment(), routes) == ["reserved-key"]
    assert codes(environment(), one) == ["override-kept-field"]


@pytest.mark.parametrize("key", ["canary", "canary-weight", "canary-by-header", "use-regex", "rewrite-target"])
def test_what_the_provider_writes_is_not_written_by_hand(key: str) -> None:
    text = release(VERSIONED, more=f'expose: {{host: a.example.com, annotations: {{{NGINX}{key}: "true"}}}}')
    (finding,) = findings(environment("ingressNginx"), text)
    assert finding.code == "annotation-of-provider"
    assert finding.help
    assert finding.loc is not None
    assert finding.loc.line == 6
    everywhere = release(VERSIONED).replace("{name: api}", f'{{name: api, annotations: {{{NGINX}{key}: "true"}}}}')
    assert codes(environment("ingressNginx"), everywhere) == ["annotation-of-provider"]


def test_other_annotations_of_the_controller_stand() -> None:
    text = release(ROLLING, more=f'expose: {{host: a.example.com, annotations: {{{NGINX}proxy-buffering: "off"}}}}')
    manifests = objects(environment("ingressNginx"), text)
    assert manifests["Ingress/api"]["metadata"]["annotations"] == {f"{NGINX}proxy-buffering": "off"}
