"""A release and an environment that are right, and what an example changes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

ENVIRONMENT: Final = """\
apiVersion: shipway.dev/v1
kind: Environment
metadata: {name: prod}
spec:
  namespace: prod
  kubernetes: "1.34"
  traffic: {gatewayApi: {gateway: public, namespace: infra}}
"""
RELEASE: Final = """\
apiVersion: shipway.dev/v1
kind: Release
metadata: {name: shop}
spec:
  container:
    image: ghcr.io/acme/shop
    preset: http
    env: {LOG_LEVEL: info}
    resources:
      requests: {cpu: 250m, memory: 256Mi}
      limits: {memory: 512Mi}
  replicas: 3
  expose: {host: shop.example.com}
  strategy:
    blueGreen:
      active: blue
      blue: {version: "1.4.2"}
"""
BLUE_GREEN: Final = RELEASE.partition("strategy:\n")[2]
WORKLOAD: Final = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "ghcr.io/acme/web:1"}]}
"""
SHOP: Final = "environments/prod/shop.yaml"
MORE: Final = "environments/prod/extras/more.yaml"
OTHER: Final = RELEASE.replace("{name: shop}", "{name: cart}")
GROUP: Final = """\
apiVersion: shipway.dev/v1
kind: Group
metadata: {name: all}
spec: {entry: shop, members: [shop, cart], active: blue}
"""
INNER: Final = OTHER.replace("{host: shop.example.com}", "{internal: true}").replace("      active: blue\n", "")
GROUPED: Final = {"environments/prod/all.yaml": GROUP, "environments/prod/cart.yaml": INNER}
GATEWAY: Final = "{gatewayApi: {gateway: public, namespace: infra}}"
ROLLING: Final = (BLUE_GREEN, '    rolling: {version: "1"}\n')
START: Final = ("start", "prod/shop", "--version", "1.5.0")


@dataclass(frozen=True)
class Input:
    """Changes of the release and of its environment, further files, and the command."""

    release: Sequence[tuple[str, str]] = ()
    environment: Sequence[tuple[str, str]] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    command: Sequence[str] = ("check",)
    before: Sequence[str] = ()
    """what is done before the command: lines of a shell, and those of `shipway`"""


def container(lines: str) -> Input:
    return Input([("    preset: http\n", f"    preset: http\n    {lines}\n")])


def spec(lines: str) -> Input:
    return Input([("  replicas: 3\n", f"  replicas: 3\n  {lines}\n")])


def expose(value: str) -> Input:
    return Input([("expose: {host: shop.example.com}", f"expose: {value}")])


def strategy(lines: str) -> Input:
    return Input([(BLUE_GREEN, f"    {lines}\n")])


def policy(value: str) -> Input:
    return Input(environment=[('"1.34"\n', f'"1.34"\n  policy: {value}\n')])


def override(value: str) -> Input:
    return spec(f"overrides: {value}")


def extra(*lines: str) -> Input:
    return Input(
        [("  replicas: 3\n", "  replicas: 3\n  extras: [extras/more.yaml]\n")],
        files={MORE: "".join(lines)},
    )


def config_map(more: str) -> Input:
    return extra(f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: more}}\n{more}\n")


def written_specs(given: Input) -> dict[str, str]:
    """The files of an example by path. Raises AssertionError where a change finds nothing to replace."""
    release, environment = RELEASE, ENVIRONMENT
    for old, new in given.release:
        assert old in release, old
        release = release.replace(old, new, 1)
    for old, new in given.environment:
        assert old in environment, old
        environment = environment.replace(old, new, 1)
    return {"environments/prod/environment.yaml": environment, SHOP: release, **given.files}


def second_environment(lines: str, name: str = "next") -> dict[str, str]:
    """Another environment, with one release."""
    environment = ENVIRONMENT.replace("prod", name).replace('"1.34"\n', f'"1.34"\n  {lines}\n')
    if lines.startswith("kubernetes"):
        environment = ENVIRONMENT.replace("prod", name)
    return {f"environments/{name}/environment.yaml": environment, f"environments/{name}/shop.yaml": RELEASE}
