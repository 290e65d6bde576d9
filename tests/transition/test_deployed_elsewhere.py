"""Objects of Flux deploy what stands in no folder: what changes it is named, with a way to see it."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.model.manifest import Object
from compiler.model.verdict import Unproven, Verdict
from compiler.transition import InertDeclaration, SyncOptions, verify
from tests.transition.manifests import config_map, deployment, metadata, route, service

SERVED = [service("web"), deployment("web"), route("web", {"web": 1})]
LATER = config_map("later", wave="1")


def flux(kind: str, group: str, version: str = "v1", name: str = "shop", **spec: Any) -> Object:
    return {
        "apiVersion": f"{group}.toolkit.fluxcd.io/{version}",
        "kind": kind,
        "metadata": metadata(name),
        "spec": spec,
    }


def release(**spec: Any) -> Object:
    chart = {"spec": {"chart": "shop", "version": "1.0.0", "sourceRef": {"kind": "HelmRepository", "name": "charts"}}}
    whole = {"interval": "5m", "chart": chart, "values": {"image": {"tag": "1"}, "replicas": 2}, **spec}
    return flux("HelmRelease", "helm", "v2", **whole)


def folder(**spec: Any) -> Object:
    return flux("Kustomization", "kustomize", path="./shop", prune=True, sourceRef={"name": "flux"}, **spec)


def source(kind: str = "HelmRepository", **spec: Any) -> Object:
    return flux(kind, "source", name="charts", **{"interval": "1h", "url": "https://charts.example.com", **spec})


def judged(before: list[Object], after: list[Object], options: SyncOptions | None = None) -> Verdict:
    return verify([*SERVED, *before], [*SERVED, *after], options or SyncOptions())


def reason(verdict: Verdict) -> str:
    assert isinstance(verdict, Unproven), verdict
    return f"{verdict.reasons[0].message} | {verdict.reasons[0].help}"


@pytest.mark.parametrize(
    "spec",
    [
        {"interval": "30m"},
        {"timeout": "10m"},
        {"maxHistory": 3},
        {"install": {"remediation": {"retries": 3}}},
        {"upgrade": {"cleanupOnFail": True, "remediation": {"strategy": "rollback", "retries": 3}}},
        {"uninstall": {"keepHistory": False}},
        {"dependsOn": [{"name": "database"}]},
        {"driftDetection": {"mode": "warn"}},
        {"suspend": True},
        {"test": {"enable": False}},
    ],
    ids=str,
)
def test_how_a_release_is_installed_changes_nothing_of_it(spec: dict[str, Any]) -> None:
    assert judged([release()], [release(**spec)]).verdict == "safe"


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({"values": {"image": {"tag": "2"}, "replicas": 2}}, "spec.values.image.tag changes from 1 to 2."),
        ({"chartRef": {"kind": "OCIRepository", "name": "shop"}}, "spec.chartRef"),
        ({"valuesFrom": [{"kind": "ConfigMap", "name": "v"}]}, "spec.valuesFrom"),
        ({"targetNamespace": "other"}, "spec.targetNamespace"),
        ({"postRenderers": [{"kustomize": {}}]}, "spec.postRenderers"),
        ({"driftDetection": {"mode": "enabled"}}, "spec.driftDetection"),
        ({"test": {"enable": True}}, "spec.test"),
        ({"serviceAccountName": "other"}, "spec.serviceAccountName"),
    ],
)
def test_what_may_change_the_objects_of_a_release_is_named(spec: dict[str, Any], field: str) -> None:
    assert field in reason(judged([release()], [release(**spec)]))


def test_a_release_that_changes_says_how_to_see_what_it_deploys() -> None:
    answer = judged([release()], [release(values={"image": {"tag": "2"}, "replicas": 2})])
    assert "helm template" in reason(answer)
    assert "verify the two outputs" in reason(answer)


def test_a_release_that_was_suspended_is_no_longer_known() -> None:
    assert "suspended" in reason(judged([release(suspend=True)], [release()]))


def test_a_release_that_comes_or_goes_is_named() -> None:
    assert "is added" in reason(judged([], [release()]))
    assert "all objects of the release are deleted" in reason(judged([release()], []))


def test_a_dependency_counts_where_a_wave_waits_for_the_release() -> None:
    waited = release(dependsOn=[{"name": "database"}])
    assert "gets ready" in reason(judged([release(), LATER], [waited, LATER]))


def test_one_value_can_be_declared_to_do_no_harm() -> None:
    before, after = [release()], [release(values={"image": {"tag": "1"}, "replicas": 3})]
    for field, verdict in (("spec.values.replicas", "safe"), ("spec.values", "safe"), ("spec.values.image", "unknown")):
        declared = InertDeclaration("HelmRelease", field, "an HPA sets it")
        assert judged(before, after, SyncOptions(inert=(declared,))).verdict == verdict, field


def test_a_folder_that_flux_applies_is_named_by_what_it_applies() -> None:
    assert judged([folder()], [folder(interval="1h", retryInterval="1m", wait=True)]).verdict == "safe"
    assert "flux build" in reason(judged([folder()], [folder(targetNamespace="shop")]))
    assert "with `prune`, all of it is deleted" in reason(judged([folder()], []))


def test_a_source_counts_where_an_object_deploys_from_it() -> None:
    assert judged([], [source()]).verdict == "safe"
    assert judged([source()], []).verdict == "safe"
    assert judged([source()], [source(interval="5m", timeout="1m")]).verdict == "safe"
    assert "spec.url" in reason(judged([source()], [source(url="https://other.example.com")]))
    assert "spec.url" in reason(judged([release()], [release(), source()]))
    assert "spec.url" in reason(judged([release(), source()], [release()]))


def test_a_version_that_holds_the_same_source_is_no_change() -> None:
    old = {**source(), "apiVersion": "source.toolkit.fluxcd.io/v1beta2"}
    assert judged([old], [source()]).verdict == "safe"


def test_a_release_that_names_a_service_of_the_folder_is_seen_when_the_service_changes() -> None:
    named = release(values={"upstream": "web"})
    other = [service("web", ports=[{"port": 81}]), *SERVED[1:], named]
    assert "HelmRelease shop reacts" in " ".join(f.message for f in verify([*SERVED, named], other).findings)


def test_what_encrypts_a_secret_writes_its_own_data() -> None:
    def secret(**parts: Any) -> Object:
        return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata("key"), "data": {"a": "Yg=="}, **parts}

    first, second = secret(sops={"mac": "1"}), secret(sops={"mac": "2"})
    assert judged([first], [second]).verdict == "safe"
    assert judged([], [first]).verdict == "safe"
    assert "decrypted" in reason(judged([first], [secret()]))
    before, after = ({**release(), "sops": {"mac": mac}} for mac in "12")
    assert judged([before], [after]).verdict == "safe"
