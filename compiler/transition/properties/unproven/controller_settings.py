"""available, for what controllers read through the API server: by its well-known name, or because a flag names it.

Source: ingress-nginx, docs/user-guide/cli-arguments.md (`--configmap`, `--tcp-services-configmap`,
`--default-ssl-certificate`); NGINX Ingress Controller, command-line arguments (`-nginx-configmaps`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from compiler.model.objects import Key
from compiler.transition.classification.controller_config import controller_influence, deciding_entries
from compiler.transition.facts.pods import configured_texts
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.existence import referenced_key

PROPERTY = "available"
CONFIG_FLAG = re.compile(r"--?(?:[\w-]+-)?config-?maps?(?:=(.+))?", re.IGNORECASE)
PLACE = re.compile(r"(?:--?[\w-]+=)?([^/=\s]+)/([^/=\s]+)")
"""What names an object by its namespace and its name."""


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The controllers that this commit tells something else."""
    change = judged.change
    kept = [key for key in change.ops if key[:2] in (("", "ConfigMap"), ("", "Secret"))]
    flagged = _named_by_flags(change) if kept else {}
    for key in kept:
        known = controller_influence(key.namespace, key.name) if key.kind == "ConfigMap" else ""
        reader = flagged.get(key)
        influence = known or (f"what pods of {reader} do by it, whose arguments name it" if reader else "")
        if influence and _settings_differ(change, key, reader) and not _is_read_here(change, key):
            goes, comes = key not in change.target.objects, key not in change.live.objects
            what = "it is removed" if goes else "it is added" if comes else "its data changes"
            yield PropertyBreach(
                "field-unproven",
                PROPERTY,
                f"{key}: {what}, and a controller reads it. Not judged: {influence}",
                (key,),
                "review the change by hand; if it does no harm, declare that once, with a reason (--inert "
                "KIND[:FIELD]=REASON, policy.verify.inert)",
                "warning",
            )


def _named_by_flags(change: Change) -> dict[Key, Key]:
    """What arguments of pods that run on name, each with the workload of the pods."""
    running = ((key, each) for key, each in change.live.workloads.items() if key in change.target.workloads)
    return {
        named: key for key, each in running for named in _named_by_words(key, list(configured_texts(each.template)))
    }


def _named_by_words(key: Key, words: list[str]) -> Iterator[Key]:
    for word, following in pairwise((*words, "")):
        flag, place = CONFIG_FLAG.fullmatch(word), PLACE.fullmatch(word)
        if flag is not None:
            namespace, _, name = (flag[1] or following).rpartition("/")
            yield _named_key("ConfigMap", key, namespace, name)
        elif place is not None:
            yield from (_named_key(kind, key, *place.groups()) for kind in ("ConfigMap", "Secret"))


def _named_key(kind: str, key: Key, namespace: str, name: str) -> Key:
    """The object that pods of `key` mean: in their own namespace where they name none, or a variable."""
    return Key("", kind, key.namespace if not namespace or namespace.startswith("$") else namespace, name)


def _settings_differ(change: Change, key: Key, reader: Key | None) -> bool:
    """Whether a controller that runs reads something else; whether one of no folder does so far, nobody knows."""
    old, new = change.live.objects.get(key), change.target.objects.get(key)
    if old is None:
        differ = reader is not None and key.kind == "ConfigMap"
    else:
        before, after = ({} if each is None else deciding_entries(key.name, each) for each in (old, new))
        differ = new is None or (key.kind == "ConfigMap" and before != after)
    return differ and not any(each.covers(key, "data") for each in change.options.inert)


def _is_read_here(change: Change, key: Key) -> bool:
    return any(
        referenced_key(each, ref) == key
        for each, workload in change.target.workloads.items()
        if each.namespace == key.namespace
        for ref in workload.template.needs
    )
