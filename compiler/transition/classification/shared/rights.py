"""Rights at the API server: they only add up, so what is added takes nothing from anybody.

Source: Kubernetes, docs/reference/access-authn-authz/rbac.md: permissions are purely additive.
"""

from __future__ import annotations

from typing import Any

from compiler.transition.classification.fields import Unjudged


def _taken_away(old: Any, new: Any) -> bool:
    """Whether an entry of the old list is not in the new one."""
    kept = new if isinstance(new, list) else []
    return any(entry not in kept for entry in old) if isinstance(old, list) else False


RIGHTS = Unjudged("what pods that call the API server may still do there", matters=_taken_away)
