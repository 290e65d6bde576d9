"""What a commit changes: each mutation turns one scene into one that might follow it."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.transition.reference.metadata import DELETION, HOOK, NGINX, OPTIONS
from tests.transition.reference.scenes import (
    OPEN_RULES,
    SHUT_RULES,
    Object,
    Scene,
    by_header,
    call,
    configmap,
    deployment,
    ingress,
    ingress_path,
    policy,
    quota,
    route,
    rule,
    service,
)


def some(dice: random.Random, scene: Scene, kind: str) -> list[Object]:
    """One object of the kind, or none when the scene has none."""
    fitting = [obj for obj in scene.values() if obj["kind"] == kind]
    return [dice.choice(fitting)] if fitting else []


def new_image(dice: random.Random, scene: Scene) -> None:
    for obj in some(dice, scene, "Deployment"):
        obj["spec"]["template"]["spec"]["containers"][0]["image"] = "ghcr.io/acme/r:2"


def new_contract(dice: random.Random, scene: Scene) -> None:
    for obj in some(dice, scene, "Deployment"):
        obj["spec"]["template"]["metadata"]["labels"]["shipway.dev/contract"] = dice.choice(["1", "2"])


def rescale(dice: random.Random, scene: Scene) -> None:
    for obj in some(dice, scene, "Deployment"):
        obj["spec"]["replicas"] = dice.choice([0, 1, 2, 3])


def new_strategy(dice: random.Random, scene: Scene) -> None:
    limits = dice.choice([(1, 1), (0, 1), ("25%", "25%"), ("50%", "50%"), ("0%", "10%"), (2, "100%")])
    for obj in some(dice, scene, "Deployment"):
        rolling = {"maxSurge": limits[0], "maxUnavailable": limits[1]}
        obj["spec"]["strategy"] = {"type": "RollingUpdate", "rollingUpdate": rolling}
        obj["spec"]["template"]["spec"]["containers"][0]["image"] = "ghcr.io/acme/r:3"


def recreate(dice: random.Random, scene: Scene) -> None:
    for obj in some(dice, scene, "Deployment"):
        obj["spec"]["strategy"] = {"type": "Recreate"}


def reweigh(dice: random.Random, scene: Scene) -> None:
    for obj in some(dice, scene, "HTTPRoute"):
        refs = obj["spec"]["rules"][0]["backendRefs"]
        weights = dice.choice([(100, 0), (50, 50), (90, 10), (0, 100)])
        for ref, weight in zip(refs, weights, strict=False):
            ref["weight"] = weight if len(refs) > 1 else 100


def reselect(dice: random.Random, scene: Scene) -> None:
    if "Service/r-entry" in scene:
        scene["Service/r-entry"]["spec"]["selector"]["track"] = dice.choice(["a", "b"])


def add_track(dice: random.Random, scene: Scene) -> None:
    scene.setdefault("Deployment/r-b", deployment("b", dice.choice([1, 2]), "1", None))


def split_entry(dice: random.Random, scene: Scene) -> None:
    """Goes over from one Service that selects to fixed Services, the old one pruned or kept."""
    if "Service/r-entry" not in scene or "HTTPRoute/r" not in scene:
        return
    for track in ("a", "b"):
        scene[f"Service/r-{track}"] = service(track, track)
    notes = scene["HTTPRoute/r"]["metadata"].get("annotations", {})
    scene["HTTPRoute/r"] = route([("a", 100), ("b", 0)])
    scene["HTTPRoute/r"]["metadata"]["annotations"] = notes
    if dice.random() < 0.5:
        del scene["Service/r-entry"]


def drop_track(dice: random.Random, scene: Scene) -> None:
    scene.pop(dice.choice(["Deployment/r-a", "Deployment/r-b", "Deployment/r-b"]), None)


def new_config(dice: random.Random, scene: Scene) -> None:
    for obj in some(dice, scene, "Deployment"):
        obj["spec"]["template"]["spec"]["containers"][0]["envFrom"] = [{"configMapRef": {"name": "cfg-2"}}]
        scene["ConfigMap/cfg-2"] = configmap("cfg-2")
    if dice.random() < 0.6:
        scene.pop("ConfigMap/cfg-1", None)


def rename_port(dice: random.Random, scene: Scene) -> None:
    for obj in some(dice, scene, "Deployment"):
        obj["spec"]["template"]["spec"]["containers"][0]["ports"][0]["name"] = "web"


def rename_label(dice: random.Random, scene: Scene) -> None:
    for obj in some(dice, scene, "Service"):
        if "track" in obj["spec"]["selector"]:
            obj["spec"]["selector"].pop("app", None)


def more_rules(dice: random.Random, scene: Scene) -> None:
    """A rule for a longer path comes, goes, or leads elsewhere."""
    for obj in (scene[called] for called in ("HTTPRoute/r",) if called in scene):
        rules = obj["spec"]["rules"]
        track = dice.choice([ref["name"].removeprefix("r-") for ref in rules[0]["backendRefs"]])
        obj["spec"]["rules"] = [
            rules[0],
            *([] if len(rules) > 1 else [rule([(track, 1)], dice.choice(["/r/v2", "/w"]))]),
        ]


def ask_by_header(dice: random.Random, scene: Scene) -> None:
    """A rule for those who carry a header comes, goes, or leads elsewhere, to both tracks or to none."""
    for obj in (scene[called] for called in ("HTTPRoute/r",) if called in scene):
        asking = [each for each in obj["spec"]["rules"] if "headers" in each["matches"][0]]
        obj["spec"]["rules"] = [each for each in obj["spec"]["rules"] if each not in asking]
        if not asking or dice.random() < 0.5:
            tracks = [called for called in ("a", "b", "entry") if f"Service/r-{called}" in scene] or ["a"]
            header, path = dice.choice(["canary", "canary", "other"]), dice.choice(["/r", "/r", "/r/v2", "/"])
            obj["spec"]["rules"].append(rule([(dice.choice(tracks), dice.choice([1, 1, 1, 0]))], path, header))


def move_path(dice: random.Random, scene: Scene) -> None:
    for obj in (scene[called] for called in ("HTTPRoute/r",) if called in scene):
        match = obj["spec"]["rules"][-1]["matches"][0]["path"]
        match["type"] = dice.choice(["Exact", "PathPrefix"])
        match["value"] = dice.choice(["/r", "/r/v2", "/new"])


def drop_application(dice: random.Random, scene: Scene) -> None:
    """The whole application goes, or all but the pods; what stands at `/` stays."""
    kinds = dice.choice(
        [
            ("HTTPRoute", "Ingress"),
            ("HTTPRoute", "Ingress", "Service"),
            ("Service", "Deployment", "HTTPRoute", "Ingress"),
        ]
    )
    for called in list(scene):
        if called.partition("/")[0] in kinds and "site" not in called and "api" not in called:
            del scene[called]


def set_canary(dice: random.Random, scene: Scene) -> None:
    if "Ingress/r" in scene:
        kind = dice.choice(["Prefix", "Prefix", "Prefix", "ImplementationSpecific"])
        canary = ingress("r-canary", dice.choice(["a", "b", "b"]), weight=dice.choice([0, 10, 50, 100]), kind=kind)
        if dice.random() < 0.35:
            canary["metadata"]["annotations"] |= by_header(dice)
        scene["Ingress/r-canary"] = canary


def drop_canary(_: random.Random, scene: Scene) -> None:
    scene.pop("Ingress/r-canary", None)


def second_canary(dice: random.Random, scene: Scene) -> None:
    if "Ingress/r" in scene:
        called = dice.choice(["r-acanary", "r-zcanary"])
        scene[f"Ingress/{called}"] = ingress(called, dice.choice(["b", "gone"]), weight=dice.choice([10, 100]))


def turn_ingress(dice: random.Random, scene: Scene) -> None:
    """The main Ingress leads to the other track, or to both by path."""
    if "Ingress/r" in scene:
        paths = scene["Ingress/r"]["spec"]["rules"][0]["http"]["paths"]
        paths[0] = ingress_path(
            dice.choice(["a", "b"]), "/r", dice.choice(["Prefix", "Prefix", "ImplementationSpecific", "Exact"])
        )
        if dice.random() < 0.5:
            paths[1:] = [ingress_path(dice.choice(["a", "b"]), dice.choice(["/r/v2", "/R", "/rx"]))]


def use_regex(dice: random.Random, scene: Scene) -> None:
    """One Ingress of the host makes every path of it a regular expression."""
    for obj in some(dice, scene, "Ingress"):
        obj["metadata"].setdefault("annotations", {})[f"{NGINX}use-regex"] = dice.choice(["true", "true", "false"])


def set_policy(dice: random.Random, scene: Scene) -> None:
    track = dice.choice(["a", "b", "api"] if "Deployment/r-api" in scene else ["a", "b"])
    called = dice.choice(["guard", "guard", "fence"])
    scene[f"NetworkPolicy/{called}"] = policy(called, track, dice.choice([*SHUT_RULES, *OPEN_RULES]))


def drop_policy(dice: random.Random, scene: Scene) -> None:
    for obj in some(dice, scene, "NetworkPolicy"):
        del scene[f"NetworkPolicy/{obj['metadata']['name']}"]


def set_quota(dice: random.Random, scene: Scene) -> None:
    pods = sum(obj["spec"]["replicas"] for obj in scene.values() if obj["kind"] == "Deployment")
    scene["ResourceQuota/pods"] = quota(max(0, pods + dice.choice([-1, 0, 0, 1, 2])))


def make_hook(dice: random.Random, scene: Scene) -> None:
    for obj in some(dice, scene, "ConfigMap"):
        notes = obj["metadata"].setdefault("annotations", {})
        notes[HOOK] = dice.choice(["PreSync", "PreSync", "Sync", "PostSync"])
        notes[DELETION] = dice.choice(["HookSucceeded", "BeforeHookCreation"])


def drop_callee(_: random.Random, scene: Scene) -> None:
    scene.pop("Deployment/r-api", None)
    scene.pop("Service/r-api", None)


def turn_callee(dice: random.Random, scene: Scene) -> None:
    """A callee of another name or contract comes, and callers go over to it; the old one stays or goes."""
    if "Service/r-api" in scene:
        scene["Deployment/r-api2"] = deployment("api2", dice.choice([1, 2]), dice.choice(["1", "2"]), None, app="api")
        scene["Service/r-api2"] = service("api2", "api2", app="api")
        for obj in scene.values():
            if obj["kind"] == "Deployment" and "env" in obj["spec"]["template"]["spec"]["containers"][0]:
                call(obj, dice.choice(["api2", "api2", "api"]))
        if dice.random() < 0.5:
            drop_callee(dice, scene)


def switch_callee(dice: random.Random, scene: Scene) -> None:
    """The callee's Service selects other pods."""
    if "Service/r-api" in scene:
        scene.setdefault("Deployment/r-api2", deployment("api2", 1, dice.choice(["1", "2"]), None, app="api"))
        scene["Service/r-api"]["spec"]["selector"] = {"app": "api", **dice.choice([{}, {"track": "api2"}])}


def spare(dice: random.Random, scene: Scene) -> None:
    """Objects that are not pruned when they go, as later commits of the scene will see."""
    for obj in scene.values():
        if dice.random() < 0.3:
            obj["metadata"].setdefault("annotations", {})[OPTIONS] = "Prune=false"


OF_TRACKS: list[Callable[[random.Random, Scene], None]] = [
    new_image, new_image, new_contract, rescale, rescale, new_strategy, recreate, add_track, add_track, drop_track,
    drop_track, new_config, rename_port,
]  # fmt: skip
OF_ROUTES: list[Callable[[random.Random, Scene], None]] = [
    reweigh, reweigh, reselect, reselect, split_entry, rename_label, more_rules, ask_by_header, move_path,
    drop_application,
]  # fmt: skip
OF_INGRESSES: list[Callable[[random.Random, Scene], None]] = [
    set_canary, set_canary, drop_canary, second_canary, turn_ingress, turn_ingress, use_regex, drop_application,
]  # fmt: skip
BESIDES: list[Callable[[random.Random, Scene], None]] = [
    set_policy, drop_policy, set_quota, make_hook, drop_callee, turn_callee, switch_callee,
]  # fmt: skip
