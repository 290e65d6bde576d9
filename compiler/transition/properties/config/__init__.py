"""Pods find what they name, and read the data of their version."""
