"""Every course that a strategy offers, for every provider that can carry it: the commits, as compiled objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from compiler.model.compiled import CompiledEnvironment
from compiler.model.course import Refusal, Step
from compiler.model.manifest import Object
from compiler.model.unit import units_of
from compiler.pipeline import compile_documents
from compiler.plan.upcoming_states import UpcomingState, edited_documents, state_after_abort, upcoming_states
from compiler.source import parse
from compiler.spec.documents import Documents, read_documents
from compiler.strategies import STRATEGIES
from compiler.traffic.providers import providers
from compiler.transition import SyncOptions
from compiler.tree.render import sync_application

PROVIDER_SPECS = {
    "service": "service: {}",
    "ingressNginx": "ingressNginx: {className: nginx}",
    "gatewayApi": "gatewayApi: {gateway: public, namespace: infra}",
}
"""How an environment names each provider."""
WITHOUT_ROUTER = frozenset({"service"})
"""The providers that cannot divide requests by weight or header."""
ENVIRONMENT = """
apiVersion: shipway.dev/v1
kind: Environment
metadata: {{name: prod}}
spec:
  namespace: shop
  kubernetes: "1.34"
  traffic: {{{provider}}}
"""
RELEASE = """
apiVersion: shipway.dev/v1
kind: Release
metadata: {{name: {name}}}
spec:
  container:
    image: ghcr.io/acme/{name}
    preset: bentoml
    config: {{values: {{TOP_K: 20}}}}
  {size}
  expose: {{{expose}}}
  {extra}
  strategy:
    {strategy}
"""
GROUP = """
apiVersion: shipway.dev/v1
kind: Group
metadata: {name: shop}
spec: {entry: web, members: [web, api], active: blue}
"""


@dataclass(frozen=True)
class Course:
    """One course: its name, the states (a name and the unit compiled) in order, and how the Application syncs."""

    name: str
    states: tuple[tuple[str, CompiledEnvironment], ...]
    members: tuple[str, ...]
    loses: frozenset[str] = frozenset()
    """the codes by which every commit that brings another version in is refuted: an exception has to name them"""

    def objects(self, index: int) -> list[Object]:
        return objects_of(self.states[index][1])

    @property
    def options(self) -> SyncOptions:
        compiled = self.states[0][1]
        unit = next(each for each in units_of(compiled) if set(each.folders) == set(self.members))
        return SyncOptions.from_application(sync_application(compiled, unit))


def objects_of(compiled: CompiledEnvironment) -> list[Object]:
    return [manifest.object for release in compiled.releases for manifest in release.manifests]


def documents(provider: str, *texts: str) -> Documents:
    environment = parse(ENVIRONMENT.format(provider=PROVIDER_SPECS[provider]), "environments/prod/environment.yaml")
    others = [parse(text, f"environments/prod/{index}.yaml") for index, text in enumerate(texts)]
    return read_documents(
        environment,
        others,
        {name: strategy.SPEC for name, strategy in STRATEGIES.items()},
        {name: each.SPEC for name, each in providers().items()},
    )


def release(name: str, strategy: str, **parts: str) -> str:
    values = {"size": "replicas: 4", "expose": "host: api.example.com, path: /api", "extra": ""} | parts
    return RELEASE.format(name=name, strategy=strategy, **values)


def compiled(documents: Documents) -> CompiledEnvironment:
    data: Mapping[str, Mapping[str, str]] = {each.document.file: {} for each in documents.releases}
    return compile_documents("prod", documents, data)


def data_of(documents: Documents) -> dict[str, dict[str, str]]:
    return {each.document.file: {} for each in documents.releases}


def started(before: CompiledEnvironment, new_version: Mapping[str, dict[str, Any]]) -> CompiledEnvironment:
    """After `start` of the new versions, by member."""
    steps: dict[str, Step] = {}
    for each in before.releases:
        step = each.strategy.start(each.subject, new_version[each.name])
        assert not isinstance(step, Refusal), step
        steps[each.name] = step
    return compiled(edited_documents(before.documents, steps))


def course(name: str, documents: Documents, new_version: Mapping[str, dict[str, Any]]) -> Course:
    """From rest through every step to the end."""
    members = tuple(each.name for each in documents.releases)
    rest = compiled(documents)
    first = started(rest, new_version)
    ahead = upcoming_states(first, members, data_of(first.documents))
    states = [("rest", rest), ("start", first), *((each.step.name, each.compiled) for each in ahead)]
    return Course(name, tuple(states), members)


def abort_of(state: CompiledEnvironment, members: tuple[str, ...]) -> UpcomingState | None:
    return state_after_abort(state, members, data_of(state.documents))


NEW = {"version": "2.0.0"}
MAJOR = {"version": "2.0.0", "change": "major"}
SCALED = {"size": "autoscale: {min: 4, max: 8, cpu: 70}"}


def courses() -> Iterator[Course]:
    """All of them: every strategy and every provider of the registries, with variants."""
    for provider in providers():
        yield from courses_with(provider)
    text = release("api", 'versioned: {v1: {version: "1.0.0", path: /, deprecated: 2026-01-01, sunset: 2027-01-01}}')
    yield course("versioned-gatewayApi-retiring", documents("gatewayApi", text), {"api": MAJOR})


def courses_with(provider: str) -> Iterator[Course]:
    """The courses of all strategies, and of groups, with one provider."""
    assert provider in PROVIDER_SPECS, (
        f"traffic provider {provider} runs through no course: add how an environment names it to PROVIDER_SPECS"
    )
    for strategy in STRATEGIES:
        assert strategy in COURSES, f"strategy {strategy} runs through no course: add a function of its own to COURSES"
        yield from COURSES[strategy](provider)
    yield from groups(provider)


def rolling(provider: str) -> Iterator[Course]:
    text = release("api", 'rolling: {version: "1.0.0"}')
    yield course(f"rolling-{provider}", documents(provider, text), {"api": NEW})
    scaled = release("api", 'rolling: {version: "1.0.0"}', **SCALED)
    yield course(f"rolling-{provider}-autoscaled", documents(provider, scaled), {"api": NEW})
    configured = {**NEW, "config": {"values": {"TOP_K": 30}}}
    yield course(f"rolling-{provider}-config", documents(provider, text), {"api": configured})


def recreate(provider: str) -> Iterator[Course]:
    text = release("api", 'recreate: {version: "1.0.0"}')
    replaced = course(f"recreate-{provider}", documents(provider, text), {"api": NEW})
    yield replace(replaced, loses=frozenset({"backend-empty"}))


def blue_green(provider: str) -> Iterator[Course]:
    for variant, parts in {
        "": {},
        "-autoscaled": SCALED,
        "-smoke": {"extra": "smokeTest: {image: curlimages/curl:8, args: [--fail, $(SMOKE_URL)]}"},
        "-policy": {"extra": "networkPolicy: {fromNamespaces: [{team: web}]}"},
    }.items():
        text = release("api", 'blueGreen: {active: blue, blue: {version: "1.0.0"}}', **parts)
        yield course(f"blueGreen-{provider}{variant}", documents(provider, text), {"api": NEW})
    config = {**NEW, "config": {"values": {"TOP_K": 30}}}
    yield course(f"blueGreen-{provider}-config", documents(provider, text), {"api": config})
    second = release("api", 'blueGreen: {active: green, green: {version: "1.0.0"}}')
    yield course(f"blueGreen-{provider}-back", documents(provider, second), {"api": NEW})
    both = 'blueGreen: {active: green, blue: {version: "0.9"}, green: {version: "1.0.0", change: minor}}'
    yield course(f"blueGreen-{provider}-over-warm", documents(provider, release("api", both)), {"api": NEW})


def canary(provider: str) -> Iterator[Course]:
    for by in ("pods",) if provider in WITHOUT_ROUTER else ("pods", "weight", "header"):
        text = release("api", f'canary: {{by: {by}, steps: [10, 50, 75, 100], stable: {{version: "1.0.0"}}}}')
        yield course(f"canary-{by}-{provider}", documents(provider, text), {"api": NEW})
        if by != "pods":
            scaled = release("api", f'canary: {{by: {by}, stable: {{version: "1.0.0"}}}}', **SCALED)
            yield course(f"canary-{by}-{provider}-autoscaled", documents(provider, scaled), {"api": NEW})
        if by == "header":
            yield course(f"canary-{by}-{provider}-major", documents(provider, text), {"api": MAJOR})


def versioned(provider: str) -> Iterator[Course]:
    text = release("api", 'versioned: {v1: {version: "1.0.0"}}')
    yield course(f"versioned-{provider}", documents(provider, text), {"api": MAJOR})
    yield course(f"versioned-{provider}-minor", documents(provider, text), {"api": NEW})


def groups(provider: str) -> Iterator[Course]:
    web = release("web", 'blueGreen: {blue: {version: "1.0.0"}}', expose="host: shop.example.com")
    api = release("api", 'blueGreen: {blue: {version: "1.0.0"}}', expose="")
    for change, new_version in {"minor": NEW, "major": MAJOR}.items():
        yield course(
            f"group-{provider}-{change}", documents(provider, web, api, GROUP), {"web": new_version, "api": new_version}
        )


COURSES = {"rolling": rolling, "recreate": recreate, "blueGreen": blue_green, "canary": canary, "versioned": versioned}
"""The courses of each strategy with a provider."""
