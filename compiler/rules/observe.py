"""Rules of where the pilot reads: one source of Applications, no token over an open connection, and no pilot blind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from compiler.diagnostics.model import Path, Problem
from compiler.spec.environment import EnvironmentSpec
from compiler.traffic.providers import providers

OBSERVE: Final[Path] = ("spec", "observe")
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


def check_observe(spec: EnvironmentSpec) -> Iterator[Problem]:
    """What is wrong with an environment's `observe` and `policy.pilot`."""
    observe = spec.observe
    if observe.argocd is not None and observe.kubernetes is not None:
        message = "`argocd` and `kubernetes` both say where to read the Applications"
        yield Problem("observe-source", message, (*OBSERVE, "kubernetes"), "keep one of them", on_key=True)
    if spec.policy.pilot != "off" and observe.argocd is None and observe.kubernetes is None:
        yield Problem(
            "observe-source",
            f"`pilot: {spec.policy.pilot}` needs to read the Applications, and `observe` does not say where",
            ("spec", "policy", "pilot"),
            "add `observe: {argocd: {url: …, tokenFile: …}}` or `observe: {kubernetes: {}}`",
        )
    for name, api in (
        ("prometheus", observe.prometheus),
        ("argocd", observe.argocd),
        ("kubernetes", observe.kubernetes),
    ):
        if api is not None and api.token_file is not None and sends_openly(api.url):
            message = f"the token of `{name}` would be sent unencrypted: its address is http"
            yield Problem("observe-insecure", message, (*OBSERVE, name, "url"), "use https, or remove the token")


def sends_openly(url: str) -> bool:
    """Whether requests leave this machine without TLS."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname not in LOOPBACK


def metrics_source(environment: EnvironmentSpec) -> str | None:
    """The source that the environment's presets read: as it says, else as its provider does."""
    own = [providers()[name].METRICS for name in environment.traffic]
    return environment.observe.metrics or (own[0] if len(own) == 1 else None)
