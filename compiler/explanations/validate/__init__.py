"""Every code that validation can emit, in words: `shipway explain CODE`."""

from compiler.explanations.explanation import Explanation
from compiler.explanations.validate.objects import OBJECT, POD
from compiler.explanations.validate.sets import POLICY, REFERENCE
from compiler.explanations.validate.shape import FORM, SCHEMA

CODES: dict[str, Explanation] = {**SCHEMA, **FORM, **POD, **OBJECT, **REFERENCE, **POLICY}

__all__ = ["CODES"]
