"""Objects in files beside the specs: published as they stand, and judged like all others."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.pipeline import check_environment, render_environment
from compiler.plan.why import field_origin, traced_manifests
from compiler.source import parse
from compiler.source.workspace import Sources
from compiler.tree.applications import synced_content
from tests.pipeline.specs import environment, release

ROLLING = 'rolling: {version: "1.0"}'
ROLE = """apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: robot}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: robot, namespace: ml-prod}
"""
MONITOR = """apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: web}
spec: {selector: {matchLabels: {app: api}}, endpoints: [{port: http}]}
"""


def sources(extras: str, own: str = "", deny: str = "") -> Sources:
    text = release(ROLLING, more="extras: [extras/web.yaml]" if extras else "replicas: 1")
    more = "  extras: [extras/own.yaml]\n" if own else ""
    place = "environments/prod/environment.yaml"
    first = parse(environment("service", f"{more}{deny}"), place)
    other = parse(text, "environments/prod/api.yaml")
    data = {other.file: {"extras/web.yaml": extras}, place: {"extras/own.yaml": own}}
    return Sources("prod", first, (other,), data)


def problems(extras: str, own: str = "", deny: str = "") -> tuple[Diagnostic, ...]:
    try:
        return check_environment(sources(extras, own, deny)).warnings
    except Rejected as rejected:
        return rejected.diagnostics


def written(extras: str, own: str = "") -> dict[str, Any]:
    compiled = check_environment(sources(extras, own))
    manifests = [*compiled.own, *(each for release in compiled.releases for each in release.manifests)]
    return {f"{manifest.kind}/{manifest.name}": manifest.object for manifest in manifests}


def test_a_release_publishes_them_as_they_stand() -> None:
    objects = written(ROLE)
    assert objects["Role/robot"] == {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": {"name": "robot", "namespace": "ml-prod"},
        "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}],
    }
    assert "ServiceAccount/robot" in objects
    rendered = render_environment(sources(ROLE)).releases[0]
    assert any("role-robot.yaml" in path for path in rendered.files)


def test_an_environment_has_some_too() -> None:
    assert "Role/robot" in written("", ROLE)
    assert "Role/robot" in {f"{m.kind}/{m.name}" for m in check_environment(sources("", ROLE)).own}


def test_a_kind_that_no_schema_is_known_of_is_named() -> None:
    (warning,) = problems(MONITOR)
    assert (warning.code, warning.severity) == ("kind-unknown", "warning")
    assert warning.loc is not None
    assert (warning.loc.file, warning.loc.line) == ("environments/prod/extras/web.yaml", 1)
    objects = [manifest.object for manifest in check_environment(sources(MONITOR)).releases[0].manifests]
    assert ("monitoring.coreos.com", "ServiceMonitor") in synced_content(objects).kinds


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: [1", "yaml-syntax", 1),
        ("kind: Role\nmetadata: {name: a}", "extra-not-object", 1),
        ("apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}", "extra-of-argocd", 2),
        ("apiVersion: v1\nkind: List\nmetadata: {name: a}\nitems: []", "extra-not-object", 1),
        ("apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}", "extra-cluster-scoped", 2),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: other", "extra-namespace", 5),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata: {a: 5}", "field-type", 5),
        ("apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\ndata: {a: YQ==}", "policy-inline-secret", 5),
        ("apiVersion: apps/v1\nkind: Deploymnt\nmetadata: {name: a}", "kind-unknown", 1),
        ("apiVersion: v1\nkind: Service\nmetadata: {name: api}\nspec: {ports: [{port: 1}]}", "object-duplicate", 3),
        (
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  db: postgres://user:hunter2secret@db/x",
            "policy-literal-secret",
            5,
        ),
        (
            "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: a}\nspec:\n"
            "  url: postgres://user:hunter2secret@db/x",
            "policy-literal-secret",
            5,
        ),
    ],
)
def test_what_is_wrong_with_them_is_shown_in_their_file(text: str, code: str, line: int) -> None:
    for extras, own, file in ((text, "", "web.yaml"), ("", text, "own.yaml")):
        if code == "object-duplicate" and own:
            continue
        errors = [each for each in problems(extras, own) if each.severity == "error"]
        assert [each.code for each in errors] == [code]
        assert errors[0].loc is not None
        assert (errors[0].loc.file, errors[0].loc.line) == (f"environments/prod/extras/{file}", line)


def test_objects_of_two_groups_never_take_one_file() -> None:
    rules = "\n---\n".join(f"apiVersion: {group}.example.com/v1\nkind: Rule\nmetadata: {{name: a}}" for group in "xy")
    for extras, own, file in ((rules, "", "web.yaml"), ("", rules, "own.yaml")):
        (error,) = [each for each in problems(extras, own) if each.severity == "error"]
        assert (error.code, error.loc and error.loc.file) == ("file-name-taken", f"environments/prod/extras/{file}")


SEALED = """apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: db}
spec:
  encryptedData: {password: AgBy3i4OJSWK+PiTySYZZA9rO43cGDEq5Ds7wqz0mCFP}
  template: {metadata: {name: db}}
"""
EXTERNAL = """apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: db}
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: vault}
  target: {name: db}
  data: [{secretKey: password, remoteRef: {key: shop-database-password, property: password}}]
"""


@pytest.mark.parametrize("text", [SEALED, EXTERNAL])
def test_an_encrypted_secret_and_the_name_of_one_are_no_plain_text(text: str) -> None:
    assert problems(text) == ()


def test_plain_text_in_a_template_of_an_encrypted_secret_is_found() -> None:
    sealed = SEALED.replace("template: {", "template: {data: {password: hunter2-and-more}, ")
    assert [each.code for each in problems(sealed)] == ["policy-literal-secret"]


def test_why_names_the_line_of_the_file() -> None:
    manifests = traced_manifests(check_environment(sources(ROLE)))
    traced = next(each for each in manifests if each.manifest.kind == "Role")
    origin = field_origin(traced, ("rules", 0, "verbs"))
    assert (origin.loc.file, origin.loc.line) == ("environments/prod/extras/web.yaml", 4)
    assert origin.through == ("extras",)
