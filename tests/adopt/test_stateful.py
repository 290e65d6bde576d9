"""A StatefulSet comes in with its claims, and with the Services that its pods have their names from."""

from __future__ import annotations

import pytest

from tests.adopt.conftest import INPUTS, Adopting

SERVICE = (
    "---\napiVersion: v1\nkind: Service\nmetadata: {name: NAME}\n"
    "spec: {selector: {app: vectors}, ports: [{port: 6333}]EXTRA}\n"
)
HEADLESS = SERVICE.replace("NAME", "vectors-headless").replace("EXTRA", ", clusterIP: None")
STATEFUL = (INPUTS / "statefulset.yaml").read_text()


def test_claims_names_and_selector_stay(adopting: Adopting) -> None:
    receipt = adopting.receipt(adopting.source(STATEFUL))
    spec = adopting.built()["StatefulSet/vectors"]["spec"]
    assert spec["selector"] == {"matchLabels": {"app": "vectors"}}
    assert spec["serviceName"] == "vectors-headless"
    assert spec["volumeClaimTemplates"][0]["metadata"]["name"] == "data"
    assert any(need["object"] == "Service/vectors-headless" for need in receipt["needs"])


@pytest.mark.parametrize(
    "services",
    [
        HEADLESS,
        HEADLESS + SERVICE.replace("NAME", "vectors").replace("EXTRA", ""),
        SERVICE.replace("NAME", "vectors-headless").replace("EXTRA", ""),
    ],
    ids=["headless", "both", "one that is not headless"],
)
def test_the_services_stay_what_they_are(adopting: Adopting, services: str) -> None:
    receipt = adopting.receipt(adopting.source(STATEFUL + services))
    assert list(receipt["releases"]) == ["vectors"]
    objects = adopting.built()
    assert sum(name.startswith("Service/") for name in objects) == services.count("kind: Service")
    naming = objects["Service/vectors-headless"]["spec"]
    assert naming.get("clusterIP") == ("None" if "clusterIP" in services else None)
    assert [port["port"] for port in naming["ports"]] == [6333]
