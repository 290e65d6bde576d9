"""Requests that must be answered are, from inside the cluster and from outside."""
