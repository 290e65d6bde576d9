"""Times whole runs of `shipway` on generated environments: `python benchmarks/compile.py [SERVICES…]`.

Beside them stand the parts that a plain Python compiler is made of (ruamel.yaml's round trip, pydantic, jsonschema) on
the same specs and about as many objects. Ratios count, not milliseconds: both must run at the same time of day.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

RUNS = 5

ENVIRONMENT = """\
apiVersion: shipway.dev/v1
kind: Environment
metadata: {name: prod}
spec:
  namespace: ml-prod
  kubernetes: "1.34"
  traffic:
    gatewayApi: {gateway: public, namespace: infra}
  gitops: {repository: https://git.example.com/acme/deploy.git, branch: main}
  policy: {requireDigest: true}
"""

RELEASE = """\
# yaml-language-server: $schema=../../schemas/release.json
apiVersion: shipway.dev/v1
kind: Release
metadata:
  name: NAME
  labels:
    team: ml
spec:
  container:
    image: ghcr.io/acme/NAME
    preset: bentoml
    env:
      MODEL_URI: s3://models/NAME/latest
      WORKERS: "4"
      LOG_LEVEL: info
      TIMEOUT: "60"
      API_TOKEN:
        secret: NAME-secrets
        key: token
    config:
      values:
        TOP_K: 20
        THRESHOLD: "0.5"
        REGION: eu-west-1
    resources:
      requests:
        cpu: "1"
        memory: 2Gi
      limits:
        cpu: "2"
        memory: 4Gi
    longestRequestSeconds: 60
    drainSeconds: 15
  autoscale:
    min: 3
    max: 10
    cpu: 70
  pods:
    nodeSelector:
      pool: ml
    tolerations:
      - key: dedicated
        operator: Equal
        value: ml
        effect: NoSchedule
    imagePullSecrets:
      - regcred
  expose:
    host: NAME.example.com
    path: /v1
    timeoutSeconds: 60
    tls:
      secretName: NAME-tls
  strategy:
STRATEGY"""

ROLLING = """\
    rolling:
      version: "1.4.2"
      digest: sha256:DIGEST
      previous:
        version: "1.4.1"
        digest: sha256:DIGEST
"""
BLUE_GREEN = """\
    blueGreen:
      active: blue
      blue:
        version: "1.4.1"
        digest: sha256:DIGEST
      green:
        version: "1.4.2"
        digest: sha256:DIGEST
"""

PLAIN_PYTHON = """\
import io, pathlib, sys
import jsonschema, yaml
from ruamel.yaml import YAML
from compiler.spec.release import Release
from compiler.validate.kind_schemas import shape

specs, tree, out = (pathlib.Path(argument) for argument in sys.argv[1:])
ruamel = YAML()
files = sorted(tree.glob("prod/svc0000/*.yaml"))
objects = {file.name: yaml.load(file.read_text(), yaml.CSafeLoader) for file in files}
schemas = {name: shape("1.34", each["apiVersion"], each["kind"]).schema for name, each in objects.items()}
validators = {name: jsonschema.Draft202012Validator(schema) for name, schema in schemas.items()}
for path in sorted(specs.glob("environments/prod/svc*.yaml")):
    Release.model_validate(ruamel.load(path.read_text()))
    folder = out / path.stem
    folder.mkdir(parents=True)
    for name, each in objects.items():
        assert validators[name].is_valid(each)
        text = io.StringIO()
        ruamel.dump(each, text)
        (folder / name).write_text(text.getvalue())
"""


def spec(number: int) -> str:
    """One service's spec of about 60 lines: 7 objects if rolling, and for each fourth service 11 if blueGreen."""
    strategy = BLUE_GREEN if number % 4 == 3 else ROLLING
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    text = RELEASE.replace("STRATEGY", strategy)
    return text.replace("NAME", f"svc{number:04}").replace("DIGEST", digest)


def generate(root: Path, services: int) -> Path:
    """A repository of specs with so many services in one environment."""
    folder = root / "environments" / "prod"
    folder.mkdir(parents=True)
    (folder / "environment.yaml").write_text(ENVIRONMENT)
    for number in range(services):
        (folder / f"svc{number:04}.yaml").write_text(spec(number))
    return root


def timed(commands: Sequence[Sequence[str]]) -> tuple[float, float]:
    """Seconds of whole processes, medians: on the clock, and of all cores together."""
    clock, cores = [], []
    for command in commands:
        before, start = os.times(), time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        clock.append(time.perf_counter() - start)
        after = os.times()
        cores.append(after.children_user - before.children_user + after.children_system - before.children_system)
    return statistics.median(clock), statistics.median(cores)


def measure(root: Path, services: int, peers: bool) -> None:
    """Prints the figures for one number of services."""
    specs = generate(root / str(services), services)
    # a folder for each run: creating files soon after many were deleted is up to ten times slower
    folders = [str(root / f"out-{services}-{run}") for run in range(RUNS)]
    shipway = [sys.executable, "-c", "from compiler.cli.main import run; run()"]
    build = [*shipway, "build", "-q", "-C", str(specs), "--out"]
    rows = {
        "check": timed([[*shipway, "check", "-q", "-C", str(specs)]] * RUNS),
        "build, fresh folder": timed([[*build, folder] for folder in folders]),
        "build, nothing new": timed([[*build, folders[0]]] * RUNS),
    }
    if peers:
        plain = [sys.executable, "-c", PLAIN_PYTHON, str(specs), folders[0], str(root / f"plain-{services}")]
        rows["plain Python"] = timed([plain])
    first = rows["build, fresh folder"][1]
    for name, (clock, cores) in rows.items():
        print(
            f"{services:6} {name:20} {clock * 1000:7.0f} ms  {cores * 1000:7.0f} ms of all cores  × {cores / first:.2f}"
        )


def main() -> None:
    """Prints medians of whole processes; × compares the time of all cores with a build into a fresh folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("services", nargs="*", type=int, default=[1, 100, 1000])
    parser.add_argument("--no-peers", action="store_true", help="Shipway alone")
    parser.add_argument("--generate", metavar="DIR", type=Path, help="only write the environment of so many services")
    args = parser.parse_args()
    if args.generate is not None:
        generate(args.generate, args.services[0])
        return
    with tempfile.TemporaryDirectory() as folder:
        for services in args.services:
            measure(Path(folder), services, not args.no_peers)


if __name__ == "__main__":
    main()
