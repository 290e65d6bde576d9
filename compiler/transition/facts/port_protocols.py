"""What Istio takes a Service's port for: its `appProtocol`, or the beginning of its name.

Source: Istio, pkg/config/kube/conversion.go (`ConvertProtocol`) and pkg/config/protocol/instance.go (`Parse`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

HTTP_2_PROTOCOLS = frozenset({"grpc", "grpc-web", "http2", "kubernetes.io/h2c"})
HTTP_PROTOCOLS = frozenset({"http", "http_proxy", "kubernetes.io/ws"}) | HTTP_2_PROTOCOLS
OTHER_PROTOCOLS = frozenset({"tcp", "udp", "https", "tls", "mongo", "redis", "mysql", "kubernetes.io/wss"})


def named_protocol(port: Mapping[str, Any]) -> str:
    """The protocol that `port` says, in lower case; empty where it says none that Istio knows."""
    word = str(port.get("appProtocol") or port.get("name") or "").lower()
    if word.startswith("grpc-web"):
        return "grpc-web"
    beginning = word if word.startswith("kubernetes.io/") else word.partition("-")[0]
    return beginning if beginning in HTTP_PROTOCOLS | OTHER_PROTOCOLS else ""
