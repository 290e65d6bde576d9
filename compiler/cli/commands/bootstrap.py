"""shipway bootstrap: Argo CD's AppProjects and Applications for an environment, to apply once."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from compiler.cli.exit_status import EXIT_OK
from compiler.cli.output import next_command, print_diagnostics, print_notice
from compiler.cli.release_selection import chosen_environments
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.git.destination import publish_destination
from compiler.git.source_repository import source_repository
from compiler.model.compiled import CompiledEnvironment
from compiler.pilot.deployment import pilot_notes, pilot_objects
from compiler.pipeline import build_environment, render_environment
from compiler.rules.environments import shared_projects
from compiler.source.workspace import read_sources, readable_environments
from compiler.tree.applications import controller_settings
from compiler.tree.yaml import emit


def run(args: argparse.Namespace) -> int:
    root = Path(args.root)
    (name,) = chosen_environments(root, [args.name])
    rendered = render_environment(read_sources(root, name))
    destination = publish_destination(root, rendered.environment)
    built = build_environment(rendered, destination)
    if destination.repository is None:
        loc = built.compiled.document.locate(("spec", "gitops"))
        message = "Argo CD cannot reach this repository: it has no remote `origin`, and the environment names none"
        help_text = "run `git remote add origin ADDRESS`, or set `spec.gitops.repository`"
        raise Rejected([Diagnostic("repository-missing", message, loc, help_text)])
    if args.pilot:
        return print_pilot(root, built.compiled, destination.repository, args)
    own = built.compiled.document
    others = [each for each in readable_environments(root) if each.file != own.file]
    print_diagnostics([*built.warnings, *shared_projects(own, others)], args)
    sys.stdout.write("---\n".join(emit(obj).decode() for obj in built.applications))
    print_notice(args, controller_settings(destination.repository, longest_sync(built.compiled)))
    next_command(args, f"shipway bootstrap {name} -q | kubectl apply -n {argocd_namespace(built.compiled)} -f -")
    return EXIT_OK


def print_pilot(root: Path, compiled: CompiledEnvironment, repository: str, args: argparse.Namespace) -> int:
    """The objects that run the pilot, and what they need; the specs' own remote is where it takes them from."""
    environment = compiled.documents.environment.model
    source = source_repository(root)
    specs = source.origin_shown if source is not None and source.origin_shown is not None else repository
    branch = source.branch if source is not None and source.branch is not None else "main"
    sys.stdout.write("---\n".join(emit(each).decode() for each in pilot_objects(environment, specs, branch)))
    print_notice(args, pilot_notes(environment))
    next_command(args, f"shipway bootstrap {compiled.name} --pilot -q | kubectl apply -f -")
    return EXIT_OK


def argocd_namespace(compiled: CompiledEnvironment) -> str:
    return compiled.documents.environment.model.spec.argocd.namespace


def longest_sync(compiled: CompiledEnvironment) -> int:
    """Seconds that a sync may take by itself: the longest rollout's deadline, a gate for each wave, and some spare."""
    deadlines = [
        manifest.object["spec"]["progressDeadlineSeconds"]
        for release in compiled.releases
        for manifest in release.manifests
        if manifest.kind == "Deployment"
    ]
    return 2 * max(deadlines, default=600) + 300
