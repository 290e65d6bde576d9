"""Argo Rollouts' `Rollout`: what its strategy becomes, what has no counterpart, how it lets go, and the proof of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.adopt.conftest import Adopting
from tests.adopt.test_kinds import rows_of

PODS = """\
  replicas: 5
  selector: {matchLabels: {app: demo}}
  template:
    metadata: {labels: {app: demo}}
    spec: {containers: [{name: main, image: "ghcr.io/acme/demo:1", ports: [{name: http, containerPort: 8080}]}]}
"""
ROLLOUT = f"""\
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {{name: demo}}
spec:
{PODS}  strategy: STRATEGY
"""
SERVICES = """\
---
apiVersion: v1
kind: Service
metadata: {name: demo-live}
spec: {selector: {app: demo}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: v1
kind: Service
metadata: {name: demo-next}
spec: {selector: {app: demo}, ports: [{port: 80, targetPort: http}]}
"""
STEPS = "[{setWeight: 20}, {pause: {duration: 10}}, {setWeight: 60}, {pause: {}}]"
INGRESS = """\
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: demo}
spec:
  ingressClassName: nginx
  rules:
  - host: demo.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: demo-live, port: {number: 80}}}}]}
"""
HTTP_ROUTE = """\
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: demo}
spec:
  parentRefs: [{name: public, namespace: infra}]
  hostnames: [demo.example.com]
  rules:
  - matches: [{path: {type: PathPrefix, value: /}}]
    backendRefs: [BACKENDS]
"""
BOTH = "{name: demo-live, port: 80}, {name: demo-next, port: 80}"
NGINX, GATEWAY = "ingressNginx: {className: nginx}", "gatewayApi: {gateway: public, namespace: infra}"
ROUTING = {
    NGINX: "nginx: {stableIngress: demo}",
    GATEWAY: "plugins: {argoproj-labs/gatewayAPI: {httpRoute: demo, namespace: app}}",
}
ROUTES = {NGINX: INGRESS, GATEWAY: HTTP_ROUTE.replace("BACKENDS", BOTH)}
SCALER = """\
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: demo}
spec:
  scaleTargetRef: {apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: demo}
  minReplicas: 5
  maxReplicas: 9
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: demo}
spec: {minAvailable: 1, selector: {matchLabels: {app: demo}}}
"""


def canary(more: str = "", steps: str = STEPS) -> str:
    return f"{{canary: {{stableService: demo-live, canaryService: demo-next, steps: {steps}{more}}}}}"


def rollout(strategy: str) -> str:
    return ROLLOUT.replace("STRATEGY", strategy) + SERVICES


def with_provider(adopting: Adopting, provider: str) -> None:
    environment = adopting.root / "environments/live/environment.yaml"
    environment.write_text(environment.read_text().replace("service: {}", provider))


def strategy_of(adopting: Adopting, release: str = "demo") -> dict[str, Any]:
    words: dict[str, Any] = adopting.spec(release)["spec"]["strategy"]
    return words


def changes_of(receipt: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What of the Rollout changes, by its path."""
    return {change["path"]: change for change in rows_of(receipt)["argoproj.io/Rollout demo"]["changes"]}


def assert_proven(receipt: dict[str, Any]) -> None:
    """The first publish and all of the first course lose nothing."""
    assert len(receipt["wayIn"]) >= 4
    assert {row["verdict"] for row in receipt["wayIn"]} == {"safe"}
    assert {row["standing"] for row in receipt["wayIn"]} <= {"today", "no worse"}


@pytest.mark.parametrize("provider", ["service: {}", NGINX, GATEWAY])
def test_without_a_router_the_ratio_of_pods_divides_the_requests(adopting: Adopting, provider: str) -> None:
    with_provider(adopting, provider)
    more = ", analysis: {templates: [{templateName: success}]}"
    receipt = adopting.receipt(adopting.source(rollout(canary(more))))
    words = strategy_of(adopting)["canary"]
    assert (words["by"], words["steps"]) == ("pods", [{"at": 20, "pause": "10s"}, 60, 100])
    assert words["stable"]["version"] == "1"
    rows = rows_of(receipt)
    assert {"kind", "spec.strategy.canary.analysis", "spec.strategy.canary.steps[3].pause"} <= set(changes_of(receipt))
    assert rows["Service demo-live"]["standing"] == "changed"
    assert "deleted with the Rollout" in rows["Service demo-next"]["why"]
    assert_proven(receipt)


@pytest.mark.parametrize("provider", [NGINX, GATEWAY])
def test_a_router_s_weights_become_the_release_s_own(adopting: Adopting, provider: str) -> None:
    with_provider(adopting, provider)
    source = rollout(canary(f", trafficRouting: {{{ROUTING[provider]}}}")) + ROUTES[provider]
    receipt = adopting.receipt(adopting.source(source))
    assert strategy_of(adopting)["canary"]["by"] == "weight"
    assert adopting.spec("demo")["spec"]["expose"]["host"] == "demo.example.com"
    route = "networking.k8s.io/Ingress demo" if provider == NGINX else "gateway.networking.k8s.io/HTTPRoute demo"
    assert rows_of(receipt)[route]["standing"] == "changed"
    assert changes_of(receipt)["spec.strategy.canary.trafficRouting"]["to"] == "by: weight"
    assert_proven(receipt)
    assert adopting.run("start", "live/demo", "--version", "2")[0] == 0
    objects = adopting.built()
    if provider == NGINX:
        notes = objects["Ingress/demo-canary"]["metadata"]["annotations"]
        assert notes["nginx.ingress.kubernetes.io/canary-weight"] == "20"
    else:
        backends = objects["HTTPRoute/demo"]["spec"]["rules"][0]["backendRefs"]
        assert {each["name"]: each["weight"] for each in backends} == {"demo-stable": 80, "demo-canary": 20}


@pytest.mark.parametrize(
    "routing",
    ["istio: {virtualService: {name: demo}}", "alb: {ingress: demo, servicePort: 80}", "nginx: {stableIngress: gone}"],
)
def test_a_router_that_no_release_writes_is_named(adopting: Adopting, routing: str) -> None:
    with_provider(adopting, GATEWAY)
    receipt = adopting.receipt(adopting.source(rollout(canary(f", trafficRouting: {{{routing}}}"))))
    assert strategy_of(adopting)["canary"]["by"] == "pods"
    reason = changes_of(receipt)["spec.strategy.canary.trafficRouting"]["why"]
    assert routing.partition(":")[0] in reason
    assert "by: weight" in reason


def test_every_step_is_one_of_ours_or_is_named(adopting: Adopting) -> None:
    steps = """[
      {setHeaderRoute: {name: h, match: [{headerName: X-Canary, headerValue: {exact: "yes"}}]}},
      {pause: {}}, {setWeight: 10}, {pause: {duration: 30s}}, {analysis: {templates: [{templateName: a}]}},
      {pause: {duration: 1m}}, {setCanaryScale: {replicas: 2}}, {setWeight: 5}, {setWeight: 50},
      {pause: {duration: 1h30m}}, {setMirrorRoute: {name: m, percentage: 5}}, {setHeaderRoute: {name: h}},
      {experiment: {templates: []}}, {plugin: {name: p}}, {setWeight: 75}, {pause: {duration: 0.5h}}]"""
    with_provider(adopting, GATEWAY)
    source = rollout(canary(f", trafficRouting: {{{ROUTING[GATEWAY]}}}", steps)) + ROUTES[GATEWAY]
    receipt = adopting.receipt(adopting.source(source))
    words = strategy_of(adopting)["canary"]
    assert words["header"] == {"name": "X-Canary", "value": "yes"}
    paused = [{"at": 10, "pause": "90s"}, {"at": 50, "pause": "1h30m"}, {"at": 75, "pause": "1800s"}, 100]
    assert words["steps"] == paused
    named = {path.removeprefix("spec.strategy.canary.steps") for path in changes_of(receipt) if ".steps[" in path}
    silent = {"[2].setWeight", "[8].setWeight", "[14].setWeight"}
    fields = ["setHeaderRoute", "pause", "setWeight", "pause", "analysis", "pause", "setCanaryScale", "setWeight"]
    fields += ["setWeight", "pause", "setMirrorRoute", "setHeaderRoute", "experiment", "plugin", "setWeight", "pause"]
    assert named == {f"[{number}].{field}" for number, field in enumerate(fields)} - silent
    assert_proven(receipt)


def test_a_course_by_header_alone_stays_one(adopting: Adopting) -> None:
    with_provider(adopting, GATEWAY)
    steps = "[{setHeaderRoute: {name: h, match: [{headerName: X-C, headerValue: {exact: new}}]}}, {pause: {}}]"
    source = rollout(canary(f", trafficRouting: {{{ROUTING[GATEWAY]}}}", steps)) + ROUTES[GATEWAY]
    receipt = adopting.receipt(adopting.source(source))
    assert strategy_of(adopting)["canary"]["by"] == "header"
    assert_proven(receipt)


def test_weights_of_another_total_are_in_percent(adopting: Adopting) -> None:
    with_provider(adopting, NGINX)
    more = ", trafficRouting: {maxTrafficWeight: 1000, nginx: {stableIngress: demo}}"
    source = rollout(canary(more, "[{setWeight: 1}, {setWeight: 250}]")) + INGRESS
    receipt = adopting.receipt(adopting.source(source))
    assert strategy_of(adopting)["canary"]["steps"] == [1, 25, 100]
    assert changes_of(receipt)["spec.strategy.canary.steps[1].setWeight"]["to"] == 25


@pytest.mark.parametrize("provider", ["service: {}", NGINX, GATEWAY])
def test_a_rollout_becomes_blue_and_green(adopting: Adopting, provider: str) -> None:
    with_provider(adopting, provider)
    strategy = "{blueGreen: {activeService: demo-live, previewService: demo-next, autoPromotionSeconds: 30}}"
    route = ROUTES.get(provider, "").replace(BOTH, "{name: demo-live, port: 80}")
    receipt = adopting.receipt(adopting.source(rollout(strategy) + route))
    words = strategy_of(adopting)["blueGreen"]
    assert (words["blue"]["version"], words["pause"]) == ("1", "30s")
    assert ("host" in adopting.spec("demo")["spec"]["expose"]) == bool(route)
    assert "spec.strategy.blueGreen.previewService" in changes_of(receipt)
    assert_proven(receipt)


def test_what_scales_and_guards_a_rollout_goes_with_it(adopting: Adopting) -> None:
    source = adopting.source(rollout(canary()) + SCALER)
    receipt = adopting.receipt(source)
    spec = adopting.spec("demo")["spec"]
    assert (spec["autoscale"]["min"], list(spec["strategy"])) == (5, ["blueGreen"])
    assert changes_of(receipt)["spec.strategy.canary"]["to"] == "blueGreen"
    rows = rows_of(receipt)
    kinds = ("autoscaling/HorizontalPodAutoscaler demo", "policy/PodDisruptionBudget demo")
    assert all("deleted with" in rows[kind]["why"] for kind in kinds)
    assert_proven(receipt)
    commands = receipt["handOver"]
    deleted = [number for number, line in enumerate(commands) if "horizontalpodautoscaler/demo" in line]
    assert deleted[0] < commands.index(f"shipway publish live --from {source}")
    plan = json.loads(adopting.run("plan", "live", "--from", source, "--format", "json")[1])
    assert plan["environments"][0]["units"][0]["verdict"]["verdict"] == "safe"


def test_by_weight_an_autoscaler_stays(adopting: Adopting) -> None:
    with_provider(adopting, NGINX)
    source = rollout(canary(f", trafficRouting: {{{ROUTING[NGINX]}}}")) + INGRESS + SCALER
    assert_proven(adopting.receipt(adopting.source(source)))
    spec = adopting.spec("demo")["spec"]
    assert (spec["autoscale"]["max"], spec["strategy"]["canary"]["by"]) == (9, "weight")


def test_the_pods_of_a_referenced_deployment_are_the_release_s(adopting: Adopting) -> None:
    reference = "  workloadRef: {apiVersion: apps/v1, kind: Deployment, name: pods}\n  replicas: 5\n"
    deployment = f"---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: pods}}\nspec:\n{PODS}"
    source = rollout(canary()).replace(PODS, reference) + deployment.replace("replicas: 5", "replicas: 0")
    receipt = adopting.receipt(adopting.source(source))
    assert receipt["releases"] == {"demo": "argoproj.io/Rollout app/demo"}
    container = adopting.built()["Deployment/demo-stable"]["spec"]["template"]["spec"]["containers"][0]
    assert container["image"] == "ghcr.io/acme/demo:1"
    assert "workloadRef" in rows_of(receipt)["apps/Deployment pods"]["why"]
    assert_proven(receipt)
    # a Deployment adopts the ReplicaSets that a Rollout leaves behind, and scales them away: it goes first
    commands = [line for line in receipt["handOver"] if "--cascade=orphan" in line]
    assert [line.split()[4] for line in commands] == ["deployment/pods", "rollouts.argoproj.io"]


@pytest.mark.parametrize(
    ("strategy", "reason"),
    [
        (canary(", trafficRouting: {istio: {destinationRule: {name: r, stableSubsetName: s}}}"), "DestinationRule/r"),
        ("{canary: {pingPong: {pingService: demo-live, pongService: demo-next}}}", "take turns"),
    ],
)
def test_a_rollout_that_no_commit_takes_over_is_left(adopting: Adopting, strategy: str, reason: str) -> None:
    receipt = adopting.receipt(adopting.source(rollout(strategy)))
    assert receipt["releases"] == {}
    assert reason in rows_of(receipt)["argoproj.io/Rollout demo"]["why"]


def test_a_reference_to_pods_that_are_not_in_the_source_is_named(adopting: Adopting) -> None:
    reference = "  workloadRef: {apiVersion: apps/v1, kind: Deployment, name: gone}\n"
    receipt = adopting.receipt(adopting.source(rollout(canary()).replace(PODS, reference)))
    assert "Deployment/gone" in rows_of(receipt)["argoproj.io/Rollout demo"]["why"]


@pytest.mark.parametrize("provider", ["service: {}", NGINX])
def test_a_release_is_called_so_that_its_tracks_take_no_name(adopting: Adopting, provider: str) -> None:
    with_provider(adopting, provider)
    source = rollout(canary(f", trafficRouting: {{{ROUTING[NGINX]}}}")) + INGRESS
    named = source.replace("demo-live", "demo-stable").replace("demo-next", "demo-canary")
    receipt = adopting.receipt(adopting.source(named))
    assert list(receipt["releases"]) == ["demo-2"]
    assert changes_of(receipt)["metadata.name"]["to"] == "demo-2"
    assert_proven(receipt)


def test_what_the_controller_wrote_is_no_part_of_the_source(adopting: Adopting) -> None:
    source = rollout(canary(f", trafficRouting: {{{ROUTING[NGINX]}}}"))
    managed = "annotations: {argo-rollouts.argoproj.io/managed-by-rollouts: demo}"
    live = source.replace("name: demo-live}", f"name: demo-live, {managed}}}")
    live = live.replace(
        "{selector: {app: demo}, ports", "{selector: {app: demo, rollouts-pod-template-hash: 6c7b}, ports"
    )
    receipt = adopting.receipt(adopting.source(live))
    assert rows_of(receipt)["Service demo-live"]["standing"] == "changed"
    service = adopting.built()["Service/demo-live"]
    assert "rollouts-pod-template-hash" not in service["spec"]["selector"]
    assert "managed-by-rollouts" not in json.dumps(service)
    # an apply of a manifest that never had the hash leaves it in the selector
    patched = [line for line in receipt["handOver"] if "patch service demo-live" in line]
    assert '"rollouts-pod-template-hash":null' in patched[0]
    assert any("delete ingress demo-demo-canary" in line for line in receipt["handOver"])


@pytest.mark.parametrize(
    "steps",
    [
        "[5, x, [], {setWeight: {}}, {setWeight: [20]}]",
        "{setWeight: 20}",
        '[{setWeight: 20}, {pause: {duration: "²"}}, {pause: 5}]',
        f'[{{setWeight: 20}}, {{pause: {{duration: "{"9" * 5000}"}}}}, {{pause: {{duration: "{"9" * 400}h"}}}}]',
        "[{setHeaderRoute: 5}, {setHeaderRoute: {match: [5, {headerName: [x], headerValue: {exact: {}}}]}}]",
    ],
)
def test_steps_of_the_wrong_type_are_no_crash(adopting: Adopting, steps: str) -> None:
    strategy = f"{{canary: {{steps: {steps}, trafficRouting: {{nginx: {{stableIngress: 5}}}}}}}}"
    source = adopting.source(ROLLOUT.replace("STRATEGY", strategy) + SERVICES + INGRESS)
    status, _, err = adopting.run("adopt", source, "--into", "live", "--dry-run")
    assert status in (0, 1)
    assert "bug of ours" not in err
