"""A Gateway in the folder, on which its routes hang: what a commit may change of the two."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from itertools import pairwise

from tests.transition.reference.metadata import WAVE
from tests.transition.reference.scenes import Object, Scene, gateway, listener

EDGE = "Gateway/edge"
OUTSIDE = {"name": "public", "namespace": "gateways", "sectionName": "https"}
HOSTS = [None, "api.example.com", "*.example.com", "shop.example.com"]


def hang_on_gateway(dice: random.Random, *commits: Scene) -> None:
    """The routes hang on a Gateway of the folder, by a listener's name, by its port, or by none of both."""
    if any("Ingress" in called or "NetworkPolicy" in called for commit in commits for called in commit):
        return  # who calls pods on behalf of a Gateway of the folder is its implementation's to say
    parent: Object = {"name": "edge", **dice.choice([{}, {"sectionName": "web"}, {"sectionName": "web"}, {"port": 80}])}
    held = gateway([listener("web", 80), *([listener("admin", 8080)] if dice.random() < 0.4 else [])])
    narrow(dice, held["spec"]["listeners"][:1], HOSTS[:3])
    narrow(dice, held["spec"]["listeners"][1:], HOSTS)
    for scene in commits:
        scene[EDGE] = copy.deepcopy(held)
        for route in routes(scene):
            route["spec"]["parentRefs"] = [dict(parent), *([OUTSIDE] if dice.random() < 0.1 else [])]
    for before, scene in pairwise(commits):
        follow(before, scene)
        for change in dice.sample(CHANGES, dice.choice([0, 1, 1, 2])):
            change(dice, scene)
    for scene in commits if dice.random() < 0.3 else ():
        if EDGE in scene:
            scene[EDGE]["metadata"]["annotations"] = {WAVE: str(dice.choice([-1, 1]))}


def follow(before: Scene, scene: Scene) -> None:
    """The Gateway, and where routes hang, as the commit before left them."""
    scene.pop(EDGE, None)
    if EDGE in before:
        scene[EDGE] = copy.deepcopy(before[EDGE])
    for called, obj in scene.items():
        if obj["kind"] == "HTTPRoute" and called in before:
            obj["spec"]["parentRefs"] = copy.deepcopy(before[called]["spec"]["parentRefs"])


def routes(scene: Scene) -> list[Object]:
    return [obj for obj in scene.values() if obj["kind"] == "HTTPRoute"]


def listeners(scene: Scene) -> list[Object]:
    result: list[Object] = scene[EDGE]["spec"]["listeners"] if EDGE in scene else []
    return result


def narrow(dice: random.Random, held: list[Object], hosts: list[str | None]) -> None:
    """The listeners are for some of these hosts, or for all (None)."""
    for each in held:
        host = dice.choice(hosts)
        each.pop("hostname", None)
        each.update({"hostname": host} if host else {})


def change_hosts(dice: random.Random, scene: Scene) -> None:
    narrow(dice, listeners(scene), [*HOSTS[:3], *HOSTS])


def rename_listener(dice: random.Random, scene: Scene) -> None:
    """Alone, or with the routes that name it."""
    for each in listeners(scene)[:1]:
        each["name"] = "http"
    for route in routes(scene) if dice.random() < 0.5 else []:
        for parent in route["spec"]["parentRefs"]:
            if parent.get("sectionName") == "web":
                parent["sectionName"] = "http"


def move_listener(dice: random.Random, scene: Scene) -> None:
    """To a port that no other listener has: the API server refuses two equal listeners."""
    others = {each["port"] for each in listeners(scene)[1:]}
    for each in listeners(scene)[:1]:
        each["port"] = dice.choice([port for port in (80, 81, 81, 83) if port not in others])


def more_listeners(_: random.Random, scene: Scene) -> None:
    if EDGE in scene and len(listeners(scene)) == 1:
        (first,) = listeners(scene)
        named = "more" if first["name"] != "more" else "most"
        listeners(scene).append(listener(named, 81 if first["port"] == 80 else 82))


def drop_listener(dice: random.Random, scene: Scene) -> None:
    if len(listeners(scene)) > 1:
        listeners(scene).pop(dice.choice([0, 1]))


def other_kinds(dice: random.Random, scene: Scene) -> None:
    for each in listeners(scene)[:1]:
        kinds = dice.choice([["GRPCRoute"], ["GRPCRoute", "HTTPRoute"]])
        each["allowedRoutes"]["kinds"] = [{"kind": kind} for kind in kinds]


def hang_elsewhere(dice: random.Random, scene: Scene) -> None:
    """One route names another listener, another port, or the Gateway outside, instead or besides."""
    for route in routes(scene)[:1]:
        own: Object = {
            "name": "edge",
            **dice.choice([{}, {"sectionName": "web"}, {"sectionName": "admin"}, {"port": 8080}]),
        }
        route["spec"]["parentRefs"] = dice.choice([[own], [own], [own, OUTSIDE], [OUTSIDE]])


def drop_gateway(_: random.Random, scene: Scene) -> None:
    scene.pop(EDGE, None)


CHANGES: list[Callable[[random.Random, Scene], None]] = [
    change_hosts, rename_listener, move_listener, more_listeners, drop_listener, other_kinds, hang_elsewhere,
    hang_elsewhere, drop_gateway,
]  # fmt: skip
