"""What the reference reads of a manifest: a bounded subset, said plainly. Shares nothing with the engine."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Object = Mapping[str, Any]
Key = tuple[str, str]

WAVE = "argocd.argoproj.io/sync-wave"
OPTIONS = "argocd.argoproj.io/sync-options"
KIND_ORDER = ["ConfigMap", "Service", "Deployment", "HTTPRoute"]


@dataclass(frozen=True)
class Template:
    labels: tuple[tuple[str, str], ...]
    contract: str
    ports: tuple[tuple[str, int], ...]
    configs: tuple[str, ...]
    image: str


@dataclass(frozen=True)
class Deployment:
    replicas: int
    surge: int
    unavailable: int
    recreate: bool
    template: Template


@dataclass(frozen=True)
class Service:
    selector: tuple[tuple[str, str], ...]
    ports: tuple[tuple[int, str | int], ...]


@dataclass(frozen=True)
class Route:
    """One rule per path; each backend is (service, port, weight)."""

    rules: tuple[tuple[str, tuple[tuple[str, int, int], ...]], ...]


def key(obj: Object) -> Key:
    return obj["kind"], obj["metadata"]["name"]


def annotation(obj: Object, name: str, default: str) -> str:
    return str(obj["metadata"].get("annotations", {}).get(name, default))


def wave(obj: Object) -> int:
    return int(annotation(obj, WAVE, "0"))


def prunes_last(obj: Object) -> bool:
    return "PruneLast=true" in annotation(obj, OPTIONS, "").split(",")


def resolve(value: int | str, replicas: int, up: bool) -> int:
    """intstr.GetScaledValueFromIntOrPercent: surge rounds up, unavailable down."""
    if isinstance(value, int):
        return value
    exact = int(value.rstrip("%")) * replicas / 100
    return math.ceil(exact) if up else math.floor(exact)


def deployment(obj: Object) -> Deployment:
    spec = obj["spec"]
    replicas = spec.get("replicas", 1)
    rolling = spec.get("strategy", {}).get("rollingUpdate", {})
    surge = resolve(rolling.get("maxSurge", "25%"), replicas, up=True)
    unavailable = resolve(rolling.get("maxUnavailable", "25%"), replicas, up=False)
    if surge == 0 and unavailable == 0:
        unavailable = 1
    recreate = spec.get("strategy", {}).get("type") == "Recreate"
    return Deployment(replicas, surge, unavailable, recreate, template(spec["template"]))


def template(raw: Object) -> Template:
    container = raw["spec"]["containers"][0]
    labels = raw["metadata"]["labels"]
    return Template(
        labels=tuple(sorted(labels.items())),
        contract=labels.get("shipway.dev/contract", "1"),
        ports=tuple((port["name"], port["containerPort"]) for port in container["ports"]),
        configs=tuple(source["configMapRef"]["name"] for source in container.get("envFrom", [])),
        image=container["image"],
    )


def service(obj: Object) -> Service:
    ports = tuple((port["port"], port["targetPort"]) for port in obj["spec"]["ports"])
    return Service(tuple(sorted(obj["spec"]["selector"].items())), ports)


def route(obj: Object) -> Route:
    rules = []
    for rule in obj["spec"]["rules"]:
        backends = tuple((ref["name"], ref["port"], ref.get("weight", 1)) for ref in rule["backendRefs"])
        rules.append((rule["matches"][0]["path"]["value"], backends))
    return Route(tuple(rules))


READERS: dict[str, Callable[[Object], Any]] = {
    "Deployment": deployment,
    "Service": service,
    "HTTPRoute": route,
    "ConfigMap": lambda obj: None,
}


def read(objects: Sequence[Object]) -> dict[Key, Any]:
    """Each object of the subset by kind and name, in the reference's own words."""
    return {key(obj): READERS[obj["kind"]](obj) for obj in objects}
