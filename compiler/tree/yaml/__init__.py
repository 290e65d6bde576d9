"""The only YAML writer: equal data gives equal bytes, and every YAML reader gets the same data back."""

from compiler.tree.yaml.document import emit
from compiler.tree.yaml.errors import UnwritableError

__all__ = ["UnwritableError", "emit"]
