"""Small transitions from a seed: a converged FROM, and a TO that differs from it in a few realistic ways."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.transition.reference.manifests import OPTIONS, WAVE

Object = dict[str, Any]
Scene = dict[str, Object]
NAMESPACE = "shop"


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
    end = copy.deepcopy(start)
    for mutate in dice.sample(MUTATIONS, dice.choice([1, 1, 2, 2, 3, 4])):
        mutate(dice, end)
    if dice.random() < 0.4:
        scatter(dice, end, 0.4)
    return Transition(list(start.values()), list(end.values()), dice.random() < 0.4)


def course(seed: int) -> tuple[list[list[Object]], bool]:
    """Three commits in a row and whether the Application sets PruneLast; replicas stay, for scaling several ReplicaSets
    in proportion (`sync.go` `scale`) is beyond the reference.
    """
    dice = random.Random(seed)  # noqa: S311 - a reproducible generator, not a secret
    commits = [scene(dice)]
    scatter(dice, commits[0], dice.random() * 0.5)
    for _ in range(2):
        following = copy.deepcopy(commits[-1])
        for mutate in dice.sample([each for each in MUTATIONS if each is not rescale], dice.choice([1, 1, 2])):
            mutate(dice, following)
        if dice.random() < 0.3:
            scatter(dice, following, 0.4)
        commits.append(following)
    return [list(commit.values()) for commit in commits], dice.random() < 0.4


def converged(objects: list[Object]) -> bool:
    """Whether the objects can have been published and Healthy: a route, and each name that it or a pod uses."""
    held = {name(obj) for obj in objects}
    if "HTTPRoute/r" not in held:
        return False
    named = {f"Service/{ref['name']}" for obj in objects for ref in backend_refs(obj)}
    named |= {f"ConfigMap/{source['configMapRef']['name']}" for obj in objects for source in config_sources(obj)}
    return named <= held


def backend_refs(obj: Object) -> list[Object]:
    rules = obj["spec"]["rules"] if obj["kind"] == "HTTPRoute" else []
    return [ref for rule in rules for ref in rule["backendRefs"]]


def config_sources(obj: Object) -> list[Object]:
    if obj["kind"] != "Deployment":
        return []
    found: list[Object] = obj["spec"]["template"]["spec"]["containers"][0].get("envFrom", [])
    return found


def scene(dice: random.Random) -> Scene:
    """Two tracks behind fixed Services and a weighted route, or behind one Service that selects a track."""
    config = dice.choice([None, None, "cfg-1"])
    a = deployment("a", dice.choice([1, 2, 2, 3]), "1", dice.choice([None, config]))
    objects = [a, *([configmap("cfg-1")] if config else [])]
    if dice.random() < 0.6:
        objects.append(deployment("b", dice.choice([0, 1, 2]), dice.choice(["1", "1", "2"]), config))
    if dice.random() < 0.5:
        objects += [service("entry", "a"), route([("entry", 100)])]
    else:
        objects += [service("a", "a"), service("b", "b"), route([("a", 100), ("b", 0)])]
    return {name(obj): obj for obj in objects}


def scatter(dice: random.Random, found: Scene, share: float) -> None:
    """Writes waves on some objects, and the per-object PruneLast on fewer."""
    for obj in found.values():
        notes = obj["metadata"].setdefault("annotations", {})
        if dice.random() < share:
            notes[WAVE] = str(dice.choice([-1, 0, 1, 1, 2]))
        if dice.random() < share / 4:
            notes[OPTIONS] = "PruneLast=true"


def name(obj: Object) -> str:
    return f"{obj['kind']}/{obj['metadata']['name']}"


def head(api: str, kind: str, called: str) -> Object:
    return {"apiVersion": api, "kind": kind, "metadata": {"name": called, "namespace": NAMESPACE}}


def deployment(track: str, replicas: int, contract: str, config: str | None) -> Object:
    labels = {"app": "r", "track": track}
    container: Object = {
        "name": "app",
        "image": "ghcr.io/acme/r:1",
        "ports": [{"name": "http", "containerPort": 3000}],
        "readinessProbe": {"httpGet": {"path": "/readyz", "port": 3000}},
        "lifecycle": {"preStop": {"sleep": {"seconds": 15}}},
    }
    if config:
        container["envFrom"] = [{"configMapRef": {"name": config}}]
    spec = {
        "replicas": replicas,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
        "selector": {"matchLabels": labels},
        "template": {
            "metadata": {"labels": {**labels, "shipway.dev/contract": contract}},
            "spec": {"terminationGracePeriodSeconds": 90, "containers": [container]},
        },
    }
    return {**head("apps/v1", "Deployment", f"r-{track}"), "spec": spec}


def service(called: str, track: str) -> Object:
    ports = [{"name": "http", "port": 80, "targetPort": "http"}]
    spec = {"selector": {"app": "r", "track": track}, "ports": ports}
    return {**head("v1", "Service", f"r-{called}"), "spec": spec}


def route(backends: list[tuple[str, int]]) -> Object:
    refs = [{"name": f"r-{called}", "port": 80, "weight": weight} for called, weight in backends]
    spec = {
        "parentRefs": [{"name": "public", "namespace": "gateways", "sectionName": "https"}],
        "hostnames": ["api.example.com"],
        "rules": [{"matches": [{"path": {"type": "PathPrefix", "value": "/r"}}], "backendRefs": refs}],
    }
    return {**head("gateway.networking.k8s.io/v1", "HTTPRoute", "r"), "spec": spec}


def configmap(called: str) -> Object:
    return {**head("v1", "ConfigMap", called), "data": {"MODE": "fast"}}


# --- mutations of TO ---------------------------------------------------------------------------------------------


def some(dice: random.Random, found: Scene, kind: str) -> list[Object]:
    """One object of the kind, or none when the scene has none."""
    fitting = [obj for obj in found.values() if obj["kind"] == kind]
    return [dice.choice(fitting)] if fitting else []


def new_image(dice: random.Random, found: Scene) -> None:
    for obj in some(dice, found, "Deployment"):
        obj["spec"]["template"]["spec"]["containers"][0]["image"] = "ghcr.io/acme/r:2"


def new_contract(dice: random.Random, found: Scene) -> None:
    for obj in some(dice, found, "Deployment"):
        obj["spec"]["template"]["metadata"]["labels"]["shipway.dev/contract"] = dice.choice(["1", "2"])


def rescale(dice: random.Random, found: Scene) -> None:
    for obj in some(dice, found, "Deployment"):
        obj["spec"]["replicas"] = dice.choice([0, 1, 2, 3])


def new_strategy(dice: random.Random, found: Scene) -> None:
    limits = dice.choice([(1, 1), (0, 1), ("25%", "25%"), ("50%", "50%"), ("0%", "10%"), (2, "100%")])
    for obj in some(dice, found, "Deployment"):
        rolling = {"maxSurge": limits[0], "maxUnavailable": limits[1]}
        obj["spec"]["strategy"] = {"type": "RollingUpdate", "rollingUpdate": rolling}
        obj["spec"]["template"]["spec"]["containers"][0]["image"] = "ghcr.io/acme/r:3"


def recreate(dice: random.Random, found: Scene) -> None:
    for obj in some(dice, found, "Deployment"):
        obj["spec"]["strategy"] = {"type": "Recreate"}


def reweigh(dice: random.Random, found: Scene) -> None:
    for obj in some(dice, found, "HTTPRoute"):
        refs = obj["spec"]["rules"][0]["backendRefs"]
        weights = dice.choice([(100, 0), (50, 50), (90, 10), (0, 100)])
        for ref, weight in zip(refs, weights, strict=False):
            ref["weight"] = weight if len(refs) > 1 else 100


def reselect(dice: random.Random, found: Scene) -> None:
    if "Service/r-entry" in found:
        found["Service/r-entry"]["spec"]["selector"]["track"] = dice.choice(["a", "b"])


def add_track(dice: random.Random, found: Scene) -> None:
    found.setdefault("Deployment/r-b", deployment("b", dice.choice([1, 2]), "1", None))


def split_entry(dice: random.Random, found: Scene) -> None:
    """Goes over from one Service that selects to fixed Services, the old one pruned or kept."""
    if "Service/r-entry" not in found:
        return
    for track in ("a", "b"):
        found[f"Service/r-{track}"] = service(track, track)
    notes = found["HTTPRoute/r"]["metadata"].get("annotations", {})
    found["HTTPRoute/r"] = route([("a", 100), ("b", 0)])
    found["HTTPRoute/r"]["metadata"]["annotations"] = notes
    if dice.random() < 0.5:
        del found["Service/r-entry"]


def drop_track(dice: random.Random, found: Scene) -> None:
    found.pop(dice.choice(["Deployment/r-a", "Deployment/r-b", "Deployment/r-b"]), None)


def new_config(dice: random.Random, found: Scene) -> None:
    for obj in some(dice, found, "Deployment"):
        obj["spec"]["template"]["spec"]["containers"][0]["envFrom"] = [{"configMapRef": {"name": "cfg-2"}}]
        found["ConfigMap/cfg-2"] = configmap("cfg-2")
    if dice.random() < 0.6:
        found.pop("ConfigMap/cfg-1", None)


def rename_port(dice: random.Random, found: Scene) -> None:
    for obj in some(dice, found, "Deployment"):
        obj["spec"]["template"]["spec"]["containers"][0]["ports"][0]["name"] = "web"


MUTATIONS: list[Callable[[random.Random, Scene], None]] = [
    new_image,
    new_image,
    new_contract,
    rescale,
    new_strategy,
    recreate,
    reweigh,
    reweigh,
    reselect,
    reselect,
    add_track,
    add_track,
    split_entry,
    drop_track,
    drop_track,
    new_config,
    rename_port,
]
