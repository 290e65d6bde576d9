"""Rights at the API server: they only add up, so what is added takes nothing from anybody.

Source: Kubernetes, docs/reference/access-authn-authz/rbac.md: permissions are purely additive; a `*` stands for all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from compiler.model.classification import Unjudged

INFLUENCE = "what pods that call the API server may still do there"
Right = tuple[str, str, str, str]
"""A group, a resource, a name (`*`: any) and a verb; of a URL that is no resource, the URL stands for the resource."""


def _rights_lost(old: Any, new: Any) -> bool:
    """Whether something that the old rules allow is allowed by no new rule."""
    kept = set(_rights(new))
    return any(not _allowed(right, kept) for right in _rights(old))


def _rights(rules: Any) -> Iterator[Right]:
    for rule in rules if isinstance(rules, list) else ():
        parts: Mapping[str, Any] = rule if isinstance(rule, dict) else {}
        verbs = [str(verb) for verb in parts.get("verbs") or ()]
        resources = product(
            parts.get("apiGroups") or ("",), parts.get("resources") or (), parts.get("resourceNames") or ("*",)
        )
        for (group, resource, name), verb in product(resources, verbs):
            yield str(group), str(resource), str(name), verb
        for url, verb in product(parts.get("nonResourceURLs") or (), verbs):
            yield "url", str(url), "*", verb


def _allowed(right: Right, kept: set[Right]) -> bool:
    return right in kept or any(all(a in ("*", b) for a, b in zip(other, right, strict=True)) for other in kept)


def _subject_lost(old: Any, new: Any) -> bool:
    """Whether somebody is bound no longer; the API group of a subject follows from its kind."""
    return bool(_subjects(old) - _subjects(new))


def _subjects(value: Any) -> set[tuple[str, str, str]]:
    items = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
    return {(str(item.get("kind")), str(item.get("namespace") or ""), str(item.get("name"))) for item in items}


RIGHTS = Unjudged(INFLUENCE, matters=_rights_lost)
SUBJECTS = Unjudged(INFLUENCE, matters=_subject_lost)
