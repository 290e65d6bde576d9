"""Every code that validation can emit, in words: `shipway explain CODE`."""

from compiler.diagnostics.explanation import Explanation
from compiler.validate.codes.objects import OBJECT, POD
from compiler.validate.codes.sets import POLICY, REFERENCE
from compiler.validate.codes.shape import FORM, SCHEMA

CODES: dict[str, Explanation] = {**SCHEMA, **FORM, **POD, **OBJECT, **REFERENCE, **POLICY}

__all__ = ["CODES"]
