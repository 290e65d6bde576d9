"""What the API server checks beyond the published schemas, added to them as data: no cost on the hot path."""

from compiler.validate.tighten.apply import tighten

__all__ = ["tighten"]
