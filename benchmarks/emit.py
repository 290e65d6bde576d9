"""Times emit against PyYAML's C dumper and ruamel.yaml: `python benchmarks/emit.py`."""

from __future__ import annotations

import io
import statistics
import timeit
from collections.abc import Callable
from typing import Any

import yaml
from ruamel.yaml import YAML

from compiler.tree.yaml import emit


def deployment() -> dict[str, Any]:
    """A Deployment of about 90 lines, as the compiler makes them."""
    labels = {"app": "web", "color": "blue", "shipway.dev/contract": "1"}
    known = {f"app.kubernetes.io/{key}": "web" for key in ("name", "instance", "managed-by", "part-of")}
    probe = {"httpGet": {"path": "/readyz", "port": "http"}, "periodSeconds": 5, "failureThreshold": 3}
    container = {
        "name": "web",
        "image": "ghcr.io/acme/web:1.4.2@sha256:" + "0a" * 32,
        "args": ["bentoml", "serve", "--workers", "4", "./"],
        "ports": [{"name": "http", "containerPort": 3000, "protocol": "TCP"}],
        "env": [{"name": f"VALUE_{index}", "value": str(index)} for index in range(6)],
        "envFrom": [{"configMapRef": {"name": "web-blue-config-1a2b3c4d"}}],
        "readinessProbe": probe,
        "livenessProbe": probe,
        "startupProbe": probe,
        "lifecycle": {"preStop": {"sleep": {"seconds": 15}}},
        "resources": {"requests": {"cpu": "250m", "memory": "2Gi"}, "limits": {"memory": "2Gi"}},
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    }
    spec = {"serviceAccountName": "web", "terminationGracePeriodSeconds": 90, "containers": [container]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web-blue", "namespace": "prod", "labels": labels | known},
        "spec": {
            "replicas": 6,
            "minReadySeconds": 10,
            "selector": {"matchLabels": {"app": "web", "color": "blue"}},
            "template": {"metadata": {"labels": labels | known}, "spec": spec},
        },
    }


def ruamel_round_trip(obj: dict[str, Any]) -> bytes:
    """The object through ruamel's default dumper."""
    stream = io.BytesIO()
    YAML().dump(obj, stream)
    return stream.getvalue()


WRITERS: dict[str, Callable[[dict[str, Any]], object]] = {
    "shipway emit": emit,
    "PyYAML CSafeDumper": lambda obj: yaml.dump(obj, Dumper=yaml.CSafeDumper, sort_keys=False),
    "ruamel round trip": ruamel_round_trip,
}


def main() -> None:
    """Prints the median time of each writer."""
    obj = deployment()
    print(f"a Deployment of {emit(obj).count(10)} lines")
    for name, write in WRITERS.items():
        runs = timeit.repeat(lambda write=write: write(obj), number=20, repeat=15)  # type: ignore[misc]
        print(f"{name:20} {statistics.median(runs) / 20 * 1e6:8.0f} µs")


if __name__ == "__main__":
    main()
