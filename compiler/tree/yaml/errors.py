"""What `emit` refuses to write."""

from __future__ import annotations

from compiler.diagnostics.model import Path


class UnwritableError(ValueError):
    """Data that has no YAML form which all readers agree on; `path` leads to it in the object.

    The message names the place and the kind of fault, never the value: it may be a secret.
    """

    def __init__(self, fault: str, path: Path = ()) -> None:
        super().__init__(fault, path)
        self.fault = fault
        self.path = path

    def __str__(self) -> str:
        place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path)
        return f"{place or 'the object'}: {self.fault}"

    def within(self, part: str | int) -> UnwritableError:
        """The fault, seen from the container that holds it under `part`."""
        return UnwritableError(self.fault, (part, *self.path))
