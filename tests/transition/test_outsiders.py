"""Objects of kinds that the model does not simulate: unknown only where they really decide traffic."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.model.manifest import Object
from compiler.transition import Verdict, verify
from tests.transition.manifests import deployment, metadata, route, service

MESH = ("networking.istio.io/v1", "VirtualService", {"http": [{"route": [{"destination": {"host": "web"}}]}]})
SUBSET = (*MESH[:2], {"http": [{"route": [{"destination": {"host": "web", "subset": "v2"}}]}]})
POLICY = ("cilium.io/v2", "CiliumNetworkPolicy", {"endpointSelector": {"matchLabels": {"app": "web"}}})
FLAGGER = ("flagger.app/v1beta1", "Canary", {"targetRef": {"kind": "Deployment", "name": "web"}})


def outsider(kind: tuple[str, str, dict[str, Any]]) -> Object:
    return {"apiVersion": kind[0], "kind": kind[1], "metadata": metadata("web"), "spec": kind[2]}


def two_tracks(image: str, kind: tuple[str, str, dict[str, Any]]) -> list[Object]:
    both = [deployment("stable", labels={"all": "yes"}), deployment("canary", image, labels={"all": "yes"})]
    return [service("web", selector={"all": "yes"}), *both, outsider(kind)]


def codes(verdict: Verdict) -> set[str]:
    return {finding.code for finding in verdict.findings}


def pods(image: str = "img:1", **fields: Any) -> list[Object]:
    return [service("web"), deployment("web", image, **fields)]


@pytest.mark.parametrize("kind", [MESH, POLICY])
def test_an_image_bump_behind_an_unchanged_outsider_is_judged_with_its_service(kind: Any) -> None:
    assert verify([*pods(), outsider(kind)], [*pods("img:2"), outsider(kind)]).verdict == "safe"
    lost = verify([*pods(), outsider(kind)], [*pods("img:2", strategy={"type": "Recreate"}), outsider(kind)])
    assert "backend-empty" in codes(lost)


def test_an_outsider_that_names_the_workload_may_do_anything_to_it() -> None:
    answer = verify([*pods(), outsider(FLAGGER)], [*pods("img:2"), outsider(FLAGGER)])
    assert (answer.verdict, codes(answer)) == ("unknown", {"unknown-kind"})


def test_an_outsider_before_a_service_of_two_workloads_may_tell_them_apart() -> None:
    assert verify(two_tracks("img:1", SUBSET), two_tracks("img:2", SUBSET)).verdict == "unknown"


def test_a_policy_that_selects_by_labels_names_no_service_though_they_are_called_alike() -> None:
    assert verify(two_tracks("img:1", POLICY), two_tracks("img:2", POLICY)).verdict == "safe"


def test_a_virtual_service_without_subsets_leads_where_the_service_does() -> None:
    assert verify(two_tracks("img:1", MESH), two_tracks("img:2", MESH)).verdict == "safe"
    renamed = two_tracks("img:1", MESH)
    renamed[0]["spec"]["ports"][0]["port"] = 81
    assert verify(two_tracks("img:1", MESH), renamed).verdict != "safe"
    emptied = [obj for obj in two_tracks("img:1", MESH) if obj["kind"] != "Deployment"]
    assert "backend-empty" in codes(verify(two_tracks("img:1", MESH), emptied))


def test_an_outsider_before_a_service_that_routes_make_idle_may_send_it_requests() -> None:
    def idle(image: str) -> list[Object]:
        live = [service("main"), deployment("main"), route("r", {"main": 1, "web": 0})]
        return [*live, *pods(image), outsider(MESH)]

    assert verify(idle("img:1"), idle("img:2")).verdict == "unknown"


def test_a_changed_outsider_stays_unknown() -> None:
    assert verify([*pods(), outsider(MESH)], [*pods(), outsider(SUBSET)]).verdict == "unknown"


def test_a_scaled_object_writes_replicas_as_an_hpa_does() -> None:
    spec = {"scaleTargetRef": {"name": "web"}, "minReplicaCount": 2, "maxReplicaCount": 8}
    scaler = outsider(("keda.sh/v1alpha1", "ScaledObject", spec))
    free = [*pods(replicas=None), scaler]
    assert verify(free, [*pods("img:2", replicas=None), scaler]).verdict == "safe"
    assert "replicas-two-writers" in codes(verify(free, [*pods(replicas=4), scaler]))


def test_the_root_certificate_is_in_every_namespace() -> None:
    sources = [{"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}}]
    after = pods("img:2")
    after[1]["spec"]["template"]["spec"]["volumes"] = [{"name": "token", "projected": {"sources": sources}}]
    assert verify(pods(), after).verdict == "safe"
    sources[0]["configMap"]["name"] = "some-other-ca"
    assert "reference-missing" in codes(verify(pods(), after))
