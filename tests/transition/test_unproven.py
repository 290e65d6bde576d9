"""What nothing judges is named: the object, the field, what it may influence; and what does no harm is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from compiler.cli.main import main
from compiler.model.manifest import Object
from compiler.model.verdict import Compared, Unproven, Verdict
from compiler.transition import InertDeclaration, SyncOptions, verify
from tests.transition.manifests import config_map, deployment, metadata, route, service

CILIUM = {
    "apiVersion": "cilium.io/v2",
    "kind": "CiliumNetworkPolicy",
    "metadata": metadata("lockdown"),
    "spec": {"endpointSelector": {}},
}


def pods(**fields: Any) -> list[Object]:
    return [service("web"), deployment("web", **fields), route("web", {"web": 1})]


def with_annotation(obj: Object, name: str, value: str) -> Object:
    notes = {**obj["metadata"].get("annotations", {}), name: value}
    return {**obj, "metadata": {**obj["metadata"], "annotations": notes}}


def role(*verbs: str, resources: tuple[str, ...] = ("pods",)) -> Object:
    rule = {"apiGroups": [""], "resources": list(resources), "verbs": list(verbs)}
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": metadata("reader"),
        "rules": [rule],
    }


def reasons(verdict: Verdict) -> str:
    return " ".join(finding.message for finding in verdict.reasons) if isinstance(verdict, Unproven) else ""


def test_a_field_that_no_table_has_is_named() -> None:
    before, after = service("web"), service("web", brandNewField="on")
    answer = verify([before, deployment("web")], [after, deployment("web")])
    assert "Service shop/web: spec.brandNewField changes from nothing to on" in reasons(answer)


def test_a_kind_that_nobody_knows_is_named_whether_it_comes_changes_or_goes() -> None:
    other = {"apiVersion": "acme.example.com/v1", "kind": "Portal", "metadata": metadata("p"), "spec": {"x": 1}}
    changed = {**other, "spec": {"x": 2}}
    for before, after, word in (
        ([], [other], "is added"),
        ([other], [changed], "changes"),
        ([other], [], "is removed"),
    ):
        assert f"acme.example.com/Portal shop/p {word}" in reasons(verify([*pods(), *before], [*pods(), *after]))


def test_nothing_is_unknown_where_nothing_was_before() -> None:
    assert verify([], [*pods(), CILIUM]).verdict == "safe"


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("team", "safe"),
        ("example.com/mode", "unknown"),
        ("service.beta.kubernetes.io/aws-load-balancer-internal", "unknown"),
        ("prometheus.io/scrape", "safe"),
        ("argocd.argoproj.io/sync-wave", "safe"),
    ],
)
def test_annotations_of_a_service_are_known_one_by_one(name: str, verdict: str) -> None:
    before = pods()
    after = [with_annotation(before[0], name, "1"), *before[1:]]
    assert verify(before, after).verdict == verdict


def test_an_annotation_of_pods_makes_new_pods_and_a_meshs_one_is_named() -> None:
    def annotated(name: str) -> list[Object]:
        result = pods()
        result[1]["spec"]["template"]["metadata"]["annotations"] = {name: "true"}
        return result

    assert verify(pods(), annotated("checksum/config")).verdict == "safe"
    assert "mesh" in reasons(verify(pods(), annotated("sidecar.istio.io/inject")))


def test_metadata_alone_make_nothing_unknown() -> None:
    relabeled = {**CILIUM, "metadata": {**metadata("lockdown"), "labels": {"helm.sh/chart": "web-2"}}}
    assert verify([*pods(), CILIUM], [*pods(), relabeled]).verdict == "safe"


def test_a_default_that_is_only_written_out_is_no_change() -> None:
    written = service("web", type="ClusterIP", internalTrafficPolicy="Cluster", sessionAffinity="None")
    assert verify(pods(), [written, *pods()[1:]]).verdict == "safe"


def test_rights_that_are_added_or_only_written_otherwise_take_nothing_away() -> None:
    few, many, all_verbs = role("get"), role("list", "get"), role("*")
    assert verify([*pods(), few], [*pods(), many]).verdict == "safe"
    assert verify([*pods(), many], [*pods(), all_verbs]).verdict == "safe"
    assert "API server" in reasons(verify([*pods(), many], [*pods(), few]))


def test_equal_reasons_are_one() -> None:
    names = [f"s{number}" for number in range(5)]
    before = [service(name) for name in names]
    after = [with_annotation(each, "example.com/mode", "1") for each in before]
    answer = verify([*pods(), *before], [*pods(), *after])
    assert isinstance(answer, Unproven)
    assert len(answer.reasons) == 1
    assert "and 2 more" in answer.reasons[0].message


def test_what_is_declared_to_do_no_harm_stands_among_the_premises() -> None:
    declared = InertDeclaration("CiliumNetworkPolicy", "", "Cilium is not installed")
    answer = verify(pods(), [*pods(), CILIUM], SyncOptions(inert=(declared,)))
    assert answer.verdict == "safe"
    assert "CiliumNetworkPolicy does no harm, as declared: Cilium is not installed" in answer.premises


def test_a_declared_field_covers_what_is_below_it_and_nothing_beside_it() -> None:
    before = pods()
    after = [with_annotation(before[0], "example.com/mode", "fast"), *before[1:]]
    for field, verdict in (
        ("metadata.annotations", "safe"),
        ("metadata.annotations.example.com/mode", "safe"),
        ("metadata.annotations.example.com/mo", "unknown"),
        ("spec", "unknown"),
    ):
        options = SyncOptions(inert=(InertDeclaration("Service", field, "we know"),))
        assert verify(before, after, options).verdict == verdict, field


def test_safe_with_nothing_explored_says_what_was_compared() -> None:
    before, after = role("get"), role("get", "list")
    answer = verify([before], [after])
    assert (answer.verdict, answer.states, answer.compared) == ("safe", 0, Compared(1, 1, 1))


def written(folder: Path, objects: list[Object]) -> str:
    folder.mkdir()
    (folder / "all.yaml").write_text("\n---\n".join(json.dumps(obj) for obj in objects))
    return str(folder)


def test_the_command_says_that_nothing_that_serves_changes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = written(tmp_path / "a", [role("get")]), written(tmp_path / "b", [role("get", "list")])
    assert main(["verify", before, after]) == 0
    assert capsys.readouterr().out.startswith("nothing that serves changes: 1 object compared, 1 differs, in 1 field\n")
    assert main(["verify", before, after, "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["verdict"], answer["states"], answer["compared"]["objects"]) == ("safe", 0, 1)


def test_the_command_takes_what_is_declared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = written(tmp_path / "a", pods()), written(tmp_path / "b", [*pods(), CILIUM])
    assert main(["verify", before, after]) == 1
    assert main(["verify", before, after, "--inert", "CiliumNetworkPolicy=not installed"]) == 0
    assert "as declared: not installed" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["CiliumNetworkPolicy", "=why", "Kind:field=", "Kind= "])
def test_a_declaration_without_a_reason_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    folder = written(tmp_path / "a", pods())
    assert main(["verify", folder, folder, "--inert", text]) == 2
    assert "KIND[:FIELD]=REASON" in capsys.readouterr().err


def ingress(name: str, path: str, **annotations: str) -> Object:
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    rules = [{"host": "a.example.com", "http": {"paths": [{"path": path, "pathType": "Prefix", "backend": backend}]}}]
    notes = {f"nginx.ingress.kubernetes.io/{key.replace('_', '-')}": value for key, value in annotations.items()}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {**metadata(name), "annotations": notes},
        "spec": {"ingressClassName": "nginx", "rules": rules},
    }


def test_a_new_ingress_is_compared_with_the_one_whose_requests_it_takes() -> None:
    before = [*pods(), ingress("old", "/")]
    guarded = ingress("new", "/api", auth_url="http://auth.example.com")
    assert "auth-url" in reasons(verify(before, [*before, guarded]))
    elsewhere = {**guarded, "spec": {**guarded["spec"]}}
    elsewhere["spec"]["rules"] = [{**guarded["spec"]["rules"][0], "host": "b.example.com"}]
    assert verify(before, [*before, elsewhere]).verdict == "safe"


def test_a_route_that_changes_before_pods_of_no_folder_is_named() -> None:
    def folder(path: str) -> list[Object]:
        return [service("web"), ingress("web", path)]

    codes = {finding.code for finding in verify(folder("/"), folder("/v2")).findings}
    assert "pods-outside" in codes


def test_headers_that_are_taken_away_are_named_but_for_announcements() -> None:
    def announced(name: str) -> list[Object]:
        collected = [service("web"), deployment("web"), route("web", {"web": 1})]
        modifier = {"set": [{"name": name, "value": "x"}]}
        collected[2]["spec"]["rules"][0]["filters"] = [
            {"type": "ResponseHeaderModifier", "responseHeaderModifier": modifier}
        ]
        return collected

    assert verify(announced("Sunset"), pods()).verdict == "safe"
    assert "as the answer" in reasons(verify(announced("Access-Control-Allow-Origin"), pods()))


def test_rights_that_are_lost_are_named() -> None:
    def role(*verbs: str) -> Object:
        rules = [{"apiGroups": [""], "resources": ["pods"], "verbs": list(verbs)}]
        return {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": metadata("r"), "rules": rules}

    answer = verify([role("get", "list", "watch")], [role("get")])
    assert "rules lose list pods, watch pods." in answer.findings[0].message


def hook(kind: str, name: str, **parts: object) -> Object:
    notes = {"argocd.argoproj.io/hook": "PreSync", "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation"}
    group = {"Job": "batch/v1", "ServiceAccount": "v1"}.get(kind, "rbac.authorization.k8s.io/v1")
    return {
        "apiVersion": group,
        "kind": kind,
        "metadata": {**metadata(name), "annotations": notes, "labels": parts.pop("labels", {})},
        **parts,
    }


def patch_job(account: str, **labels: str) -> list[Object]:
    """A chart's Job that writes a webhook's certificate, with the rights that it needs, all of them hooks."""
    subject = {"kind": "ServiceAccount", "name": account, "namespace": "shop"}
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "patch"}
    pod = {"serviceAccountName": account, "restartPolicy": "Never", "containers": [{"name": "c", "image": "c:1"}]}
    return [
        hook("ServiceAccount", account),
        hook("Role", "patch", labels=labels, rules=[{"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]}]),
        hook("RoleBinding", "patch", subjects=[subject], roleRef=reference),
        hook("Job", "patch", spec={"template": {"spec": pod}}),
    ]


def test_rights_of_hooks_alone_are_missed_by_nobody_while_they_are_created_again() -> None:
    def words(*objects: Object) -> str:
        return " ".join(finding.message for finding in verify([*objects], [*objects, config_map("later")]).findings)

    away = "Role shop/patch is deleted and created again"
    assert away not in words(*pods(), *patch_job("patch"))
    serving = deployment("web")
    serving["spec"]["template"]["spec"]["serviceAccountName"] = "patch"
    assert away in words(*pods()[:1], serving, *patch_job("patch"))
    assert away in words(*pods(), *patch_job("patch")[1:])
    assert away in words(*pods(), *patch_job("patch", **{"rbac.authorization.k8s.io/aggregate-to-edit": "true"}))


def test_people_who_leave_a_group_take_no_rights_from_pods() -> None:
    def group(*users: str) -> Object:
        return {
            "apiVersion": "user.openshift.io/v1",
            "kind": "Group",
            "metadata": {"name": "g"},
            "users": list(users),
        }

    assert verify([*pods(), group("ann", "bob")], [*pods(), group("ann")]).verdict == "safe"
    pod = "system:serviceaccount:shop:web"
    assert "API server" in reasons(verify([*pods(), group("ann", pod)], [*pods(), group("ann")]))
