"""What Shipway tells a user about their input: coded, located, with a next step."""

from compiler.diagnostics.model import Diagnostic, Loc, Problem, Rejected, Related, Severity
from compiler.explanations.explanation import Explanation

__all__ = ["Diagnostic", "Explanation", "Loc", "Problem", "Rejected", "Related", "Severity"]
