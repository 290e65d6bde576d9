"""Address ranges: whether a pod may have an address in one.

Source: RFC 1918, RFC 6598, RFC 4193 (the ranges that nobody routes on the internet); Kubernetes,
docs/concepts/services-networking/network-policies.md (`ipBlock` is meant for addresses outside of the cluster).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any, Final

PRIVATE: Final = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "169.254.0.0/16"))
)

LEADING_ZEROS = re.compile(r"(?<![0-9a-fA-F:])0+([0-9])")


@lru_cache(maxsize=512)
def may_hold_pods(block: str) -> bool:
    """Whether some address of the range is private, as those of pods are; true of what is no range."""
    try:
        network = ip_network(block, strict=False)
    except ValueError:
        return True
    return any(network.overlaps(private) for private in PRIVATE if private.version == network.version)


def holds_all_addresses(block: Mapping[str, Any]) -> bool:
    """Whether an `ipBlock` of a NetworkPolicy leaves no address of its family out."""
    return str(block.get("cidr")).endswith("/0") and not block.get("except")


def is_reachable(text: str) -> bool:
    """Whether an address can be another host's (Kubernetes, pkg/apis/core/validation `ValidateNonSpecialIP`)."""
    try:
        address = ip_address(text)
    except ValueError:
        return True
    return not (address.is_unspecified or address.is_loopback or address.is_link_local or address.is_multicast)


def is_range(text: str) -> bool:
    """Whether the API server may take a range; octets with zeros in front (`010`) it took for long."""
    try:
        ip_network(LEADING_ZEROS.sub(r"\1", text), strict=False)
    except ValueError:
        return False
    return "/" in text


def is_range_within(inner: str, outer: str) -> bool:
    """Whether a range is a smaller part of another; true of what is no range."""
    try:
        part, whole = ip_network(inner, strict=False), ip_network(outer, strict=False)
    except ValueError:
        return True
    return part.version == whole.version and part != whole and part.overlaps(whole) and part.prefixlen > whole.prefixlen
