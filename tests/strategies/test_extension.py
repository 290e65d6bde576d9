"""A strategy from the outside: one file's worth of names and one line."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from compiler.diagnostics.model import Problem
from compiler.model.cost import LargestCounts
from compiler.model.course import STRATEGY, Refusal, ShownTracks, Step, Subject
from compiler.model.manifest import Object
from compiler.model.topology import Match, Role, Share, ShareMechanism, Split, Topology, Workload
from compiler.plan.migrations import published_strategy
from compiler.plan.tracks import tracks_of
from compiler.spec.base import Model
from compiler.spec.container import Version
from compiler.strategies import STRATEGIES
from compiler.strategies.base import workloads_by_label
from tests.pipeline.specs import environment, objects, release


class Shadow(Model):
    """Requests go to `live`; `shadow` runs beside it."""

    live: Version
    shadow: Version


class ShadowStrategy:
    NAME = "shadow"
    IN_PLACE = True
    SPEC = Shadow

    def check(self, subject: Subject[Shadow]) -> Sequence[Problem]:
        return ()

    def lower(self, subject: Subject[Shadow]) -> Topology:
        spec = subject.spec
        workloads = tuple(
            Workload(track, "track", f"{subject.name}-{track}", version, (*STRATEGY, "shadow", track), 1, 1, role)
            for track, version, role in (("live", spec.live, Role.SERVING), ("shadow", spec.shadow, Role.IDLE))
        )
        return Topology(
            workloads, (Split("", Match(), (Share("live", 100),), ShareMechanism.PODS, STRATEGY),), gated=True
        )

    def position(self, subject: Subject[Shadow]) -> str:
        return "shadowing"

    def start(self, subject: Subject[Shadow], new: Mapping[str, Any]) -> Step | Refusal:
        return Refusal("a shadow has no course", "edit the spec")

    def ahead(self, subject: Subject[Shadow], /) -> tuple[Step, ...]:
        return ()

    def abort(self, subject: Subject[Shadow]) -> Step | Refusal:
        return Refusal("a shadow has no course", "edit the spec")

    def tracks(self, subject: Subject[Shadow]) -> Mapping[str, Version]:
        return {"live": subject.spec.live, "shadow": subject.spec.shadow}

    def tracks_of(self, objects: Sequence[Object], /) -> ShownTracks | None:
        shown = workloads_by_label(objects, "track")
        return ShownTracks(shown) if set(shown) == {"live", "shadow"} else None

    def peak(self, subject: Subject[Shadow]) -> LargestCounts:
        return LargestCounts(2, 2)


SPEC = 'shadow: {live: {version: "1.0"}, shadow: {version: "2.0"}}'


def test_a_strategy_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(STRATEGIES, "shadow", ShadowStrategy())
    manifests = objects(environment("gatewayApi"), release(SPEC))
    assert manifests["Deployment/api-live"]["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"] == "0"
    assert manifests["Deployment/api-shadow"]["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"] == "3"
    assert manifests["Service/api"]["spec"]["selector"] == {"app": "api", "track": "live"}


def test_a_strategy_from_outside_is_read_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(STRATEGIES, "shadow", ShadowStrategy())
    made = list(objects(environment("gatewayApi"), release(SPEC)).values())
    views = {view.track: (view.version, view.share) for view in tracks_of(made, "api")}
    assert views == {"live": ("1.0", 100.0), "shadow": ("2.0", 0.0)}
    assert published_strategy(made, "api") == "shadow"
    without_route = [each for each in made if each["kind"] not in ("HTTPRoute", "Service")]
    assert {view.share for view in tracks_of(without_route, "api")} == {None}


def test_it_is_not_known_without_its_line() -> None:
    assert "shadow" not in STRATEGIES
    assert "compiler.strategies.shadow" not in sys.modules
