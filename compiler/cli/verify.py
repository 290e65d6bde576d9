"""shipway verify: judges the change from one set of manifests to another, whoever wrote them."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.cli.failure import DONE, USAGE, WRONG
from compiler.cli.output import as_data, print_diagnostics
from compiler.diagnostics.model import Diagnostic, Loc, Rejected

if TYPE_CHECKING:
    from compiler.source import Document
    from compiler.transition.model import Finding, SyncOptions, Verdict
    from compiler.transition.read import Manifests

FORMATS = ("text", "json", "sarif", "github", "svg")
ENDINGS = (".yaml", ".yml", ".json")
MAX_FILE = 64 * 1024 * 1024


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "before", metavar="FROM", help="a folder, a file, or REPO@REV:PATH; an empty folder: nothing yet"
    )
    parser.add_argument("after", metavar="TO", help="the same, of the next commit")
    parser.add_argument(
        "--sync-option",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="how the Application syncs (PruneLast=true)",
    )
    parser.add_argument("--application", metavar="FILE", help="take the options of this Argo CD Application")
    parser.add_argument("--lag", type=float, metavar="SECONDS", help="how late endpoints reach a proxy (default: 5)")
    parser.add_argument(
        "--outside",
        action="append",
        default=[],
        metavar="KIND/NAMESPACE/NAME",
        help="an object that no folder holds but the cluster does",
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="how the answer is written (default: text)")


def run(args: argparse.Namespace) -> int:
    """The verdict: 0 safe, 1 unsafe or unknown, 2 where FROM or TO cannot be read at all."""
    from compiler.transition import verify  # noqa: PLC0415 - `--help` needs no stages

    wrong = [option for option in args.sync_option if "=" not in option]
    if wrong or (args.lag is not None and not 0 <= args.lag < float("inf")):
        sys.stderr.write(
            f"shipway verify: {f'{wrong[0]!r} is no NAME=VALUE' if wrong else 'a lag is 0 or more seconds'}\n"
        )
        return USAGE
    missing = [place for place in (args.before, args.after) if not readable(place)]
    if missing:
        sys.stderr.write(f"shipway verify: there is no folder, file or REPO@REV:PATH {missing[0]!r}\n")
        return USAGE
    try:
        options = sync_options(args)
        before, after = read(args.before, options.namespace), read(args.after, options.namespace)
    except Rejected as rejected:
        return print_diagnostics(rejected.diagnostics, args)
    verdict = located(verify(before.objects, after.objects, options), before, after)
    sys.stdout.write(written(verdict, args.format))
    return DONE if verdict.verdict == "safe" else WRONG


def sync_options(args: argparse.Namespace) -> SyncOptions:
    """The Application's options, those of the command line on top."""
    from compiler.transition import SyncOptions  # noqa: PLC0415 - as above

    options = SyncOptions()
    if args.application:
        options = SyncOptions.from_application(application(args.application))
    told = frozenset(name.replace("/", " ", 1) for name in args.outside)
    lag = options.lag if args.lag is None else args.lag
    return replace(options, options=options.options | frozenset(args.sync_option), lag=lag, outside=told)


def application(file: str) -> dict[str, object]:
    """The one Application in a file. Raises Rejected if there is none, or more."""
    from compiler.source import parse_manifests  # noqa: PLC0415 - as above

    documents = parse_manifests(text_of(Path(file)), file)
    found = [document.data for document in documents if document.data.get("kind") == "Application"]
    if len(found) != 1:
        text = f"{len(found)} Applications stand in this file"
        raise Rejected([Diagnostic("application-missing", text, Loc(file, 1, 1), "name a file with exactly one")])
    return dict(found[0])


def readable(place: str) -> bool:
    return Path(place).exists() or "@" in place


def read(place: str, namespace: str) -> Manifests:
    """The manifests of a folder, a file, or a path at a revision. Raises Rejected with everything that is wrong."""
    from compiler.source import parse_manifests  # noqa: PLC0415 - `--help` needs no stages
    from compiler.transition.read import read_manifests  # noqa: PLC0415 - the same

    found: list[Diagnostic] = []
    documents: list[Document] = []
    for name, text in contents(place).items():
        try:
            documents += parse_manifests(text, name)
        except Rejected as rejected:
            found += rejected.diagnostics
    if found:
        raise Rejected(found)
    return read_manifests(documents, namespace)


def contents(place: str) -> dict[str, str]:
    """The texts by name: those of a tree that Argo CD would read, or the one file whatever its ending."""
    path = Path(place)
    if path.is_dir():
        names = sorted(str(file.relative_to(path)) for file in path.rglob("*") if wanted(file, path))
        return {f"{place.rstrip('/')}/{name}": text_of(path / name) for name in names}
    return {place: text_of(path)} if path.exists() else committed(place)


def committed(place: str) -> dict[str, str]:
    """The texts at REPO@REV:PATH, by their paths there."""
    from compiler.gitops.tree import read_tree  # noqa: PLC0415 - only revisions need Git

    repository, _, rest = place.rpartition("@")
    rev, _, inside = rest.partition(":")
    tree = read_tree(repository or ".", rev, inside.strip("/"))
    names = [name for name in sorted(tree) if name.endswith(ENDINGS)]
    return {f"{inside}/{name}".strip("/"): decoded(name, tree[name]) for name in names}


def text_of(file: Path) -> str:
    from compiler.source.files import read_text  # noqa: PLC0415 - as above

    return read_text(file.parent, file.name, MAX_FILE, Loc(str(file), 1, 1))


def decoded(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        refusal = Diagnostic("yaml-encoding", "this is not UTF-8", Loc(name, line, 1), "save it as UTF-8")
        raise Rejected([refusal]) from error


def wanted(file: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(root).parts)
    return file.suffix in ENDINGS and not hidden and not file.is_dir()


def located(verdict: Verdict, before: Manifests, after: Manifests) -> Verdict:
    """The same verdict, each finding with the place of the first object that stands somewhere."""
    return replace(verdict, findings=tuple(_located(finding, before, after) for finding in verdict.findings))


def _located(finding: Finding, before: Manifests, after: Manifests) -> Finding:
    places = [after.place(name) or before.place(name) for name in finding.objects]
    return replace(finding, location=next((place for place in places if place is not None), None))


def written(verdict: Verdict, wanted_format: str) -> str:
    """The answer in the format that was asked for."""
    if wanted_format == "json":
        from compiler.transition.answer import to_json  # noqa: PLC0415 - one format is used, not all

        return json.dumps(to_json(verdict), indent=2, ensure_ascii=False) + "\n"
    if wanted_format == "svg":
        from compiler.report.svg import verdict_svg  # noqa: PLC0415 - the same

        return verdict_svg(verdict)
    if wanted_format == "text":
        from compiler.transition.story import to_text  # noqa: PLC0415 - the same

        return to_text(verdict)
    from compiler.transition.answer import to_diagnostics  # noqa: PLC0415 - the same

    return as_data(to_diagnostics(verdict), wanted_format)
