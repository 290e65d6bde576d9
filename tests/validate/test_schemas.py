"""Right objects pass, for five versions; wrong shapes are explained."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from compiler.explanations.validate import CODES
from compiler.model.manifest import Manifest, Object, Origin
from compiler.validate import VERSIONS, ObjectFinding, UnknownVersionError, validate_objects
from compiler.validate.bundle import KINDS, kubernetes_bundles
from compiler.validate.kind_schemas import READ_KINDS, known_kinds

Broken = Callable[[str, dict[str, Any]], list[ObjectFinding]]


READ = [*yaml.safe_load_all((Path(__file__).parent / "read_kinds.yaml").read_text())]


@pytest.mark.parametrize("version", VERSIONS)
def test_right_objects_of_every_bundled_kind_pass(good: dict[str, Object], version: str) -> None:
    manifests = [Manifest(obj, Origin(())) for obj in (*good.values(), *READ)]
    assert validate_objects(manifests, version) == []
    bundled = {name.split(" ")[1] for name in known_kinds(version)}
    assert bundled == {*good, *(obj["kind"] for obj in READ)}


REQUIRED: dict[str, tuple[str, ...]] = {
    "ClusterRoleBinding": ("roleRef", "roleRef/kind", "roleRef/name"),
    "EndpointSlice": ("addressType", "endpoints/0/addresses"),
    "FlowSchema": ("spec/priorityLevelConfiguration",),
    "IngressClass": ("spec", "spec/controller"),
    "MutatingWebhookConfiguration": ("webhooks/0/name", "webhooks/0/clientConfig", "webhooks/0/sideEffects"),
    "PersistentVolume": ("spec", "spec/capacity", "spec/accessModes", "spec/nfs", "spec/nfs/server"),
    "ReplicaSet": ("spec", "spec/selector", "spec/template", "spec/template/spec/containers/0/image"),
    "ReplicationController": ("spec", "spec/template", "spec/template/spec/containers/0/name"),
    "RuntimeClass": ("handler",),
    "StorageClass": ("provisioner",),
    "ValidatingAdmissionPolicy": ("spec", "spec/matchConstraints"),
    "ValidatingAdmissionPolicyBinding": ("spec", "spec/policyName", "spec/validationActions"),
}


@pytest.mark.parametrize(("kind", "place"), [(kind, place) for kind, places in REQUIRED.items() for place in places])
def test_an_object_without_what_its_kind_requires_is_refused(kind: str, place: str) -> None:
    (obj,) = (copy.deepcopy(obj) for obj in READ if obj["kind"] == kind)
    *parents, last = (int(step) if step.isdigit() else step for step in place.split("/"))
    part: Any = obj
    for step in parents:
        part = part[step]
    del part[last]
    assert validate_objects([Manifest(obj, Origin(()))], "1.34") != []


@pytest.mark.parametrize(("prefix", "kinds"), [("", KINDS), ("read-", READ_KINDS)])
def test_the_kubernetes_bundles_are_what_the_script_writes(prefix: str, kinds: dict[str, tuple[str, ...]]) -> None:
    folder = files("compiler.validate") / "schemas"
    written = {version: json.loads((folder / f"{prefix}kubernetes-{version}.json").read_text()) for version in VERSIONS}
    assert dict(kubernetes_bundles(kinds)) == written


def test_a_version_without_schemas_is_an_error_of_its_own(good: dict[str, Object]) -> None:
    with pytest.raises(UnknownVersionError, match=r"Kubernetes 1\.12.*1\.33, 1\.34"):
        validate_objects([Manifest(good["Service"], Origin(()))], "1.12")


# kind, changes, code, path, words of the message, help
SHAPES: list[tuple[str, dict[str, Any], str, tuple[Any, ...], str, str]] = [
    ("Deployment", {"spec/replica": 3}, "field-unknown", ("spec", "replica"), "not a field of `spec`", "`replicas`"),
    ("Deployment", {"status": {}}, "field-unknown", ("status",), "`status` is not a field of this Deployment", ""),
    (
        "Deployment",
        {"metadata/creationTimestamp": "2026-01-01T00:00:00Z"},
        "field-unknown",
        ("metadata", "creationTimestamp"),
        "creationTimestamp",
        "",
    ),
    ("Deployment", {"spec/replicas": "3"}, "field-type", ("spec", "replicas"), "a whole number, not text", ""),
    ("Deployment", {"spec/replicas": None}, "field-type", ("spec", "replicas"), "not empty", ""),
    ("Deployment", {"spec/replicas": -1}, "value-out-of-range", ("spec", "replicas"), "at least 0, not -1", ""),
    ("Deployment", {"spec/replicas": 2**40}, "value-out-of-range", ("spec", "replicas"), "at most 2147483647", ""),
    (
        "Deployment",
        {"spec/template/spec/containers/0/ports/0/protocol": "tpc"},
        "value-not-allowed",
        ("spec", "template", "spec", "containers", 0, "ports", 0, "protocol"),
        "`spec.template.spec.containers[0].ports[0].protocol` must be one of TCP, UDP, SCTP, not `tpc`",
        "did you mean `TCP`?",
    ),
    (
        "Deployment",
        {"spec/template/spec/containers": []},
        "value-out-of-range",
        ("spec", "template", "spec", "containers"),
        "a list of at least 1",
        "",
    ),
    (
        "Deployment",
        {"metadata/labels/app.kubernetes.io~version": "1.0+build"},
        "label-invalid",
        ("metadata", "labels", "app.kubernetes.io/version"),
        '`metadata.labels["app.kubernetes.io/version"]` must be at most 63',
        "",
    ),
    ("Deployment", {"metadata/labels/-x": "y"}, "label-invalid", ("metadata", "labels", "-x"), "a key of", ""),
    ("Deployment", {"metadata/name": "Web"}, "name-invalid", ("metadata", "name"), "not `Web`", ""),
    ("Deployment", {"metadata/name": "web\n"}, "name-invalid", ("metadata", "name"), "lower-case", ""),
    (
        "Deployment",
        {"spec/strategy/type": "Recreate"},
        "choice-of-one",
        ("spec", "strategy"),
        "cannot have `rollingUpdate`",
        "",
    ),
    ("Service", {"metadata/name": "1web"}, "name-invalid", ("metadata", "name"), "beginning with a letter", ""),
    ("Service", {"metadata/name": "w" * 64}, "name-invalid", ("metadata", "name"), "at most 63", ""),
    ("Service", {"spec/ports/0/port": 70000}, "port-invalid", ("spec", "ports", 0, "port"), "between 1 and 65535", ""),
    ("Service", {"spec/type": "Nodeport"}, "value-not-allowed", ("spec", "type"), "NodePort", "`NodePort`"),
    ("Service", {"spec/ports/0/targetPort": "a--b"}, "port-invalid", ("spec", "ports", 0, "targetPort"), "15", ""),
    ("StatefulSet", {"metadata/name": "s" * 53}, "name-invalid", ("metadata", "name"), "52", ""),
    ("CronJob", {"spec/schedule": "daily"}, "value-malformed", ("spec", "schedule"), "five fields", ""),
    ("ConfigMap", {"data/a b": "x"}, "data-key-invalid", ("data", "a b"), "not `a b`", ""),
    ("ResourceQuota", {"spec/hard/pods": "4 GB"}, "quantity-invalid", ("spec", "hard", "pods"), "2Gi", ""),
    (
        "Ingress",
        {"spec/rules/0/host": "API.example.com"},
        "host-invalid",
        ("spec", "rules", 0, "host"),
        "lower case",
        "",
    ),
    (
        "Ingress",
        {"spec/rules/0/http/paths/0/pathType": "prefix"},
        "value-not-allowed",
        ("spec", "rules", 0, "http", "paths", 0, "pathType"),
        "Exact, Prefix",
        "`Prefix`",
    ),
    (
        "HorizontalPodAutoscaler",
        {"spec/metrics/0/type": "Pods"},
        "choice-of-one",
        ("spec", "metrics", 0),
        "the one field that its `type` names",
        "",
    ),
    (
        "HTTPRoute",
        {"spec/rules/0/backendRefs/0/weight": 1_000_001},
        "value-out-of-range",
        ("spec", "rules", 0, "backendRefs", 0, "weight"),
        "1000000",
        "",
    ),
    (
        "HTTPRoute",
        {"spec/rules/0/backendRefs": [{"name": f"s{i}", "port": 80} for i in range(17)]},
        "value-out-of-range",
        ("spec", "rules", 0, "backendRefs"),
        "a list of at most 16",
        "",
    ),
    ("Certificate", {"spec/dnsName": "x"}, "field-unknown", ("spec", "dnsName"), "dnsName", "`dnsNames`"),
    ("Application", {"spec/sourc": {}}, "field-unknown", ("spec", "sourc"), "sourc", "`source`"),
    ("SealedSecret", {"spec": {}}, "field-missing", ("spec",), "`spec.encryptedData` is missing", ""),
]


@pytest.mark.parametrize(("kind", "changes", "code", "path", "words", "help_"), SHAPES)
def test_a_wrong_shape_is_explained_in_place(
    broken: Broken, kind: str, changes: dict[str, Any], code: str, path: tuple[Any, ...], words: str, help_: str
) -> None:
    findings = broken(kind, changes)
    assert [(finding.code, finding.path) for finding in findings] == [(code, path)]
    assert words in findings[0].message
    assert help_ in findings[0].help
    assert findings[0].help


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        ("image", "ghcr.io/Acme/web", "image reference"),
        ("imagePullPolicy", "always", "IfNotPresent"),
        ("env/0/name", "1MODE", "not beginning with a digit"),
        ("env/0", {"name": "X", "value": "y", "valueFrom": {"fieldRef": {"fieldPath": "metadata.uid"}}}, "not both"),
        ("env/1/valueFrom", {}, "exactly one source"),
        ("envFrom/0", {"prefix": "X_"}, "exactly one of configMapRef, secretRef"),
        ("readinessProbe/tcpSocket", {"port": 1}, "exactly one of httpGet, tcpSocket, exec, grpc"),
        ("readinessProbe/periodSeconds", -1, "at least 0"),
        ("readinessProbe", {"exec": {}}, "`exec` needs a `command`"),
        ("readinessProbe", {"exec": {"command": []}}, "a list of at least 1"),
        ("lifecycle/preStop", {"exec": {}}, "`exec` needs a `command`"),
        ("envFrom/0", {"configMapRef": {}}, "`configMapRef` needs a `name`"),
        ("env/1/valueFrom", {"secretKeyRef": {"key": "a"}}, "`secretKeyRef` needs a `name`"),
        ("lifecycle/preStop", {}, "exactly one of sleep"),
        ("resources/requests/cpu", "1 core", "a quantity"),
        ("ports/0/containerPort", 0, "between 1 and 65535"),
        ("ports/0/name", "a-very-long-port-name", "at most 15"),
        ("volumeMounts/0/mountPath", "/a:b", "without `:`"),
        ("readinessProbe/httpGet/httpHeaders", [{"name": "a b", "value": "c"}], "letters, digits and `-`"),
    ],
)
def test_a_container_is_checked_beyond_the_published_schema(broken: Broken, place: str, value: Any, words: str) -> None:
    findings = broken("Deployment", {f"spec/template/spec/containers/0/{place}": value})
    assert len(findings) == 1
    assert words in findings[0].message


@pytest.mark.parametrize(
    ("volume", "words"),
    [
        ({"configMap": {}}, "`configMap` needs a `name`"),
        ({"secret": {}}, "`secret` needs a `secretName`"),
        ({"projected": {"sources": [{"secret": {}}]}}, "`secret` needs a `name`"),
        ({"emptyDir": {}, "secret": {"secretName": "a"}}, "one source"),
        ({"persistentVolumeClaim": {"claimName": ""}}, "not empty"),
        ({"hostPath": {"path": ""}}, "not empty"),
        ({"csi": {"driver": ""}}, "letters, digits and `-`"),
        ({"iscsi": {"targetPortal": "", "iqn": "iqn.2001-04.com.example:a", "lun": 0}}, "not empty"),
        ({"configMap": {"name": "a", "items": [{"key": "b", "path": "..b"}]}}, "without `..`"),
        ({"projected": {"sources": [{"serviceAccountToken": {"path": "/token"}}]}}, "without `..`"),
        ({"projected": {"sources": [{"configMap": {"name": "a"}, "secret": {"name": "a"}}]}}, "of one kind"),
    ],
)
def test_a_volume_names_its_source(broken: Broken, volume: dict[str, Any], words: str) -> None:
    findings = broken("Deployment", {"spec/template/spec/volumes": [{"name": "v", **volume}]})
    assert any(words in finding.message for finding in findings), findings


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("containers/0/readinessProbe", {"tcpSocket": {"port": 1}, "periodSeconds": 0, "successThreshold": 0}),
        ("containers/0/ports/0/hostPort", 0),
        ("volumes", [{"name": "models"}]),
    ],
)
def test_what_has_a_default_for_nothing_is_taken(broken: Broken, place: str, value: Any) -> None:
    assert broken("Deployment", {f"spec/template/spec/{place}": value}) == []


def test_a_misspelt_required_field_is_one_finding(broken: Broken, good: dict[str, Object]) -> None:
    spec = dict(good["Deployment"]["spec"])
    spec["selectr"] = spec.pop("selector")
    findings = broken("Deployment", {"spec": spec})
    assert [finding.help for finding in findings] == ["did you mean `selector`?"]


def test_all_faults_of_an_object_are_found_at_once(broken: Broken) -> None:
    findings = broken("Service", {"spec/typ": "x", "spec/ports/0/port": 0, "metadata/name": "Web"})
    assert {finding.code for finding in findings} == {"field-unknown", "port-invalid", "name-invalid"}


@pytest.mark.parametrize(
    ("version", "kind", "words"),
    [
        ("extensions/v1beta1", "Ingress", "networking.k8s.io/v1"),
        ("apps/v1", "Deploymant", "Deployment"),
        ("autoscaling/v2beta2", "HorizontalPodAutoscaler", "autoscaling/v2"),
        (None, None, ""),
    ],
)
def test_a_kind_that_is_not_served_is_named(version: str | None, kind: str | None, words: str) -> None:
    obj = {"apiVersion": version, "kind": kind, "metadata": {"name": "x"}}
    (_, finding), *rest = validate_objects([Manifest(obj, Origin(()))], "1.34")
    assert (finding.code, rest) == ("kind-unknown", [])
    assert words in finding.help


def test_values_that_are_no_plain_data_are_a_finding(broken: Broken) -> None:
    assert [finding.code for finding in broken("ConfigMap", {"data": {1: "x"}})] == ["data-not-plain"]


def test_every_code_is_explained() -> None:
    for code, explanation in CODES.items():
        assert code == code.lower()
        assert all((explanation.title, explanation.meaning, explanation.fix, explanation.source))
