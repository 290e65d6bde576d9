"""Generated environments of any number of services, which the benchmarks compile."""

from __future__ import annotations

import hashlib
from pathlib import Path

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


def service_name(number: int) -> str:
    return f"svc{number:04}"


def is_blue_green(number: int) -> bool:
    return number % 4 == 3


def image_digest(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def spec(number: int) -> str:
    """One service's spec of about 60 lines: 8 objects if rolling, and for each fourth service 13 if blueGreen."""
    text = RELEASE.replace("STRATEGY", BLUE_GREEN if is_blue_green(number) else ROLLING)
    return text.replace("NAME", service_name(number)).replace("DIGEST", image_digest(number))


def generate(root: Path, services: int) -> Path:
    """A repository of specs with so many services in one environment."""
    folder = root / "environments" / "prod"
    folder.mkdir(parents=True)
    (folder / "environment.yaml").write_text(ENVIRONMENT)
    for number in range(services):
        (folder / f"{service_name(number)}.yaml").write_text(spec(number))
    return root
