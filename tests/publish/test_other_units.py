"""Two releases on one host: nothing orders their Applications, so each is judged with the other beside it."""

from __future__ import annotations

import pytest

from tests.pipeline.specs import environment, release
from tests.publish.conftest import Workspace

pytestmark = pytest.mark.e2e

ROLLING = 'rolling: {version: "1.0.0"}'
PROVIDERS = ("gatewayApi", "ingressNginx")


def exposed(name: str, expose: str) -> str:
    return release(ROLLING, name, more=f"replicas: 4\n  expose: {{{expose}}}")


def serve_root(workspace: Workspace, provider: str, more: str = "") -> None:
    """`shop` answers everything at the host, published and confirmed."""
    (workspace.specs / "environments/prod/api.yaml").unlink()
    workspace.write("environment", environment(provider, more))
    workspace.write("shop", exposed("shop", "host: api.example.com, path: /"))
    publish(workspace, "shop")


def publish(workspace: Workspace, message: str) -> None:
    workspace.commit(message)
    done = workspace.run("publish", "prod")
    assert done.status == 0, done.err
    assert workspace.run("confirm", "prod").status == 0


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_new_release_below_the_path_of_another_is_refused_until_its_pods_are_ready(
    workspace: Workspace, provider: str
) -> None:
    serve_root(workspace, provider)
    workspace.write("extra", exposed("extra", "host: api.example.com, path: /extra"))
    workspace.commit("extra at once")
    refused = workspace.run("publish", "prod")
    assert refused.status == 1
    assert "while Argo CD also syncs shop" in refused.err and "`expose: {internal: true}` first" in refused.err
    assert workspace.run("plan", "prod").status == 1
    workspace.write("extra", exposed("extra", "internal: true"))
    publish(workspace, "extra, internal")
    workspace.write("extra", exposed("extra", "host: api.example.com, path: /extra"))
    publish(workspace, "extra, exposed")


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_first_publish_of_several_releases_on_one_host_takes_nobodys_requests(
    workspace: Workspace, provider: str
) -> None:
    (workspace.specs / "environments/prod/api.yaml").unlink()
    workspace.write("environment", environment(provider))
    workspace.write("shop", exposed("shop", "host: api.example.com, path: /"))
    workspace.write("extra", exposed("extra", "host: api.example.com, path: /extra"))
    publish(workspace, "both")


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    ("more", "effect"),
    [
        ("", "the objects of shop stay in the cluster"),
        ("  argocd: {cascade: true}", "shop may be gone before store answers"),
    ],
)
def test_a_rename_that_keeps_its_route_is_refused(workspace: Workspace, provider: str, more: str, effect: str) -> None:
    serve_root(workspace, provider, more)
    (workspace.specs / "environments/prod/shop.yaml").unlink()
    workspace.write("store", exposed("store", "host: api.example.com, path: /"))
    workspace.commit("rename")
    refused = workspace.run("publish", "prod")
    assert refused.status == 1
    assert "release-renamed" in refused.err and effect in refused.err
    assert workspace.run("plan", "prod").status == 1


def test_plan_says_what_stays_of_a_release_that_leaves_and_lists_no_deletion_of_it(workspace: Workspace) -> None:
    serve_root(workspace, "gatewayApi")
    workspace.write("other", exposed("other", "host: other.example.com, path: /"))
    publish(workspace, "other")
    (workspace.specs / "environments/prod/shop.yaml").unlink()
    workspace.commit("shop leaves")
    plan = workspace.run("plan", "prod")
    words = " ".join((plan.out + plan.err).split())
    assert "objects stay in the cluster and still serve" in words
    assert "Deployment shop" not in words and "HTTPRoute shop" not in words
    workspace.write("environment", environment("gatewayApi", "  argocd: {cascade: true}"))
    workspace.commit("cascade")
    assert "still serve" not in workspace.run("plan", "prod").out


def replace_by_two(workspace: Workspace, provider: str, **exposes: str) -> None:
    """Releases by their names and what they expose, published and confirmed, and nothing else in the environment."""
    for old in (workspace.specs / "environments/prod").glob("*.yaml"):
        old.unlink()
    workspace.write("environment", environment(provider))
    expose(workspace, **exposes)
    publish(workspace, ", ".join(exposes))


def expose(workspace: Workspace, **exposes: str) -> None:
    for name, text in exposes.items():
        workspace.write(name, exposed(name, text))
    workspace.commit("routes")


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    ("before", "after", "code", "works"),
    [
        # b's route goes, and what takes its requests over comes, each in its own time
        (
            {"a": "host: h.x.io, path: /", "b": "host: h.x.io, path: /b", "c": "internal: true"},
            {"b": "internal: true", "c": "host: h.x.io, path: /b/c"},
            "answered-by-others",
            ("c", "b"),
        ),
        ({"a": "host: h.x.io, path: /", "b": "host: h.x.io, path: /b"},
         {"a": "internal: true", "b": "host: h.x.io, path: /"}, "route-lost", ()),
        ({"a": "host: h.x.io, path: /", "b": "internal: true"},
         {"a": "internal: true", "b": "host: h.x.io, path: /"}, "route-lost", ()),
        ({"a": "host: h.x.io, path: /", "b": "host: g.x.io, path: /"},
         {"a": "host: g.x.io, path: /", "b": "host: h.x.io, path: /"}, "route-lost", ()),
    ],
)  # fmt: skip
def test_two_releases_that_change_their_routes_at_once_are_judged_in_every_order(
    workspace: Workspace,
    provider: str,
    before: dict[str, str],
    after: dict[str, str],
    code: str,
    works: tuple[str, ...],
) -> None:
    replace_by_two(workspace, provider, **before)
    expose(workspace, **after)
    refused = workspace.run("publish", "prod")
    assert refused.status == 1 and f"error[{code}]" in refused.err
    assert workspace.run("plan", "prod").status == 1
    if not works:
        # what its own Application loses is said without the others
        assert "no order of these changes works" in refused.err or " beside " not in refused.err
        return
    assert f"publish {works[0]} alone first, confirm it once Argo CD is Healthy, then publish" in refused.err
    expose(workspace, **before)
    for name in works:
        expose(workspace, **{name: after[name]})
        publish(workspace, f"{name} alone")


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_route_waits_until_the_commit_that_brought_its_pods_is_confirmed(workspace: Workspace, provider: str) -> None:
    replace_by_two(workspace, provider, shop="host: h.x.io, path: /")
    expose(workspace, extra="internal: true")
    assert workspace.run("publish", "prod").status == 0
    expose(workspace, extra="host: h.x.io, path: /extra")
    refused = workspace.run("publish", "prod")
    assert refused.status == 1 and "`shipway confirm prod`" in refused.err
    assert workspace.run("confirm", "prod").status == 0
    assert workspace.run("publish", "prod").status == 0


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_release_that_takes_no_request_of_another_is_not_judged_beside_it(
    workspace: Workspace, provider: str
) -> None:
    replace_by_two(workspace, provider, shop="host: h.x.io, path: /shop", other="host: g.x.io, path: /")
    expose(workspace, extra="host: h.x.io, path: /extra", shopping="host: h.x.io, path: /shopping")
    assert "Argo CD also syncs" not in workspace.run("plan", "prod").out
    assert workspace.run("publish", "prod").status == 0


def leave(workspace: Workspace, name: str) -> None:
    (workspace.specs / f"environments/prod/{name}.yaml").unlink()
    workspace.commit(f"{name} leaves")


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_release_leaves_with_its_objects_only_once_no_route_leads_to_it(workspace: Workspace, provider: str) -> None:
    serve_root(workspace, provider, "  argocd: {cascade: true}")
    expose(workspace, extra="host: x.example.com, path: /")
    publish(workspace, "extra")
    leave(workspace, "extra")
    refused = workspace.run("publish", "prod")
    assert refused.status == 1 and "error[release-still-serves]" in refused.err
    assert workspace.run("plan", "prod").status == 1
    expose(workspace, extra="internal: true")
    assert workspace.run("publish", "prod").status == 0
    leave(workspace, "extra")
    assert "`shipway confirm prod`" in workspace.run("publish", "prod").err
    assert workspace.run("confirm", "prod").status == 0
    assert workspace.run("publish", "prod").status == 0
    assert "once Argo CD has synced this: shipway confirm" in workspace.run("status", "prod").out
    assert workspace.run("confirm", "prod").status == 0
    assert "extra" not in workspace.run("status", "prod").out


def test_the_route_of_a_release_that_left_its_objects_behind_is_not_taken_unseen(workspace: Workspace) -> None:
    serve_root(workspace, "gatewayApi")
    expose(workspace, other="host: other.example.com, path: /")
    publish(workspace, "other")
    leave(workspace, "shop")
    publish(workspace, "shop has left")
    assert "its objects stay in the cluster" in workspace.run("status", "prod").out
    expose(workspace, store="host: api.example.com, path: /")
    refused = workspace.run("publish", "prod")
    assert refused.status == 1 and "error[release-left-behind]" in refused.err
    assert "-l app=shop" in refused.err
    done = workspace.run("publish", "prod", "--allow", "release-left-behind", "--reason", "deleted by hand")
    assert done.status == 0, done.err


def test_a_preview_and_a_limit_of_bodies_do_not_keep_a_release_from_its_path(workspace: Workspace) -> None:
    """Both Services of a blueGreen release lead to the same pods, and 8m let in what the default let in."""
    blue = 'blueGreen: {active: blue, blue: {version: "1.0.0"}}'
    path = "host: api.example.com, path: /extra, bodySize: 8Mi"
    serve_root(workspace, "ingressNginx")
    workspace.write("extra", release(blue, "extra", more="replicas: 4\n  expose: {internal: true}"))
    publish(workspace, "extra, internal")
    workspace.write("extra", release(blue, "extra", more=f"replicas: 4\n  expose: {{{path}}}"))
    publish(workspace, "extra, exposed")


def test_two_new_releases_with_limits_of_bodies_are_published_together(workspace: Workspace) -> None:
    blue = 'blueGreen: {active: blue, blue: {version: "1.0.0"}}'
    (workspace.specs / "environments/prod/api.yaml").unlink()
    workspace.write("environment", environment("ingressNginx"))
    workspace.write("shop", exposed("shop", "host: api.example.com, path: /"))
    path = "host: api.example.com, path: /extra, bodySize: 512k"
    workspace.write("extra", release(blue, "extra", more=f"replicas: 4\n  expose: {{{path}}}"))
    publish(workspace, "both")
