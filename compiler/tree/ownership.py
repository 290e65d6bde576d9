"""What may change: only what the compiler wrote and nobody touched since, in Git as in a folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.diagnostics.refusals import rejection_of_all
from compiler.model.address import path_fault
from compiler.tree.index import INDEX, compare_with_index, content_digest, parse_index
from compiler.tree.paths import case_clashes, join_path, parent_folder, printable_path
from compiler.tree.published_tree import PublishedTree, owned_folders

_OVERRIDE_PREFIX = ".argocd-source"


@dataclass(frozen=True, slots=True)
class ExistingFiles:
    """What is there now: contents of regular files in folders that have an index, and what else stands there.

    `others` gives each other leaf a few words, such as "a symbolic link".
    """

    files: Mapping[str, bytes]
    others: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DesiredFiles:
    """What shall be there. Each file is in a folder whose index (among `files`) names it.

    `keep` are folders that stay as they are though `files` has none of theirs; any other folder with an index,
    but without files here, has left the specs and is removed. `overwrite` are paths whose edits by hand may be
    lost.
    """

    files: Mapping[str, bytes]
    keep: Set[str] = frozenset()
    overwrite: Set[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FileChanges:
    """The files to write, and the paths to remove; nothing else differs. `folders` names where."""

    written: Mapping[str, bytes] = field(default_factory=dict)
    removed: tuple[str, ...] = ()

    @property
    def folders(self) -> tuple[str, ...]:
        return tuple(sorted({parent_folder(path) for path in [*self.written, *self.removed]}))

    @property
    def beyond_indexes(self) -> tuple[str, ...]:
        """The folders where anything changes but an index, which also names the input."""
        every = (*self.written, *self.removed)
        return tuple(sorted({parent_folder(path) for path in every if path.rpartition("/")[2] != INDEX}))

    def __bool__(self) -> bool:
        return bool(self.written or self.removed)


def existing_files(tree: PublishedTree) -> ExistingFiles:
    """A published tree as the rules of ownership see it."""
    others = {path: entry.description for path, entry in tree.entries.items() if path not in tree.files}
    return ExistingFiles(tree.files, others)


def file_changes(held: ExistingFiles, wanted: DesiredFiles) -> FileChanges:
    """The changes that lead from `held` to `wanted`.

    Raises `Rejected` with every file that was edited, added or removed by hand in a folder of ours, every
    `.argocd-source*` (Argo CD, `repository.go`: merged into the Application's source), every path that is in
    the way, and every name that differs from another in case only.
    """
    if not held.files and not held.others:
        return _new_files(held, wanted)
    ours = (owned_folders(held.files) | owned_folders(wanted.files)) - wanted.keep
    present: dict[str, dict[str, str]] = {folder: {} for folder in ours}
    for path in [*held.files, *held.others]:
        folder = _owning_folder(path, ours)
        if folder is not None:
            present[folder][path.removeprefix(f"{folder}/") if folder else path] = path
    expected: dict[str, dict[str, bytes]] = {folder: {} for folder in ours}
    for path, data in wanted.files.items():
        folder, _, name = path.rpartition("/")
        if folder in expected:
            expected[folder][name] = data
    standing = {folder for folder in ours if _holds(present[folder], held, expected[folder])}
    _assert_desired_files({path: data for path, data in wanted.files.items() if parent_folder(path) not in standing})
    findings: list[Diagnostic] = []
    for folder in sorted(ours - standing):
        findings += _folder_findings(folder, present[folder], held, wanted)
    findings += (
        _blocked_path_findings(held, ours) + _argocd_override_findings(held, ours) + _case_clash_findings(held, wanted)
    )
    if findings:
        raise rejection_of_all(findings)
    written = {path: data for path, data in wanted.files.items() if held.files.get(path) != data}
    there = {path for folder in ours if folder for path in present[folder].values()}
    there |= _indexed_in_root(held) if "" in ours else set()
    return FileChanges(written, tuple(sorted(there - wanted.files.keys())))


def _new_files(held: ExistingFiles, wanted: DesiredFiles) -> FileChanges:
    """All files, where there are none: for 12,000 in half of the time that it takes to compare them with nothing."""
    _assert_desired_files(wanted.files)
    clashes = _case_clash_findings(held, wanted)
    if clashes:
        raise rejection_of_all(clashes)
    return FileChanges(wanted.files)


def _holds(names: Mapping[str, str], held: ExistingFiles, expected: Mapping[str, bytes]) -> bool:
    """Whether a folder holds what it is to hold, its index included: then nobody touched it.

    A third of the time that it takes to compare all digests with the index.
    """
    return names.keys() == expected.keys() and all(held.files.get(names[n]) == expected[n] for n in names)


def _indexed_in_root(held: ExistingFiles) -> set[str]:
    """In the root only what its index names is ours; in other folders all else was refused before."""
    index = held.files.get(INDEX)
    return set() if index is None else {INDEX, *parse_index(index, INDEX).files} & held.files.keys()


def _owning_folder(path: str, ours: Set[str]) -> str | None:
    top, slash, _ = path.partition("/")
    if not slash:
        return "" if "" in ours else None
    return top if top in ours else None


def _folder_findings(
    folder: str, names: Mapping[str, str], held: ExistingFiles, wanted: DesiredFiles
) -> list[Diagnostic]:
    here = {name: path for name, path in names.items() if name != INDEX and not _is_override(path)}
    place = join_path(folder, INDEX)
    index = held.files.get(place)
    if place in held.others:
        return [_ownership_finding("index-broken", f"`{printable_path(place)}` is {held.others[place]}", _BLOCKED_HELP)]
    if index is None:
        in_the_way = here.values() if folder else [p for p in here.values() if p in wanted.files]
        return [
            _ownership_finding(
                "folder-not-owned", f"`{printable_path(p)}` exists, but Shipway did not write it", _NOT_OWNED_HELP
            )
            for p in sorted(in_the_way)
            if held.files.get(p) != wanted.files.get(p) or p in held.others
        ]
    try:
        known = parse_index(index, place)
    except Rejected as broken:
        return list(broken.diagnostics)
    digests = {name: held.others.get(p) or content_digest(held.files[p]) for name, p in here.items()}
    state = compare_with_index(known, digests)
    tampered = [
        *_edited_file_findings(folder, state.edited, held, wanted),
        *_missing_file_findings(folder, state.missing, wanted),
    ]
    if folder:
        tampered += _foreign_file_findings(folder, state.foreign, held)
    return tampered


def _edited_file_findings(
    folder: str, names: Iterable[str], held: ExistingFiles, wanted: DesiredFiles
) -> list[Diagnostic]:
    findings = []
    for path in (join_path(folder, name) for name in names):
        same = path in held.files and held.files[path] == wanted.files.get(path)
        if not same and path not in wanted.overwrite:
            now = held.others.get(path)
            message = f"`{printable_path(path)}` was edited by hand" + (f": it is now {now}" if now else "")
            findings.append(_ownership_finding("file-edited", message, _EDITED_HELP))
    return findings


def _missing_file_findings(folder: str, names: Iterable[str], wanted: DesiredFiles) -> list[Diagnostic]:
    return [
        _ownership_finding("file-removed", f"`{printable_path(path)}` was removed by hand", _EDITED_HELP)
        for path in (join_path(folder, name) for name in names)
        if path in wanted.files and path not in wanted.overwrite
    ]


def _foreign_file_findings(folder: str, names: Iterable[str], held: ExistingFiles) -> list[Diagnostic]:
    findings = []
    for path in (join_path(folder, name) for name in names):
        what = held.others.get(path, "a file")
        message = f"`{printable_path(path)}` is {what} that Shipway did not write, in a folder of Shipway"
        findings.append(_ownership_finding("file-foreign", message, _FOREIGN_HELP))
    return findings


def _blocked_path_findings(held: ExistingFiles, ours: Iterable[str]) -> list[Diagnostic]:
    findings = []
    for folder in sorted(filter(None, ours)):
        if folder in held.files or folder in held.others:
            what = held.others.get(folder, "a file")
            message = f"`{printable_path(folder)}` is {what}, but a folder must be there"
            findings.append(_ownership_finding("path-blocked", message, _BLOCKED_HELP))
    return findings


def _argocd_override_findings(held: ExistingFiles, ours: Set[str]) -> list[Diagnostic]:
    return [
        _ownership_finding("argocd-override", f"`{printable_path(path)}` changes what Argo CD reads", _OVERRIDE_HELP)
        for path in sorted([*held.files, *held.others])
        if _is_override(path) and _owning_folder(path, {*ours, ""}) is not None
    ]


def _is_override(path: str) -> bool:
    return path.rpartition("/")[2].startswith(_OVERRIDE_PREFIX)


def _case_clash_findings(held: ExistingFiles, wanted: DesiredFiles) -> list[Diagnostic]:
    return [
        _ownership_finding(
            "name-case-clash", f"`{printable_path(a)}` and `{printable_path(b)}` differ in case only", _CLASH_HELP
        )
        for a, b in case_clashes(wanted.files, [*held.files, *held.others])
    ]


def _assert_desired_files(files: Mapping[str, bytes]) -> None:
    """A plan that breaks its own rules is our bug, so not a refusal: every file named by its folder's index."""
    listed: set[str] = set()
    for folder in owned_folders(files):
        prefix = f"{folder}/" if folder else ""
        names = parse_index(files[prefix + INDEX], INDEX).files
        listed.update([prefix + name for name in (*names, INDEX)])
    if listed != files.keys():
        raise ValueError(f"files and indexes disagree: {sorted(listed ^ files.keys())[:5]}")
    for path in files:
        if fault := path_fault(path):
            raise ValueError(f"the path {path!r} {fault}")


def _ownership_finding(code: str, message: str, help: str) -> Diagnostic:
    return Diagnostic(code=code, message=message, loc=None, help=help)


_EDITED_HELP = "make the same change in the spec, then Shipway accepts the edit; or undo it with `git revert`"
_FOREIGN_HELP = "move it out of this folder: Argo CD syncs it as part of the release"
_NOT_OWNED_HELP = "move it away, publish to another `spec.gitops.path`, or rename the release"
_BLOCKED_HELP = "remove it, or give the release another name"
_OVERRIDE_HELP = "remove it: it can change the tool that Argo CD uses, or leave out files"
_CLASH_HELP = "rename one: macOS and Windows take them for one file"
