"""Eight services of Google's Online Boutique (microservices-demo), ported to specs and compiled for what users run.

Three environments mix the strategies over the three providers; only the frontend is called from outside.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest

from compiler.diagnostics.model import Rejected
from compiler.model.compiled import CompiledEnvironment
from compiler.pipeline import build_environment, check_environment, render_environment
from compiler.source.workspace import read_sources
from compiler.spec.environment import KubernetesVersion
from compiler.transition import verify
from compiler.transition.sync.options import SyncOptions
from compiler.tree.render import PublishDestination

HERE = Path(__file__).parent
ENVIRONMENTS = ("gateway", "ingress", "mesh")
VERSIONS = get_args(KubernetesVersion)
# release/kubernetes-manifests.yaml of microservices-demo: what callers have in their environment variables
PORTS = {
    "frontend": 80,
    "cartservice": 7070,
    "productcatalogservice": 3550,
    "currencyservice": 7000,
    "paymentservice": 50051,
    "shippingservice": 50051,
    "checkoutservice": 5050,
    "recommendationservice": 8080,
}
INTERNAL = sorted(PORTS.keys() - {"frontend"})


@cache
def compiled(name: str) -> CompiledEnvironment:
    return check_environment(read_sources(HERE, name))


def objects(environment: str, release: str) -> list[dict[str, Any]]:
    return [manifest.object for manifest in compiled(environment).release(release).manifests]


def of_kind(environment: str, release: str, kind: str) -> Iterator[dict[str, Any]]:
    return (obj for obj in objects(environment, release) if obj["kind"] == kind)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_it_compiles_for_every_kubernetes_version(name: str, version: str, tmp_path: Path) -> None:
    shutil.copytree(HERE / "environments", tmp_path / "environments")
    file = tmp_path / "environments" / name / "environment.yaml"
    file.write_text(file.read_text().replace('kubernetes: "1.34"', f'kubernetes: "{version}"'))
    environment = check_environment(read_sources(tmp_path, name))
    assert environment.documents.environment.model.spec.kubernetes == version
    assert {release.name for release in environment.releases} == set(PORTS)


def test_the_newest_kubernetes_is_among_five() -> None:
    assert len(VERSIONS) == 5


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_callers_find_each_service_by_the_name_and_port_that_they_have_always_used(name: str) -> None:
    for release in INTERNAL:
        (service,) = (each for each in of_kind(name, release, "Service") if each["metadata"]["name"] == release)
        assert [port["port"] for port in service["spec"]["ports"]] == [PORTS[release]]


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_no_router_leads_to_what_is_internal(name: str) -> None:
    for release in INTERNAL:
        assert {obj["kind"] for obj in objects(name, release)}.isdisjoint({"HTTPRoute", "Ingress"})


@pytest.mark.parametrize("outside", ["host: pay.example.com", "hosts: [pay.example.com]", "tls: {secretName: pay}"])
def test_what_is_internal_has_no_host_and_no_certificate(outside: str, tmp_path: Path) -> None:
    shutil.copytree(HERE / "environments", tmp_path / "environments")
    file = tmp_path / "environments/bases/paymentservice.yaml"
    file.write_text(file.read_text().replace("internal: true", f"internal: true\n    {outside}"))
    with pytest.raises(Rejected) as refused:
        check_environment(read_sources(tmp_path, "gateway"))
    (diagnostic,) = refused.value.diagnostics
    assert (diagnostic.code, str(diagnostic.loc)) == ("internal-exposed", "environments/bases/paymentservice.yaml:23:5")


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_grpc_servers_are_asked_by_grpc_and_by_number(name: str) -> None:
    for release in INTERNAL:
        for deployment in of_kind(name, release, "Deployment"):
            (container,) = deployment["spec"]["template"]["spec"]["containers"]
            assert container["readinessProbe"]["grpc"] == {"port": PORTS[release]}
            assert container["livenessProbe"]["grpc"] == {"port": PORTS[release]}
            assert "startupProbe" not in container


def test_the_cart_keeps_the_delay_that_it_needs() -> None:
    (deployment,) = of_kind("gateway", "cartservice", "Deployment")
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    assert container["readinessProbe"]["initialDelaySeconds"] == 15


def test_all_strategies_and_providers_take_part() -> None:
    used = {(name, release.strategy.NAME) for name in ENVIRONMENTS for release in compiled(name).releases}
    assert {strategy for _, strategy in used} == {"rolling", "blueGreen", "canary", "versioned"}
    routes = {name: {obj["kind"] for obj in objects(name, "frontend")} for name in ENVIRONMENTS}
    assert "HTTPRoute" in routes["gateway"]
    assert "Ingress" in routes["ingress"]
    assert routes["mesh"].isdisjoint({"HTTPRoute", "Ingress"})


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_first_install_of_each_service_is_safe(name: str) -> None:
    environment = compiled(name)
    destination = PublishDestination("https://git.example.com/acme/deploy.git", "main", name)
    built = build_environment(render_environment(read_sources(HERE, name)), destination)
    syncs = {obj["metadata"]["name"]: obj for obj in built.applications if obj["kind"] == "Application"}
    for release in environment.releases:
        options = SyncOptions.from_application(syncs[f"{name}-{release.name}"])
        verdict = verify([], objects(name, release.name), options)
        assert verdict.verdict == "safe", (release.name, verdict)
