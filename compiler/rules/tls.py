"""TLS beyond its shape: one way to a certificate, host names for it, no key material where it is forbidden."""

from __future__ import annotations

from typing import Final

from pydantic.alias_generators import to_camel

from compiler.diagnostics.model import Path, Problem
from compiler.model.topology import Topology, hosts_of
from compiler.spec.expose import Expose, Tls

TLS: Final[Path] = ("spec", "expose", "tls")


def check_tls(expose: Expose, inline_secrets: str) -> list[Problem]:
    """What is wrong with `tls` beyond its shape: more than one way, no host, key material where it is forbidden."""
    if expose.tls is None:
        return []
    problems = []
    ways = [name for name in Tls.model_fields if getattr(expose.tls, name) is not None]
    if len(ways) != 1:
        problems.append(
            Problem(
                "tls-one-of",
                f"`tls` needs exactly one source for the certificate, not {len(ways)}",
                TLS,
                "keep one of them" if ways else f"add one of: {', '.join(sorted(map(to_camel, Tls.model_fields)))}",
                on_key=True,
            )
        )
    if expose.tls.inline is not None and inline_secrets == "forbid":
        problems.append(
            Problem(
                "inline-secret",
                "the policy of this environment forbids private keys in the repository",
                (*TLS, "inline"),
                "use `externalSecret`, `sealedSecret`, `certificate` or an existing `secretName`",
                on_key=True,
            )
        )
    return problems


def unknown_tls_hosts(expose: Expose, topology: Topology) -> list[Problem]:
    """Hosts of a Secret that the release does not answer at: its certificate would be read by nobody."""
    secrets = (expose.tls.secrets if expose.tls is not None else None) or {}
    known = hosts_of(expose, topology)
    return [
        Problem(
            "tls-host-unknown",
            f"the release does not answer at {host}",
            (*TLS, "secrets", name, index),
            f"its hosts are {', '.join(known)}" if known else "add `expose.host`",
        )
        for name, hosts in secrets.items()
        for index, host in enumerate(hosts)
        if host not in known
    ]


def check_tls_hosts(expose: Expose, topology: Topology, *, routed: bool) -> list[Problem]:
    """A certificate is issued for host names, and a router chooses one by the host that a client asks for."""
    unknown = unknown_tls_hosts(expose, topology)
    if unknown:
        return unknown
    if expose.tls is None or hosts_of(expose, topology) or not (routed or expose.tls.certificate is not None):
        return []
    return [
        Problem(
            "tls-needs-host", "a certificate needs a host name, but this release has none", TLS, "add `expose.host`"
        )
    ]
