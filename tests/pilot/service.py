"""A service of two tracks behind a router that follows what is published, and a real Prometheus that scrapes both."""

from __future__ import annotations

import random
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import yaml

from tests.git.helpers import git
from tests.local_server import serving_http
from tests.pilot.conftest import Pilot

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0)
PROMETHEUS = shutil.which("prometheus")


@dataclass
class Track:
    """A server that fails and waits on purpose, and counts as an Istio sidecar does."""

    workload: str
    errors: float = 0.0
    seconds: float = 0.0
    bad_path: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    slow: Counter[float] = field(default_factory=Counter)
    first_error: float = 0.0

    def answer(self, path: str) -> int:
        if self.seconds:
            time.sleep(self.seconds)
        chance = random.random()  # noqa: S311 - which request fails guards nothing
        bad = chance < self.errors or (self.bad_path and path.startswith(self.bad_path))
        status = 500 if bad else 200
        if bad and not self.first_error:
            self.first_error = time.time()
        self.counts[str(status)] += 1
        for bucket in BUCKETS:
            self.slow[bucket] += self.seconds <= bucket
        return status

    def metrics(self) -> str:
        labels = (
            f'reporter="destination",destination_workload="{self.workload}",destination_workload_namespace="ml-prod"'
        )
        lines = [
            f'istio_requests_total{{{labels},response_code="{code}"}} {count}'
            for code, count in [("200", self.counts["200"]), *self.counts.items()][1 if self.counts["200"] else 0 :]
        ]
        bucket = "istio_request_duration_milliseconds_bucket"
        lines += [f'{bucket}{{{labels},le="{1000 * edge:g}"}} {self.slow[edge]}' for edge in BUCKETS]
        lines.append(f'{bucket}{{{labels},le="+Inf"}} {sum(self.counts.values())}')
        return "\n".join(lines) + "\n"


@contextmanager
def http_server(track: Track) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, text = (200, track.metrics()) if self.path == "/metrics" else (track.answer(self.path), "")
            self.send_response_only(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    with serving_http(Handler) as address:
        yield address


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def real_prometheus(folder: Path, targets: list[str]) -> Iterator[str]:
    """Debian's Prometheus, scraping every second; its address."""
    assert PROMETHEUS is not None
    folder.mkdir()
    scrape = {"job_name": "tracks", "static_configs": [{"targets": targets}]}
    config = {"global": {"scrape_interval": "1s"}, "scrape_configs": [scrape]}
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    port = free_port()
    process = subprocess.Popen(
        [
            PROMETHEUS, f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
            f"--web.listen-address=127.0.0.1:{port}",
        ],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_until_ready(f"http://127.0.0.1:{port}/-/ready")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_until_ready(url: str) -> None:
    for _ in range(300):
        with suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - on the loopback
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"{url} never became ready")


@dataclass
class Cluster:
    """Argo CD and a router in small: each publish is in force `delay` seconds after it, and divides the requests."""

    pilot: Pilot
    addresses: dict[str, str]
    per_second: float
    delay: float = 0.3
    share: int = 0
    seen: list[tuple[float, int]] = field(default_factory=list)
    published: list[float] = field(default_factory=list)
    """when each publish was noticed, before the router followed"""
    stop: threading.Event = field(default_factory=threading.Event)

    def sync_forever(self) -> None:
        while not self.stop.wait(0.1):
            head = git(self.pilot.bare, "for-each-ref", "--format=%(objectname)", "refs/heads/shipway/prod")
            if head and head != self.pilot.argo.revision:
                self.published.append(time.time())
                self.stop.wait(self.delay)
                self.share = self.published_share(head)
                self.seen.append((time.time(), self.share))
                self.pilot.argo.finished = time.time()
                self.pilot.argo.revision = head

    def published_share(self, head: str) -> int:
        text = git(self.pilot.bare, "show", f"{head}:prod/api/httproute-api.yaml")
        last = yaml.safe_load(text)["spec"]["rules"][-1]["backendRefs"]
        return next((int(ref.get("weight", 1)) for ref in last if ref["name"] == "api-canary"), 0)

    def ask_forever(self) -> None:
        count = 0
        while not self.stop.wait(1 / self.per_second):
            count += 1
            track = "canary" if random.random() * 100 < self.share else "stable"  # noqa: S311
            path = "/bad" if count % 10 == 0 else "/good"
            url = f"http://{self.addresses[track]}{path}"
            with suppress(OSError), urllib.request.urlopen(url, timeout=5):
                pass


@contextmanager
def running_cluster(pilot: Pilot, tracks: dict[str, Track], per_second: float, askers: int = 4) -> Iterator[Cluster]:
    """Both tracks, Prometheus and requests; the pilot's environment points there."""
    with http_server(tracks["stable"]) as stable, http_server(tracks["canary"]) as canary:
        folder = pilot.root.parent / "prometheus"
        with real_prometheus(folder, [stable, canary]) as address:
            pilot.prometheus.url = address
            pilot.environment()
            cluster = Cluster(pilot, {"stable": stable, "canary": canary}, per_second / askers)
            threads = [threading.Thread(target=cluster.sync_forever)]
            threads += [threading.Thread(target=cluster.ask_forever) for _ in range(askers)]
            for thread in threads:
                thread.start()
            try:
                yield cluster
            finally:
                cluster.stop.set()
                for thread in threads:
                    thread.join()
