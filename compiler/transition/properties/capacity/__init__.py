"""Enough ready pods stand behind each class of requests."""
