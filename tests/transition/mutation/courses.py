"""Whole courses as the compiler writes them: for each strategy and provider the commits from published to finished."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from compiler.pipeline import check_environment
from compiler.source import parse
from compiler.source.workspace import Sources

Object = dict[str, Any]
Commit = tuple[Object, ...]

PROVIDERS: dict[str, Any] = {
    "gatewayApi": {"gateway": "public", "namespace": "infra"},
    "ingressNginx": {"className": "nginx"},
    "service": {},
}


@dataclass(frozen=True)
class Step:
    """One commit of a course and the one before it; `loses` are the codes of what the strategy gives up by design."""

    course: str
    name: str
    before: Commit
    after: Commit
    loses: frozenset[str] = frozenset()


def version(number: str, **more: Any) -> dict[str, Any]:
    values = {"TOP_K": number.replace(".", "")}
    return {"version": number, "config": {"values": values}, **more}


OLD, NEW = version("1.4.2"), version("1.5.0", change="minor")
BLUE, GREEN = {"blue": OLD}, {"green": NEW}


def canary(by: str, at: int) -> dict[str, Any]:
    return {"canary": {"by": by, "steps": [25, 50], "stable": OLD, "canary": NEW, "at": at}}


COURSES: dict[str, Sequence[tuple[str, dict[str, Any]]]] = {
    "rolling": [
        ("published", {"rolling": OLD}),
        ("rolled", {"rolling": {**NEW, "previous": OLD}}),
        ("rolled back", {"rolling": {**OLD, "previous": NEW}}),
    ],
    "blueGreen": [
        ("published", {"blueGreen": {"active": "blue", **BLUE}}),
        ("started", {"blueGreen": {"active": "blue", **BLUE, **GREEN}}),
        ("switched", {"blueGreen": {"active": "green", **BLUE, **GREEN}}),
        ("finished", {"blueGreen": {"active": "green", **GREEN}}),
    ],
    "canary-weight": [
        ("published", {"canary": {"by": "weight", "steps": [25, 50], "stable": OLD}}),
        ("started", canary("weight", 25)),
        ("advanced", canary("weight", 50)),
        ("finished", {"canary": {"by": "weight", "steps": [25, 50], "stable": NEW}}),
    ],
    "canary-header": [
        ("published", {"canary": {"by": "header", "stable": OLD}}),
        ("started", {"canary": {"by": "header", "stable": OLD, "canary": {**NEW, "change": "major"}}}),
    ],
    "canary-pods": [
        ("published", {"canary": {"by": "pods", "steps": [25, 50], "stable": OLD}}),
        ("started", canary("pods", 25)),
        ("advanced", canary("pods", 50)),
        ("finished", {"canary": {"by": "pods", "steps": [25, 50], "stable": NEW}}),
    ],
    "versioned": [
        ("published", {"versioned": {"v1": {**OLD, "path": "/v1"}}}),
        ("started", {"versioned": {"v1": {**OLD, "path": "/v1"}, "v2": {**version("2.0.0"), "path": "/v2"}}}),
        ("finished", {"versioned": {"v2": {**version("2.0.0"), "path": "/v2"}}}),
    ],
}
COURSES["recreate"] = [
    ("published", {"recreate": OLD}),
    ("replaced", {"recreate": {**NEW, "previous": OLD}}),
]
COURSES["rolling-stateful"] = COURSES["rolling-jobs"] = COURSES["rolling-identity"] = COURSES["rolling"]
COURSES["blueGreen-jobs"] = COURSES["blueGreen"]
COURSES["blueGreen-identity"] = COURSES["blueGreen"][:3]  # what ran before goes with its track
COURSES["blueGreen-autoscaled"] = COURSES["blueGreen"]
COURSES["canary-autoscaled"] = COURSES["canary-weight"]
COURSES["rolling-closed"] = COURSES["rolling"]
COURSES["blueGreen-closed"] = COURSES["blueGreen"]
COURSES["canary-closed"] = COURSES["canary-weight"]
COURSES["versioned-closed"] = COURSES["versioned"]
AUTOSCALED = {"autoscale": {"min": 2, "max": 6, "cpu": 70}}
LOSES = {"recreate": frozenset({"backend-empty"})}
CLAIM = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "10Gi"}}}
VARIANTS: dict[str, dict[str, Any]] = {
    "autoscaled": AUTOSCALED,
    "stateful": {"replicas": 3, "stateful": {"claims": [{"metadata": {"name": "data"}, "spec": CLAIM}]}},
    "jobs": {
        "replicas": 2,
        "jobs": {"migrate": {"command": ["migrate"]}, "report": {"command": ["report"], "schedule": "0 3 * * *"}},
        "extras": ["extras/more.yaml"],
    },
    "identity": {
        "replicas": 2,
        "identity": {
            "deployment": "model",
            "selector": {"app": "recommender", "model": "a"},
            "labels": {"tier": "edge"},
            "service": "model-svc",
            "container": "server",
            "route": "model-route",
        },
    },
}
"""What releases say beside their strategy, by the last word of a course's name."""
EXTRAS = """
apiVersion: v1
kind: ConfigMap
metadata: {name: more}
data: {A: "1"}
"""
IMPOSSIBLE = {(f"canary-{by}", "service") for by in ("autoscaled", "weight", "header", "closed")}
ENTRIES = {"gatewayApi": "infra", "ingressNginx": "ingress-nginx", "service": "clients"}


def closed(provider: str) -> dict[str, Any]:
    """A release that only its entry may reach, with a second port, a smoke test, and requests of a stated length."""
    return {
        "replicas": 4,
        "networkPolicy": {"fromNamespaces": [{"kubernetes.io/metadata.name": ENTRIES[provider]}]},
        "smokeTest": {"image": "ghcr.io/acme/smoke:1", "command": ["smoke"]},
    }


def document(file: str, kind: str, name: str, spec: dict[str, Any]) -> Any:
    text = json.dumps({"apiVersion": "shipway.dev/v1", "kind": kind, "metadata": {"name": name}, "spec": spec})
    return parse(text, f"environments/prod/{file}")


def commit(provider: str, strategy: dict[str, Any], rest: dict[str, Any]) -> Commit:
    """The objects of one release with this strategy, in an environment with this provider."""
    environment = {"namespace": "ml", "kubernetes": "1.34", "traffic": {provider: PROVIDERS[provider]}}
    expose = {} if provider == "service" else {"host": "api.example.com", "path": "/recommend"}
    if "versioned" in strategy:
        expose.pop("path", None)
    container = {"ports": {"metrics": 9090}, "longestRequestSeconds": 30} if "networkPolicy" in rest else {}
    release = {
        "container": {"image": "ghcr.io/acme/recommender", "preset": "bentoml", **container},
        **rest,
        "expose": expose,
        "strategy": strategy,
    }
    return compiled(environment, [document("recommender.yaml", "Release", "recommender", release)])


def compiled(environment: dict[str, Any], others: list[Any]) -> Commit:
    first = document("environment.yaml", "Environment", "prod", environment)
    extras = {each.file: {"extras/more.yaml": EXTRAS} if "extras" in each.data["spec"] else {} for each in others}
    sources = Sources("prod", first, tuple(others), {first.file: {}, **extras})
    found = check_environment(sources)
    return tuple(manifest.object for release in found.releases for manifest in release.manifests)


def group_commit(active: str, colors: dict[str, Any], provider: str) -> Commit:
    """A client and its API, moving as one world."""
    environment = {"namespace": "ml", "kubernetes": "1.34", "traffic": {provider: PROVIDERS[provider]}}
    others = [document("shop.yaml", "Group", "shop", {"entry": "web", "members": ["web", "api"], "active": active})]
    for name, expose in (("web", {"host": "shop.example.com"}), ("api", {})):
        container = {"image": f"ghcr.io/acme/{name}", "preset": "http", "port": 8080}
        spec = {"container": container, "replicas": 2, "expose": expose, "strategy": {"blueGreen": colors}}
        others.append(document(f"{name}.yaml", "Release", name, spec))
    return compiled(environment, others)


def rest_of(course: str, provider: str) -> dict[str, Any]:
    """What a course's release says beside its strategy."""
    if course.endswith("closed"):
        return closed(provider)
    return VARIANTS.get(course.rpartition("-")[2], {"replicas": 4})


@cache
def steps() -> tuple[Step, ...]:
    """Every step of every course with every provider that can write it."""
    collected = []
    for course, commits in COURSES.items():
        for provider in PROVIDERS:
            if (course, provider) not in IMPOSSIBLE:
                made = [(name, commit(provider, strategy, rest_of(course, provider))) for name, strategy in commits]
                collected += pairs(f"{course}/{provider}", made, LOSES.get(course, frozenset()))
    major = {"green": version("2.0.0", change="major")}
    for provider in ("gatewayApi", "ingressNginx"):
        made = [
            ("published", group_commit("blue", BLUE, provider)),
            ("started", group_commit("blue", {**BLUE, **major}, provider)),
            ("switched", group_commit("green", {**BLUE, **major}, provider)),
            ("finished", group_commit("green", major, provider)),
        ]
        collected += pairs(f"group/{provider}", made)
    return tuple(collected)


def pairs(course: str, made: list[tuple[str, Commit]], loses: frozenset[str] = frozenset()) -> list[Step]:
    return [Step(course, name, old, new, loses) for (_, old), (name, new) in pairwise(made)]
