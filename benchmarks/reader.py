"""How long one spec takes to read, against the YAML libraries: `python -m benchmarks.reader` at the root.

Prints µs a read (least of 30 rounds of 50), for a spec of about 60 lines. Ratios within one run are what counts.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable

import yaml
from ruamel.yaml import YAML
from yaml._yaml import CParser

from compiler.source import parse, parse_manifests

_VERSION = '{version: "1.4.2", digest: "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"}'
SPEC = f"""\
# yaml-language-server: $schema=../../schemas/release.json
apiVersion: shipway.dev/v1
kind: Release
metadata: {{name: recommender}}
spec:
  container:
    image: ghcr.io/acme/recommender
    preset: bentoml
    env:
{"".join(f"      NAME_{number}: value {number}  # note{chr(10)}" for number in range(20))}\
    resources:
      requests: {{cpu: "1", memory: 2Gi}}
      limits: {{memory: 4Gi}}
    probes:
      readiness: {{path: /readyz, periodSeconds: 5}}
      liveness: {{path: /livez}}
  tolerations:
{"".join(f"    - key: gpu-{number}{chr(10)}      operator: Exists{chr(10)}" for number in range(8))}\
  replicas: 6
  expose:
    host: api.example.com
    path: /v1
    tls: {{secretName: api-example-com}}
    service: {{type: NodePort, port: 443, nodePort: 30443}}
  strategy:
    blueGreen:
      active: blue
      blue: {_VERSION}
      green: {_VERSION}
"""


def events() -> None:
    """The parser's share alone."""
    following = CParser(SPEC).get_event
    while following() is not None:
        pass


def best(read: Callable[[], object]) -> float:
    """µs a call, the least of 30 rounds of 50."""
    return min(timeit.repeat(read, number=50, repeat=30)) / 50 * 1e6


def main() -> None:
    """Prints the table."""
    ruamel_c = YAML(typ="safe")
    readers: dict[str, Callable[[], object]] = {
        "libyaml events alone": events,
        "shipway, a spec (places, guards)": lambda: parse(SPEC, "r.yaml"),
        "shipway, a manifest": lambda: parse_manifests(SPEC, "m.yaml"),
        "PyYAML CSafeLoader": lambda: yaml.load(SPEC, yaml.CSafeLoader),
    }
    print(f"{SPEC.count(chr(10))} lines")
    for name, read in readers.items():
        print(f"{best(read):8.0f} µs  {name}")

    print(f"{min(timeit.repeat(lambda: ruamel_c.load(SPEC), number=10, repeat=5)) / 10 * 1e6:8.0f} µs  ruamel safe, C")


if __name__ == "__main__":
    main()
