"""The page that says what the verifier judges, what does no harm, what is not judged, and what it takes for granted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from compiler.model.classification import (
    Classification,
    Entries,
    Field,
    FieldTable,
    Inert,
    Items,
    KindTable,
    Modeled,
)
from compiler.traffic.tables import provider_annotations
from compiler.transition.classification.custom_kinds import CUSTOM_INERT, CUSTOM_UNPROVEN, INERT_GROUPS
from compiler.transition.classification.registry import UNKNOWN_KIND, every_table
from compiler.transition.classification.shared import annotations as notes
from compiler.transition.classification.shared import labels, metadata, pods
from compiler.transition.classification.shared.cloud_annotations import CLOUD_ANNOTATIONS
from compiler.transition.classification.shared.proxy_annotations import PROXY_ANNOTATIONS
from compiler.transition.classification.taken_for_granted import TAKEN_FOR_GRANTED
from compiler.transition.classification.whole_kinds import BUILT_IN_INERT, BUILT_IN_UNPROVEN

INTRODUCTION = """\
# What is proven

Written by `shipway explain --fields`; a test compares it with what the verifier reads. Do not edit it by hand.

`shipway verify`, `plan` and `publish` compare two sets of manifests field by field. A field that differs is

- **judged**: a property of the verifier, or a part of its simulation, reads it;
- **harmless**: its source shows that no request, no pod and no sync depends on it;
- **not judged**: it may influence what the verifier does not simulate, or no table has it. Then the answer is `unknown`
  (unless something else is unsafe), and says which object, which field, and what it may influence.

Where something that is not judged does no harm in your cluster, declare it with the reason:
`shipway verify --inert KIND[:FIELD]=REASON`, or `policy.verify.inert` in the environment. Every answer
then lists it among its premises.
"""
SHARED_PARTS: Mapping[str, FieldTable] = {
    "Metadata": metadata.METADATA,
    "Metadata of routes and Services": metadata.ROUTE_METADATA,
    "Metadata of workloads": metadata.WORKLOAD_METADATA,
    "Metadata of pods": metadata.TEMPLATE_METADATA,
    "Metadata of Namespaces": metadata.NAMESPACE_METADATA,
    "Pods": pods.POD_SPEC,
    "Containers": pods.CONTAINER,
    "Init containers": pods.INIT_CONTAINER,
}
ENTRY_PARTS: Mapping[str, Mapping[str, Classification]] = {
    "Labels": labels.DESCRIPTIVE_PREFIXES,
    "Labels of meshes": labels.MESH_PREFIXES,
    "Labels of Services": labels.SERVICE_LABELS,
    "Labels of Namespaces": labels.NAMESPACE_PREFIXES,
    "Annotations": notes.COMMON,
    "Annotations of workloads": notes.WORKLOADS,
    "Annotations of pods": notes.TEMPLATES,
    **{f"Annotations of {name}": each for name, each in provider_annotations().items()},
    "Annotations of other proxies": PROXY_ANNOTATIONS,
    "Annotations of clouds": CLOUD_ANNOTATIONS,
}


class ClassifiedField(NamedTuple):
    """A field by its path, and how it is classified: by a word, or by the name of the part that it shares."""

    path: str
    word: str
    why: str


def what_is_proven_page() -> str:
    """The page in Markdown; ends with a newline."""
    tables = sorted(every_table(), key=lambda table: (table.kind, table.group))
    parts = [INTRODUCTION, _granted(), _figures(tables)]
    parts += ["## Kinds, field by field\n", *map(_kind_section, tables)]
    parts += ["## What kinds share\n", *(_section(name, table) for name, table in SHARED_PARTS.items())]
    parts += ["## Labels and annotations\n", ENTRY_RULES, *map(_classified_entries, ENTRY_PARTS, ENTRY_PARTS.values())]
    parts += ["## Kinds as a whole\n", _whole_kinds()]
    return "\n".join(parts)


ENTRY_RULES = """\
A name without a prefix is private to its user, and harmless (Kubernetes, labels.md and annotations.md). A name with a
prefix that is in none of these tables is not judged on Services, routes and Gateways, nor as a label of a
Namespace; on pods it makes new pods, which is judged; elsewhere it is harmless. The longest prefix decides.
"""


def _granted() -> str:
    return "\n".join(["## What is taken for granted\n", *(f"- {line}" for line in TAKEN_FOR_GRANTED), ""])


def _figures(tables: list[KindTable]) -> str:
    words = [field.word for table in tables for field in _fields(table.fields, "")]
    words += [field.word for part in SHARED_PARTS.values() for field in _fields(part, "")]
    counts = {word: words.count(word) for word in ("judged", "harmless", "not judged")}
    inert = len(BUILT_IN_INERT) + len(CUSTOM_INERT)
    unjudged = len(BUILT_IN_UNPROVEN) + len(CUSTOM_UNPROVEN)
    return (
        "## In figures\n\n"
        f"{len(tables)} kinds are classified field by field: {counts['judged']} fields are judged,"
        f" {counts['harmless']} harmless, {counts['not judged']} not judged; what several kinds share counts once."
        f" As a whole {inert} kinds and {len(INERT_GROUPS)} groups are harmless, {unjudged} kinds and groups are not"
        f" judged. A kind that is not on this page is not judged, and may influence {UNKNOWN_KIND.influence}.\n"
    )


def _kind_section(table: KindTable) -> str:
    rest = f"A field that is not named here is not judged: {table.influence}.\n"
    whole = [
        f"{verb} such an object is {_word(result)}: {_why(result)}.\n"
        for verb, result in (("Adding", table.appears), ("Removing", table.goes))
        if result is not None
    ]
    title = f"{table.kind} ({table.group or 'core'})"
    return "\n".join([_section(title, table.fields), *whole, rest])


def _section(title: str, table: FieldTable) -> str:
    return "\n".join([f"### {title}\n", *_rows("field", _fields(table, "")), ""])


def _classified_entries(title: str, part: Mapping[str, Classification]) -> str:
    fields = (ClassifiedField(name, _word(result), _why(result)) for name, result in part.items())
    return "\n".join([f"### {title}\n", *_rows("name, or its beginning", fields), ""])


def _rows(heading: str, fields: Iterator[ClassifiedField]) -> Iterator[str]:
    """A table with a row for all fields that are classified alike."""
    alike: dict[tuple[str, str], list[str]] = {}
    for path, word, why in fields:
        alike.setdefault((word, why), []).append(f"`{path}`")
    yield f"| {heading} | is | by, source, or what it may influence |"
    yield "|---|---|---|"
    yield from (f"| {', '.join(paths)} | {word} | {why} |" for (word, why), paths in alike.items())


def _fields(entry: Field, path: str) -> Iterator[ClassifiedField]:
    if isinstance(entry, Items):
        yield from _fields(entry.of, f"{path}[]")
    elif isinstance(entry, Entries):
        yield ClassifiedField(f"{path}.*", "by its name", "the tables of labels and annotations")
    elif isinstance(entry, Mapping):
        yield from _nested(entry, path)
    else:
        yield ClassifiedField(path, _word(entry), _why(entry))


def _nested(entry: Mapping[str, Field], path: str) -> Iterator[ClassifiedField]:
    shared = next((name for name, table in SHARED_PARTS.items() if table is entry), None)
    if path and shared is not None:
        yield ClassifiedField(path, "as shared", shared)
        return
    for name, inner in entry.items():
        yield from _fields(inner, f"{path}.{name}" if path else name)


def _word(result: Classification) -> str:
    return {Modeled: "judged", Inert: "harmless"}.get(type(result), "not judged")


def _why(result: Classification) -> str:
    if isinstance(result, Modeled):
        return result.by
    return result.source if isinstance(result, Inert) else result.influence


def _whole_kinds() -> str:
    kinds: dict[tuple[str, str], Classification] = {
        **BUILT_IN_INERT,
        **BUILT_IN_UNPROVEN,
        **CUSTOM_INERT,
        **CUSTOM_UNPROVEN,
    }
    groups: dict[str, Classification] = {f"{group}/*": result for group, result in INERT_GROUPS.items()}
    named = {**{f"{group}/{kind}" if group else kind: result for (group, kind), result in kinds.items()}, **groups}
    fields = (ClassifiedField(name, _word(result), _why(result)) for name, result in named.items())
    return "\n".join([*_rows("kind", fields), ""])
