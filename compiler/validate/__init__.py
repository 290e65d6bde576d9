"""Whether Kubernetes, Argo CD and the environment's policy accept what the compiler made."""

from compiler.validate.codes import CODES
from compiler.validate.finding import Finding, Findings
from compiler.validate.objects import malformed, validate_objects
from compiler.validate.policy import Policy, validate_policy
from compiler.validate.references import Outside, validate_references
from compiler.validate.shapes import VERSIONS, UnknownVersionError

__all__ = [
    "CODES",
    "VERSIONS",
    "Finding",
    "Findings",
    "Outside",
    "Policy",
    "UnknownVersionError",
    "malformed",
    "validate_objects",
    "validate_policy",
    "validate_references",
]
