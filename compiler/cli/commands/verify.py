"""shipway verify: judges the change from one set of manifests to another, whoever wrote them."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace

from compiler.cli.diagnostics_output import diagnostics_document
from compiler.cli.exit_status import EXIT_FAILURE, EXIT_OK, EXIT_USAGE
from compiler.cli.kustomize_build import built_texts
from compiler.cli.manifest_files import compared_manifests, is_readable_location, manifest_texts, read_application
from compiler.cli.output import print_diagnostics
from compiler.diagnostics.model import Rejected
from compiler.model.verdict import Finding, Verdict
from compiler.report.json.verdict import baseline_json_data, verdict_diagnostics, verdict_json_data
from compiler.report.svg.document import verdict_svg
from compiler.report.terminal.verdict import baseline_text, short_verdict_text, verdict_text
from compiler.transition import GracefulDeclaration, InertDeclaration, SyncOptions, verify
from compiler.transition.baseline import BaselineComparison, compare_with_baseline
from compiler.transition.facts.api_versions import minor_version
from compiler.transition.facts.read import Manifests


def run(args: argparse.Namespace) -> int:
    """The verdict: 0 safe, 1 unsafe or unknown, 2 where FROM or TO cannot be read, or their files hold no object."""
    wrong = usage_error(args)
    if wrong:
        sys.stderr.write(f"shipway verify: {wrong}\n")
        return EXIT_USAGE
    missing = [place for place in (args.before, args.after) if not is_readable_location(place)]
    if missing:
        sys.stderr.write(f"shipway verify: {missing[0]!r} is not an existing folder, file or REPO@REV:PATH\n")
        return EXIT_USAGE
    try:
        options = sync_options_of_args(args)
        texts_of = built_texts if args.kustomize else manifest_texts
        places = (args.before, args.after)
        before, after = compared_manifests(places, options.namespace, args.exclude, texts_of)
    except Rejected as rejected:
        return print_diagnostics(rejected.diagnostics, args)
    notes = (*before.notes, *after.notes)
    if notes and not before.objects and not after.objects:
        lines = "".join(f"note: {note}\n" for note in notes)
        sys.stderr.write(f"shipway verify: no file of {places[0]} or {places[1]} has an object\n{lines}")
        return EXIT_USAGE
    verdict = located_verdict(verify(before.objects, after.objects, options), before, after)
    verdict = replace(verdict, notes=notes)
    baseline = compare_with_baseline(verdict, before.objects, after.objects, options) if args.baseline else None
    sys.stdout.write(formatted_verdict(verdict, baseline, args.format, verbose=args.verbose))
    passes = verdict.publishable if baseline is None else baseline.standing != "worse"
    return EXIT_OK if passes else EXIT_FAILURE


def usage_error(args: argparse.Namespace) -> str:
    """What is wrong with the options, in words; empty: nothing."""
    option = next((option for option in args.sync_option if "=" not in option), None)
    if option is not None:
        return f"{option!r} is not NAME=VALUE"
    unreasoned = next((text for text in args.inert if inert_declaration(text) is None), None)
    if unreasoned is not None:
        return f"{unreasoned!r} is not KIND[:FIELD]=REASON"
    if args.kubernetes is not None and minor_version(args.kubernetes) is None:
        return f"{args.kubernetes!r} is not a version of Kubernetes, as 1.34"
    unnamed = next((text for text in args.graceful if graceful_declaration(text) is None), None)
    if unnamed is not None:
        return f"{unnamed!r} is not KIND/NAMESPACE/NAME=REASON"
    return "" if args.lag is None or 0 <= args.lag < float("inf") else "a lag is 0 or more seconds"


def inert_declaration(text: str) -> InertDeclaration | None:
    """`KIND[:FIELD]=REASON`, read; None: a part is missing."""
    scope, _, reason = text.partition("=")
    kind, _, field = scope.partition(":")
    return InertDeclaration(kind, field, reason.strip()) if kind and reason.strip() else None


def graceful_declaration(text: str) -> GracefulDeclaration | None:
    """`KIND/NAMESPACE/NAME=REASON`, read; None: a part is missing."""
    name, _, reason = text.partition("=")
    kind, _, place = name.partition("/")
    whole = kind and "/" in place and reason.strip()
    return GracefulDeclaration(f"{kind} {place}", reason.strip(), "--graceful") if whole else None


def sync_options_of_args(args: argparse.Namespace) -> SyncOptions:
    """The Application's options, those of the command line on top."""
    options = SyncOptions()
    if args.application:
        options = SyncOptions.from_application(read_application(args.application))
    if args.kubernetes is not None:
        options = replace(options, kubernetes=args.kubernetes, kubernetes_assumed=False)
    outside = frozenset(name.replace("/", " ", 1) for name in args.outside)
    inert = tuple(each for each in map(inert_declaration, args.inert) if each is not None)
    graceful = tuple(each for each in map(graceful_declaration, args.graceful) if each is not None)
    lag = options.lag if args.lag is None else args.lag
    pairs = options.options | frozenset(args.sync_option)
    namespace = args.namespace or options.namespace
    return replace(
        options, namespace=namespace, options=pairs, lag=lag, outside=outside, inert=inert, graceful=graceful
    )


def located_verdict(verdict: Verdict, before: Manifests, after: Manifests) -> Verdict:
    """The verdict, each finding with the place of the first object that stands somewhere."""
    return replace(
        verdict, findings=tuple(_located_verifier_finding(finding, before, after) for finding in verdict.findings)
    )


def _located_verifier_finding(finding: Finding, before: Manifests, after: Manifests) -> Finding:
    places = [after.place(name) or before.place(name) for name in finding.objects]
    return replace(finding, location=next((place for place in places if place is not None), None))


def formatted_verdict(
    verdict: Verdict, baseline: BaselineComparison | None, wanted_format: str, *, verbose: bool
) -> str:
    """The answer in the format that was asked for."""
    if wanted_format == "json":
        data = verdict_json_data(verdict) | ({} if baseline is None else {"baseline": baseline_json_data(baseline)})
        return json.dumps(data, indent=2) + "\n"
    if wanted_format == "svg":
        return verdict_svg(verdict)
    if wanted_format == "text":
        text = verdict_text(verdict) if verbose else short_verdict_text(verdict)
        return text if baseline is None else f"{baseline_text(baseline)}\n{text}"
    return diagnostics_document(verdict_diagnostics(verdict), wanted_format)
