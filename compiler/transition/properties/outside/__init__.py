"""Requests that lead to pods of no folder: they are named."""
