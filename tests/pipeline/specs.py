"""Specs as text, compiled through the pipeline's own door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.model.manifest import Object
from compiler.pipeline import check_environment
from compiler.source import parse
from compiler.source.workspace import Sources

PROVIDERS = {
    "service": "service: {}",
    "ingressNginx": "ingressNginx: {className: nginx}",
    "gatewayApi": "gatewayApi: {gateway: public, namespace: infra}",
}
DIGEST = "sha256:" + "a" * 64


def environment(provider: str = "gatewayApi", more: str = "") -> str:
    return f"""apiVersion: shipway.dev/v1
kind: Environment
metadata: {{name: prod}}
spec:
  namespace: ml-prod
  kubernetes: "1.34"
  traffic: {{{PROVIDERS.get(provider, provider)}}}
{more}"""


def release(strategy: str, name: str = "api", container: str = "preset: bentoml", more: str = "replicas: 4") -> str:
    """A release that takes every request, where `more` does not say how it is reached."""
    expose = "" if "expose:" in more else "  expose: {path: /}\n"
    return f"""apiVersion: shipway.dev/v1
kind: Release
metadata: {{name: {name}}}
spec:
  container: {{image: ghcr.io/acme/{name}, {container}}}
  {more}
  strategy: {{{strategy}}}
{expose}"""


def sources(environment_text: str, *texts: str, data: Mapping[str, str] | None = None) -> Sources:
    first = parse(environment_text, "environments/prod/environment.yaml")
    others = tuple(parse(text, f"environments/prod/r{index}.yaml") for index, text in enumerate(texts))
    named = {document.file: dict(data or {}) for document in others}
    return Sources("prod", first, others, named)


def objects(environment_text: str, *texts: str, data: Mapping[str, str] | None = None) -> dict[str, Object]:
    """The compiled and validated objects by `Kind/name`."""
    compiled = check_environment(sources(environment_text, *texts, data=data))
    manifests = [manifest for each in compiled.releases for manifest in each.manifests]
    return {f"{manifest.kind}/{manifest.name}": manifest.object for manifest in manifests}


def findings(environment_text: str, *texts: str, data: Mapping[str, str] | None = None) -> tuple[Diagnostic, ...]:
    """What the specs are refused for, or warned of."""
    try:
        return check_environment(sources(environment_text, *texts, data=data)).warnings
    except Rejected as rejected:
        return rejected.diagnostics


def codes(environment_text: str, *texts: str, data: Mapping[str, str] | None = None) -> list[str]:
    return [finding.code for finding in findings(environment_text, *texts, data=data)]


def wave(obj: Object) -> str | None:
    value: Any = (obj["metadata"].get("annotations") or {}).get("argocd.argoproj.io/sync-wave")
    return None if value is None else str(value)


def container(obj: Object) -> Object:
    main: Object = obj["spec"]["template"]["spec"]["containers"][0]
    return main
