"""The objects that Argo CD needs: valid for its own schemas, and no wider than what is synced."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import compiler
from compiler.diagnostics.model import Rejected
from compiler.model.manifest import Object
from compiler.tree.applications import (
    EnvironmentFacts,
    SyncedUnit,
    bootstrap_objects,
    controller_settings,
    synced_content,
)

SCHEMAS = Path(compiler.__file__).parent / "validate" / "schemas"


def thing(version: str, kind: str, name: str, **spec: Any) -> Object:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, "namespace": "ml-prod"}, "spec": spec}


def hpa(name: str) -> Object:
    return thing("autoscaling/v2", "HorizontalPodAutoscaler", name, scaleTargetRef={"kind": "Deployment", "name": name})


FACTS = EnvironmentFacts(
    name="prod",
    namespace="ml-prod",
    repository="https://robot:t0ken@git.example.com/acme/deploy.git",
    branch="main",
    path="prod",
    own_path="argocd/prod",
    project="ml-prod",
    destination={"server": "https://kubernetes.default.svc"},
    units=(
        SyncedUnit(
            "search",
            ("search",),
            synced_content([thing("apps/v1", "Deployment", "search-blue"), hpa("search-blue"), hpa("search-green")]),
        ),
        SyncedUnit(
            "shop", ("web", "recommender"), synced_content([thing("gateway.networking.k8s.io/v1", "HTTPRoute", "web")])
        ),
    ),
    own=synced_content([thing("v1", "Namespace", "ml-prod"), thing("v1", "ResourceQuota", "quota")]),
)


def named(objects: tuple[Object, ...], kind: str, name: str) -> Any:
    [result] = [o for o in objects if o["kind"] == kind and o["metadata"]["name"] == name]
    return result


def written_kinds() -> set[str]:
    """The kinds of the object literals in the folders that write objects."""
    kinds = set()
    for folder in ("assemble", "traffic", "strategies"):
        for file in (Path(compiler.__file__).parent / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Dict):
                    values = {
                        k.value: v for k, v in zip(node.keys, node.values, strict=True) if isinstance(k, ast.Constant)
                    }
                    if {"apiVersion", "kind", "metadata"} <= values.keys():
                        kinds.add(ast.literal_eval(values["kind"]))
    return kinds


def test_a_kind_that_leaves_the_environment_stays_permitted_so_that_it_is_pruned() -> None:
    """Argo CD does not see live objects of a kind that the project does not permit (`controller/state.go`)."""
    empty = replace(FACTS, units=(), own=synced_content([]))
    project = named(bootstrap_objects(empty), "AppProject", "ml-prod")["spec"]
    permitted = {item["kind"] for item in project["namespaceResourceWhitelist"]}
    assert {"Ingress", "HTTPRoute", "ResourceQuota", "Deployment"} <= written_kinds()
    assert written_kinds() - {"Namespace"} - permitted == set()


def test_the_project_does_not_change_with_what_the_releases_write() -> None:
    with_routes, without = (
        named(bootstrap_objects(facts), "AppProject", "ml-prod") for facts in (FACTS, replace(FACTS, units=()))
    )
    assert with_routes == without


@pytest.mark.parametrize("cascade", [True, False])
def test_every_object_is_valid_for_argo_cds_own_schema(cascade: bool) -> None:
    for o in bootstrap_objects(replace(FACTS, cascade=cascade)):
        schema = json.loads((SCHEMAS / f"{o['kind']}.json").read_text())
        reference = {"$ref": f"#/$defs/argoproj.io.v1alpha1.{o['kind']}", "$defs": schema["$defs"]}
        jsonschema.validate(o, reference)


def test_a_release_has_an_application_over_its_folder() -> None:
    app = named(bootstrap_objects(FACTS), "Application", "prod-search")
    assert app["spec"]["source"] == {
        "repoURL": "https://git.example.com/acme/deploy.git",
        "targetRevision": "main",
        "path": "prod/search",
        "directory": {"recurse": True, "include": "*.yaml"},
    }
    assert app["spec"]["syncPolicy"] == {
        "automated": {"enabled": True, "prune": True, "selfHeal": True, "allowEmpty": False},
        "syncOptions": [
            "CreateNamespace=true",
            "FailOnSharedResource=true",
            "PruneLast=true",
            "PrunePropagationPolicy=foreground",
            "RespectIgnoreDifferences=true",
            "ServerSideApply=true",
        ],
        "retry": {"limit": 5, "refresh": True, "backoff": {"duration": "5s", "factor": 2, "maxDuration": "3m"}},
    }
    assert app["spec"]["destination"] == {"server": "https://kubernetes.default.svc", "namespace": "ml-prod"}
    assert app["metadata"]["annotations"] == {"argocd.argoproj.io/manifest-generate-paths": "."}
    assert "finalizers" not in app["metadata"]


def test_replicas_are_ignored_only_where_an_hpa_owns_them() -> None:
    everything = bootstrap_objects(FACTS)
    entry = {"group": "apps", "kind": "Deployment", "jsonPointers": ["/spec/replicas"]}
    assert named(everything, "Application", "prod-search")["spec"]["ignoreDifferences"] == [entry]
    assert "ignoreDifferences" not in named(everything, "Application", "prod-shop")["spec"]


def test_where_an_hpa_owns_some_those_are_named() -> None:
    objects = [thing("apps/v1", "Deployment", "a"), thing("apps/v1", "Deployment", "b"), hpa("b")]
    facts = replace(FACTS, units=(SyncedUnit("search", ("search",), synced_content(objects)),))
    app = named(bootstrap_objects(facts), "Application", "prod-search")
    assert [(i["name"], i["namespace"]) for i in app["spec"]["ignoreDifferences"]] == [("b", "ml-prod")]


def test_a_group_has_one_application_over_its_members_folders() -> None:
    app = named(bootstrap_objects(FACTS), "Application", "prod-shop")
    assert app["spec"]["source"]["path"] == "prod"
    assert app["spec"]["source"]["directory"]["include"] == "{recommender/*.yaml,web/*.yaml}"
    watched = app["metadata"]["annotations"]["argocd.argoproj.io/manifest-generate-paths"]
    assert watched == "/prod/recommender;/prod/web"
    top = named(bootstrap_objects(replace(FACTS, path="")), "Application", "prod-shop")
    assert top["spec"]["source"]["path"] == "."


def test_a_release_cannot_make_applications_and_the_root_can_make_nothing_else() -> None:
    objects = bootstrap_objects(FACTS)
    project = named(objects, "AppProject", "ml-prod")["spec"]
    assert project["sourceRepos"] == ["https://git.example.com/acme/deploy.git"]
    assert project["destinations"] == [{"server": "https://kubernetes.default.svc", "namespace": "ml-prod"}]
    assert project["clusterResourceWhitelist"] == [{"group": "", "kind": "Namespace", "name": "ml-prod"}]
    kinds = {item["kind"] for item in project["namespaceResourceWhitelist"]}
    assert {"HTTPRoute", "ResourceQuota", "Deployment", "HorizontalPodAutoscaler"} <= kinds
    assert not {"*", "Application", "Role", "Namespace"} & kinds
    root = named(objects, "Application", "prod-root")["spec"]
    assert root["project"] == "prod-root"
    assert root["source"]["path"] == "argocd/prod"
    own = named(objects, "AppProject", "prod-root")["spec"]
    assert {item["kind"] for item in own["namespaceResourceWhitelist"]} == {"Application", "AppProject"}
    assert own["destinations"][0]["namespace"] == root["destination"]["namespace"] == "argocd"


def test_what_holds_all_others_is_never_pruned_by_a_commit() -> None:
    for o in bootstrap_objects(FACTS):
        options = o["metadata"]["annotations"].get("argocd.argoproj.io/sync-options")
        assert options == ("Prune=false" if o["kind"] == "AppProject" or o["metadata"]["name"] == "prod-root" else None)


def test_cascade_is_asked_for() -> None:
    app = named(bootstrap_objects(replace(FACTS, cascade=True)), "Application", "prod-search")
    assert app["metadata"]["finalizers"] == ["resources-finalizer.argocd.argoproj.io"]


@pytest.mark.parametrize("name", ["root", "environment"])
def test_a_name_that_is_taken_is_refused(name: str) -> None:
    with pytest.raises(Rejected) as refused:
        bootstrap_objects(replace(FACTS, units=(SyncedUnit(name, (name,), synced_content([])),)))
    assert refused.value.diagnostics[0].code == "application-name-clash"


def test_nothing_secret_and_nothing_that_changes_by_itself_is_in_the_objects() -> None:
    shuffled = replace(FACTS, units=tuple(reversed(FACTS.units)))
    assert bootstrap_objects(FACTS) == bootstrap_objects(shuffled)
    text = json.dumps(bootstrap_objects(FACTS)) + controller_settings(FACTS.repository, 1800)
    assert "t0ken" not in text
    assert "robot" not in text
    assert 'controller.sync.timeout.seconds: "1800"' in text
    assert "/api/webhook" in text
