"""Small changes of a text: of its characters, and of the YAML data that it holds."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, Final

import yaml

CHARACTERS: Final = (
    *"\t\r\n :-[]{}#&*!|>'\"%@`,?\\<~0é",
    "\0",
    "\x1b",
    "\ufeff",
    "\u202e",
    "\u2028",
    "\x85",
    "---\n",
    "<<: ",
)
SCALARS: Final = (
    *(None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63), 1e308, -0.0, float("nan"), float("inf")),
    *(
        "",
        " ",
        "null",
        "on",
        "0",
        "0o17",
        "1e3",
        "1.2.3",
        "-1",
        "100%",
        "150%",
        "9999999999Ei",
        "1e99999999999",
        "0.1m",
    ),
    *("a" * 64, "a" * 300, "A", "a_b", "a/b", "../x", "/", "//", "/v1/", "http", "https://x", "*", "*.a", "{{ x }}"),
    *("2027-02-29", "2026-13-01", "sha256:" + "a" * 64, "sha256:x", "\x1b[31m", "a\nb", "a\u202eb", "\u2028", "日本"),
    *("-----BEGIN PRIVATE KEY-----", "+argocd:skip-file-rendering", "${X}", "$(X)", "@team", "<b>", "`x`", "|"),
)
CONTAINERS: Final[tuple[Any, ...]] = ([], {}, [[]], [None], {"": None}, {"a": {}}, [{}, {}], {"name": "x"}, ["a", "a"])
Node = tuple[Any, Any]
"""a container and the key or index in it"""


def edited_text(text: str, chance: random.Random) -> str:
    """The text with one to five places replaced by characters that readers stumble over."""
    for _ in range(chance.randint(1, 5)):
        at = chance.randint(0, len(text))
        text = text[:at] + chance.choice(CHARACTERS) + text[at + chance.choice((0, 0, 1, 4)) :]
    return text


def edited_data(text: str, chance: random.Random) -> str:
    """The YAML documents of the text with one to three of their values changed, moved, doubled or removed."""
    try:
        documents = list(yaml.load_all(text, Loader=yaml.CSafeLoader))
    except (yaml.YAMLError, ValueError):
        return edited_text(text, chance)
    for _ in range(chance.randint(1, 3)):
        nodes = nodes_of(documents)
        if nodes:
            chance.choice(EDITS)(chance.choice(nodes), nodes, chance)
    try:
        return yaml.dump_all(documents, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
    except (yaml.YAMLError, RecursionError):
        return text


def nodes_of(data: Any) -> list[Node]:
    """Every place of the data that can be assigned to, parents before their children; each container once."""
    places: list[Node] = []
    waiting, seen = [data], {id(data)}
    while waiting:
        at = waiting.pop()
        for key in list(at) if isinstance(at, dict) else range(len(at)):
            places.append((at, key))
            if isinstance(at[key], (dict, list)) and id(at[key]) not in seen:
                seen.add(id(at[key]))
                waiting.append(at[key])
    return places


def replace_value(node: Node, _nodes: list[Node], chance: random.Random) -> None:
    at, key = node
    at[key] = chance.choice((*SCALARS, *CONTAINERS))


def remove_value(node: Node, _nodes: list[Node], _chance: random.Random) -> None:
    at, key = node
    del at[key]


def copy_value(node: Node, nodes: list[Node], chance: random.Random) -> None:
    """The value of another place; dumping it anew writes an anchor and an alias where it is a container."""
    other, name = chance.choice(nodes)
    at, key = node
    if name in (other if isinstance(other, dict) else range(len(other))):
        at[key] = other[name]


def double_item(node: Node, _nodes: list[Node], _chance: random.Random) -> None:
    at, key = node
    if isinstance(at, list):
        at.insert(key, at[key])


def rename_key(node: Node, _nodes: list[Node], chance: random.Random) -> None:
    at, key = node
    if isinstance(at, dict):
        at[chance.choice((f"{key}s", str(key).upper(), str(key)[:-1], "name", "spec", 1, None, True))] = at.pop(key)


EDITS: Final[tuple[Callable[[Node, list[Node], random.Random], None], ...]] = (
    replace_value,
    replace_value,
    remove_value,
    copy_value,
    double_item,
    rename_key,
)
