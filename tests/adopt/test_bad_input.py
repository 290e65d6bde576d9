"""Input that no adoption can take: an error with its position, or a row of the receipt; and nothing half-written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adopt.conftest import INPUTS, Adopting
from tests.adopt.test_in_place import WEB

SECRET = "hunter2-correct-horse"
INIT_CONTAINER = f"{{name: i, image: 'a:1', env: [{{name: API_PASSWORD, value: {SECRET}}}]}}"
PAIR = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME}
spec:
  selector: {matchLabels: {app: shop, part: NAME}}
  template:
    metadata: {labels: {app: shop, part: NAME}}
    spec: {containers: [{name: c, image: "ghcr.io/acme/NAME:1", ports: [{containerPort: 80}]}]}
"""
MAP = "apiVersion: v1\nkind: ConfigMap\n"
SHARED = "apiVersion: v1\nkind: Service\nmetadata: {name: shop}\nspec: {selector: {app: shop}, ports: [{port: 80}]}\n"


def refused(adopting: Adopting, text: str, code: str, place: str = "") -> str:
    """What is said of a source that is refused; nothing is written."""
    source = adopting.source(text)
    before = adopting.files()
    status, out, err = adopting.run("adopt", source, "--into", "live")
    assert (status, out) == (1, "")
    assert f"[{code}]" in err
    assert f"{source}{place}" in err
    assert adopting.files() == before
    return err


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("", "adopt-empty", ":1:1"),
        ("# nothing\n---\n", "adopt-empty", ":1:1"),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: [\n", "yaml-syntax", ":"),
        ("apiVersion: v1\nkind: Service\nmetadata: {}\n", "object-malformed", ":3:1"),
        (
            "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {x: {{ .Values.x }}}\n",
            "adopt-unrendered",
            ":4:11",
        ),
        ('kind: Service\nmetadata: {name: "{{ include "a.b" . }}"}\n', "adopt-unrendered", ":2:19"),
        (f'{MAP}metadata: {{name: "{{{{ .Release.Name }}}}"}}\n', "adopt-unrendered", ":3:18"),
        (f"{{{{- if .Values.more }}}}\n{MAP}metadata: {{name: a}}\n", "adopt-unrendered", ":1:1"),
    ],
)
def test_what_is_no_manifest_is_refused_where_it_stands(adopting: Adopting, text: str, code: str, place: str) -> None:
    refused(adopting, text, code, place)


@pytest.mark.parametrize(
    "beside",
    [
        f"{MAP}metadata: {{name: dashboards}}\ndata:\n  a.json: |\n    {{{{ .Values.team }}}} {{{{ $labels.job }}}}\n",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: alerts}\nstringData: {a: '{{ include \"mail\" . }}'}\n",
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n"
        "  data: {a: '{{ .Release.Name }}'}\n",
        "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: a}\n"
        "spec: {groups: [{name: a, rules: [{alert: A, expr: up, annotations: {text: '{{ .Values.x }}'}}]}]}\n",
    ],
)
def test_a_template_that_another_program_fills_in_is_data(adopting: Adopting, beside: str) -> None:
    receipt = adopting.receipt(adopting.source(f"{WEB}---\n{beside}"), "--dry-run")
    assert len(receipt["objects"]) == 3


def test_bad_yaml_beside_data_with_a_template_is_called_bad_yaml(adopting: Adopting) -> None:
    held = f"{MAP}metadata: {{name: a}}\ndata:\n  a: |\n    {{{{ .Values.team }}}}\n  b: 1\n  c: 2\nwrong: [\n"
    refused(adopting, held, "yaml-syntax", ":")


def test_two_different_objects_of_one_name_are_refused(adopting: Adopting) -> None:
    err = refused(adopting, f"{WEB}---\n{WEB.split('---')[0].replace('fast', 'slow')}", "adopt-duplicate", ":24:1")
    assert ":1:1" in err


def test_the_same_object_twice_is_one(adopting: Adopting) -> None:
    receipt = adopting.receipt(adopting.source(f"{WEB}---\n{WEB}"), "--dry-run")
    assert len(receipt["objects"]) == 2


@pytest.mark.parametrize("content", [b"\x00\x01\x02\xff", b"\xff\xfe\x00", bytes(range(256)) * 40])
def test_bytes_that_are_no_text_are_refused(adopting: Adopting, content: bytes) -> None:
    source = adopting.source("")
    source.write_bytes(content)
    before = adopting.files()
    status, _, err = adopting.run("adopt", source, "--into", "live")
    assert status == 1
    assert f"{source.name}:" in err
    assert "Traceback" not in err
    assert adopting.files() == before


@pytest.mark.parametrize(
    ("name", "content", "hint"),
    [
        ("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n", "helm template"),
        ("kustomization.yaml", "resources: [web.yaml]\n", "kubectl kustomize"),
    ],
)
def test_a_folder_that_is_still_to_be_rendered_is_refused(
    adopting: Adopting, name: str, content: str, hint: str
) -> None:
    adopting.source(WEB, "chart/web.yaml")
    adopting.source(content, f"chart/{name}")
    status, _, err = adopting.run("adopt", adopting.root.parent / "chart", "--into", "live")
    assert status == 1
    assert "adopt-unrendered" in err
    assert hint in err


def test_a_source_that_is_not_there_is_a_usage_error(adopting: Adopting) -> None:
    assert adopting.run("adopt", "no/such/file.yaml", "--into", "live")[0] == 2


def test_an_unknown_environment_is_named(adopting: Adopting) -> None:
    status, _, err = adopting.run("adopt", adopting.source(WEB), "--into", "lave")
    assert status == 1
    assert "did you mean `live`?" in err


def test_another_namespace_is_refused(adopting: Adopting) -> None:
    status, _, err = adopting.run("adopt", adopting.source(WEB), "--into", "live", "--namespace", "other")
    assert status == 1
    assert "adopt-namespace" in err


def test_objects_of_another_namespace_stay(adopting: Adopting) -> None:
    text = f"{WEB}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: far, namespace: other}}\n"
    rows = adopting.receipt(adopting.source(text), "--dry-run")["rows"]
    far = next(row for row in rows if row["object"] == "ConfigMap other/far")
    assert (far["standing"], far["where"]) == ("beside", "untouched")


def test_one_name_for_two_workloads_is_refused(adopting: Adopting) -> None:
    source = adopting.source(PAIR.replace("NAME", "a") + "---\n" + PAIR.replace("NAME", "b"))
    status, _, err = adopting.run("adopt", source, "--into", "live", "--release", "shop")
    assert status == 1
    assert "adopt-one-name" in err


def test_a_service_of_two_workloads_stays_theirs(adopting: Adopting) -> None:
    text = "---\n".join([PAIR.replace("NAME", "a"), PAIR.replace("NAME", "shop"), SHARED])
    receipt = adopting.receipt(adopting.source(text))
    row = next(row for row in receipt["rows"] if row["object"] == "Service app/shop")
    assert row["standing"] == "beside"
    assert row["why"] == "it reaches the pods of Deployment/a, Deployment/shop"
    # a release of its name does not write over it
    assert adopting.built()["Service/shop"]["spec"]["selector"] == {"app": "shop"}


def test_an_unknown_kind_is_a_row(adopting: Adopting) -> None:
    text = f"{WEB}---\napiVersion: example.com/v1\nkind: Gizmo\nmetadata: {{name: g}}\nspec: {{a: 1}}\n"
    row = adopting.receipt(adopting.source(text), "--dry-run")["rows"][-1]
    assert row["object"] == "example.com/Gizmo app/g"
    assert row["why"]


def test_kinds_whose_controller_makes_the_pods_stay(adopting: Adopting) -> None:
    status, out, err = adopting.run("adopt", INPUTS / "serving-custom-resources.yaml", "--into", "live")
    assert status == 0
    assert "ray.io" in out
    assert "nothing is written" in err
    assert list(adopting.files()) == ["environments/live/environment.yaml"]


@pytest.mark.parametrize(
    "text",
    [
        WEB.replace("env: [{name: MODE, value: fast}]", f"env: [{{name: DB_PASSWORD, value: {SECRET}}}]"),
        f"{WEB}---\napiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData: {{password: {SECRET}}}\n",
        f"{WEB}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: s}}\ndata: {{db_password: {SECRET}}}\n",
        WEB.replace("args: [serve]", f"args: [serve, '--db-password={SECRET}']"),
        WEB.replace(
            "    spec:\n",
            f"    spec:\n      initContainers: [{INIT_CONTAINER}]\n",
        ),
    ],
    ids=["env", "secret", "configmap", "args", "init-container"],
)
@pytest.mark.parametrize("wanted", ["text", "md", "json"])
def test_a_literal_secret_is_written_nowhere(adopting: Adopting, text: str, wanted: str) -> None:
    status, out, err = adopting.run("adopt", adopting.source(text), "--into", "live", "--format", wanted)
    assert status == 0
    assert SECRET not in out + err
    assert not any(SECRET in content for content in adopting.files().values())


def test_a_variable_that_holds_a_secret_comes_from_a_secret(adopting: Adopting) -> None:
    text = WEB.replace("{name: MODE, value: fast}", f"{{name: DB_PASSWORD, value: {SECRET}}}")
    receipt = adopting.receipt(adopting.source(text))
    assert adopting.spec("web")["spec"]["container"]["env"] == {
        "DB_PASSWORD": {"secret": "web-env", "key": "DB_PASSWORD"}
    }
    assert any(need["object"] == "Secret/web-env" and "DB_PASSWORD" in need["why"] for need in receipt["needs"])


@pytest.mark.slow
def test_ten_megabytes_are_read_or_refused(adopting: Adopting) -> None:
    filler = "".join(
        f"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c{number}}}\ndata: {{a: {'x' * 900}}}\n"
        for number in range(11_000)
    )
    receipt = adopting.receipt(adopting.source(f"{WEB}{filler}"), "--dry-run")
    assert receipt["counts"]["beside"] == 11_000


def test_nothing_is_left_where_a_write_fails(adopting: Adopting) -> None:
    blocked = adopting.root / "environments/live/adopted"
    blocked.write_text("a file where the receipts' folder would be")
    before = adopting.files()
    assert adopting.run("adopt", adopting.source(WEB), "--into", "live")[0] == 1
    assert adopting.files() == before


def test_standard_input_is_a_source(adopting: Adopting, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "in.yaml"
    file.write_text(WEB)
    with file.open() as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert adopting.run("adopt", "-", "--into", "live")[0] == 0
    assert adopting.spec("web")["kind"] == "Release"
