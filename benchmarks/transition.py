"""What verifying costs: run `python -m benchmarks.transition`. Prints medians; asserts nothing.

Measured as the commands run it: Python looks for garbage as seldom, and 1,000 releases are divided among the cores.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from typing import Any

from compiler.cli.program import GARBAGE_THRESHOLDS
from compiler.model.manifest import Object
from compiler.model.verdict import Verdict
from compiler.support.parallel import parallel_map, worker_count
from compiler.transition import SyncOptions, verify

PRUNE_LAST = SyncOptions.from_pairs(["PruneLast=true"])


def deployment(name: str, labels: dict[str, str], image: str, wave: str = "0") -> Object:
    """A Deployment of three pods as a compiler writes it."""
    container: dict[str, Any] = {
        "name": "app",
        "image": image,
        "ports": [{"name": "http", "containerPort": 3000}],
        "readinessProbe": {"httpGet": {"path": "/readyz", "port": "http"}},
        "lifecycle": {"preStop": {"sleep": {"seconds": 15}}},
        "resources": {"requests": {"cpu": "250m", "memory": "256Mi"}, "limits": {"memory": "512Mi"}},
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "shop", "annotations": {"argocd.argoproj.io/sync-wave": wave}},
        "spec": {
            "replicas": 3,
            "strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": {**labels, "app.kubernetes.io/managed-by": "shipway"}},
                "spec": {"terminationGracePeriodSeconds": 90, "containers": [container]},
            },
        },
    }


def service(name: str, selector: dict[str, str]) -> Object:
    """A Service on port 80."""
    ports = [{"name": "http", "port": 80, "targetPort": "http"}]
    metadata = {"name": name, "namespace": "shop"}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"selector": selector, "ports": ports}}


def route(name: str, host: str, path: str, weights: dict[str, int], wave: str = "0") -> Object:
    """An HTTPRoute that divides one path among Services."""
    backends = [{"name": backend, "port": 80, "weight": weight} for backend, weight in weights.items()]
    rule = {"matches": [{"path": {"type": "PathPrefix", "value": path}}], "backendRefs": backends}
    parents = [{"name": "public", "namespace": "gateways", "sectionName": "https"}]
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": {"name": name, "namespace": "shop", "annotations": {"argocd.argoproj.io/sync-wave": wave}},
        "spec": {"parentRefs": parents, "hostnames": [host], "rules": [rule]},
    }


def switch(name: str) -> tuple[list[Object], list[Object]]:
    """A blue/green release at its switch: two workloads, fixed Services, one route, a new version of the idle one."""
    colours = {colour: {"app": name, "color": colour} for colour in ("blue", "green")}
    fixed = [service(f"{name}-{colour}", labels) for colour, labels in colours.items()]
    blue = deployment(f"{name}-blue", colours["blue"], "img:1")
    before = [*fixed, blue, deployment(f"{name}-green", colours["green"], "img:1", "3")]
    after = [*fixed, blue, deployment(f"{name}-green", colours["green"], "img:2")]
    host = f"{name}.example.com"
    old = route(name, host, "/", {f"{name}-blue": 100, f"{name}-green": 0}, "2")
    new = route(name, host, "/", {f"{name}-blue": 0, f"{name}-green": 100}, "2")
    return [*before, old], [*after, new]


def rolling(count: int, host: str) -> tuple[list[Object], list[Object]]:
    """One folder of `count` releases of three objects, all of them rolling at once; `{}` in `host` is the number."""
    before: list[Object] = []
    after: list[Object] = []
    for number in range(count):
        name = f"r{number}"
        labels = {"app": name}
        shared = [service(name, labels), route(name, host.format(number), f"/{name}", {name: 100})]
        before += [deployment(name, labels, "img:1"), *shared]
        after += [deployment(name, labels, "img:2"), *shared]
    return before, after


def ring(image: str, count: int = 1667) -> list[Object]:
    """Releases without routes, of which each calls the next."""
    found: list[Object] = []
    for number in range(count):
        labels = {"app": f"r{number}"}
        pods = deployment(f"r{number}", labels, image)
        address = f"http://r{(number + 1) % count}:80"
        pods["spec"]["template"]["spec"]["containers"][0]["env"] = [{"name": "NEXT_URL", "value": address}]
        data = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"c{number}", "namespace": "shop"}}
        found += [service(f"r{number}", labels), pods, data]
    return found


def waves(image: str, count: int = 1667) -> list[Object]:
    """Releases on one host, each in a wave of its own."""
    found: list[Object] = []
    for number in range(count):
        name, labels = f"r{number}", {"app": f"r{number}"}
        front = route(name, "api.example.com", f"/{name}", {name: 1}, str(number))
        found += [service(name, labels), deployment(name, labels, image, str(number)), front]
    return found


def timed(job: Callable[[], object], times: int) -> list[float]:
    """Milliseconds of each run."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        job()
        found.append((time.perf_counter() - start) * 1000)
    return sorted(found)


def proven(sides: tuple[list[Object], list[Object]]) -> Verdict:
    """The verdict on one release, with the options that `plan` takes."""
    return verify(*sides, PRUNE_LAST)


def main() -> None:
    """Prints a line for each promise."""
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    before, after = switch("recommender")
    runs = timed(lambda: verify(before, after, PRUNE_LAST), 400)
    print(f"a changed release: median {statistics.median(runs):.2f} ms, 99th percentile {runs[395]:.2f} ms")
    many = [switch(f"s{number}") for number in range(1000)]
    (alone,), (whole,) = timed(lambda: list(map(proven, many)), 1), timed(lambda: parallel_map(proven, many), 1)
    cores = worker_count(len(many))
    print(f"1,000 changed releases: {whole / 1000:.2f} s on {cores} cores, {alone / 1000:.2f} s on one")
    twins = [(old, switch(f"s{number}")[0]) for number, (old, _) in enumerate(many)]
    (same,) = timed(lambda: [verify(old, twin, PRUNE_LAST) for old, twin in twins], 1)
    print(f"1,000 unchanged releases: {same:.1f} ms")
    for label, host in (("one host", "api.example.com"), ("a host each", "r{}.example.com")):
        old, new = rolling(1667, host)
        (whole,) = timed(lambda old=old, new=new: verify(old, new), 1)  # type: ignore[misc]
        print(f"5,000 objects in one folder, all rolling, {label}: {whole / 1000:.2f} s")
    for label, make in (("each calls the next", ring), ("a wave each", waves)):
        (whole,) = timed(lambda make=make: verify(make("img:1"), make("img:2")), 1)  # type: ignore[misc]
        print(f"5,000 objects in one folder, all rolling, {label}: {whole / 1000:.2f} s")


if __name__ == "__main__":
    main()
