"""What Shipway tells a user about their input: coded, located, with a next step."""

from compiler.diagnostics.model import Diagnostic, Loc, Problem, Rejected, Related, Severity

__all__ = ["Diagnostic", "Loc", "Problem", "Rejected", "Related", "Severity"]
