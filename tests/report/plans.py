"""Plans by hand: what reports are tested on. Every value is fixed, so that snapshots are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

from compiler.diagnostics.model import Diagnostic, Loc, Related
from compiler.model.cost import Cost
from compiler.model.plan import EnvironmentPlan, ObjectChange, Plan, StepView, TrackView, Undo, UnitPlan
from compiler.model.verdict import Finding, PodCounts, Proven, Refuted, TraceState
from compiler.plan.dangers import dangers_in
from compiler.plan.differences import object_changes
from compiler.tree.yaml import emit

GIB = Decimal(2**30)
SAFE = Proven(412, ("sync option PruneLast=true", "endpoints lag 5 s"), (), 370.0)
SPEC = "environments/prod/recommender.yaml"
SPEC_TEXT = """apiVersion: shipway.dev/v1
kind: Release
metadata: {name: recommender}
spec:
  strategy:
    blueGreen:
      active: green
      blue: {version: "1.4.2"}
      green: {version: "1.5.0"}
"""


def obj(kind: str, name: str, release: str, **rest: Any) -> dict[str, Any]:
    metadata = {"name": name, "namespace": "ml-prod", "labels": {"app": release}}
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata, **rest}


def deployment(release: str, track: str, version: str, replicas: int, config: str = "46cdf12f94") -> dict[str, Any]:
    container = {
        "name": release,
        "image": f"ghcr.io/acme/{release}:{version}",
        "args": ["bentoml", "serve", "--port", "3000"],
        "env": [{"name": "LOG_LEVEL", "value": "info"}, {"name": "TOP_K", "value": "20"}],
        "envFrom": [{"configMapRef": {"name": f"{release}-config-{config}"}}],
        "resources": {"requests": {"cpu": "1", "memory": "2Gi"}},
    }
    labels = {"app": release, "track": track, "app.kubernetes.io/version": version}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    selector = {"matchLabels": {"app": release, "track": track}}
    spec = {"replicas": replicas, "selector": selector, "template": template}
    return obj("Deployment", f"{release}-{track}", release, spec=spec)


def service(release: str, name: str, track: str) -> dict[str, Any]:
    ports = [{"name": "http", "port": 443, "targetPort": "http"}]
    return obj("Service", name, release, spec={"selector": {"app": release, "track": track}, "ports": ports})


def route(release: str, **weights: int) -> dict[str, Any]:
    backends = [{"name": f"{release}-{track}", "port": 443, "weight": weight} for track, weight in weights.items()]
    rules = [{"matches": [{"path": {"type": "PathPrefix", "value": f"/{release}"}}], "backendRefs": backends}]
    return obj("HTTPRoute", release, release, spec={"hostnames": ["api.example.com"], "rules": rules})


def config(release: str, digest: str, **data: str) -> dict[str, Any]:
    return obj("ConfigMap", f"{release}-config-{digest}", release, immutable=True, data=data)


def files(*objects: dict[str, Any]) -> dict[str, bytes]:
    return {
        f"{each['metadata']['labels']['app']}/{each['kind'].lower()}-{each['metadata']['name']}.yaml": emit(each)
        for each in objects
    }


def cost(pods: int) -> Cost:
    return Cost(pods, Decimal(pods), 2 * GIB * pods)


def canary_tracks(at: int, stable: str = "1.4.2", canary: str = "1.5.0") -> tuple[TrackView, ...]:
    pods = max(1, -(-8 * at // 100))
    return (TrackView("stable", stable, 1, 8, 100.0 - at), TrackView("canary", canary, 1, pods, float(at)))


def canary_changes(release: str, before: int, after: int) -> tuple[ObjectChange, ...]:
    pods = [max(1, -(-8 * at // 100)) for at in (before, after)]
    old = [deployment(release, "canary", "1.5.0", pods[0]), route(release, stable=100 - before, canary=before)]
    new = [deployment(release, "canary", "1.5.0", pods[1]), route(release, stable=100 - after, canary=after)]
    return object_changes(files(*old), files(*new))


def canary_steps(environment: str, release: str, at: int) -> tuple[StepView, ...]:
    command = f"shipway advance {environment}/{release}"
    steps = [
        StepView(
            "this commit", "", f"canary {at} %", canary_tracks(at), cost(10), SAFE, SAFE, (("a1b2c3d4e5f6", SAFE),)
        )
    ]
    for before, share in ((25, 50), (50, 100)):
        says = f"gives {share} % of the requests to 1.5.0"
        steps.append(
            StepView(
                f"{share} %",
                command,
                says,
                canary_tracks(share),
                cost(12),
                SAFE,
                SAFE,
                (("published", SAFE), ("this commit", SAFE)),
                pause_seconds=1800,
                changes=canary_changes(release, before, share) if share == 50 else (),
            )
        )
    done = (TrackView("stable", "1.5.0", 1, 8, 100.0),)
    says = "rolls stable to 1.5.0, moves all requests back to it, then removes the canary"
    steps.append(StepView("finish", f"shipway finish {environment}/{release}", says, done, cost(17), SAFE, SAFE, ()))
    return tuple(steps)


def canary_unit(release: str = "ranker", environment: str = "prod") -> UnitPlan:
    result = canary_changes(release, 10, 25)
    return UnitPlan(
        name=release,
        members=(release,),
        strategy="canary",
        position="canary 25 %",
        headline="canary 10 → 25 %, 1 → 2 pods, peak 10 pods, 10 cores, 20 GiB",
        before=canary_tracks(10),
        after=canary_tracks(25),
        cost_before=cost(9),
        cost_after=cost(10),
        verdict=SAFE,
        dangers=dangers_in(result),
        steps=canary_steps(environment, release, 25),
        undo=Undo(f"shipway abort {environment}/{release}", SAFE, canary_changes(release, 25, 0)),
        changes=result,
    )


CLASS = "GET https://api.example.com/recommender"
TRACE = (
    TraceState(
        "before the commit, everything has converged",
        {"recommender-blue": PodCounts(6, 0, 6)},
        {CLASS: {"recommender-blue@1": 100.0}},
    ),
    TraceState(
        "wave 0: apps/Deployment ml-prod/recommender-green is written",
        {"recommender-blue": PodCounts(6, 0, 6), "recommender-green": PodCounts(0, 0, 0)},
        {CLASS: {"recommender-blue@1": 100.0}},
    ),
    TraceState(
        "wave 0: Service ml-prod/recommender is written",
        {"recommender-blue": PodCounts(6, 0, 6), "recommender-green": PodCounts(0, 0, 0)},
        {CLASS: {"none@-": 100.0}},
    ),
)
FINDING = Finding(
    "no-ready-pod",
    "available",
    "error",
    "requests to api.example.com/recommender have no pod to answer them",
    ("v1/Service ml-prod/recommender", "apps/Deployment ml-prod/recommender-green"),
    'put the Service into a later wave than the Deployment: argocd.argoproj.io/sync-wave: "2"',
    TRACE,
)
UNSAFE = Refuted(96, SAFE.premises, (FINDING,), None)


def unsafe_unit(environment: str = "prod") -> UnitPlan:
    release = "recommender"
    settings = {"LOG_LEVEL": "info", "TOP_K": "20", "prompt.txt": "one\ntwo\nthree\nfour\n"}
    new_settings = {**settings, "TOP_K": "25", "prompt.txt": "one\n2\nthree\nfour\nfive\n"}
    secret = obj("Secret", "recommender-token", release, data={"token": "b2xkLXRva2Vu"})
    renewed = {**secret, "data": {"token": "bmV3LXRva2Vu"}}
    old = [
        deployment(release, "blue", "1.4.2", 6),
        service(release, release, "blue"),
        config(release, "46cdf12f94", **settings),
    ]
    new = [
        deployment(release, "blue", "1.4.2", 6),
        deployment(release, "green", "1.5.0", 6, "0123456789"),
        service(release, release, "green"),
        config(release, "0123456789", **new_settings),
    ]
    budget = obj("PodDisruptionBudget", "recommender-blue", release, spec={"maxUnavailable": 1})
    result = object_changes(files(*old, secret, budget), files(*new, renewed))
    result = tuple(replace(each, origin=Loc(SPEC, 7, 15)) if each.kind == "Service" else each for each in result)
    blue, green = TrackView("blue", "1.4.2", 1, 6, 100.0), TrackView("green", "1.5.0", 2, 6, 100.0)
    diagnostic = Diagnostic(
        FINDING.code,
        FINDING.message,
        Loc(SPEC, 7, 15),
        FINDING.help,
        "error",
        (Related(Loc(SPEC, 9, 14), "apps/Deployment ml-prod/recommender-green comes from here"),),
    )
    after = (replace(blue, share=0.0), green)
    step = StepView("this commit", "", "green, not finished", after, cost(12), UNSAFE, SAFE, ())
    finish = StepView(
        "finish", f"shipway finish {environment}/{release}", "removes blue", (green,), cost(12), SAFE, SAFE, ()
    )
    return UnitPlan(
        name=release,
        members=(release,),
        strategy="blueGreen",
        position="green, not finished",
        headline="blue 100 → 0 %, green added with 1.5.0 at 100 %, peak 12 pods, 12 cores, 24 GiB",
        before=(blue,),
        after=after,
        cost_before=cost(6),
        cost_after=cost(12),
        verdict=UNSAFE,
        dangers=dangers_in(result),
        steps=(step, finish),
        undo=Undo(
            f"shipway rollback {environment}/{release}",
            SAFE,
            object_changes(files(*new, renewed), files(*old, secret, budget)),
        ),
        changes=result,
        findings=(diagnostic,),
    )


def quiet_unit(release: str = "features") -> UnitPlan:
    tracks = (TrackView("main", "3.1.0", 1, 3, 100.0),)
    return UnitPlan(
        release,
        (release,),
        "rolling",
        "released",
        "",
        tracks,
        tracks,
        cost(3),
        cost(3),
        Proven(1),
        (),
        (),
        None,
        (),
    )


def environment(name: str, units: Sequence[UnitPlan]) -> EnvironmentPlan:
    return EnvironmentPlan(
        name=name,
        repository="https://git.example.com/acme/deploy.git",
        branch="main",
        path=name,
        base="1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d",
        confirmed=None,
        digest="sha256:" + "3f9c" * 16,
        units=tuple(units),
        other_changes=(),
        warnings=(),
        notes=("no commit is confirmed as synced: the commits of the present and the last course are starting points",),
    )


def plan(*environments: EnvironmentPlan) -> Plan:
    return Plan(environments, "0.1.0", "c0ffee" * 6 + "c0ff", {SPEC: SPEC_TEXT})


def sample() -> Plan:
    """Prod: one unsafe, one safe, one unchanged; staging: the same canary."""
    prod = environment("prod", (canary_unit(), unsafe_unit(), quiet_unit()))
    return plan(prod, environment("staging", (canary_unit(environment="staging"),)))


def nothing() -> Plan:
    return plan(environment("prod", (quiet_unit(),)))


@cache
def many(number: int) -> Plan:
    """`number` releases, each a canary that advances."""
    return plan(environment("prod", tuple(canary_unit(f"service-{n:04}") for n in range(number))))


EVIL = (
    "</script><img src=x onerror=alert(1)> `x` ``` @everyone [a](javascript:alert(1)) <!-- shipway:prod --> "
    "#1 \x1b[31m \u202e |"
)


def hostile() -> Plan:
    """A plan in which every text that a spec or a manifest could hold wants to be more than text."""
    unit = unsafe_unit()
    old = obj("ConfigMap", "big", "recommender", data={"note": "a"})
    fence = (
        "```\n```diff\n````\n# heading\n@everyone\n</details>\n</script x ><!--<script x\n><script>alert(2)</script>\n"
    )
    new = {**old, "data": {"note": "A" * 300_000, EVIL: EVIL, "fence": fence}}
    result = object_changes(files(old), files(new))
    finding = replace(
        FINDING, message=EVIL, help=EVIL, trace=(TraceState(EVIL, {EVIL: PodCounts(0, 0, 0)}, {EVIL: {EVIL: 100.0}}),)
    )
    verdict = replace(UNSAFE, findings=(finding,))
    tracks = (TrackView(EVIL, EVIL, 1, 1, 50.0, EVIL), TrackView("blue", EVIL, 1, 1, 50.0))
    step = replace(unit.steps[1], name=EVIL, summary=EVIL, command=EVIL, tracks=tracks, verdict=verdict, changes=result)
    unit = replace(
        unit,
        name=EVIL,
        strategy=EVIL,
        position=EVIL,
        headline=EVIL,
        verdict=verdict,
        before=tracks,
        after=tracks,
        dangers=tuple(replace(danger, object=EVIL, message=EVIL) for danger in unit.dangers),
        steps=(replace(unit.steps[0], name=EVIL, tracks=tracks), step),
        undo=Undo(EVIL, verdict, result),
        changes=tuple(replace(each, name=EVIL, kind=EVIL, file=EVIL) for each in (*result, *unit.changes)),
        findings=(Diagnostic(EVIL, EVIL, Loc(EVIL, 1, 1), EVIL),),
    )
    quiet = replace(environment("prod", (unit,)), repository=EVIL, branch=EVIL, path=EVIL, base=EVIL, notes=(EVIL,))
    return plan(replace(quiet, warnings=(Diagnostic(EVIL, EVIL, None, EVIL, "warning"),), other_changes=result))
