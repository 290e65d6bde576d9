"""How a verb says no: one finding at the place of the spec that decides, with the command that does apply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from compiler.diagnostics.model import Diagnostic, Problem, Rejected
from compiler.support.suggest import did_you_mean

if TYPE_CHECKING:
    from compiler.model.unit import Unit


def verb_rejection(code: str, message: str, advice: str, unit: Unit) -> Rejected:
    """The refusal, located where the unit's course stands."""
    return Rejected([unit.document.diagnose(Problem(code, message, unit.place, advice, on_key=True))])


def unknown_unit(name: str, names: Sequence[str]) -> Rejected:
    """There is no release or group of that name."""
    guess = did_you_mean(name, names)
    advice = f"did you mean `{guess}`?" if guess else f"the releases and groups are: {', '.join(names)}"
    return Rejected([Diagnostic("unknown-release", f"the release or group {name!r} does not exist", None, advice)])
