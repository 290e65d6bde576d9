"""shipway site: status, courses under way and history as a static site."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from compiler import __version__
from compiler.cli.exit_status import EXIT_FAILURE
from compiler.cli.output import count_with_noun, next_command, print_diagnostics, print_done, print_notice
from compiler.cli.published_history import CurrentSpecs, ways_back
from compiler.cli.release_selection import chosen_environments
from compiler.course.unit_status import unit_status
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.forge.links import commit_address
from compiler.git.history import Publish
from compiler.git.source_repository import specs_home
from compiler.model.plan import Plan
from compiler.model.unit import units_of
from compiler.model.unit_status import UnitStatus
from compiler.publish.facts import specs_folder
from compiler.publish.local_build import read_and_built
from compiler.publish.output_folder import write_folder
from compiler.publish.planning import planned_environment
from compiler.publish.publication_state import publication_state
from compiler.publish.published_environment import PublishedEnvironment, fetch_published
from compiler.report.html.plan import html_report
from compiler.report.html.site import SiteEnvironment, SitePublish, SiteRelease, site_pages
from compiler.tree.index import tree_digest, with_index
from compiler.tree.trailers import evidence_lines

MAX_WAYS_BACK: Final = 5
"""Commands in one row of the history."""
MAX_ROWS_BACK: Final = 100
"""Rows of the history with commands: each takes some calls of Git."""


def run(args: argparse.Namespace) -> int:
    root, out, now = Path(args.root), Path(args.out), datetime.now(UTC)
    diagnostics: list[Diagnostic] = []
    environments: list[SiteEnvironment] = []
    for name in chosen_environments(root, args.names):
        try:
            environments.append(site_environment(root, name, now, diagnostics))
        except Rejected as rejected:
            diagnostics += rejected.diagnostics
    status = print_diagnostics(diagnostics, argparse.Namespace(root=args.root, format="text"))
    if status == EXIT_FAILURE:
        return status
    pages = site_pages(environments, now)
    write_site(out, pages)
    print_done(args, "".join(f"{out / name}\n" for name in pages))
    print_notice(args, f"{count_with_noun(len(environments), 'environment')} as of {now:%Y-%m-%d %H:%M} UTC")
    next_command(args, f"open {out / 'index.html'}")
    return status


def site_environment(root: Path, name: str, now: datetime, diagnostics: list[Diagnostic]) -> SiteEnvironment:
    """All that the site shows of one environment. Raises Rejected where its specs do not compile.

    A repository that cannot be reached is a warning in `diagnostics`, and stands on the page.
    """
    sources, built = read_and_built(root, name)
    notes: list[str] = []
    try:
        published = fetch_published(root, built)
    except Rejected as rejected:
        # a branch that cannot be reached leaves half of the page, which is better than none
        notes += [each.message for each in rejected.diagnostics]
        diagnostics += [replace(each, severity="warning") for each in rejected.diagnostics]
        published = PublishedEnvironment(None)
    ways = ways_back(CurrentSpecs(root, built.compiled, tuple(sources.places)), published.publishes, MAX_ROWS_BACK)
    origin = specs_origin(root)
    statuses = [unit_status(unit, publication_state(unit, built, published), now) for unit in units_of(built.compiled)]
    return SiteEnvironment(
        name=name,
        place=published_place_text(published),
        releases=tuple(site_release(status, published) for status in statuses),
        publishes=tuple(
            site_publish(each, ways[each.commit].values(), published, origin) for each in published.publishes
        ),
        complete=published.complete,
        notes=tuple(notes),
        plan="" if notes or all(status.published for status in statuses) else plan_page(root, name),
    )


def plan_page(root: Path, name: str) -> str:
    """The plan of the environment as a page of its own."""
    plan, texts = planned_environment(specs_folder(root), name)
    return html_report(Plan((plan,), __version__, None, dict(texts)))


def specs_origin(root: Path) -> str:
    """The address of the repository of the specs; empty where there is none."""
    home = specs_home(root)
    return "" if home is None else home.origin_shown or ""


def commit_page(published: PublishedEnvironment, commit: str) -> str:
    """Where the forge shows a published commit; empty where that is not known."""
    return (commit_address(published.target.shown, commit) or "") if published.target is not None else ""


def published_place_text(published: PublishedEnvironment) -> str:
    target = published.target
    return f"{target.shown} {target.branch}:{target.path or '/'}" if target is not None else "published nowhere"


def site_release(status: UnitStatus, published: PublishedEnvironment) -> SiteRelease:
    return SiteRelease(status, commit_page(published, status.commit) if status.commit else "")


def site_publish(publish: Publish, back: Iterable[str], published: PublishedEnvironment, origin: str) -> SitePublish:
    return SitePublish(
        commit=publish.commit,
        time=publish.time,
        author=publish.author,
        subject=publish.subject,
        source=publish.facts.source,
        releases=publish.facts.releases,
        back=tuple(islice(back, MAX_WAYS_BACK)),
        evidence=evidence_lines(publish.facts.extra),
        page=commit_page(published, publish.commit),
        source_page=(commit_address(origin, publish.facts.source) or "") if publish.facts.source else "",
    )


def write_site(out: Path, pages: dict[str, str]) -> None:
    """Writes the pages that differ. Raises Rejected for a page that is not ours to overwrite.

    The folder's index says which pages are ours, as in the published tree.
    """
    contents = {name: page.encode() for name, page in pages.items()}
    write_folder(out, with_index(contents, __version__, tree_digest(contents)))
