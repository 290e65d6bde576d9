"""Whether a course may go on now, by the environment's policy."""

from __future__ import annotations

from datetime import datetime

from compiler.diagnostics.model import Rejected
from compiler.plan.freezes import freeze_finding
from compiler.rules.exceptions import expired_exceptions
from compiler.spec.documents import EnvironmentDocument


def refuse_closed(environment: EnvironmentDocument, now: datetime) -> None:
    """Raises Rejected in a freeze, and where an exception to the policy has expired."""
    frozen = freeze_finding(environment, now)
    problems = [*([frozen] if frozen is not None else []), *expired_exceptions(environment, now.date())]
    if problems:
        raise Rejected(problems)
