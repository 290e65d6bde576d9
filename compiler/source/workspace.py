"""The specs on disk: which environments there are, and all that one of them is made from. All reading is here."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any, Final

from compiler.diagnostics.model import Diagnostic, Loc, Rejected, Related
from compiler.diagnostics.model import Path as Path_
from compiler.source import Document, load_spec, parse_manifests, read_data
from compiler.source.document import Files
from compiler.source.kept_specs import NO_SPECS, KeptSpecs, path_beside, read_again, texts_digest
from compiler.source.load import AS_ON_DISK
from compiler.support.parallel import parallel_map, start_parallel
from compiler.support.suggest import did_you_mean

ENVIRONMENTS: Final = "environments"
ENVIRONMENT_FILE: Final = "environment.yaml"
SpecReadResult = tuple[Document, dict[str, str]] | Rejected
MIN_PRELOADED_FILES: Final = 700
"""Specs that one core reads while another loads the stages of the compiler."""
EXTRAS: Final = ("spec", "extras")
FILE_KEYS: Final = ("files", "inline", "extras", "\\")
SPEC_ENDINGS: Final = (".yaml", ".yml")


@dataclass(frozen=True)
class Sources:
    """One environment's specs as read, not yet understood; `data`: the text of each file that a spec names, by spec."""

    name: str
    environment: Document
    others: tuple[Document, ...]
    data: Mapping[str, Mapping[str, str]]

    @property
    def documents(self) -> tuple[Document, ...]:
        return (self.environment, *self.others)

    @cached_property
    def environment_digest(self) -> bytes:
        """Of the environment's own texts."""
        return texts_digest(self.environment, self.data.get(self.environment.file, {}))

    @property
    def texts(self) -> dict[str, str]:
        """The texts of all files involved, for carets."""
        return {file: text for document in self.documents for file, text in document.texts.items()}

    @property
    def files(self) -> tuple[str, ...]:
        """All files that were read, relative to the root: specs, their bases, and what they name."""
        named = [posixpath.join(posixpath.dirname(file), name) for file, names in self.data.items() for name in names]
        return (*self.texts, *map(posixpath.normpath, named))

    @property
    def places(self) -> tuple[str, ...]:
        """The environment's folder, and the files elsewhere that were read."""
        folder = f"{ENVIRONMENTS}/{self.name}"
        return (folder, *sorted({file for file in self.files if not file.startswith(f"{folder}/")}))


def environment_names(root: Path) -> list[str]:
    """The folders of `environments/` that hold an `environment.yaml`, sorted. Raises Rejected if there are none."""
    folder = root / ENVIRONMENTS
    # lexists: a link that leads nowhere is an environment that cannot be read, not none
    names = [entry.name for entry in folder.glob("*") if os.path.lexists(entry / ENVIRONMENT_FILE)]
    if not names:
        message = f"{root} has no {ENVIRONMENTS}/<name>/{ENVIRONMENT_FILE}"
        raise Rejected([Diagnostic("no-environments", message, None, missing_environments_help(root))])
    return sorted(names)


def missing_environments_help(root: Path) -> str:
    """What to do where there are none: they may have another ending."""
    other = next(iter(sorted((root / ENVIRONMENTS).glob("*/environment.yml"))), None)
    if other is not None:
        return f"rename {other} to {ENVIRONMENT_FILE}"
    return "run `shipway init`, or give the folder with -C"


def environment_files(root: Path) -> list[str]:
    """The `environment.yaml` of each environment, relative to the root. Raises Rejected if there are none."""
    return [f"{ENVIRONMENTS}/{name}/{ENVIRONMENT_FILE}" for name in environment_names(root)]


def readable_environments(root: Path) -> list[Document]:
    """The `environment.yaml` of each environment; those that cannot be read are left to whoever compiles them."""
    specs = (read_spec(root, AS_ON_DISK, file) for file in environment_files(root))
    return [each[0] for each in specs if not isinstance(each, Rejected)]


def unknown_name_diagnostic(what: str, name: str, names: Sequence[str], meant: str = "") -> Diagnostic:
    guess = meant if meant in names else did_you_mean(meant or name, names)
    text = f"did you mean `{guess}`?" if guess else f"the {what}s are: {', '.join(names)}"
    return Diagnostic(f"unknown-{what}", f"the {what} {name!r} does not exist", None, text)


def read_sources(root: Path, name: str, kept: KeptSpecs = NO_SPECS) -> Sources:
    """Every spec of the environment and the files they name; those that are `kept` are parsed when they are needed.

    Raises Rejected with what is wrong in any of them.
    """
    files = spec_files(root, name)
    unparsed = read_unparsed(root, name, files, kept)
    new = [file for file in files if file not in unparsed]
    read = dict(zip(new, parallel_map(partial(read_spec, root, AS_ON_DISK), new, "files read"), strict=True))
    return sources_of(name, [unparsed.get(file) or read[file] for file in files])


def read_unparsed(root: Path, name: str, files: Sequence[str], kept: KeptSpecs) -> dict[str, SpecReadResult]:
    """The specs that are as they were kept, by their files: none where the environment's own is another, for then all
    of them are needed.
    """
    if not kept.by_file:
        return {}
    environment = read_spec(root, AS_ON_DISK, f"{ENVIRONMENTS}/{name}/{ENVIRONMENT_FILE}")
    if isinstance(environment, Rejected) or texts_digest(*environment) != kept.environment:
        return {}
    known = {file: read_again(root, file, kept.by_file[file]) for file in files if file in kept.by_file}
    return {file: read for file, read in known.items() if read is not None}


def with_edited_texts(root: Path, sources: Sources, edited: Mapping[str, str]) -> Sources:
    """The sources with these texts in place of what stands on disk; all else is as it was read. Raises Rejected."""
    known = {document.file: (document, dict(sources.data[document.file])) for document in sources.documents}
    specs = [read_spec(root, edited, file) if file in edited else known[file] for file in known]
    return sources_of(sources.name, specs)


@contextmanager
def start_reading(root: Path, name: str, kept: KeptSpecs = NO_SPECS) -> Iterator[Callable[[], Sources]]:
    """As `read_sources`, begun in other processes while this one goes on: the function that it gives waits for them."""
    if kept.by_file:
        yield partial(read_sources, root, name, kept)  # what is kept is read in less time than a process begins
        return
    read = partial(read_spec, root, AS_ON_DISK)
    with start_parallel(read, spec_files(root, name), MIN_PRELOADED_FILES, "files read") as results:
        yield lambda: sources_of(name, results())


def sources_of(name: str, specs: Sequence[SpecReadResult]) -> Sources:
    """The environment of these specs. Raises Rejected with what is wrong in any of them."""
    diagnostics: list[Diagnostic] = []
    documents: list[Document] = []
    data: dict[str, dict[str, str]] = {}
    for read in specs:
        if isinstance(read, Rejected):
            diagnostics += read.diagnostics
        else:
            document, data[document.file] = read
            documents.append(document)
    if diagnostics:
        raise Rejected(diagnostics)
    environment = f"{ENVIRONMENTS}/{name}/{ENVIRONMENT_FILE}"
    first = next(document for document in documents if document.file == environment)
    return Sources(name, first, tuple(document for document in documents if document is not first), data)


def read_spec(root: Path, instead: Mapping[str, str], file: str) -> SpecReadResult:
    """A spec and the texts of the files that it names, or what is wrong with them."""
    if not file.isprintable():
        help_text = "rename the file: its name is written into the published tree and into messages"
        return Rejected(
            [Diagnostic("file-name-strange", f"{file!r} is not a valid name for a spec", Loc(file, 1, 1), help_text)]
        )
    try:
        document = load_spec(root, file, instead)
        return document, referenced_texts(root, document)
    except Rejected as rejected:
        return rejected


def spec_files(root: Path, name: str) -> list[str]:
    """The environment's YAML files, relative to the root: those of the folder itself, not of folders in it."""
    folder = root / ENVIRONMENTS / name
    names = sorted(entry.name for entry in folder.iterdir() if is_spec_name(entry.name))
    return [f"{ENVIRONMENTS}/{name}/{entry}" for entry in names]


def is_spec_name(name: str) -> bool:
    """Whether a file of this name in an environment's folder is one of its specs."""
    return name.endswith(SPEC_ENDINGS) and name[0] != "."


def referenced_texts(root: Path, document: Document) -> dict[str, str]:
    """The text of each file that the spec names, by the name it uses. Raises Rejected, located at that name."""
    texts: dict[str, str] = {}
    if not may_name_files(document):
        return texts
    first: dict[str, Loc] = {}
    diagnostics: list[Diagnostic] = []
    for path, named in referenced_files(document.data):
        loc = document.locate(path)
        if "-----BEGIN" in named:
            diagnostics.append(pem_text_diagnostic(path, loc))
            continue
        try:
            text = read_data(root, named, loc).decode()
            if texts.setdefault(named, text) != text:
                diagnostics.append(ambiguous_file_diagnostic(named, loc, first[named]))
            first.setdefault(named, loc)
        except UnicodeDecodeError:
            message = f"{named!r} is not UTF-8 text"
            diagnostics.append(
                Diagnostic(
                    "file-not-text",
                    message,
                    loc,
                    ("a ConfigMap contains text: encode the data, or mount a file instead"),
                )
            )
        except Rejected as rejected:
            diagnostics += rejected.diagnostics
    if diagnostics:
        raise Rejected(diagnostics)
    return texts


def named_paths(document: Document, named: Mapping[str, str]) -> dict[str, str]:
    """The path of each file that the spec names, by the name it uses."""
    if not named:
        return {}
    return {
        name: path_beside(document.locate(path).file, name)
        for path, name in referenced_files(document.data)
        if name in named
    }


def pem_text_diagnostic(path: Path_, loc: Loc) -> Diagnostic:
    """A key or certificate was written where the name of its file belongs; the text is not repeated."""
    key = ".".join(str(part) for part in path)
    message = f"`{key}` must be the name of a file, but it contains PEM text"
    fix = (
        "put the text into a file beside the spec and give that file's name; replace any private key that was committed"
    )
    return Diagnostic("file-name-secret", message, loc, fix)


def ambiguous_file_diagnostic(named: str, loc: Loc, other: Loc) -> Diagnostic:
    """A base in another folder and a spec over it mean two files by one name."""
    message = f"{named!r} is one file here and another in {other.file}"
    related = (Related(other, "the other one"),)
    return Diagnostic("file-name-twice", message, loc, "rename one of the files", related=related)


def may_name_files(document: Document) -> bool:
    """Whether the texts hold a key that files stand below: most do not, and a walk takes 25 µs.

    Where a backslash stands a key may be written otherwise than it is.
    """
    return any(word in text for text in document.texts.values() for word in FILE_KEYS)


def referenced_files(data: Mapping[str, Any], path: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """Where a spec names files: `config: files: NAME: {path: FILE}`, `tls: inline: {crt, key}`, `extras: [FILE]`."""
    for key, value in data.items():
        if isinstance(value, dict):
            yield from referenced_files(value, (*path, key))
        elif isinstance(value, list) and (*path, key) == EXTRAS:
            yield from (((*path, key, index), name) for index, name in enumerate(value) if isinstance(name, str))
        elif isinstance(value, str) and key in ("path", "crt", "key") and is_file_reference((*path, key)):
            yield (*path, key), value


def is_file_reference(path: Path_) -> bool:
    return path[-4:-2] == ("config", "files") if path[-1] == "path" else path[-3:-1] == ("tls", "inline")


def extra_documents(document: Document, files: Files) -> tuple[Document, ...]:
    """The documents of the files that `spec.extras` names, in order. Raises Rejected for what is no manifest."""
    return tuple(each for file, text in named_manifests(document, files) for each in parsed_manifests(text, file))


def named_manifests(document: Document, files: Files) -> Iterator[tuple[str, str]]:
    """Path and text of each file; a path is relative to the file that names it, which may be a base."""
    for index, name in enumerate(document.data["spec"]["extras"]):
        folder = posixpath.dirname(document.locate(("spec", "extras", index)).file)
        yield posixpath.normpath(posixpath.join(folder, name)), files[name]


@lru_cache(maxsize=64)
def parsed_manifests(text: str, file: str) -> tuple[Document, ...]:
    return tuple(parse_manifests(text, file))
