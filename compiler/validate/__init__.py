"""Whether Kubernetes, Argo CD and the environment's policy accept what the compiler made."""

from compiler.model.object_finding import ObjectFinding, ObjectFindings
from compiler.validate.kind_schemas import VERSIONS, UnknownVersionError
from compiler.validate.objects import as_decoded, malformed_findings, undeclared_fields, validate_objects, well_typed
from compiler.validate.policy import PolicyRequirements, validate_policy
from compiler.validate.references import ExternalObjects, validate_references

__all__ = [
    "VERSIONS",
    "ExternalObjects",
    "ObjectFinding",
    "ObjectFindings",
    "PolicyRequirements",
    "UnknownVersionError",
    "as_decoded",
    "malformed_findings",
    "undeclared_fields",
    "validate_objects",
    "validate_policy",
    "validate_references",
    "well_typed",
]
