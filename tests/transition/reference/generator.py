"""Small transitions from a seed: a converged FROM, and a TO that differs from it in a few realistic ways."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from tests.transition.reference.gateways import hang_on_gateway
from tests.transition.reference.metadata import NGINX, OPTIONS, WAVE
from tests.transition.reference.mutations import BESIDES, OF_INGRESSES, OF_ROUTES, OF_TRACKS, rescale, spare
from tests.transition.reference.scalers import scale_by_hpa
from tests.transition.reference.scenes import Object, Scene, job, name, scene, service
from tests.transition.reference.workloads import HPA, WORKLOADS


@dataclass(frozen=True)
class Transition:
    before: list[Object]
    after: list[Object]
    prune_last: bool


def transition(seed: int) -> Transition:
    """The transition of this seed; equal seeds give equal transitions."""
    dice = random.Random(seed)  # noqa: S311 - a reproducible generator, not a secret
    start = scene(dice)
    scatter(dice, start, dice.random() * 0.6)
    if dice.random() < 0.08:
        spare(dice, start)
    end = copy.deepcopy(start)
    for mutate in chosen(dice, start, dice.choice([1, 1, 2, 2, 3, 4])):
        mutate(dice, end)
    if dice.random() < 0.4:
        scatter(dice, end, 0.4)
    for share, come in OF_BOTH:
        if dice.random() < share:
            come(dice, start, end)
    without_namespace(dice, start, end)
    prune_last = dice.random() < 0.4
    for share, come in OF_BOTH_LAST:
        if dice.random() < share:
            come(dice, start, end)
    return Transition(list(start.values()), list(end.values()), prune_last)


def chosen(dice: random.Random, drawn: Scene, count: int) -> list[Callable[[random.Random, Scene], None]]:
    """So many mutations that can have an effect on the scene."""
    fitting = [*OF_TRACKS, *(OF_INGRESSES if "Ingress/r" in drawn else OF_ROUTES)]
    return dice.sample([*fitting, *fitting, *BESIDES], count)


def without_namespace(dice: random.Random, start: Scene, end: Scene) -> None:
    """Now and then one side, or both, as `helm template` writes it: the Application says where the objects go."""
    sides = dice.choice([(), (), (), (), (), (), (), (start,), (end,), (start, end)])
    for obj in (obj for side in sides for obj in side.values()):
        del obj["metadata"]["namespace"]


def course(seed: int) -> tuple[list[list[Object]], bool]:
    """Three commits in a row and whether the Application sets PruneLast; replicas stay, for scaling several ReplicaSets
    in proportion (`sync.go` `scale`) is beyond the reference.
    """
    dice = random.Random(seed)  # noqa: S311 - a reproducible generator, not a secret
    commits = [scene(dice)]
    scatter(dice, commits[0], dice.random() * 0.5)
    for _ in range(2):
        following = copy.deepcopy(commits[-1])
        for mutate in chosen(dice, commits[0], dice.choice([1, 1, 2])):
            if mutate is not rescale:
                mutate(dice, following)
        if dice.random() < 0.3:
            scatter(dice, following, 0.4)
        commits.append(following)
    if dice.random() < 0.1:
        as_rollout(dice, commits, dice.choice(["a", "b"]))
    prune_last = dice.random() < 0.4
    if dice.random() < 0.05:
        as_stateful_set(commits, dice.choice(["a", "b"]))
    if dice.random() < 0.3:
        by_reference(dice, commits)
    if dice.random() < 0.08:
        hang_on_gateway(dice, *commits)
    if dice.random() < 0.05:
        as_daemon_set(dice, commits, dice.choice(["a", "b"]))
    for share, come in OF_NEIGHBORS:
        if dice.random() < share:
            come(dice, *dice.choice(list(pairwise(commits))))
    return [list(commit.values()) for commit in commits], prune_last


def redirect(dice: random.Random, start: Scene, end: Scene) -> None:
    """The requests of one rule, or of one Ingress, are sent to another host."""
    scenes = [dice.choice([start, end, end]), end]
    place = dice.choice([0, -1])
    for found in scenes:
        if "HTTPRoute/r" in found:
            rule = found["HTTPRoute/r"]["spec"]["rules"][place]
            rule.pop("backendRefs", None)
            rule["filters"] = [{"type": "RequestRedirect", "requestRedirect": {"hostname": "elsewhere.example.com"}}]
        if "Ingress/r" in found:
            notes = found["Ingress/r"]["metadata"].setdefault("annotations", {})
            notes[f"{NGINX}permanent-redirect"] = "https://elsewhere.example.com"


def mirror(dice: random.Random, start: Scene, end: Scene) -> None:
    """The route copies its requests to a Service, before, after, or all the way."""
    for found in dice.choice([(start,), (end,), (start, end)]):
        if "HTTPRoute/r" in found:
            there = [called for called in start if called.startswith("Service/")]
            name = dice.choice([*there, "Service/r-b", "Service/gone"] if found is end else there).partition("/")[2]
            copy_to = {"type": "RequestMirror", "requestMirror": {"backendRef": {"name": name, "port": 80}}}
            for rule in found["HTTPRoute/r"]["spec"]["rules"]:
                rule.setdefault("filters", []).append(copy_to)


def enter_by_node(dice: random.Random, start: Scene, end: Scene) -> None:
    """Clients come in by a Service's node port; the next commit leaves it, moves it, narrows it or closes it."""
    called = dice.choice([called for called in start if called.startswith("Service/")] or [""])
    changes = [{}, {"externalTrafficPolicy": "Local"}, {"internalTrafficPolicy": "Local"}, {"type": "ClusterIP"}]
    for found, change, port in ((start, {}, 30080), (end, dice.choice(changes), dice.choice([30080, 30081, None]))):
        if called in found:
            spec = found[called]["spec"]
            spec.update({"type": "NodePort", **change})
            if port and spec["type"] == "NodePort":
                spec["ports"][0]["nodePort"] = port


def as_rollout(dice: random.Random, commits: list[Scene], track: str) -> None:
    """A track's Deployment is an Argo Rollouts' Rollout in all commits; blue/green if its Service stays all the way."""
    services = [called for called in (f"r-{track}", "r-entry") if all(f"Service/{called}" in each for each in commits)]
    active = dice.choice(services) if services and dice.random() < 0.5 else ""
    if active and dice.random() < 0.2:  # routes lead to another Service than the one that is switched
        active = "r-active"
        for commit in commits:
            commit["Service/r-active"] = service("active", track)
    for commit in commits:
        for called in [called for called in commit if called == f"Deployment/r-{track}"]:
            commit[f"Rollout/r-{track}"] = rollout(dice, commit.pop(called), active)


def without_replicas(dice: random.Random, start: Scene, end: Scene) -> None:
    """One side, or both, no longer say how many pods a workload has: the API server then says one.

    An apply deletes what the last one had and this one has not, and the default takes its place
    (`pkg/apis/apps/v1/defaults.go` `SetDefaults_Deployment`, `SetDefaults_StatefulSet`; Argo Rollouts,
    `utils/defaults` `DefaultReplicas`).
    """
    sides = dice.choice([(end,), (end,), (start,), (start, end)])
    owners = named_templates([*start.values(), *end.values()])  # these must have no pods of their own
    own = [each for each in start if start[each]["kind"] in WORKLOADS and not takes_template(start[each])]
    workloads = [each for each in own if each not in owners]
    called = dice.choice([*workloads, ""])
    for spec in (side[called]["spec"] for side in sides if called in side):
        spec.pop("replicas", None)


def as_stateful_set(commits: list[Scene], track: str) -> None:
    """A track's Deployment is a StatefulSet in all commits."""
    for commit in commits:
        for called in [called for called in commit if called == f"Deployment/r-{track}"]:
            obj = commit.pop(called)
            spec = {name: value for name, value in obj["spec"].items() if name != "strategy"}
            commit[f"StatefulSet/r-{track}"] = {**obj, "kind": "StatefulSet", "spec": spec}


def as_daemon_set(dice: random.Random, commits: list[Scene], track: str) -> None:
    """A track's Deployment is a DaemonSet in all commits."""
    update = dice.choice([{}, {}, {"updateStrategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}}])
    for commit in commits:
        for called in [called for called in commit if called == f"Deployment/r-{track}"]:
            obj = commit.pop(called)
            spec = {name: value for name, value in obj["spec"].items() if name not in ("strategy", "replicas")}
            commit[f"DaemonSet/r-{track}"] = {**obj, "kind": "DaemonSet", "spec": {**spec, **copy.deepcopy(update)}}


def pause(dice: random.Random, start: Scene, end: Scene) -> None:
    """A Deployment stands still before, or after: a commit that begins and ends so has never been Healthy."""
    owners = named_templates([*start.values(), *end.values()])
    own = [called for called in start if called.startswith("Deployment/") and called not in owners]
    own = [called for called in own if start[called]["spec"].get("replicas", 1)]  # others have a set that may grow
    for side in dice.choice([(start,), (end,), (end,)]) if own else ():
        called = dice.choice(own)
        if called in side:
            side[called]["spec"]["paused"] = True


def rename(dice: random.Random, start: Scene, end: Scene) -> None:
    """The route, or the Ingress, is called otherwise; what stands at `/` may redirect."""
    for called in [called for called in ("HTTPRoute/r", "Ingress/r") if called in end]:
        obj = end.pop(called)
        end[f"{called}2"] = {**obj, "metadata": {**obj["metadata"], "name": "r2"}}
    for found in (start, end) if dice.random() < 0.3 else ():
        if "HTTPRoute/site" in found:
            rule = found["HTTPRoute/site"]["spec"]["rules"][0]
            rule.pop("backendRefs", None)
            rule["filters"] = [{"type": "RequestRedirect", "requestRedirect": {"hostname": "elsewhere.example.com"}}]
        if "Ingress/site" in found:
            notes = found["Ingress/site"]["metadata"].setdefault("annotations", {})
            notes[f"{NGINX}permanent-redirect"] = "https://elsewhere.example.com"


def renew(dice: random.Random, start: Scene, end: Scene) -> None:
    """An object is deleted and made anew by this sync."""
    called = dice.choice([called for called in start if called in end] or [""])
    if called:
        end[called]["metadata"].setdefault("annotations", {})[OPTIONS] = "Force=true,Replace=true"


def by_reference(dice: random.Random, commits: list[Scene]) -> None:
    """A Rollout takes its template from a Deployment without pods, in a wave of its own; all else of it stays.

    Where both change, in different waves, the verifier takes the first of both for all, which errs on the safe side.
    """
    first: dict[str, Object] = {}
    notes = dice.choice([{}, {}, {WAVE: "-1"}, {WAVE: "1"}, {WAVE: "2"}])
    for commit in commits:
        for obj in [obj for obj in commit.values() if obj["kind"] == "Rollout"]:
            name, spec = obj["metadata"]["name"], obj["spec"]
            spec.update({**first.setdefault(name, spec), "template": spec["template"]})
            kept = {part: spec[part] for part in ("selector", "template")}
            base = {**obj["metadata"], "name": f"{name}-base", "annotations": notes}
            commit[f"Deployment/{name}-base"] = {
                "apiVersion": "apps/v1", "kind": "Deployment", "metadata": base, "spec": {"replicas": 0, **kept},
            }  # fmt: skip
            spec["workloadRef"] = {"apiVersion": "apps/v1", "kind": "Deployment", "name": f"{name}-base"}
            del spec["template"]


def rollout(dice: random.Random, obj: Object, active: str) -> Object:
    """The Deployment as a Rollout, with its own limits, those that hold by default, or with steps."""
    canary = dict(obj["spec"]["strategy"].get("rollingUpdate", {}))
    if dice.random() < 0.3:
        canary = {}
    if dice.random() < 0.3 and canary.get("maxSurge") not in (0, "0%"):  # a step surges by one where shares round up
        canary["steps"] = [{"setWeight": 50}, {"pause": {"duration": "10s"}}]
    strategy = {"blueGreen": {"activeService": active}} if active else {"canary": canary}
    return {
        **obj,
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Rollout",
        "spec": {**obj["spec"], "strategy": strategy},
    }


def add_job(dice: random.Random, _: Scene, end: Scene) -> None:
    end["Job/r-load"] = job("load", dice.choice(["a", "a", "b", "load"]))


OF_BOTH: list[tuple[float, Callable[[random.Random, Scene, Scene], None]]] = [
    (0.15, lambda dice, *scenes: as_rollout(dice, list(scenes), dice.choice(["a", "b"]))),
    (0.05, redirect),
    (0.05, mirror),
    (0.05, enter_by_node),
    (0.03, add_job),
]
"""What is said of both commits, and in which share of the transitions."""
OF_BOTH_LAST: list[tuple[float, Callable[[random.Random, Scene, Scene], None]]] = [
    (0.08, lambda dice, *scenes: as_stateful_set(list(scenes), dice.choice(["a", "b"]))),
    (0.05, lambda dice, *scenes: as_daemon_set(dice, list(scenes), dice.choice(["a", "b"]))),
    (0.04, pause),
    (0.05, renew),
    (0.03, rename),
    (0.3, lambda dice, *scenes: by_reference(dice, list(scenes))),
    (0.08, without_replicas),
    (0.08, hang_on_gateway),
    (0.08, scale_by_hpa),
]

OF_NEIGHBORS: list[tuple[float, Callable[[random.Random, Scene, Scene], None]]] = [
    (0.05, scale_by_hpa), (0.05, mirror), (0.03, enter_by_node), (0.03, add_job), (0.04, pause), (0.03, renew),
    (0.05, without_replicas),
]  # fmt: skip
"""What is said of two commits in a row of a sequence, and in which share of the sequences.

No redirects, and no other names of routes: a commit in the middle that redirects a class is at rest, so the reference
lets a sync that skips it redirect the class in passing, and the verifier does not.
"""


def converged(objects: list[Object]) -> bool:
    """Whether the objects can have been published and Healthy: each name that a route or a pod uses is there.

    Where no workload is, the pods behind a Service are taken to be in no folder: a premise of the verifier's own.
    """
    if not any(obj["kind"] in WORKLOADS for obj in objects):
        return False
    held = {name(obj) for obj in objects}
    named = named_templates(objects)
    named |= {f"Service/{ref['name']}" for obj in objects for ref in backend_refs(obj)}
    named |= {f"Gateway/{ref['name']}" for obj in objects for ref in parent_refs(obj) if "namespace" not in ref}
    named |= {f"ConfigMap/{source['configMapRef']['name']}" for obj in objects for source in config_sources(obj)}
    named |= {scaled_workload(obj) for obj in objects if obj["kind"] == HPA}
    paused = any(obj.get("spec", {}).get("paused") for obj in objects)  # no gate has seen it Healthy
    return named <= held and not disputes(objects) and not paused


def scaled_workload(obj: Object) -> str:
    """The workload that an HPA scales."""
    target = obj["spec"]["scaleTargetRef"]
    return f"{target['kind']}/{target['name']}"


def disputes(objects: list[Object]) -> bool:
    """Whether a manifest says the count of a workload that an HPA scales: each sync then sets it again."""
    scaled = {scaled_workload(obj) for obj in objects if obj["kind"] == HPA}
    return any(name(obj) in scaled and "replicas" in obj["spec"] for obj in objects)


def named_templates(objects: list[Object]) -> set[str]:
    """The Deployments whose template a Rollout runs."""
    return {f"Deployment/{obj['spec']['workloadRef']['name']}" for obj in objects if takes_template(obj)}


def takes_template(obj: Object) -> bool:
    """Whether it is a Rollout with the template of another workload."""
    return "workloadRef" in obj.get("spec", {})


def backend_refs(obj: Object) -> list[Object]:
    if obj["kind"] == "Ingress":
        return [path["backend"]["service"] for path in obj["spec"]["rules"][0]["http"]["paths"]]
    rules = obj["spec"]["rules"] if obj["kind"] == "HTTPRoute" else []
    return [ref for rule in rules for ref in rule.get("backendRefs", [])]


def parent_refs(obj: Object) -> list[Object]:
    return obj["spec"]["parentRefs"] if obj["kind"] == "HTTPRoute" else []


def config_sources(obj: Object) -> list[Object]:
    if obj["kind"] not in WORKLOADS or takes_template(obj):
        return []
    result: list[Object] = obj["spec"]["template"]["spec"]["containers"][0].get("envFrom", [])
    return result


def scatter(dice: random.Random, drawn: Scene, share: float) -> None:
    """Writes waves on some objects, and the per-object PruneLast on fewer."""
    for obj in drawn.values():
        notes = obj["metadata"].setdefault("annotations", {})
        if dice.random() < share:
            notes[WAVE] = str(dice.choice([-1, 0, 1, 1, 2]))
        if dice.random() < share / 4:
            notes[OPTIONS] = "PruneLast=true"
