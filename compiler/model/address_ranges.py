"""Ranges of addresses: whether one lies in another."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network


def is_inside(block: str, other: str) -> bool:
    """Whether every address of the first range is one of the second; false of what is no range."""
    try:
        inner, outer = ip_network(block, strict=False), ip_network(other, strict=False)
    except ValueError:
        return False
    if isinstance(inner, IPv4Network):
        return isinstance(outer, IPv4Network) and inner.subnet_of(outer)
    return isinstance(outer, IPv6Network) and inner.subnet_of(outer)
