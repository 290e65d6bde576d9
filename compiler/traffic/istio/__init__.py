"""Istio: VirtualServices behind its Gateways, read only. No spec names it as its provider."""
