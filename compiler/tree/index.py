"""The index `.shipway` of a folder: which files in it the compiler wrote, with their digests.

Its JSON: `{"format": 1, "compiler": "0.1.0", "input": "sha256:…", "files": {"service-web.yaml": "sha256:…"}}`,
names sorted, one file a line, so that it reads and merges well. One index a folder: one for a whole tree would
change with every release. While `build --out` rewrites a folder, `replacing` holds what the index said before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from json.encoder import encode_basestring_ascii as quoted
from typing import Final

from compiler.diagnostics.model import Loc
from compiler.diagnostics.refusals import rejection
from compiler.model.address import path_fault

INDEX = ".shipway"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Index:
    """What the compiler wrote into one folder: names (no folders) to digests `sha256:…`."""

    compiler: str
    input: str
    files: Mapping[str, str]
    replacing: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IndexDifferences:
    """How a folder differs from its index, each a sorted tuple of names."""

    edited: tuple[str, ...]
    foreign: tuple[str, ...]
    missing: tuple[str, ...]


def content_digest(data: bytes) -> str:
    """`sha256:` and 64 hexadecimal digits."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def tree_digest(files: Mapping[str, bytes]) -> str:
    """One digest for names and contents together: equal for equal trees, whatever their order."""
    lines = "".join(f"{content_digest(files[name])} {name}\n" for name in sorted(files))
    return content_digest(lines.encode())


def plan_digest(published: Mapping[str, bytes], files: Mapping[str, bytes]) -> str:
    """What a reviewer binds a publish to: the files that the branch holds, and those that it is to hold."""
    return content_digest(f"{tree_digest(published)} {tree_digest(files)}\n".encode())


def index_of(files: Mapping[str, bytes], compiler: str, input: str) -> Index:
    """The index of a folder that holds exactly `files`, each a plain name."""
    return Index(compiler, input, {name: content_digest(files[name]) for name in sorted(files)})


def with_index(files: Mapping[str, bytes], compiler: str, input: str) -> dict[str, bytes]:
    """`files` of one folder and their index."""
    return {**files, INDEX: encode_index(index_of(files, compiler, input))}


def encode_index(index: Index) -> bytes:
    """The text of an index; equal for equal indexes."""
    lines = [f'"format": {FORMAT}', f'"compiler": {quoted(index.compiler)}', f'"input": {quoted(index.input)}']
    lines.append(f'"files": {_files_json(index.files)}')
    if index.replacing:
        lines.append(f'"replacing": {_files_json(index.replacing)}')
    return ("{\n " + ",\n ".join(lines) + "\n}\n").encode()


def _files_json(files: Mapping[str, str]) -> str:
    """As `json.dumps` with an indent, which goes without C and takes twice the time."""
    lines = [f"{quoted(name)}: {quoted(files[name])}" for name in sorted(files)]
    return "{\n  " + ",\n  ".join(lines) + "\n }" if lines else "{}"


@lru_cache(maxsize=4096)  # by content: planning and writing a folder read the same index
def parse_index(data: bytes, file: str) -> Index:
    """The index in `data`; raises `Rejected`, located in `file`, for all that `render` does not write."""
    try:
        content = _DECODER.decode(data.decode())
    except json.JSONDecodeError as error:
        at = Loc(file, error.lineno, error.colno)
        raise rejection("index-broken", _broken_index_message(error.msg), _HELP, at) from None
    except (ValueError, RecursionError) as error:
        raise rejection("index-broken", _broken_index_message(str(error)), _HELP, Loc(file, 1, 1)) from None
    fault = _index_fault(content)
    if fault:
        raise rejection("index-broken", _broken_index_message(fault), _HELP, Loc(file, 1, 1))
    names = content["files"], content.get("replacing", {})
    return Index(content["compiler"], content["input"], *names)


def compare_with_index(index: Index, digests: Mapping[str, str]) -> IndexDifferences:
    """How a folder whose files (paths below it, without the index) have `digests` differs from `index`.

    A digest that is no `sha256:…` stands for what is not a regular file, and never matches.
    """
    known = {**index.replacing, **index.files}
    edited = [n for n, d in digests.items() if n in known and d not in {index.files.get(n), index.replacing.get(n)}]
    foreign = [name for name in digests if name not in known]
    missing = [] if index.replacing else [name for name in index.files if name not in digests]
    return IndexDifferences(tuple(sorted(edited)), tuple(sorted(foreign)), tuple(sorted(missing)))


def _without_duplicate_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    collected = dict(pairs)
    if len(collected) != len(pairs):
        raise ValueError("a key is given twice in one object")
    return collected


def _reject_json_constant(word: str) -> object:
    raise ValueError(f"{word} is no JSON")


_DECODER: Final = json.JSONDecoder(parse_constant=_reject_json_constant, object_pairs_hook=_without_duplicate_keys)
"""One for all: `json.loads` would make one for each index, in a third of the time of reading it."""


def _index_fault(content: object) -> str | None:
    if not isinstance(content, dict):
        return "it is not an object"
    if content.get("format") != FORMAT or isinstance(content["format"], bool):
        return f"its format is {content.get('format')!r}, this version reads {FORMAT}"
    if not all(isinstance(content.get(key), str) for key in ("compiler", "input")):
        return "`compiler` or `input` is no string"
    for key in ("files", "replacing"):
        fault = _files_fault(content.get(key, {} if key == "replacing" else None))
        if fault:
            return f"`{key}` {fault}"
    return None


def _files_fault(files: object) -> str | None:
    if not isinstance(files, dict):
        return "is not an object"
    for name, value in files.items():
        if "/" in name or path_fault(name) or name == INDEX:
            return f"names {name!r}, which is no plain file name"
        if not isinstance(value, str) or not value.startswith("sha256:"):
            return f"gives {name!r} no digest"
    return None


def _broken_index_message(why: str) -> str:
    return f"the index is broken: {why}"


_HELP = "restore it from the last commit that Shipway published (`git log -- FILE`, `git checkout COMMIT -- FILE`)"
