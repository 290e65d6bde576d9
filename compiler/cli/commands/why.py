"""shipway why: which line of which spec a line of a manifest comes from, and through what."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from compiler.cli.exit_status import EXIT_OK
from compiler.cli.output import next_command, print_notice
from compiler.cli.release_selection import chosen_environments, selected_releases, split_name
from compiler.diagnostics.model import Diagnostic, Loc, Rejected
from compiler.diagnostics.render.cells import sanitized_line
from compiler.diagnostics.render.excerpt import excerpt, source_lines
from compiler.pipeline import check_environment
from compiler.plan.why import (
    FieldOrigin,
    TracedManifest,
    field_origin,
    path_at_line,
    path_from_text,
    traced_manifests,
    value_at_path,
)
from compiler.source import Document, parse_manifests
from compiler.source.dialects import MANIFEST
from compiler.source.files import read_text
from compiler.source.workspace import read_sources
from compiler.support.suggest import did_you_mean
from compiler.tree.render import file_name
from compiler.tree.yaml import emit

SECRET_KINDS = ("Secret", "SealedSecret")


def run(args: argparse.Namespace) -> int:
    root = Path(args.root)
    texts: dict[str, str] = {}
    if args.field is not None:
        traced, path = field_by_name(root, args.place, args.field, texts)
    else:
        traced, path = field_by_line(root, args.place, texts, args)
    origin = field_origin(traced, path)
    sys.stdout.write(origin_json(origin) if args.format == "json" else origin_text(origin, texts))
    next_command(args, f"$EDITOR +{origin.loc.line} {origin.loc.file}")
    return EXIT_OK


def field_by_name(
    root: Path, place: str, field: str, texts: dict[str, str]
) -> tuple[TracedManifest, tuple[str | int, ...]]:
    environment, release = split_name(place)
    name, colon, key = field.partition(":")
    every = compiled_candidates(root, environment, texts)
    own = [each for each in every if each.folder == release]
    if not own:
        raise unknown_name_rejection(
            f"{environment} has no release called {release!r}",
            sorted({each.folder for each in every}),
            release,
        )
    known = {f"{each.manifest.kind}/{each.manifest.name}": each for each in own}
    traced = next((each for label, each in known.items() if label.lower() == name.lower()), None)
    if traced is None:
        raise unknown_name_rejection(f"{place} has no object {name!r}", sorted(known), name)
    path = path_from_text(traced.manifest.object, key) if colon else ()
    if path is None:
        raise unknown_name_rejection(f"{name} has no field {key!r}", [])
    return traced, path


def field_by_line(
    root: Path, place: str, texts: dict[str, str], args: argparse.Namespace
) -> tuple[TracedManifest, tuple[str | int, ...]]:
    file, _, number = place.rpartition(":")
    if not file or not number.isdigit():
        raise unknown_name_rejection(f"{place!r} is not FILE:LINE", [])
    parts = Path(file).parts
    fitting = [
        each
        for environment in likely_environments(list(selected_releases(root, [])), parts)
        for each in compiled_candidates(root, environment, texts)
        if (each.folder, file_name(each.manifest.object)) == parts[-2:]
    ]
    if not fitting:
        raise unknown_name_rejection(f"no spec renders {'/'.join(parts[-2:])}", [])
    traced = fitting[0]
    rendered = emit(traced.manifest.object).decode()
    document = read_rendered(file, rendered, args)
    within = 0 < int(number) <= document.texts[file].count("\n")
    path = path_at_line(document, int(number)) if within else None
    if path is None or not has_path(traced.manifest.object, path):
        raise unknown_name_rejection(f"{file} has no field at line {number} that the specs render now", [])
    return traced, path


def likely_environments(environments: list[str], parts: tuple[str, ...]) -> list[str]:
    """The environments whose name is in the path, else all of them."""
    return [name for name in environments if name in parts] or environments


def compiled_candidates(root: Path, environment: str, texts: dict[str, str]) -> list[TracedManifest]:
    chosen_environments(root, [environment])
    sources = read_sources(root, environment)
    texts |= sources.texts
    return traced_manifests(check_environment(sources))


def read_rendered(file: str, rendered: str, args: argparse.Namespace) -> Document:
    """The file as it is on disk; what the specs render now where there is none."""
    path = Path(file)
    text = rendered
    if path.exists():
        text = read_text(path.parent, path.name, MANIFEST.limits.bytes, Loc(file, 1, 1))
        if text != rendered:
            print_notice(args, f"{file} differs from what the specs render now; its lines are used as they are")
    return parse_manifests(text, file)[0]


def has_path(obj: object, path: tuple[str | int, ...]) -> bool:
    try:
        value_at_path(obj, path)
    except (KeyError, IndexError, TypeError):
        return False
    return True


def unknown_name_rejection(message: str, known: list[str], word: str = "") -> Rejected:
    guess = did_you_mean(word, known)
    if guess is not None:
        return Rejected([Diagnostic("why-not-found", message, None, f"did you mean `{guess}`?")])
    help_text = (
        f"choose one of: {', '.join(known[:30])}" if known else "`shipway build` writes the files that the specs render"
    )
    return Rejected([Diagnostic("why-not-found", message, None, help_text)])


def origin_text(origin: FieldOrigin, texts: Mapping[str, str]) -> str:
    lines = [f"{origin.kind} {origin.name}: {origin.shown}{value_text(origin)}"]
    through = f", through {' and '.join(origin.through)}" if origin.through else ""
    lines.append(f"  from {origin.loc}{through}")
    quoted = excerpt(source_lines(texts.get(origin.loc.file, "")), origin.loc)
    if quoted is not None:
        pad = " " * len(str(quoted.number))
        caret = f"{' ' * quoted.indent}{'^' * quoted.length}"
        lines += [f"  {pad} |", f"  {quoted.number} | {quoted.line}", f"  {pad} | {caret}"]
    if origin.graceful is not None:
        lines.append(f"  its pods end gracefully, as {origin.graceful.loc} declares: {origin.graceful.reason}")
    return "".join(f"{sanitized_line(line)}\n" for line in lines)


def value_text(origin: FieldOrigin) -> str:
    if origin.kind in SECRET_KINDS or isinstance(origin.value, dict | list):
        return ""
    text = str(origin.value)
    return f" = {text if len(text) <= 60 else text[:57] + '…'}"


def origin_json(origin: FieldOrigin) -> str:
    data = {
        "format": 1,
        "kind": origin.kind,
        "name": origin.name,
        "field": origin.shown,
        "file": origin.loc.file,
        "line": origin.loc.line,
        "column": origin.loc.column,
        "through": list(origin.through),
    }
    if origin.graceful is not None:
        data["graceful"] = {"reason": origin.graceful.reason, "place": str(origin.graceful.loc)}
    return json.dumps(data, indent=2) + "\n"
