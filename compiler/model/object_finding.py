"""What a check found in one object."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from compiler.diagnostics.model import Path, Severity
from compiler.model.manifest import Manifest
from compiler.support.suggest import did_you_mean


@dataclass(frozen=True, slots=True)
class ObjectFinding:
    """One fault, at a path in the object (`("spec", "ports", 0, "name")`); the caller knows where that came from."""

    code: str
    path: Path
    message: str
    help: str
    severity: Severity = "error"


ObjectFindings = list[tuple[Manifest, ObjectFinding]]


def object_finding(code: str, path: Path, message: str, help: str = "", severity: Severity = "error") -> ObjectFinding:
    """A finding whose help is, unless given, what the code's explanation says."""
    return ObjectFinding(code, path, message, help or fix_of(code), severity)


def fix_of(code: str) -> str:
    """What the code's explanation says to do, in the form of a help line: `rename it; up to 63 letters are valid`."""
    from compiler.explanations.validate import CODES  # noqa: PLC0415 - the words, needed where something is wrong

    sentences = CODES[code].fix.removesuffix(".").split(". ")
    return "; ".join(sentence[0].lower() + sentence[1:] for sentence in sentences)


def path_text(path: Path) -> str:
    """`spec.ports[0].name`, `metadata.labels["a.b/c"]`."""
    out = ""
    for part in path:
        if isinstance(part, int):
            out += f"[{part}]"
        elif part.isidentifier():
            out += f".{part}" if out else part
        else:
            out += f'["{part}"]'
    return out or "the object"


def spelling_suggestion(word: str, known: Iterable[str]) -> str:
    """ "did you mean `x`?" for the known word that `word` most likely stands for, or an empty text."""
    meant = did_you_mean(word, known)
    return f"did you mean `{meant}`?" if meant else ""
