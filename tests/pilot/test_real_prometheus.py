"""Courses with a real Prometheus, servers that fail on purpose, and requests that follow the published weights."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from compiler.analysis.presets import METRICS_PRESETS
from compiler.analysis.target import SAMPLE
from compiler.observe.http import open_server
from compiler.observe.prometheus import QueryRefusedError, read_figure
from tests.pilot.conftest import ERRORS, Pilot
from tests.pilot.service import PROMETHEUS, Track, http_server, real_prometheus, running_cluster

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(PROMETHEUS is None and "CI" not in os.environ, reason="prometheus is not installed"),
]
LATENCY = "{name: latency, preset: latency, percentile: 90, against: baseline, factor: 2}"
SHORT = ", every: 1s, window: 6s, minRequests: 10"


def tracks(**canary: Any) -> dict[str, Track]:
    return {"stable": Track("api-stable"), "canary": Track("api-canary", **canary)}


def begin(pilot: Pilot, checks: str = ERRORS, at: int = 10, more: str = SHORT) -> None:
    pilot.canary(checks=checks, at=at, steps="[10, 50]")
    path = pilot.root / "environments/prod/api.yaml"
    path.write_text(path.read_text().replace("every: 10s, window: 1m, minRequests: 20", more.removeprefix(", ")))
    pilot.commit()
    status, _, err = pilot.run("publish", "prod")
    assert status == 0, err


def tick_until(pilot: Pilot, ends: set[str], seconds: float = 90) -> list[dict[str, Any]]:
    """Ticks until one of these actions was carried out; all rows."""
    rows: list[dict[str, Any]] = []
    deadline = time.time() + seconds
    while time.time() < deadline:
        began = time.time()
        rows.append({**pilot.tick(), "began": began})
        if rows[-1]["action"] in ends and rows[-1]["commit"]:
            return rows
        time.sleep(0.2)
    raise AssertionError([(row["action"], row["reason"], row["checks"]) for row in rows[-3:]])


def test_a_healthy_canary_walks_to_the_end(pilot: Pilot) -> None:
    with running_cluster(pilot, tracks(), per_second=150) as cluster:
        begin(pilot)
        rows = tick_until(pilot, {"finish"})
    assert [row["action"] for row in rows if row["commit"]] == ["advance", "finish"]
    assert [share for _, share in cluster.seen][:2] == [10, 50]


def test_three_percent_of_errors_are_aborted(pilot: Pilot, record_property: Any) -> None:
    both = tracks(errors=0.03)
    with running_cluster(pilot, both, per_second=300) as cluster:
        begin(
            pilot, checks="{name: errors, preset: errorRate, max: 0.01}", more="every: 1s, window: 20s, minRequests: 30"
        )
        rows = tick_until(pilot, {"abort", "advance", "finish"})
        while not any(share == 0 for _, share in cluster.seen[1:]):
            time.sleep(0.05)
        gone = next(at for at, share in cluster.seen[1:] if share == 0)
    assert rows[-1]["action"] == "abort", rows[-1]
    first, looked, moved = both["canary"].first_error, rows[-1]["began"], cluster.published[-1]
    parts = {
        "first error to the look that decides": looked - first,
        "look, proof and publish": moved - looked,
        "publish to no requests": gone - moved,
        "first error to no requests": gone - first,
    }
    for name, seconds in parts.items():
        record_property(name, round(seconds, 1))
    print("; ".join(f"{name} {seconds:.1f} s" for name, seconds in parts.items()), rows[-1]["checks"])


def test_a_version_that_is_only_slow_is_aborted(pilot: Pilot) -> None:
    with running_cluster(pilot, tracks(seconds=0.06), per_second=200):
        begin(pilot, checks=LATENCY, at=50, more="every: 3s, window: 18s, minRequests: 10")
        rows = tick_until(pilot, {"abort", "finish"})
    assert rows[-1]["action"] == "abort"
    assert "latency" in rows[-1]["checks"][0]


def test_a_version_that_is_bad_on_one_path_is_aborted(pilot: Pilot) -> None:
    with running_cluster(pilot, tracks(bad_path="/bad"), per_second=200):
        begin(pilot)
        rows = tick_until(pilot, {"abort", "finish"})
    assert rows[-1]["action"] == "abort"


def test_five_requests_a_minute_move_nothing(pilot: Pilot) -> None:
    with running_cluster(pilot, tracks(errors=1.0), per_second=0.09, askers=1):
        begin(pilot)
        ends = time.time() + 15
        rows = []
        while time.time() < ends:
            rows.append(pilot.tick())
            time.sleep(1)
    assert {row["action"] for row in rows} == {"hold"}


def test_a_query_that_is_refused_is_distinguished_from_a_server_that_is_away(tmp_path: Path) -> None:
    with http_server(Track("api-canary")) as target, real_prometheus(tmp_path / "prometheus", [target]) as address:
        server = open_server("Prometheus", address, None, None)
        for query in ("foo bar", "up[1m]", '"text"', "label_replace(up, 'x', 'y', 'z', '(')"):
            with pytest.raises(QueryRefusedError):
                read_figure(server, query, int(time.time()))


def test_every_preset_is_promql_that_prometheus_takes(tmp_path: Path) -> None:
    with http_server(Track("api-canary")) as target, real_prometheus(tmp_path / "prometheus", [target]) as address:
        server = open_server("Prometheus", address, None, None)
        for preset in METRICS_PRESETS.values():
            queries = [preset.request_count(SAMPLE, 60), preset.error_count(SAMPLE, 60), preset.latency(SAMPLE, 60, 99)]
            for query in filter(None, queries):
                assert read_figure(server, query, int(time.time())).value is None
