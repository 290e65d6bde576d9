"""shipway adopt: running workloads into specs that keep their names, with a receipt of every difference."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from compiler.adopt.adopted_release import AdoptedRelease
from compiler.adopt.adoption import Adoption, AdoptionRequest, adopt_source
from compiler.adopt.moved import moved_objects
from compiler.adopt.read import RunningSource, running_source
from compiler.adopt.release_names import release_name
from compiler.adopt.unrendered import template_refusals
from compiler.cli.exit_status import EXIT_OK, EXIT_USAGE
from compiler.cli.manifest_files import (
    MAX_MANIFEST_BYTES,
    STANDARD_INPUT_NAME,
    argocd_files,
    is_readable_location,
    manifest_texts,
    read_application,
    standard_input_text,
)
from compiler.cli.new_files import write_new_files
from compiler.cli.output import next_command, print_diagnostics, print_done, print_notice
from compiler.cli.release_selection import chosen_environments
from compiler.diagnostics.model import Diagnostic, Loc, Rejected
from compiler.pipeline import check_sources, documents_of
from compiler.report.json.receipt import receipt_json
from compiler.report.markdown.receipt import receipt_markdown
from compiler.report.terminal.receipt import receipt_text
from compiler.source.files import read_text
from compiler.source.workspace import ENVIRONMENTS, Sources, read_sources
from compiler.transition import SyncOptions

FORMATS: Final = {"text": receipt_text, "md": receipt_markdown, "json": receipt_json}
RECEIPTS: Final = "adopted"
"""The folder below an environment's own that holds the receipts."""


def run(args: argparse.Namespace) -> int:
    """0: adopted, or nothing to do; 1: the source cannot be adopted, or has moved on; 2: there is no such source."""
    if args.source != "-" and not is_readable_location(args.source):
        sys.stderr.write(f"shipway adopt: {args.source!r} is not an existing folder, file or REPO@REV:PATH\n")
        return EXIT_USAGE
    root = Path(args.root)
    chosen_environments(root, [args.into])
    environment = read_sources(root, args.into)
    source = read_running_source(args, environment)
    folder = root / ENVIRONMENTS / args.into / RECEIPTS
    known = recorded_receipt(folder, args, source)
    if known is not None:
        return compare_with_receipt(args, source, known)
    if args.check:
        message = f"{args.source} was never adopted: {folder} has no receipt of it"
        raise Rejected([Diagnostic("adopt-receipt-missing", message, None, "run `shipway adopt` without --check")])
    application = read_application(args.application) if args.application else None
    adoption = adopt_source(source, AdoptionRequest(args.source, args.release, application), environment)
    return carry_out_adoption(args, adoption, environment)


def read_running_source(args: argparse.Namespace, environment: Sources) -> RunningSource:
    """The objects at the source. Raises Rejected for what is no manifest, or runs in another namespace."""
    texts = {STANDARD_INPUT_NAME: standard_input_text()} if args.source == "-" else manifest_texts(args.source)
    refusals = template_refusals(texts)
    if refusals:
        raise Rejected(refusals)
    namespace = namespace_of(environment)
    assumed = assumed_namespace_of(args) or namespace
    if assumed != namespace:
        message = f"the source runs in the namespace {assumed}, but the namespace of {environment.name} is {namespace}"
        help_text = "adopt it into an environment with that namespace: a running object cannot move to another"
        raise Rejected([Diagnostic("adopt-namespace", message, None, help_text)])
    documents = [document for file in argocd_files(texts) for document in file.documents]
    source = running_source(documents, namespace, assumed)
    if not source.objects and not source.beside:
        first = Loc(next(iter(texts), args.source), 1, 1)
        help_text = "name rendered manifests: `helm template`, `kubectl kustomize`, `kubectl get -o yaml`"
        raise Rejected([Diagnostic("adopt-empty", "the source has no Kubernetes object", first, help_text)])
    return source


def namespace_of(environment: Sources) -> str:
    return str(documents_of(replace(environment, others=())).environment.model.spec.namespace)


def assumed_namespace_of(args: argparse.Namespace) -> str:
    """Where objects run that name no namespace: as the Application or the option says; empty: nobody does."""
    if args.application:
        return SyncOptions.from_application(read_application(args.application)).namespace
    return str(args.namespace or "")


def carry_out_adoption(args: argparse.Namespace, adoption: Adoption, environment: Sources) -> int:
    """Prints the receipt and, unless this is a dry run, writes the specs and it: all of them or none."""
    root = Path(args.root)
    receipt = f"{ENVIRONMENTS}/{environment.name}/{RECEIPTS}/{receipt_name(args, adoption)}.json"
    files = {**adoption.files, receipt: receipt_json(adoption.receipt)}
    refuse_taken_files(root, files)
    check_sources(sources_with(environment, adoption.releases))
    print_receipt(args, FORMATS[args.format](adoption.receipt))
    if not adoption.releases:
        print_notice(args, "no workload here becomes a release: nothing is written")
    if args.dry_run or not adoption.releases:
        return EXIT_OK
    write_new_files(root, {name: text.encode() for name, text in files.items()})
    for name in files:
        print_notice(args, f"wrote {name}")
    next_command(args, f"shipway plan {args.into}")
    return EXIT_OK


def print_receipt(args: argparse.Namespace, receipt: str) -> None:
    """The receipt; with -q only where a form of it was asked for: it is written beside the specs as well."""
    if args.format == "text":
        print_done(args, receipt)
    else:
        sys.stdout.write(receipt)


def refuse_taken_files(root: Path, names: Iterable[str]) -> None:
    """Raises Rejected for every file that is there already: nothing is overwritten, and nothing else written."""
    taken = [name for name in names if (root / name).exists() or (root / name).is_symlink()]
    if taken:
        advice = "nothing is overwritten: give the release another name with --release, or remove the file"
        raise Rejected([Diagnostic("file-exists", f"{name} exists already", None, advice) for name in taken])


def sources_with(environment: Sources, releases: Sequence[AdoptedRelease]) -> Sources:
    """The environment with the new specs beside its own."""
    data = {**environment.data, **{release.file: release.extras for release in releases}}
    return replace(environment, others=(*environment.others, *(each.document for each in releases)), data=data)


def receipt_name(args: argparse.Namespace, adoption: Adoption) -> str:
    """What the receipt's file is called: after the first release; without any, after what was read first."""
    first = next(iter(adoption.receipt.releases), None) or args.release
    return first or release_name(next(iter(adoption.receipt.objects)).rpartition("/")[2])


def recorded_receipt(folder: Path, args: argparse.Namespace, source: RunningSource) -> Path | None:
    """The receipt of this source: of the same origin; of standard input, the one that has an object of it."""
    names = {str(each.key) for each in source.objects}
    for file in sorted(folder.glob("*.json")):
        known = read_receipt(file)
        same_origin = args.source != "-" and known["origin"] == args.source
        if same_origin or names & set(known["releases"].values()):
            return file
    return None


def read_receipt(file: Path) -> dict[str, Any]:
    """The receipt in a file. Raises Rejected for what is none."""
    try:
        data = json.loads(read_text(file.parent, file.name, MAX_MANIFEST_BYTES, Loc(str(file), 1, 1)))
    except ValueError:
        data = None
    parts = ("origin", "releases", "objects")
    if not isinstance(data, dict) or not all(isinstance(data.get(part), str | dict) for part in parts):
        help_text = "restore it from Git, or remove it and adopt again"
        raise Rejected([Diagnostic("adopt-receipt-broken", "this is not a receipt", Loc(str(file), 1, 1), help_text)])
    return data


def compare_with_receipt(args: argparse.Namespace, source: RunningSource, receipt: Path) -> int:
    """Running again changes nothing; what has changed meanwhile is an error, with each object that did."""
    moved = list(moved_objects(source, read_receipt(receipt)["objects"]))
    if not moved:
        print_notice(args, f"{args.source} equals its receipt: {receipt}; nothing to do")
        return EXIT_OK
    help_text = f"make the same change in the spec, or undo it; to adopt again, first remove {receipt} and its specs"
    return print_diagnostics(
        [
            Diagnostic("adopt-moved", f"{each.object} {each.what} since the receipt", each.loc, help_text)
            for each in moved
        ],
        args,
    )
