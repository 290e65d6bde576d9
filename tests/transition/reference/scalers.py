"""Workloads that an HPA scales: what a commit may change of the two."""

from __future__ import annotations

import random

from tests.transition.reference.metadata import WAVE
from tests.transition.reference.scenes import Object, Scene, scaler
from tests.transition.reference.workloads import WORKLOADS

BOUNDS = [(1, 1), (1, 2), (1, 3), (2, 2), (2, 3), (2, 4)]


def scale_by_hpa(dice: random.Random, start: Scene, end: Scene) -> None:
    """An HPA scales a workload before, after, or all the way; its bounds and its workload may be others then."""
    if any(obj["kind"] == "ResourceQuota" for side in (start, end) for obj in side.values()):
        return  # how many pods a full quota lets an HPA make is beyond this world
    own = [called for side in (start, end) for called in side if scales(side[called])]
    called = dice.choice(own or [""])
    bounds = dice.choice(BOUNDS)
    sides = dice.choice([(start, end), (start, end), (start, end), (end,), (start,)])
    for side in sides:
        if called in side:
            side["HorizontalPodAutoscaler/r-hpa"] = scaler("r-hpa", side[called], *bounds)
    if end in sides and called in end:
        change_scaler(dice, end, own)
    for side in (start, end):
        # each sync of a commit that says a count too sets it again: no scene begins with that
        always = (side is start and start in sides) or (called in side and "workloadRef" in side[called]["spec"])
        if called in side and (always or dice.random() < 0.85):
            side[called]["spec"].pop("replicas", None)


def scales(obj: Object) -> bool:
    """Whether the object makes as many pods as it is told: not a DaemonSet, nor one whose template a Rollout takes."""
    return (
        obj["kind"] in WORKLOADS and obj["kind"] != "DaemonSet" and obj["metadata"]["name"].rpartition("-")[2] != "base"
    )


def change_scaler(dice: random.Random, scene: Scene, workloads: list[str]) -> None:
    """Other bounds, another workload, another wave, or none of it."""
    held = scene["HorizontalPodAutoscaler/r-hpa"]
    if dice.random() < 0.5:
        least, most = dice.choice(BOUNDS)
        held["spec"].update({"minReplicas": least, "maxReplicas": most})
    if dice.random() < 0.15:
        kind, _, name = dice.choice(workloads).partition("/")
        version = "argoproj.io/v1alpha1" if kind == "Rollout" else "apps/v1"
        held["spec"]["scaleTargetRef"].update({"apiVersion": version, "kind": kind, "name": name})
    if dice.random() < 0.4:
        held["metadata"]["annotations"] = {WAVE: str(dice.choice([-1, 1, 2]))}
