"""Edits of a spec in place: the smallest change of its text, proved by reading it back."""

from compiler.edit.change import delete, insert, set_value

__all__ = ["delete", "insert", "set_value"]
