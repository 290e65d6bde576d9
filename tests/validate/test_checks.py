"""What the fields of an object say together: each near miss of a right object is one finding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from compiler.model.manifest import Manifest, Object, Origin
from compiler.validate import ObjectFinding, validate_objects
from compiler.validate.checks.pods import LONGEST_REQUEST

Change = dict[str, Any]
Broken = Callable[[str, Change], list[ObjectFinding]]

POD = "spec/template/spec"
WEB = f"{POD}/containers/0"
RULE = "spec/rules/0"
LONG = "x" * 1024
CANARY = "nginx.ingress.kubernetes.io/canary"
DELETE = "DELETE"
MODIFIER = {"type": "RequestHeaderModifier", "requestHeaderModifier": {"remove": ["x"]}}
REWRITE = {"type": "URLRewrite", "urlRewrite": {"path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/"}}}

CASES: list[tuple[str, Change, str, str]] = [
    ("DaemonSet", {"spec/selector/matchLabels": {"app": "wbe"}}, "selector-mismatch", "does not match"),
    ("DaemonSet", {"spec/template/spec/restartPolicy": "Never"}, "restart-policy", "Always"),
    ("Deployment", {"spec/selector/matchLabels": {"app": "wbe"}}, "selector-mismatch", "does not match"),
    ("Deployment", {"spec/selector": {}}, "selector-mismatch", "empty"),
    (
        "Deployment",
        {"spec/selector": {"matchExpressions": [{"key": "color", "operator": "NotIn", "values": ["blue"]}]}},
        "selector-mismatch",
        "does not match",
    ),
    (
        "Deployment",
        {"spec/selector": {"matchExpressions": [{"key": "color", "operator": "DoesNotExist"}]}},
        "selector-mismatch",
        "does not match",
    ),
    ("Deployment", {"spec/strategy/rollingUpdate": {"maxSurge": "0%", "maxUnavailable": 0}}, "rollout-cannot-move", ""),
    ("Deployment", {"spec/progressDeadlineSeconds": 10}, "deadline-too-short", "(10) must exceed minReadySeconds (10)"),
    ("Deployment", {"spec/minReadySeconds": 130}, "deadline-too-short", ""),
    ("Deployment", {f"{POD}/restartPolicy": "Never"}, "restart-policy", "must be Always here, not Never"),
    ("Deployment", {f"{POD}/terminationGracePeriodSeconds": 15}, "grace-too-short", "15 s exceeds"),
    (
        "Deployment",
        {"spec/template/metadata/annotations": {LONGEST_REQUEST: "80"}},
        "grace-too-short",
        "requests of up to 80 s exceed the grace period of 90 s",
    ),
    ("Deployment", {"spec/template": {"metadata": {"labels": {"app": "web", "color": "blue"}}}}, "field-missing", ""),
    (
        "Deployment",
        {f"{WEB}/resources": {"requests": {"nvidia.com/gpu": 1}}},
        "requests-exceed-limits",
        "must be equal",
    ),
    (
        "Deployment",
        {f"{WEB}/resources": {"requests": {"nvidia.com/gpu": 1}, "limits": {"nvidia.com/gpu": 2}}},
        "requests-exceed-limits",
        "the limit is 2",
    ),
    ("Deployment", {f"{WEB}/resources": {"limits": {"gpu": 1}}}, "resource-unknown", "nvidia.com/gpu"),
    (
        "Deployment",
        {f"{WEB}/env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.nmae"}}}]},
        "value-malformed",
        "metadata.name",
    ),
    ("Deployment", {f"{POD}/tolerations": [{"key": "gpu", "operator": "Foo"}]}, "value-not-allowed", "Exists"),
    ("Deployment", {f"{WEB}/volumeMounts/0/name": "model"}, "volume-missing", "mounts `model`"),
    (
        "Deployment",
        {f"{WEB}/volumeMounts/1": {"name": "models", "mountPath": "/models"}},
        "duplicate-name",
        "mountPath is `/models`",
    ),
    ("Deployment", {f"{WEB}/env/1/name": "MODE"}, "duplicate-name", "name is `MODE`"),
    ("Deployment", {f"{POD}/volumes/1": {"name": "models", "emptyDir": {}}}, "duplicate-name", "name is `models`"),
    ("Deployment", {f"{POD}/containers/1": {"name": "web", "image": "x"}}, "duplicate-name", "have the name `web`"),
    ("Deployment", {f"{POD}/initContainers": [{"name": "web", "image": "x"}]}, "duplicate-name", "have the name `web`"),
    ("Deployment", {f"{WEB}/ports/1": {"name": "http", "containerPort": 1}}, "duplicate-name", "name is `http`"),
    ("Deployment", {f"{WEB}/ports/1": {"containerPort": 3000}}, "port-conflict", "3000/TCP twice"),
    ("Deployment", {f"{WEB}/resources/requests/memory": "2049Mi"}, "requests-exceed-limits", "2049Mi memory"),
    ("Deployment", {f"{WEB}/resources/limits/cpu": "0.2"}, "requests-exceed-limits", "250m cpu"),
    ("Deployment", {f"{WEB}/readinessProbe/httpGet/port": "htpt"}, "probe-invalid", "uses port `htpt`"),
    (
        "Deployment",
        {f"{WEB}/livenessProbe": {"tcpSocket": {"port": "http"}, "successThreshold": 2}},
        "probe-invalid",
        "of a livenessProbe must be 1",
    ),
    ("Deployment", {f"{WEB}/readinessProbe/terminationGracePeriodSeconds": 5}, "probe-invalid", "never ends a pod"),
    ("StatefulSet", {"spec/volumeClaimTemplates/0/metadata/name": "dat"}, "volume-missing", "mounts `data`"),
    (
        "StatefulSet",
        {f"{POD}/containers/1": {"name": "store", "image": "x"}},
        "duplicate-name",
        "have the name `store`",
    ),
    ("Job", {"spec": DELETE}, "field-missing", "`spec` is missing"),
    ("Job", {"spec/template/spec/restartPolicy": "Always"}, "restart-policy", "Never or OnFailure"),
    ("Job", {"spec": {"template": {"spec": {"containers": [{"name": "a", "image": "x"}]}}}}, "restart-policy", ""),
    (
        "CronJob",
        {"spec/jobTemplate/spec/template/spec/containers/1": {"name": "smoke", "image": "x"}},
        "duplicate-name",
        "",
    ),
    ("HorizontalPodAutoscaler", {"spec/minReplicas": 21}, "replicas-range", "(21) must not exceed maxReplicas (20)"),
    ("PodDisruptionBudget", {"spec/maxUnavailable": 0}, "budget-blocks-drain", "never be drained"),
    (
        "PodDisruptionBudget",
        {"spec": {"minAvailable": "100%", "selector": {"matchLabels": {"app": "web"}}}},
        "budget-blocks-drain",
        "100%",
    ),
    ("PodDisruptionBudget", {"spec": {"maxUnavailable": 1}}, "field-missing", "protects no pods"),
    ("Service", {"spec/type": "ClusterIP"}, "service-type", "cannot have a nodePort"),
    ("Service", {"spec": {"type": "ExternalName"}}, "service-type", "needs an `externalName`"),
    (
        "Service",
        {"spec": {"type": "ExternalName", "externalName": "a.example.com", "selector": {"app": "web"}}},
        "service-type",
        "cannot have a selector",
    ),
    ("Service", {"spec": {"selector": {"app": "web"}}}, "field-missing", "spec.ports"),
    ("Service", {"spec/ports/1": {"port": 80}}, "port-conflict", "needs a name"),
    ("Service", {"spec/ports/1": {"port": 80, "name": "http"}}, "duplicate-name", ""),
    ("Service", {"spec/ports/1": {"port": 443, "name": "more"}}, "port-conflict", "443/TCP twice"),
    ("Ingress", {f"{RULE}/http/paths/0/path": "/v1/../x"}, "route-invalid", "`/v1/../x`"),
    ("Ingress", {"spec": {}}, "field-missing", "`rules` or a `defaultBackend`"),
    (
        "Ingress",
        {"metadata/annotations": {"nginx.ingress.kubernetes.io/canary-weight": "101"}},
        "route-invalid",
        "from 0 to `100`",
    ),
    ("HTTPRoute", {f"{RULE}/matches/0/path/value": "/v1//x"}, "route-invalid", "must be absolute"),
    ("HTTPRoute", {f"{RULE}/matches/1": {"path": {"value": "/v1"}}}, "route-conflict", "matches the same"),
    (
        "HTTPRoute",
        {f"{RULE}/backendRefs/0": {"name": "web"}},
        "field-missing",
        "needs a `port`",
    ),
    ("HTTPRoute", {f"{RULE}/backendRefs/1": {"name": "web", "port": 443}}, "route-conflict", "`web` twice"),
    ("HTTPRoute", {f"{RULE}/backendRefs/0/weight": 0}, "route-invalid", "all weights are 0"),
    ("HTTPRoute", {f"{RULE}/timeouts": {"request": "1s", "backendRequest": "1m"}}, "route-invalid", "must not exceed"),
    (
        "HTTPRoute",
        {f"{RULE}/filters": [{"type": "RequestRedirect", "requestRedirect": {"statusCode": 301}}]},
        "route-invalid",
        "cannot have backends",
    ),
    ("HTTPRoute", {f"{RULE}/filters": [{"type": "URLRewrite"}]}, "choice-of-one", "needs `urlRewrite`"),
    (
        "HTTPRoute",
        {f"{RULE}/filters": [MODIFIER] * 2},
        "route-invalid",
        "RequestHeaderModifier only once",
    ),
    (
        "HTTPRoute",
        {
            f"{RULE}/matches/0/path/type": "Exact",
            f"{RULE}/filters": [
                {
                    "type": "URLRewrite",
                    "urlRewrite": {"path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/"}},
                }
            ],
        },
        "route-invalid",
        "exactly one match",
    ),
    (
        "HTTPRoute",
        {f"{RULE}/matches/1": {"path": {"value": "/v2"}}, f"{RULE}/filters": [REWRITE]},
        "route-invalid",
        "exactly one match",
    ),
    ("Ingress", {"metadata/annotations": {f"{CANARY}-weight": "-1"}}, "route-invalid", "not a whole number"),
    (
        "Ingress",
        {"metadata/annotations": {f"{CANARY}-weight": "1", f"{CANARY}-weight-total": "x"}},
        "route-invalid",
        "not a whole number",
    ),
    ("ConfigMap", {"data": {f"k{i}": LONG for i in range(1025)}}, "data-too-large", "exceeds 1 MiB"),
    ("ConfigMap", {"data": {"k": "é" * 524_289}}, "data-too-large", "exceeds 1 MiB"),
    ("ConfigMap", {"binaryData": {"mode": "YQ=="}}, "duplicate-name", "in `data` and in `binaryData`"),
    ("ConfigMap", {"data/mode": "a\n+argocd:skip-file-rendering"}, "file-hidden", "`data.mode`"),
    ("Secret", {"stringData/token": "+argocd:skip-file-rendering"}, "file-hidden", "`stringData.token`"),
    ("Secret", {"type": "kubernetes.io/tls", "stringData": {"tls.crt": "x"}}, "secret-malformed", "`tls.key`"),
    ("Deployment", {f"{WEB}/env/0/value": "+argocd:skip-file-rendering"}, "file-hidden", "env[0].value"),
    (
        "Deployment",
        {f"{POD}/hostAliases": [{"ip": "10.0.0.1", "hostnames": ["+argocd:skip-file-rendering"]}]},
        "file-hidden",
        "hostAliases[0].hostnames[0]",
    ),
    (
        "Deployment",
        {f"{POD}/securityContext": {"seLinuxOptions": {"user": "é+argocd:skip-file-rendering"}}},
        "file-hidden",
        "seLinuxOptions.user",
    ),
    ("Deployment", {f"{WEB}/args/0": "+argocd:skip-file-rendering"}, "file-hidden", "args[0]"),
    ("ServiceAccount", {"metadata/annotations": {"note": "+argocd:skip-file-rendering"}}, "file-hidden", "note"),
    ("ServiceAccount", {"metadata/annotations": {"note": "x" * 262_145}}, "annotations-too-large", "256 KiB"),
    ("Application", {"spec/syncPolicy/syncOptions/0": "PruneLst=true"}, "argocd-annotation", "PruneLst"),
    ("Application", {"spec/syncPolicy/syncOptions/0": "PruneLast=yes"}, "argocd-annotation", "not `yes`"),
    ("Application", {"spec/destination/name": "in-cluster"}, "choice-of-one", "either `server` or `name`"),
    ("Application", {"spec/sources": []}, "choice-of-one", "not both"),
]


@pytest.mark.parametrize(("kind", "changes", "code", "words"), CASES)
def test_a_near_miss_is_one_finding(broken: Broken, kind: str, changes: Change, code: str, words: str) -> None:
    findings = broken(kind, changes)
    assert [finding.code for finding in findings] == [code]
    assert words in findings[0].message
    assert findings[0].help


JUST_RIGHT: list[tuple[str, Change]] = [
    ("HorizontalPodAutoscaler", {"spec/minReplicas": 20}),
    ("Deployment", {"spec/progressDeadlineSeconds": 11}),
    ("Deployment", {"spec/progressDeadlineSeconds": DELETE, "spec/minReadySeconds": 599}),
    ("Deployment", {f"{POD}/terminationGracePeriodSeconds": 16}),
    ("Deployment", {"spec/template/metadata/annotations": {LONGEST_REQUEST: "75"}}),
    ("Deployment", {f"{WEB}/lifecycle": DELETE, f"{POD}/terminationGracePeriodSeconds": 0}),
    ("Deployment", {f"{WEB}/resources/requests/memory": "2048Mi"}),
    ("Deployment", {f"{WEB}/resources/limits/cpu": "0.25"}),
    ("Deployment", {f"{WEB}/ports/1": {"containerPort": 3000, "protocol": "UDP"}}),
    ("Deployment", {"spec/strategy/rollingUpdate": {"maxUnavailable": 0}}),
    ("Deployment", {f"{WEB}/livenessProbe": {"exec": {"command": ["true"]}, "successThreshold": 1}}),
    ("Service", {"spec/ports/1": {"name": "more", "port": 443, "protocol": "UDP"}}),
    ("Service", {"spec": {"clusterIP": "None", "selector": {"app": "web"}}}),
    ("Ingress", {"metadata/annotations": {f"{CANARY}-weight": "100"}}),
    (
        "Ingress",
        {f"{RULE}/http/paths/0/path": "/v1//(.*)", f"{RULE}/http/paths/0/pathType": "ImplementationSpecific"},
    ),
    ("Ingress", {"metadata/annotations": {f"{CANARY}-weight": "500", f"{CANARY}-weight-total": "1000"}}),
    ("HTTPRoute", {f"{RULE}/timeouts": {"request": "1m", "backendRequest": "60s"}}),
    ("HTTPRoute", {f"{RULE}/timeouts": {"request": "0s", "backendRequest": "60s"}}),
    ("HTTPRoute", {f"{RULE}/matches/1": {"path": {"value": "/v2"}}}),
    ("HTTPRoute", {f"{RULE}/matches/1": {"path": {"value": "/v1"}, "method": "GET"}}),
    ("HTTPRoute", {f"{RULE}/filters": [REWRITE]}),
    ("HTTPRoute", {f"{RULE}/matches/1": {"path": {"value": "/v2"}}, f"{RULE}/filters": [MODIFIER]}),
    ("ConfigMap", {"data": {f"k{i}": LONG for i in range(1024)}}),
    ("ConfigMap", {"binaryData": {"other": "YQ=="}}),
    ("ServiceAccount", {"metadata/annotations": {"note": "x" * 262_140}}),
    ("PodDisruptionBudget", {"spec/maxUnavailable": "1%"}),
]


@pytest.mark.parametrize(("kind", "changes"), JUST_RIGHT)
def test_what_is_just_right_passes(broken: Broken, kind: str, changes: Change) -> None:
    assert broken(kind, changes) == []


ANNOTATIONS = [
    ("argocd.argoproj.io/sync-wave", "2", None),
    ("argocd.argoproj.io/sync-wave", "-5", None),
    ("argocd.argoproj.io/sync-wave", "1.5", "sync-wave-invalid"),
    ("argocd.argoproj.io/sync-wave", "٢", "sync-wave-invalid"),
    ("argocd.argoproj.io/sync-wave", "", "sync-wave-invalid"),
    ("argocd.argoproj.io/tracking-id", "x", "argocd-annotation"),
    ("argocd.argoproj.io/sync-options", "PruneLast=true, Validate=false", None),
    ("argocd.argoproj.io/sync-options", "PruneLast", "argocd-annotation"),
    ("argocd.argoproj.io/hook", "PreSync", None),
    ("argocd.argoproj.io/hook", "presync", "argocd-annotation"),
    ("argocd.argoproj.io/hook-delete-policy", "BeforeHookCreation", None),
    ("argocd.argoproj.io/unheard-of", "x", None),
    ("link.argocd.argoproj.io/docs", "https://docs.example.com/", None),
    ("link.argocd.argoproj.io/docs", "javascript:alert(1)", "link-unsafe"),
    ("link.argocd.argoproj.io/docs", "https:///x", "link-unsafe"),
    ("example.com/argument", "anything", None),
]


@pytest.mark.parametrize(("key", "value", "code"), ANNOTATIONS)
def test_annotations_are_in_the_form_that_argo_cd_reads(broken: Broken, key: str, value: str, code: str | None) -> None:
    findings = broken("ServiceAccount", {"metadata/annotations": {key: value}})
    assert [finding.code for finding in findings] == ([code] if code else [])


def test_two_rules_of_an_ingress_for_the_same_requests(broken: Broken, good: dict[str, Object]) -> None:
    path = good["Ingress"]["spec"]["rules"][0]["http"]["paths"][0]
    twice = broken("Ingress", {"spec/rules/0/http/paths": [path, path]})
    assert [(finding.code, finding.path[-1]) for finding in twice] == [("route-conflict", 1)]
    without = {key: value for key, value in path.items() if key != "path"}
    assert [f.code for f in broken("Ingress", {"spec/rules/0/http/paths": [without]})] == ["field-missing"]


def renamed(obj: Object, name: str) -> Object:
    return {**obj, "metadata": {**obj["metadata"], "name": name}}


@pytest.mark.parametrize(
    ("kind", "names", "code"),
    [
        ("ConfigMap", ("a", "a"), "object-duplicate"),
        ("Role", ("reader", "Reader"), "name-case"),
        ("Service", ("a", "b"), "port-conflict"),
    ],
)
def test_two_objects_that_exclude_each_other(
    good: dict[str, Object], kind: str, names: tuple[str, str], code: str
) -> None:
    first, second = (Manifest(renamed(good[kind], name), Origin((name,))) for name in names)
    ((blamed, finding),) = validate_objects([first, second], "1.34")
    assert (blamed, finding.code) == (second, code)


def test_the_same_name_in_two_namespaces_or_kinds_is_no_clash(good: dict[str, Object]) -> None:
    one = good["ConfigMap"]
    other = {**one, "metadata": {**one["metadata"], "namespace": "staging"}}
    account = renamed(good["ServiceAccount"], one["metadata"]["name"])
    assert validate_objects([Manifest(obj, Origin(())) for obj in (one, other, account)], "1.34") == []


SECRET = "hunter2-hunter2"


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("Secret", {"data": {"token": f"{SECRET}!"}}),
        ("Secret", {"data": {"tls.key": f"{SECRET}!", "tls.crt": SECRET}, "type": "kubernetes.io/tls"}),
        ("Secret", {"data": {"token": [SECRET]}}),
        ("Secret", {"data": SECRET}),
        ("Secret", {"stringData": [SECRET]}),
        ("Secret", {"stringData/token": {SECRET: SECRET}}),
        ("Secret", {"stringData/token": f"{SECRET}+argocd:skip-file-rendering"}),
        ("Deployment", {f"{WEB}/env/0/value": [SECRET]}),
        ("Deployment", {f"{WEB}/env/0/value": f"{SECRET} +argocd:skip-file-rendering"}),
    ],
)
def test_no_message_holds_a_secret(broken: Broken, kind: str, changes: Change) -> None:
    findings = broken(kind, changes)
    assert findings
    assert all(SECRET not in f"{finding.message} {finding.help}" for finding in findings)
