"""A provider from the outside, tests/traffic/istio/: a folder and its line in `PACKAGES`, and nothing else.

It compiles with every strategy, runs through every course, and is read back by the plan and the verifier.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from compiler.model.manifest import Object
from compiler.plan.migrations import routing_providers
from compiler.plan.tracks import tracks_of
from compiler.traffic import provider_schemas
from compiler.traffic.providers import providers
from compiler.transition import verify
from compiler.tree.applications import EnvironmentFacts, bootstrap_objects
from compiler.validate.kind_schemas import VERSIONS, kind_schema
from tests.course.matrix import courses_with, objects_of
from tests.course.transitions import check_course
from tests.pipeline.specs import codes, environment, objects, release
from tests.traffic.conftest import ISTIO, register, unregister
from tests.transition.test_classification import unclassified_in_kind

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("istio")]
CANARY = 'canary: {by: weight, at: 25, stable: {version: "1.0"}, canary: {version: "2.0"}}'


def canary() -> list[Object]:
    return list(objects(environment(ISTIO), release(CANARY, more="expose: {host: api.example.com, path: /}")).values())


def changed(before: list[Object], change: Callable[[Any], None]) -> list[Object]:
    after = copy.deepcopy(before)
    change(next(obj for obj in after if obj["kind"] == "VirtualService")["spec"]["http"][0])
    return after


def test_it_passes_every_course() -> None:
    every = list(courses_with("istio"))
    assert len(every) > 15
    for course in every:
        assert any(obj["kind"] == "VirtualService" for obj in objects_of(course.states[0][1]))
        check_course(course)


def test_the_plan_reads_its_shares_back() -> None:
    made = canary()
    assert {view.track: (view.version, view.share) for view in tracks_of(made, "api")} == {
        "stable": ("1.0", 75.0),
        "canary": ("2.0", 25.0),
    }
    assert routing_providers(made, "api") == ["istio"]


def to_nobody(rule: Any) -> None:
    rule["route"][0]["destination"]["host"] = "api-nobody.ml-prod.svc.cluster.local"


def to_another_port(rule: Any) -> None:
    rule["route"][0]["destination"]["port"]["number"] = 81


def to_a_longer_path(rule: Any) -> None:
    rule["match"] = [{"uri": {"prefix": "/v2"}}]


@pytest.mark.parametrize(
    ("change", "code"),
    [(to_nobody, "backend-missing"), (to_another_port, "port-missing"), (to_a_longer_path, "route-lost")],
)
def test_a_bad_change_of_a_virtual_service_is_unsafe(change: Callable[[Any], None], code: str) -> None:
    before = canary()
    verdict = verify(before, changed(before, change))
    assert verdict.verdict == "unsafe"
    assert code in {finding.code for finding in verdict.errors}


def test_a_good_change_is_proven_and_one_that_nobody_judges_is_unknown() -> None:
    before = canary()

    def half(rule: Any) -> None:
        for each in rule["route"]:
            each["weight"] = 50

    def faults(rule: Any) -> None:
        rule["fault"] = {"abort": {"httpStatus": 503, "percentage": {"value": 50}}}

    assert verify(before, changed(before, half)).verdict == "safe"
    verdict = verify(before, changed(before, faults))
    assert verdict.verdict == "unknown"
    assert "fault" in verdict.findings[0].message


def test_a_virtual_service_that_moves_to_pods_which_are_not_ready_is_unsafe() -> None:
    strategy = 'blueGreen: {{active: {}, blue: {{version: "1.0"}}, green: {{version: "2.0"}}}}'
    more = "expose: {host: api.example.com, path: /}"
    blue, green = (
        list(objects(environment(ISTIO), release(strategy.format(active), more=more)).values())
        for active in ("blue", "green")
    )
    assert verify(blue, green).verdict == "safe"
    without_green = [obj for obj in blue if obj["metadata"]["name"] != "api-green" or obj["kind"] != "Deployment"]
    early = [obj | {"metadata": {**obj["metadata"], "annotations": {}}} for obj in green]
    verdict = verify(without_green, early)
    assert verdict.verdict == "unsafe"
    assert "backend-empty" in {finding.code for finding in verdict.errors}


def test_two_virtual_services_of_one_host_tie() -> None:
    before = canary()
    other = copy.deepcopy(next(obj for obj in before if obj["kind"] == "VirtualService"))
    other["metadata"]["name"] = "other"
    to_nobody(other["spec"]["http"][0])
    assert "routes-equal" in {finding.code for finding in verify(before, [*before, other]).findings}


def test_its_routes_are_checked_as_those_of_other_providers() -> None:
    to_nobody = "{destination: {host: api-nobody.ml-prod.svc, port: {number: 80}}}"
    override = f"overrides: {{VirtualService/api: {{spec: {{http: [{{route: [{to_nobody}]}}]}}}}}}"
    more = f"expose: {{host: api.example.com, path: /}}\n  {override}"
    assert "backend-missing" in codes(environment(ISTIO), release(CANARY, more=more))


@pytest.mark.parametrize(
    ("http", "code"),
    [
        ("[{route: [{destination: {host: api, port: {nummer: 80}}}]}]", "field-unknown"),
        ("[{route: [{destination: {host: api-stable, port: {number: 80}}, weight: 0}]}]", "route-invalid"),
    ],
)
def test_its_objects_are_checked_by_its_own_schema_and_checks(http: str, code: str) -> None:
    override = f"overrides: {{VirtualService/api: {{spec: {{http: {http}}}}}}}"
    more = f"expose: {{host: api.example.com, path: /}}\n  {override}"
    assert code in codes(environment(ISTIO), release(CANARY, more=more))


def test_every_field_of_its_schema_is_classified() -> None:
    (file,) = (each for each in provider_schemas() if each.stem == "VirtualService")
    bundle = json.loads(file.read_text())
    form = bundle["$defs"]["VirtualService"]
    assert unclassified_in_kind("networking.istio.io", "VirtualService", form, bundle["$defs"]) == []


def test_argo_cd_may_write_its_kinds_also_where_none_is_left() -> None:
    facts = EnvironmentFacts("prod", "prod", "https://git.example.com/a", "main", "prod", "_argocd", "prod", {}, ())
    permitted = bootstrap_objects(facts)[0]["spec"]["namespaceResourceWhitelist"]
    assert {"group": "networking.istio.io", "kind": "VirtualService"} in permitted


def test_it_is_known_by_its_line_alone() -> None:
    assert "istio" in providers()
    unregister()
    assert "istio" not in providers()
    verdict = verify(before := canary_elsewhere(), changed(before, to_a_longer_path))
    register()
    assert verdict.verdict == "unknown"


def canary_elsewhere() -> list[Object]:
    route = {
        "apiVersion": "networking.istio.io/v1",
        "kind": "VirtualService",
        "metadata": {"name": "api", "namespace": "ml-prod"},
        "spec": {"hosts": ["*"], "http": [{"route": [{"destination": {"host": "api", "port": {"number": 80}}}]}]},
    }
    return [route]


def test_a_process_forgets_it_with_its_line() -> None:
    assert kind_schema(VERSIONS[-1], "networking.istio.io/v1", "VirtualService") is not None
    unregister()
    assert kind_schema(VERSIONS[-1], "networking.istio.io/v1", "VirtualService") is None
    register()
