"""Rights at the API server: they only add up, so what is added takes nothing from anybody.

Source: Kubernetes, docs/reference/access-authn-authz/rbac.md: permissions are purely additive; a `*` stands for all.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from compiler.model.classification import Unjudged
from compiler.model.objects import list_or_empty, mapping_items

INFLUENCE = "what pods that call the API server may still do there"
MAX_NAMED_RIGHTS = 3
Right = tuple[str, str, str, str]
"""A group, a resource, a name (`*`: any) and a verb; of a URL that is no resource, the URL stands for the resource."""


def allows_more(old: Any, new: Any) -> bool:
    """Whether the new rules allow something that the old ones do not."""
    return _rights_lost(new, old)


def _rights_lost(old: Any, new: Any) -> bool:
    """Whether something that the old rules allow is allowed by no new rule."""
    return bool(_lost_rights(old, new))


def _lost_rights(old: Any, new: Any) -> list[Right]:
    kept = set(_rights(new))
    return sorted({right for right in _rights(old) if not _allowed(right, kept)})


def _rights_text(old: Any, new: Any) -> str:
    """The first rights that are lost: `get configmaps, list configmaps and 2 more`."""
    lost = [f"{verb} {resource}" for _, resource, _, verb in _lost_rights(old, new)]
    more = f" and {len(lost) - MAX_NAMED_RIGHTS} more" if len(lost) > MAX_NAMED_RIGHTS else ""
    return ", ".join(lost[:MAX_NAMED_RIGHTS]) + more


def _rights(rules: Any) -> Iterator[Right]:
    for rule in mapping_items(rules):
        groups, resources, names, verbs, urls = (
            list_or_empty(rule.get(field))
            for field in ("apiGroups", "resources", "resourceNames", "verbs", "nonResourceURLs")
        )
        for group, resource, name, verb in product(groups or ("",), resources, names or ("*",), verbs):
            yield str(group), str(resource), str(name), str(verb)
        for url, verb in product(urls, verbs):
            yield "url", str(url), "*", str(verb)


def _allowed(right: Right, kept: set[Right]) -> bool:
    return right in kept or any(all(a in ("*", b) for a, b in zip(other, right, strict=True)) for other in kept)


def _subject_lost(old: Any, new: Any) -> bool:
    """Whether somebody is bound no longer; the API group of a subject follows from its kind."""
    return bool(_subjects(old) - _subjects(new))


def _subjects_text(old: Any, new: Any) -> str:
    return ", ".join(" ".join(filter(None, subject)) for subject in sorted(_subjects(old) - _subjects(new)))


def _subjects(value: Any) -> set[tuple[str, str, str]]:
    return {
        (str(item.get("kind")), str(item.get("namespace") or ""), str(item.get("name")))
        for item in mapping_items(value)
    }


RIGHTS = Unjudged(INFLUENCE, matters=_rights_lost, loss=_rights_text)
BOUND = Unjudged(INFLUENCE, matters=lambda old, new: bool(old and new))
"""Another role may allow less; that a server-side apply refuses it is judged (accepted)."""
SUBJECTS = Unjudged(INFLUENCE, matters=_subject_lost, loss=_subjects_text)
