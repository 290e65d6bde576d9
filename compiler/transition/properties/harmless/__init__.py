"""Differences that no property judges, and that other fields show to do no harm."""
