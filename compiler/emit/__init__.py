"""The only YAML writer: equal data gives equal bytes, and every YAML reader gets the same data back."""

from compiler.emit.document import emit
from compiler.emit.errors import UnwritableError

__all__ = ["UnwritableError", "emit"]
