"""The reader: strict YAML with positions, bases laid under specs, files guarded. The only reader of specs."""

from compiler.source.document import Document
from compiler.source.files import read_data
from compiler.source.load import excerpts, load_spec
from compiler.source.parse import parse, parse_manifests

__all__ = ["Document", "excerpts", "load_spec", "parse", "parse_manifests", "read_data"]
